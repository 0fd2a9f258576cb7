import { type Syntax, unwrap } from '../text/syntax.ts';
import { bindingOf } from './names.ts';
import { type Role, roleOf } from './roles.ts';
import type { Source } from './source.ts';

/** Parts of a request that the client writes. */
const sentParts =
  /^(body|query|params|headers|cookies|signedCookies|url|originalUrl|path|rawBody|file|files|searchParams|nextUrl|hostname|host|querystring|queryStringParameters|pathParameters|multiValueQueryStringParameters|rawPath|rawQueryString)$/;
/** Methods of a request that give such a part. */
export const sentCalls =
  /^(get|header|json|text|formData|arrayBuffer|blob|param|query|queries|parseBody|cookie|field|fields|parts|body)$/;

/** What a part of the request holds: the client's words, words that a schema has let through, or something else. */
export function partOf(role: Role, key: string): 'request' | 'checked' | 'unknown' {
  if (role === 'data') return 'request';
  if (role === 'checked') return key === 'input' ? 'checked' : 'unknown';
  if (role === 'response') return 'unknown';
  return sentParts.test(key) ? 'request' : 'unknown';
}

/** The role of an expression: a handler's parameter, or the request in a context (`c.req`, `ctx.request`). */
export function roleAt(source: Source, outer: Syntax): Role | null {
  const node = unwrap(outer);
  if (node.type === 'Identifier') {
    const binding = bindingOf(source, node);
    if (binding === null) return null;
    if (binding.kind === 'parameter') {
      const role = roleOf(source, binding);
      if (binding.path.length === 0) return role;
      return role === 'context' && binding.path.length === 1 && /^(req|request)$/.test(binding.path[0] ?? '')
        ? 'request'
        : null;
    }
    const alias = binding.init && binding.path.length === 0 ? unwrap(binding.init) : null;
    return alias && binding.writes.length === 0 && alias !== node ? roleAt(source, alias) : null;
  }
  if (node.type !== 'MemberExpression' || node.computed || node.property.type !== 'Identifier') return null;
  if (!/^(req|request|raw)$/.test(node.property.name)) return null;
  const outerRole = roleAt(source, node.object);
  return outerRole === 'context' || outerRole === 'request' ? 'request' : null;
}
