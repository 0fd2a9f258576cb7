import { literal, type Syntax, unwrap } from '../../../text/syntax.ts';
import { bindingOf, constantOf } from '../../names.ts';
import { memberName } from '../../objects.ts';
import { originOf } from '../../origin.ts';
import { defineRule } from '../../rule.ts';
import { roleAt } from '../../request.ts';
import { rolesOf } from '../../roles.ts';
import { everyNode, isFunction, type Source } from '../../source.ts';

type Call = Extract<Syntax, { type: 'CallExpression' }>;

const fix = 'Log the error with an id, and answer a text of your own with that id.';

export const errorLeak = defineRule({
  id: 'sec/error-leak',
  since: '0.1.0',
  severity: 'warning',
  confidence: 'likely',
  title: 'The answer tells the client what went wrong inside.',
  why: 'Stacks and messages of errors name files, tables, columns, hosts, sometimes values: a map for whoever looks for a way in, and nothing that a user can use. Log the error in full with an id; answer a text of your own that carries the id.',
  remedy: 'words',
  owasp: 'API8',
  securitySeverity: 5.3,
  mentions: /\b(stack|message|err|error|e|ex|exception)\b/,
  file: (source, tell) => ({
    CallExpression(node) {
      const answer = answerOf(source, node);
      if (answer === null) return;
      for (const { what, at } of leaksIn(source, answer.body)) {
        if (isChosen(source, at)) continue;
        if (what !== 'stack' && answer.status !== null && answer.status < 500) continue;
        const name = source.textOf(at);
        tell(at, {
          message:
            what === 'stack'
              ? `${name} goes to the client: files, lines and packages of the server.`
              : what === 'message'
                ? `${name} goes to the client, whatever failed: the database's, the network's and the file system's messages too.`
                : `The whole error ${name} goes to the client: queries, hosts and paths, as the library that failed keeps them.`,
          fix,
        });
        return;
      }
    },
  }),
});

/** What a call answers with, and the status that is written with it; null for a call that answers nothing. */
function answerOf(source: Source, node: Call): { body: Syntax; status: number | null } | null {
  const callee = unwrap(node.callee);
  if (callee.type !== 'MemberExpression' || callee.property.type !== 'Identifier') return null;
  const [first, second] = node.arguments;
  const method = callee.property.name;
  const origin = originOf(source, callee);
  if (origin === '#Response.json' || origin === 'next/server#NextResponse.json')
    return first ? { body: first, status: second ? statusIn(source, second) : null } : null;
  if (!/^(json|send|jsonp|end|render|text|html)$/.test(method)) return null;
  const status =
    statusAbove(callee.object) ??
    (second ? (numberOf(second) ?? statusIn(source, second)) : null) ??
    statusBefore(source, node);
  const body = method === 'render' ? second : first;
  const isResponse = isAnswer(source, callee.object, method);
  return isResponse && body ? { body, status } : null;
}

function isAnswer(source: Source, node: Syntax, method: string): boolean {
  const inner = unwrap(node);
  if (inner.type === 'CallExpression') {
    const callee = unwrap(inner.callee);
    return (
      callee.type === 'MemberExpression' &&
      callee.property.type === 'Identifier' &&
      /^(status|code|type|set|header|headers|setHeader|format)$/.test(callee.property.name) &&
      isAnswer(source, callee.object, method)
    );
  }
  const role = roleAt(source, inner);
  if (role === 'response') return true;
  if (role === 'context') return /^(json|text|html)$/.test(method);
  if (inner.type !== 'Identifier' || !/^(res|resp|response|reply)$/.test(inner.name)) return false;
  // A parameter of that name beside a request: error middlewares, functions that handlers share.
  return bindingOf(source, inner)?.kind === 'parameter';
}

const numberOf = (node: Syntax): number | null => {
  const value = literal(node);
  return typeof value === 'number' ? value : null;
};

function statusIn(source: Source, node: Syntax): number | null {
  const found = /status(?:Code)?:\s*(\d{3})/.exec(source.textOf(node));
  return found ? Number(found[1]) : null;
}

/** `res.status(400).json(…)`: the status up the chain, by number or by the constant's name. */
function statusAbove(node: Syntax): number | null {
  const inner = unwrap(node);
  if (inner.type !== 'CallExpression' || inner.callee.type !== 'MemberExpression') return null;
  const { property, object } = inner.callee;
  const [given] = inner.arguments;
  if (property.type === 'Identifier' && /^(status|code)$/.test(property.name) && given) {
    const name = unwrap(given);
    const constant = memberName(name);
    if (constant !== null)
      return /BAD_REQUEST|UNAUTHORIZED|FORBIDDEN|NOT_FOUND|CONFLICT|UNPROCESSABLE|TOO_MANY/.test(constant) ? 400 : null;
    return numberOf(given);
  }
  return statusAbove(object);
}

/** `res.status(400); res.json(…)`, `res.statusCode = 400`: in the statements before. */
function statusBefore(source: Source, node: Syntax): number | null {
  for (const parent of source.above(node)) {
    if (parent.type !== 'BlockStatement') continue;
    const before = source.text.slice(parent.start, node.start);
    const found = [...before.matchAll(/\.(?:status|code)\((\d{3})\)|\.statusCode\s*=\s*(\d{3})/g)].at(-1);
    return found ? Number(found[1] ?? found[2]) : null;
  }
  return null;
}

interface Leak {
  what: 'stack' | 'message' | 'whole';
  at: Syntax;
}

/** The parts of an answer that are an error's: within objects and texts that are put together, not within calls. */
function leaksIn(source: Source, body: Syntax): Leak[] {
  const node = unwrap(body);
  const of = (one: Syntax): Leak[] => leaksIn(source, one);
  switch (node.type) {
    case 'ObjectExpression':
      return node.properties.flatMap((one) => (one.type === 'Property' ? of(one.value) : []));
    case 'ArrayExpression':
      return node.elements.flatMap((one) => (one ? of(one) : []));
    case 'TemplateLiteral':
      return node.expressions.flatMap(of);
    case 'BinaryExpression':
      return node.operator === '+' ? [...of(node.left), ...of(node.right)] : [];
    case 'LogicalExpression':
      return [...of(node.left), ...of(node.right)];
    case 'ConditionalExpression':
      return [...of(node.consequent), ...of(node.alternate)];
    case 'CallExpression': {
      const callee = unwrap(node.callee);
      if (originOf(source, callee) === '#JSON.stringify' && node.arguments[0]) return of(node.arguments[0]);
      const isText =
        callee.type === 'MemberExpression' &&
        callee.property.type === 'Identifier' &&
        callee.property.name === 'toString';
      return isText ? of(callee.object) : [];
    }
    case 'MemberExpression': {
      if (node.property.type !== 'Identifier' || !isError(source, node.object)) return [];
      const { name } = node.property;
      return name === 'stack'
        ? [{ what: 'stack', at: node }]
        : name === 'message'
          ? [{ what: 'message', at: node }]
          : [];
    }
    case 'Identifier': {
      if (isError(source, node)) return [{ what: 'whole', at: node }];
      const value = constantOf(source, node);
      return value &&
        value.type !== 'CallExpression' &&
        value.type !== 'Identifier' &&
        value.type !== 'ObjectExpression'
        ? of(value)
        : [];
    }
    default:
      return [];
  }
}

const errorName = /^_?(err|error|e|ex|exception)$/i;

/** What a `catch` or a callback was given, or an error middleware. */
function isError(source: Source, outer: Syntax): boolean {
  const node = unwrap(outer);
  const binding = bindingOf(source, node);
  if (binding === null || binding.path.length > 0) return false;
  if (binding.kind === 'catch') return true;
  if (binding.kind !== 'parameter' || !isFunction(binding.scope)) return false;
  const index = binding.scope.params.findIndex((one: Syntax) => one === binding.declaration);
  if (index !== 0 || !errorName.test(binding.name)) return false;
  const parent = source.parentOf(binding.scope);
  const isCallback =
    parent?.type === 'CallExpression' &&
    parent.arguments.includes(binding.scope as never) &&
    !/^(map|forEach|filter)$/.test(lastName(parent.callee));
  return isCallback || rolesOf(source, binding.scope).includes('request');
}

const lastName = (callee: Syntax): string => {
  const inner = unwrap(callee);
  return memberName(inner) ?? '';
};

/** True where a condition decides it: the environment, the kind of error, a flag. */
function isChosen(source: Source, at: Syntax): boolean {
  let inner: Syntax = at;
  for (const parent of source.above(at)) {
    const test =
      parent.type === 'IfStatement' || parent.type === 'ConditionalExpression'
        ? parent.test
        : parent.type === 'LogicalExpression' && parent.operator === '&&'
          ? parent.left
          : parent.type === 'SwitchStatement'
            ? parent.discriminant
            : null;
    if (test !== null && test !== inner && decides(source.textOf(test))) return true;
    if (parent.type === 'CatchClause' || isFunction(parent)) return isNarrowed(source, parent, at);
    inner = parent;
  }
  return false;
}

const decides = (test: string): boolean =>
  /NODE_ENV|prod|dev|debug|expose|operational|verbose|\.(name|code|status|statusCode|type|kind)\b|is[A-Z]\w*Error|Error\(/.test(
    test,
  ) || /instanceof\s+(?!Error\b)/.test(test);

/** An earlier statement of the same block that leaves for other errors, or rethrows them. */
function isNarrowed(source: Source, scope: Syntax, at: Syntax): boolean {
  let narrowed = false;
  everyNode(scope, (node) => {
    if (node.type !== 'IfStatement' || node.end > at.start) return;
    if (
      decides(source.textOf(node.test)) &&
      /\b(throw|next\()/.test(source.textOf(node.consequent)) &&
      /!/.test(source.textOf(node.test))
    )
      narrowed = true;
  });
  return narrowed;
}
