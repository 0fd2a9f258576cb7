import { literal, type Syntax, stringValue, unwrap } from '../../text/syntax.ts';
import { writtenText } from '../code/reach.ts';
import type { Source } from '../code/source.ts';

/** A path as it is written: a string, a template (':_' for what cannot be read of it), or the first of a list. */
export function pathOf(source: Source, node: Syntax): string | null {
  const inner = unwrap(node);
  const text = stringValue(inner);
  if (text !== null) return text;
  const part = (one: Syntax | undefined): string => (one ? (writtenText(source, one) ?? ':_') : '');
  if (inner.type === 'TemplateLiteral')
    return inner.quasis.map(({ value }, index) => (value.cooked ?? '') + part(inner.expressions[index])).join('');
  const [first] = inner.type === 'ArrayExpression' ? inner.elements : [];
  if (first) return pathOf(source, first);
  const value = literal(inner);
  return typeof value === 'string' ? value : null;
}
