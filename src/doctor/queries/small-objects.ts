import { type Syntax, unwrap } from '../../text/syntax.ts';
import { constantOf } from '../code/names.ts';
import type { Source } from '../code/source.ts';

/** What `...(seller && { seller })` and `...(seller ? { seller } : {})` put into a filter, by names as well. */
export function smallObjects(source: Source, outer: Syntax): Syntax[] {
  const node = constantOf(source, outer) ?? unwrap(outer);
  if (node.type === 'ConditionalExpression')
    return [...smallObjects(source, node.consequent), ...smallObjects(source, node.alternate)];
  if (node.type === 'LogicalExpression') return smallObjects(source, node.right);
  return node.type === 'ObjectExpression' ? [node] : [];
}
