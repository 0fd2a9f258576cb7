import { type Syntax, unwrap } from '../../../text/syntax.ts';
import { answerOf } from '../../answers.ts';
import { bindingOf, constantOf } from '../../names.ts';
import { memberName } from '../../objects.ts';
import { originOf } from '../../origin.ts';
import { defineRule } from '../../rule.ts';
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
  mentions: /\.(json|send|jsonp|end|render|text|html)\(/,
  file: (source, tell) => ({
    Program(program) {
      const leaks: Leak[] = [];
      everyNode(program, (node) => {
        const leak = node.type === 'CallExpression' ? leakOf(source, node) : null;
        if (leak) leaks.push(leak);
      });
      for (const what of ['stack', 'message', 'whole'] as const) {
        const [first, ...more] = leaks.filter((leak) => leak.what === what);
        if (!first) continue;
        // A file that does it once mostly does it everywhere: one finding for the habit.
        const also = more.length === 0 ? '' : ` It does so at ${more.length} more of this file's answers.`;
        tell(first.at, { message: `${spoken(source, first)}${also}`, fix });
      }
    },
  }),
});

/** What of an error a call answers with; null for none, and where a condition decides it. */
function leakOf(source: Source, node: Call): Leak | null {
  const answer = answerOf(source, node);
  const isFault = answer !== null && answer.status !== null && answer.status < 500;
  const leaks = answer === null ? [] : leaksIn(source, answer.body);
  return (
    leaks.find(
      ({ what, at }) =>
        !isChosen(source, at) && (what === 'stack' || !isFault) && !(what === 'whole' && isFastifys(source, node)),
    ) ?? null
  );
}

/** `reply.send(error)`: Fastify's own way to fail, which sends the message alone, or asks the app's error handler. */
const isFastifys = (source: Source, node: Call): boolean =>
  /^(reply|rep)\b[\s\S]*\.send$/.test(source.textOf(node.callee));

function spoken(source: Source, { what, at }: Leak): string {
  const name = source.textOf(at);
  if (what === 'stack') return `${name} goes to the client: files, lines and packages of the server.`;
  return what === 'message'
    ? `${name} goes to the client, whatever failed: the database's, the network's and the file system's messages too.`
    : `The whole error ${name} goes to the client: queries, hosts and paths, as the library that failed keeps them.`;
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
    if (parent.type === 'CatchClause' || isFunction(parent))
      return isNarrowed(source, parent, at) || isForDevelopment(source, parent);
    inner = parent;
  }
  return false;
}

const decides = (test: string): boolean =>
  /NODE_ENV|prod|dev|debug|expose|operational|verbose|\.(name|code|status|statusCode|type|kind)\b|is[A-Z]\w*Error|Error\(/.test(
    test,
  ) || /instanceof\s+(?!Error\b)/.test(test);

/** A handler that is put there for development only: `if (app.get('env') === 'development') app.use(…)`. */
function isForDevelopment(source: Source, scope: Syntax): boolean {
  for (const parent of source.above(scope))
    if (parent.type === 'IfStatement' && /NODE_ENV|['"]env['"]|isDev|development/.test(source.textOf(parent.test)))
      return true;
  return false;
}

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
