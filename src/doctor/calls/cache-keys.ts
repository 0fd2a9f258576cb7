import { type Syntax, stringValue, unwrap } from '../../text/syntax.ts';
import { definitionOf } from '../code/definition.ts';
import { bindingOf, constantOf } from '../code/names.ts';
import { functionAround, type Source } from '../code/source.ts';
import { type CallSyntax, calledName } from './waits.ts';

/** A key's text without what is filled in, by which one that is set and one that is deleted are known for the same; null where it has no text. */
export function shapeOf(source: Source, key: Syntax): string | null {
  const inner = constantOf(source, key) ?? unwrap(key);
  // `userKey(id)`: a function of the project that puts the key together.
  if (inner.type === 'CallExpression' && inner.callee.type === 'Identifier' && definitionOf(source, inner.callee))
    return `${inner.callee.name}()`;
  if (inner.type !== 'TemplateLiteral') return null;
  const texts = inner.quasis.map(({ value }) => value.raw);
  return texts.some((one) => /\w/.test(one)) ? texts.join('*') : null;
}

/** One key that is written down: it is bounded, however long it stays. */
export const isFixed = (source: Source, key: Syntax): boolean =>
  stringValue(constantOf(source, key) ?? unwrap(key)) !== null ||
  /^[A-Z][A-Z0-9_]*$/.test(source.textOf(key).split('.').at(-1) ?? '');

/** `const v = await redis.get(key); if (v) …set(key, …)`: what is there is written anew, and no key is added. */
export function isThereBefore(source: Source, call: CallSyntax, key: Syntax): boolean {
  const fn = functionAround(source, call);
  for (const parent of source.above(call)) {
    if (parent === fn) return false;
    if (parent.type !== 'IfStatement') continue;
    const { consequent, test } = parent;
    if (consequent.start <= call.start && call.end <= consequent.end && saysIsThere(source, test, key)) return true;
  }
  return false;
}

/** `v`, `v !== null`, `!isEmpty(v)`, `await redis.exists(key)`. */
function saysIsThere(source: Source, node: Syntax, key: Syntax): boolean {
  const test = unwrap(node);
  if (test.type === 'LogicalExpression')
    return test.operator === '&&' && [test.left, test.right].some((one) => saysIsThere(source, one, key));
  if (test.type === 'BinaryExpression')
    return (
      /^!==?$/.test(test.operator) &&
      /^(null|undefined)$/.test(source.textOf(test.right)) &&
      isAnswerFor(source, test.left, key)
    );
  const not = test.type === 'UnaryExpression' && test.operator === '!' ? unwrap(test.argument) : null;
  if (not?.type !== 'CallExpression') return isAnswerFor(source, test, key);
  const [first] = not.arguments;
  return /^is(Empty|Nil|Null|Undefined)/.test(calledName(not) ?? '') && !!first && isAnswerFor(source, first, key);
}

/** What the cache gave for the key. */
function isAnswerFor(source: Source, node: Syntax, key: Syntax): boolean {
  const inner = unwrap(node);
  const binding = inner.type === 'Identifier' ? bindingOf(source, inner) : null;
  const made = binding?.init ? unwrap(binding.init) : inner;
  const asked = made.type === 'AwaitExpression' ? unwrap(made.argument) : made;
  return (
    asked.type === 'CallExpression' &&
    /^(get|exists|has)$/.test(calledName(asked) ?? '') &&
    asked.arguments[0] !== undefined &&
    source.textOf(asked.arguments[0]) === source.textOf(key)
  );
}
