import { type Syntax, unwrap } from '../../text/syntax.ts';
import type { Source } from '../code/source.ts';
import { roleAt } from './request.ts';

/** `req.body` */
export const isBody = (source: Source, node: Extract<Syntax, { type: 'MemberExpression' }>): boolean =>
  !node.computed &&
  node.property.type === 'Identifier' &&
  node.property.name === 'body' &&
  roleAt(source, node.object) === 'request';

/** `request.json()` */
export function isJson(source: Source, { callee }: Extract<Syntax, { type: 'CallExpression' }>): boolean {
  const inner = unwrap(callee);
  return (
    inner.type === 'MemberExpression' &&
    inner.property.type === 'Identifier' &&
    inner.property.name === 'json' &&
    roleAt(source, inner.object) === 'request'
  );
}
