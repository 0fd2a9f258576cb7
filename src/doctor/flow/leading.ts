import { keyOf, literal, type Syntax, unwrap } from '../../text/syntax.ts';
import { callsOf } from '../code/callers.ts';
import { definitionOf } from '../code/definition.ts';
import { type Binding, bindingOf, constantOf } from '../code/names.ts';
import { originOf } from '../code/origin.ts';
import { everyNode, isFunction, type Source } from '../code/source.ts';
import { roleOf } from '../routes/roles.ts';
import { isUsedOnce } from './handed.ts';
import { returnedBy } from './parameters.ts';

/** What a URL starts with: a text that is written there, or the expression that decides on it. */
export type Leading = { text: string } | { node: Syntax };

/**
 * What decides where a URL leads: the beginning of a template or of a sum, through names that are given one value. A
 * scheme alone (`https://`) decides nothing.
 */
export function leadingOf(source: Source, url: Syntax, depth = 0): Leading {
  const node = unwrap(url);
  if (depth > 6) return { node };
  const written = literal(node);
  if (typeof written === 'string') return { text: written };
  switch (node.type) {
    case 'TemplateLiteral': {
      const text = node.quasis[0]?.value.cooked ?? '';
      const [first] = node.expressions;
      return first && isOpen(text) ? leadingOf(source, first, depth + 1) : { text };
    }
    case 'BinaryExpression': {
      if (node.operator !== '+') return { node };
      const left = leadingOf(source, node.left, depth + 1);
      return 'text' in left && isOpen(left.text) ? leadingOf(source, node.right, depth + 1) : left;
    }
    case 'NewExpression': {
      const [first] = node.arguments;
      return first && originOf(source, node.callee) === '#URL' ? leadingOf(source, first, depth + 1) : { node };
    }
    case 'CallExpression': {
      const isCarried =
        node.callee.type === 'MemberExpression' &&
        node.callee.property.type === 'Identifier' &&
        /^(toString|trim|concat|toLowerCase)$/.test(node.callee.property.name);
      return isCarried && node.callee.type === 'MemberExpression'
        ? leadingOf(source, node.callee.object, depth + 1)
        : returnedLead(source, node, depth + 1);
    }
    case 'AwaitExpression': {
      const lead = leadingOf(source, node.argument, depth + 1);
      return 'node' in lead && lead.node === unwrap(node.argument) ? { node } : lead;
    }
    case 'LogicalExpression':
      return decisive([node.left, node.right].map((one) => leadingOf(source, one, depth + 1)));
    case 'ConditionalExpression':
      return decisive([node.consequent, node.alternate].map((one) => leadingOf(source, one, depth + 1)));
    case 'Identifier': {
      const binding = bindingOf(source, node);
      if (binding?.kind !== 'variable' || !binding.init || binding.path.length > 0) return { node };
      if (!binding.writes.every((one) => isAppended(source, one))) return { node };
      const lead = leadingOf(source, binding.init, depth + 1);
      return binding.writes.length > 0 && 'text' in lead && isOpen(lead.text) ? { node } : lead;
    }
    case 'MemberExpression': {
      const decides = source.textOf(node.property) === 'href' ? hostOf(source, node.object) : null;
      return decides ? leadingOf(source, decides, depth + 1) : { node };
    }
    default:
      return { node };
  }
}

/** `endpoint += '/' + path`: what a text begins with stays. */
function isAppended(source: Source, written: Syntax): boolean {
  const by = source.parentOf(written);
  return by?.type === 'AssignmentExpression' && by.operator === '+=' && by.right === written;
}

/** What decides on the host of `url = new URL(…)`: the host that it is given afterwards, or what it is made of. */
function hostOf(source: Source, outer: Syntax): Syntax | null {
  const object = unwrap(outer);
  const made = constantOf(source, object);
  if (object.type !== 'Identifier' || made?.type !== 'NewExpression') return null;
  const hosts: Syntax[] = [];
  const targets = [`${object.name}.host`, `${object.name}.hostname`];
  if (source.text.includes(`${object.name}.host`))
    everyNode(bindingOf(source, object)?.scope ?? source.program, (node) => {
      const isHost = node.type === 'AssignmentExpression' && targets.includes(source.textOf(node.left));
      if (isHost) hosts.push(node.right);
    });
  return hosts.at(-1) ?? made;
}

const decisive = (all: readonly Leading[]): Leading => all.find((lead) => 'node' in lead) ?? all[0] ?? { text: '' };

/** What a function of the project gives back starts with: a text of its own, or one of the call's arguments. */
function returnedLead(source: Source, call: Extract<Syntax, { type: 'CallExpression' }>, depth: number): Leading {
  const place = definitionOf(source, call.callee);
  if (place === null || !isFunction(place.node)) return { node: call };
  const { params } = place.node;
  const leads = returnedBy(place.node).map((value): Leading => {
    const lead = leadingOf(place.source, value, depth + 1);
    if ('text' in lead) return lead;
    const binding = bindingOf(place.source, unwrap(lead.node));
    const index =
      binding?.kind === 'parameter' && binding.path.length === 0
        ? params.indexOf(binding.declaration as (typeof params)[number])
        : -1;
    const given = call.arguments[index];
    return given ? leadingOf(source, given, depth + 1) : { node: call };
  });
  return leads.length === 0 ? { node: call } : decisive(leads);
}

/** A place where a URL is put together, and what it starts with there. */
export interface Led {
  source: Source;
  /** The call that it is given to: the one that asks, or a call of the function that passes it on. */
  at: Syntax;
  /** The URL as a whole, and the expression that decides where it leads. */
  url: Syntax;
  node: Syntax;
  /** How many functions that may look at it lie between the call that asks and this one. */
  hops: number;
}

/** The URL of what a call is given, which may be an object that holds it; null where there is none of a client's. */
type UrlOf = (source: Source, given: Syntax) => Syntax | null;

/** The expressions that decide where a URL leads; through the parameters of functions that only pass it on, to who calls them. */
export function leadsOf(source: Source, at: Syntax, url: Syntax, urlOf: UrlOf, depth = 0, hops = 0): Led[] {
  const lead = leadingOf(source, url);
  if ('text' in lead) return [];
  const node = unwrap(lead.node);
  const binding = node.type === 'Identifier' ? bindingOf(source, node) : null;
  const own: Led = { source, at, url, node: lead.node, hops };
  if (binding?.kind !== 'parameter' || !isFunction(binding.scope) || roleOf(source, binding) !== null || depth > 2)
    return [own];
  const { scope } = binding;
  const index = scope.params.findIndex((parameter: Syntax) => parameter === binding.declaration);
  const calls = callsOf(source, scope);
  const further = isUsedOnce(source, binding) ? hops : hops + 1;
  if (calls.length === 0) return [own];
  return calls.flatMap(({ source: from, call }) => {
    const given = argumentFor(from, call.arguments[index], binding.path);
    const asked = given && binding.path.length === 0 ? urlOf(from, given) : given;
    return asked ? leadsOf(from, call, asked, urlOf, depth + 1, further) : [];
  });
}

function argumentFor(source: Source, argument: Syntax | undefined, [key]: Binding['path']): Syntax | null {
  if (argument === undefined || key === undefined) return argument ?? null;
  const object = constantOf(source, argument) ?? unwrap(argument);
  if (object.type !== 'ObjectExpression') return argument;
  const property = object.properties.find((one) => keyOf(one) === key);
  if (property?.type === 'Property') return property.value;
  return object === unwrap(argument) ? null : argument;
}

/**
 * Where a value that a function only passes on is given to it: the calls of the function, with their arguments; the
 * value itself where no parameter holds it.
 */
export function givenTo(source: Source, at: Syntax, value: Syntax, depth = 0, hops = 0): Omit<Led, 'node'>[] {
  const node = unwrap(value);
  const binding = node.type === 'Identifier' ? bindingOf(source, node) : null;
  const own = { source, at, url: value, hops };
  if (binding?.kind !== 'parameter' || !isFunction(binding.scope) || roleOf(source, binding) !== null || depth > 2)
    return [own];
  const { scope } = binding;
  const index = scope.params.findIndex((parameter: Syntax) => parameter === binding.declaration);
  const calls = callsOf(source, scope);
  const further = isUsedOnce(source, binding) ? hops : hops + 1;
  return calls.length === 0
    ? [own]
    : calls.flatMap(({ source: from, call }) => {
        const given = argumentFor(from, call.arguments[index], binding.path);
        return given ? givenTo(from, call, given, depth + 1, further) : [];
      });
}

const isOpen = (text: string): boolean => /^\s*((https?|wss?|ftp):)?(\/\/)?$/i.test(text);
