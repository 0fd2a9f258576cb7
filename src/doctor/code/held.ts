import { type Syntax, unwrap } from '../../text/syntax.ts';
import { objectProperty } from '../flow/parameters.ts';
import { constantOf } from './names.ts';
import type { Source } from './source.ts';

/** What stands under a name in an object that is written out, or in each of those that a choice is between; null for anything else. */
export function partsNamed(source: Source, node: Syntax, key: string, depth = 0): Syntax[] | null {
  const inner = unwrap(node);
  const value = inner.type === 'Identifier' ? constantOf(source, inner) : inner;
  if (value === null) return source.textOf(inner) === 'undefined' ? [] : null;
  if (value.type === 'ObjectExpression') {
    const property = objectProperty(value, key);
    if (property) return [property];
    return value === inner || isNeverGiven(source, inner, value, key) ? [] : null;
  }
  if (value.type !== 'ConditionalExpression' || depth > 3) return null;
  const [one, other] = [value.consequent, value.alternate].map((each) => partsNamed(source, each, key, depth + 1));
  return one && other ? [...one, ...other] : null;
}

/** True for a variable's object that is written out without a key, where nothing in its file gives it that key later. */
function isNeverGiven(source: Source, name: Syntax, object: Syntax, key: string): boolean {
  if (name.type !== 'Identifier' || heldUnder(object, key) !== null) return false;
  const given = [`${name.name}.${key}`, `${name.name}[`, `assign(${name.name}`];
  return !given.some((one) => source.text.includes(one));
}

/** What an object that is written out holds under a name, null for nothing; the expression itself where it is no such object. */
export function heldUnder(outer: Syntax, key: string): Syntax | null {
  const node = unwrap(outer);
  const isWritten = node.type === 'ObjectExpression' && node.properties.every(({ type }) => type === 'Property');
  return isWritten ? objectProperty(node, key) : node;
}
