import { type Syntax, unwrap } from '../../text/syntax.ts';
import { callsOf } from '../code/callers.ts';
import { bindingOf } from '../code/names.ts';
import { isFunction, type Source } from '../code/source.ts';
import { type Role, roleOf } from '../routes/roles.ts';
import { formPart } from './forms.ts';

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

const deepest = 10;

/** The role of an expression: a handler's parameter, or the request in a context (`c.req`, `ctx.request`). */
export function roleAt(source: Source, outer: Syntax, depth = 0): Role | null {
  const node = unwrap(outer);
  // Names may be made of each other: `var a = b, b = a.req`.
  if (depth > deepest) return null;
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
    return alias && binding.writes.length === 0 && alias !== node ? roleAt(source, alias, depth + 1) : null;
  }
  if (node.type !== 'MemberExpression' || node.computed || node.property.type !== 'Identifier') return null;
  if (!/^(req|request|raw)$/.test(node.property.name)) return null;
  const outerRole = roleAt(source, node.object, depth + 1);
  return outerRole === 'context' || outerRole === 'request' ? 'request' : null;
}

/** What a parser of uploads says of a file by itself. */
const ofServer = /^(path|filename|filepath|tempFilePath|destination|newFilename|location|buffer|size|fieldname)$/;

/** True for the part of an uploaded file that the server made: where it lies, not what the client calls it. */
export const isMadeOfUpload = (source: Source, file: Syntax, key: string): boolean =>
  ofServer.test(key) && isUpload(source, file, 0);

function isUpload(source: Source, outer: Syntax, depth: number): boolean {
  const node = unwrap(outer);
  if (depth > 4) return false;
  if (node.type === 'MemberExpression') {
    const key = !node.computed && node.property.type === 'Identifier' ? node.property.name : '';
    return (
      (/^files?$/.test(key) && roleAt(source, node.object) === 'request') || isUpload(source, node.object, depth + 1)
    );
  }
  const next = (one: Syntax): boolean => isUpload(source, one, depth + 1);
  if (node.type === 'CallExpression')
    return node.arguments.some(next) || (node.callee.type === 'MemberExpression' && next(node.callee.object));
  if (node.type === 'SpreadElement') return next(node.argument);
  if (node.type === 'ConditionalExpression') return next(node.consequent) || next(node.alternate);
  const binding = node.type === 'Identifier' ? bindingOf(source, node) : null;
  if (!binding) return false;
  const form = formPart(source, binding);
  if (form) return form === 'files';
  // `req.files.forEach((file) => …)`
  const each = binding.kind === 'parameter' ? source.parentOf(binding.scope) : null;
  if (each?.type === 'CallExpression' && each.callee.type === 'MemberExpression') return next(each.callee.object);
  if (binding.kind === 'parameter' && isFunction(binding.scope) && binding.path.length === 0) {
    const index = binding.scope.params.findIndex((one: Syntax) => one === binding.declaration);
    return callsOf(source, binding.scope).some(({ source: from, call }) => {
      const given = call.arguments[index];
      return given !== undefined && isUpload(from, given, depth + 1);
    });
  }
  if (binding.path.some((key) => /^files?$/.test(key ?? ''))) return true;
  return binding.init !== null && next(binding.init);
}
