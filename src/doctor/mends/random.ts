import { literal, type Syntax, stringValue, unwrap } from '../../text/syntax.ts';
import { constantOf } from '../code/names.ts';
import { originOf } from '../code/origin.ts';
import type { Source } from '../code/source.ts';
import type { Mend } from '../rule.ts';
import { imported } from './imported.ts';

/**
 * `randomInt(100000, 1000000)` for `Math.floor(100000 + Math.random() * 900000)`: a whole number of the same range from
 * the generator that cannot be computed. None where the range is not plain, or Node's crypto may not be there.
 */
export function unguessable(source: Source, random: Syntax): Mend[] {
  const { runtime } = source.project.profile;
  if (runtime.value === 'workers' || /runtime\s*=\s*['"]edge|['"]use client['"]/.test(source.text)) return [];
  let inner: Syntax = random;
  for (const parent of source.above(random)) {
    if (parent.type === 'CallExpression') {
      const [given, more] = parent.arguments;
      const isFloor = /^#(Math\.(floor|trunc)|parseInt)$/.test(originOf(source, parent.callee) ?? '');
      if (!isFloor || given !== inner || more !== undefined) return [];
      const range = rangeOf(source, inner, random);
      const said = range && imported(source, parent, 'crypto', 'randomInt');
      if (!said) return [];
      return [{ start: parent.start, end: parent.end, text: `${said.text}(${range})` }, ...said.edits];
    }
    if (parent.type !== 'BinaryExpression' && parent.type !== 'ParenthesizedExpression') return [];
    inner = parent;
  }
  return [];
}

/** The arguments of `randomInt` for an expression over `Math.random()`; null where they are not plain. */
function rangeOf(source: Source, node: Syntax, random: Syntax): string | null {
  const inner = unwrap(node);
  if (inner.type !== 'BinaryExpression') return null;
  if (inner.operator === '*') return sizeOf(source, inner, random);
  if (inner.operator !== '+') return null;
  const [first, other] =
    unwrap(inner.left).start <= random.start && random.end <= inner.left.end
      ? [inner.left, inner.right]
      : [inner.right, inner.left];
  const product = unwrap(first);
  const low = wholeOf(unwrap(other));
  const size = product.type === 'BinaryExpression' && product.operator === '*' ? sizeIn(product, random) : null;
  return low === null || size === null ? null : `${low}, ${low + size}`;
}

const factorOf = (product: Extract<Syntax, { type: 'BinaryExpression' }>, random: Syntax): Syntax | null =>
  unwrap(product.left) === random ? product.right : unwrap(product.right) === random ? product.left : null;

function sizeIn(product: Extract<Syntax, { type: 'BinaryExpression' }>, random: Syntax): number | null {
  const factor = factorOf(product, random);
  const size = factor && wholeOf(unwrap(factor));
  return size !== null && size >= 1 ? size : null;
}

/** A number, or the length of a text that is written down and not empty. */
function sizeOf(source: Source, product: Extract<Syntax, { type: 'BinaryExpression' }>, random: Syntax): string | null {
  const size = sizeIn(product, random);
  if (size !== null) return String(size);
  const factor = factorOf(product, random);
  const member = factor && unwrap(factor);
  if (member?.type !== 'MemberExpression' || member.computed || source.textOf(member.property) !== 'length')
    return null;
  const text = stringValue(constantOf(source, member.object) ?? member.object);
  return text === null || text === '' ? null : source.textOf(member);
}

/** A whole number that is written there, also as a sum or a difference; null for anything else. */
function wholeOf(node: Syntax): number | null {
  const inner = unwrap(node);
  if (inner.type === 'BinaryExpression') {
    const [left, right] = [wholeOf(unwrap(inner.left)), wholeOf(unwrap(inner.right))];
    if (left === null || right === null) return null;
    const sum = inner.operator === '+' ? left + right : inner.operator === '-' ? left - right : null;
    return sum !== null && sum >= 0 ? sum : null;
  }
  const value = literal(inner);
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 && value < 2 ** 47 ? value : null;
}
