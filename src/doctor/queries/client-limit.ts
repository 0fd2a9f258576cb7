import { keyOf, literal, type Syntax, unwrap } from '../../text/syntax.ts';
import { callsOf } from '../code/callers.ts';
import { bindingOf, constantOf } from '../code/names.ts';
import { functionAround, isFunction, type Source } from '../code/source.ts';
import { isSent, taintOf } from '../flow/taint.ts';
import { isCappedByName } from './caps.ts';
import { nameOf } from './base.ts';
import type { Query } from './query.ts';

/** A number of rows that the client says, and what it calls it. */
export interface ClientLimit {
  node: Syntax;
  name: string;
  /** True where the rows are one person's own. */
  isOfOne: boolean;
}

/** The limit of a query where the client says it and nothing on the way caps it; null for any other. */
export function limitOfClient(source: Source, query: Query): ClientLimit | null {
  const { options, chain } = query;
  const given =
    options.get('take') ?? options.get('limit') ?? chain.get('limit')?.arguments[0] ?? chain.get('take')?.arguments[0];
  const name = given ? uncapped({ source, node: given, hops: 0 }) : null;
  return given && name !== null ? { node: given, name, isOfOne: isOfOne(source, query) } : null;
}

const ownRows =
  /\b(user|owner|author|creator|account|customer|member|profile|follower|receiver|recipient|(made|created|requested|owned|written|sent)_?by)_?(id)?\b/i;

/** True where the condition asks for one person's rows, or is made elsewhere and may. */
function isOfOne(source: Source, { options, chain, library }: Query): boolean {
  const given = options.get('where') ?? chain.get('where')?.arguments[0] ?? chain.get('andWhere')?.arguments[0];
  if (given) {
    const where = constantOf(source, given) ?? unwrap(given);
    return where.type === 'Identifier' || where.type === 'MemberExpression' || ownRows.test(source.textOf(where));
  }
  if (library !== 'mongoose' && library !== 'mongodb') return false;
  return options.has('...') || ownRows.test([...options.keys()].join(' '));
}

interface Way {
  source: Source;
  node: Syntax;
  hops: number;
}

/** The client's name of a number, followed back through names, conversions and the project's own calls. */
function uncapped({ source, node: outer, hops }: Way): string | null {
  const node = unwrap(outer);
  const on = (one: Syntax | undefined): string | null => (one ? uncapped({ source, node: one, hops: hops + 1 }) : null);
  if (hops > 8) return null;
  switch (node.type) {
    case 'UnaryExpression':
      return node.operator === '+' ? on(node.argument) : null;
    case 'LogicalExpression':
      return on(node.left);
    // One more, to see whether there are others behind: `limit + 1`.
    case 'BinaryExpression':
      return node.operator === '+' && typeof literal(node.right) === 'number' ? on(node.left) : null;
    case 'ConditionalExpression':
      return on(node.consequent) ?? on(node.alternate);
    case 'CallExpression':
      return /^(Number|parseInt|Number\.parseInt|parseFloat|Math\.(abs|floor|ceil|round|trunc))$/.test(
        source.textOf(node.callee),
      )
        ? on(node.arguments[0])
        : null;
    case 'MemberExpression':
      return isCompared(source, node, source.textOf(node))
        ? null
        : (sentAs(source, node, nameOf(node)) ?? checkedAs(source, node.object, nameOf(node)));
    case 'Identifier':
      return named({ source, node, hops });
    default:
      return null;
  }
}

function named({ source, node, hops }: Way): string | null {
  const binding = bindingOf(source, node);
  if (binding === null || node.type !== 'Identifier' || isCompared(source, node, node.name)) return null;
  if (binding.writes.length > 0) return null;
  const last = binding.path.at(-1);
  const sent =
    sentAs(source, node, typeof last === 'string' ? last : node.name) ??
    (binding.init && binding.path.length === 1 && typeof last === 'string'
      ? checkedAs(source, binding.init, last)
      : null);
  if (sent !== null) return sent;
  if (binding.kind === 'variable' && binding.init && binding.path.length === 0)
    return uncapped({ source, node: binding.init, hops: hops + 1 });
  const { scope } = binding;
  if (binding.kind !== 'parameter' || !isFunction(scope) || hops > 5) return null;
  const at = scope.params.findIndex((one: Syntax) => one === binding.declaration);
  for (const { source: from, call } of callsOf(source, scope)) {
    const argument = call.arguments[at];
    const value = argument && typeof last === 'string' ? propertyOf(argument, last) : argument;
    const found = value ? uncapped({ source: from, node: value, hops: hops + 3 }) : null;
    if (found !== null) return found;
  }
  return null;
}

/** What an object that is written out holds under a name. */
function propertyOf(node: Syntax, key: string): Syntax | undefined {
  const object = unwrap(node);
  const found =
    object.type === 'ObjectExpression'
      ? object.properties.find((one) => one.type === 'Property' && keyOf(one) === key)
      : undefined;
  return found?.type === 'Property' ? found.value : undefined;
}

/** The name, where the value is the client's: as it was sent, or through a schema that caps no field of that name. */
function sentAs(source: Source, node: Syntax, name: string | null): string | null {
  const taint = taintOf(source, node);
  if (name === null || !isSent(taint)) return null;
  return isCappedByName(source.project, name, taint === 'checked') ? null : name;
}

/** The name of a part of what has been through a schema: that it is a number caps nothing. */
const checkedAs = (source: Source, object: Syntax, name: string | null): string | null =>
  name !== null && taintOf(source, object) === 'checked' && !isCappedByName(source.project, name, true) ? name : null;

/** True where the function around asks whether the value is too high, or hands it to what does. */
function isCompared(source: Source, node: Syntax, name: string): boolean {
  const around = functionAround(source, node);
  const text = around === null ? source.text : source.textOf(around);
  const word = name.replace(/[$.?[\]()'"]/g, '\\$&');
  return new RegExp(
    `(?<![\\w$.])${word}\\s*[<>]=?\\s*(?![01]\\b)[\\w$.]|[\\w$.)]\\s*[<>]=?\\s*${word}(?![\\w$])|\\w*(min|clamp|valid\\w*|check\\w*|assert\\w*|bound\\w*|sanitize\\w*)\\([^()]*(?<![\\w$])${word}(?![\\w$])`,
    'i',
  ).test(text.replace(/=>/g, ''));
}
