import { keyOf, type Syntax, unwrap } from '../../text/syntax.ts';
import { bindingOf, constantOf } from '../code/names.ts';
import { originOf } from '../code/origin.ts';
import { everyNode, everyOf, functionAround, type Source } from '../code/source.ts';

type Call = Extract<Syntax, { type: 'CallExpression' }>;

/** Functions that look something up, by what they are called; not those that make addresses of what they are given. */
const looksUp =
  /^(get|find|fetch|load|look_?up|read|select)(?!\w*(url|uri|redirect|target|parse|dest|location|param|query|body))/i;
/** Names of what holds more than one value of the client, or an address of the client's. */
const holder =
  /req|ctx|context|params|query|body|search|headers|form|data|input|dto|state|url|uri|href|link|^to$|next|redirect|return|callback|target|dest/i;
/** Methods that find a record by a condition. */
const finds = /^(findUnique|findFirst|findOne|findOneBy|findUniqueOrThrow|findBy\w+)$/;
/** Functions of Next's that throw: nothing behind them is reached. */
const ends = /^next\/navigation#(redirect|permanentRedirect|notFound|forbidden|unauthorized)$/;

/** `record.url` of `record = await getRecord({ domain, key })`: the client says which one, not what stands in it. */
export function isFieldOfRecord(source: Source, outer: Syntax): boolean {
  const node = unwrap(outer);
  if (node.type !== 'MemberExpression' || node.computed || node.property.type !== 'Identifier') return false;
  const field = node.property.name;
  const call = awaited(source, node.object);
  if (call === null || call.arguments.length === 0 || !looksUp.test(lastName(call.callee))) return false;
  return call.arguments.every((one) => isKeyOnly(unwrap(one), field));
}

function isKeyOnly(node: Syntax, field: string): boolean {
  if (node.type === 'Literal') return true;
  if (node.type !== 'ObjectExpression') return isOneValue(node);
  return node.properties.every(
    (one) => one.type === 'Property' && keyOf(one) !== field && isOneValue(unwrap(one.value)),
  );
}

const isOneValue = (node: Syntax): boolean =>
  node.type === 'Literal' ||
  ((node.type === 'Identifier' || node.type === 'MemberExpression') && !holder.test(lastName(node)));

/**
 * `const shop = await shops.findUnique({ where: { domain } }); if (!shop) return …`: what comes after is reached only
 * with a value that a record of the server's own has.
 */
export function isKeyOfFound(source: Source, value: Syntax, at: Syntax): boolean {
  const scope = functionAround(source, at);
  if (scope === null) return false;
  let isFound = false;
  everyOf(scope, ['IfStatement'], (node) => {
    if (isFound || node.type !== 'IfStatement' || node.end > at.start || !leaves(source, node.consequent)) return;
    const test = unwrap(node.test);
    const call = test.type === 'UnaryExpression' && test.operator === '!' ? awaited(source, test.argument) : null;
    const [condition] = call && finds.test(lastName(call.callee)) ? call.arguments : [];
    isFound = condition !== undefined && holds(source, condition, value);
  });
  return isFound;
}

function leaves(source: Source, consequent: Syntax): boolean {
  const last = consequent.type === 'BlockStatement' ? consequent.body.at(-1) : consequent;
  if (last?.type === 'ReturnStatement' || last?.type === 'ThrowStatement') return true;
  const call = last?.type === 'ExpressionStatement' ? unwrap(last.expression) : null;
  return call?.type === 'CallExpression' && ends.test(originOf(source, call.callee) ?? '');
}

/** The call whose awaited result a name holds where it stands. */
function awaited(source: Source, node: Syntax): Call | null {
  const inner = unwrap(node);
  const binding = inner.type === 'Identifier' ? bindingOf(source, inner) : null;
  if (!binding?.init || binding.path.length > 0 || binding.writes.some((one) => one.start < inner.start)) return null;
  const value = unwrap(binding.init);
  const made = value.type === 'AwaitExpression' ? unwrap(value.argument) : null;
  return made?.type === 'CallExpression' ? made : null;
}

/** `findUnique` of `prisma.shop.findUnique`; '' for what has no name. */
function lastName(outer: Syntax): string {
  const node = unwrap(outer);
  if (node.type === 'Identifier') return node.name;
  return node.type === 'MemberExpression' && !node.computed && node.property.type === 'Identifier'
    ? node.property.name
    : '';
}

/** True where an expression holds the value, as it is or by a name of its own. */
function holds(source: Source, outer: Syntax, value: Syntax): boolean {
  const text = source.textOf(unwrap(value));
  let isHeld = false;
  everyNode(outer, (node, parent) => {
    if (isHeld || (node.type !== 'Identifier' && node.type !== 'MemberExpression')) return;
    if (parent?.type === 'MemberExpression' || (parent?.type === 'Property' && parent.key === node)) return;
    const made = constantOf(source, node);
    isHeld = source.textOf(node) === text || (made !== null && source.textOf(made) === text);
  });
  return isHeld;
}
