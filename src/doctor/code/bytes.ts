import { literal, type Syntax, stringValue, unwrap } from '../../text/syntax.ts';

/** The size that a limit is written as, in bytes: `'50mb'`, `50 * 1024 * 1024`, `Infinity`; null for what cannot be read. */
export function bytesOf(node: Syntax): number | null {
  const text = stringValue(node);
  if (text !== null) {
    const found = /^\s*([\d.]+)\s*(b|kb|mb|gb|tb)?\s*$/i.exec(text);
    if (!found) return null;
    const powers = ['b', 'kb', 'mb', 'gb', 'tb'];
    return Number(found[1]) * 1024 ** Math.max(0, powers.indexOf((found[2] ?? 'b').toLowerCase()));
  }
  const value = literal(node);
  if (typeof value === 'number') return value;
  if (node.type === 'Identifier' && node.name === 'Infinity') return Number.POSITIVE_INFINITY;
  if (node.type !== 'BinaryExpression' || node.operator !== '*') return null;
  const [left, right] = [bytesOf(unwrap(node.left)), bytesOf(unwrap(node.right))];
  return left === null || right === null ? null : left * right;
}
