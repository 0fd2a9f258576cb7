import { type Syntax, stringValue, unwrap } from '../../text/syntax.ts';
import { annotationOf, type Binding, bound } from '../code/names.ts';
import { originOf } from '../code/origin.ts';
import { functionAround, type FunctionSyntax, isFunction, type Source } from '../code/source.ts';
import { isServerAction } from './actions.ts';
import { apiFile, isRouterOrigin, methods, routeFile, routesOf } from './routes.ts';

/** What a parameter of a request handler holds. */
export type Role =
  /** Express, Fastify, Koa, Node, Next: the request itself. */
  | 'request'
  | 'response'
  /** Hono, Koa, Next's second argument, tRPC, Lambda's event: the request's data lie in it. */
  | 'context'
  /** What the client sent itself: Nest's @Body() and the like, a server action's arguments, a page's params. */
  | 'data'
  /** Sent by the client and already checked against a schema: tRPC's input. */
  | 'checked';

const knownRoles = new WeakMap<FunctionSyntax, readonly (Role | null)[]>();

/** What each parameter of a function holds; null for each where the function handles no request. */
export function rolesOf(source: Source, node: FunctionSyntax): readonly (Role | null)[] {
  const before = knownRoles.get(node);
  if (before) return before;
  const roles = rolesIn(source, node);
  knownRoles.set(node, roles);
  return roles;
}

/** True for a function that handles requests. */
export const isHandler = (source: Source, node: FunctionSyntax): boolean =>
  rolesOf(source, node).some((role) => role !== null && role !== 'response');

/** The request handler that a node stands in, nearest first; null outside of one. */
export function handlerAround(source: Source, node: Syntax): FunctionSyntax | null {
  for (let parent = functionAround(source, node); parent; parent = functionAround(source, parent))
    if (isHandler(source, parent)) return parent;
  return null;
}

/** What a parameter's binding holds of the request; null where it is no parameter of a handler. */
export function roleOf(source: Source, binding: Binding): Role | null {
  if (binding.kind !== 'parameter' || !isFunction(binding.scope)) return null;
  const index = binding.scope.params.findIndex((parameter: Syntax) => parameter === binding.declaration);
  return rolesOf(source, binding.scope)[index] ?? null;
}

const requestTypes =
  /^(express\.)?Request$|^(Fastify|Next|NextApi|Http|Authenticated|Auth|Express|Koa)\w*Request$|^IncomingMessage$/;
const responseTypes = /^(express\.)?Response$|^FastifyReply$|^NextApiResponse$|^ServerResponse$/;
const contextTypes = /^(Koa\.)?(\w*Context|ParameterizedContext)$|^APIGateway\w*Event\w*$|^LambdaFunctionURLEvent$/;

function rolesIn(source: Source, node: FunctionSyntax): (Role | null)[] {
  const method = source.parentOf(node);
  const names = node.params.map(nameOf);
  const types = node.params.map((parameter) => annotation(parameter));
  if (method?.type === 'MethodDefinition' && node.params.some(hasRoleDecorator)) return node.params.map(nestRole);
  if (isServerAction(source, node) || isSocketListener(source, node)) return node.params.map(() => 'data');
  const framework = nextRole(source, node) ?? trpcRoles(source, node);
  if (framework) return framework;
  const typed = types.map((type): Role | null =>
    type === null
      ? null
      : requestTypes.test(type)
        ? 'request'
        : responseTypes.test(type)
          ? 'response'
          : contextTypes.test(type) && usesContext(source, node, names[0])
            ? 'context'
            : null,
  );
  if (typed.some((role) => role === 'request' || role === 'context')) return typed;
  const at = names[0] !== undefined && /^_?(err|error|e)$/.test(names[0] ?? '') && names.length >= 3 ? 1 : 0;
  if (
    /^_?(req|request)$/.test(names[at] ?? '') &&
    (names.length === at + 1 || /^_?(res|resp|response|reply|rep|h|_)$/.test(names[at + 1] ?? ''))
  )
    return names.map((_, index) => (index === at ? 'request' : index === at + 1 ? 'response' : null));
  if (node.params[0]?.type === 'ObjectPattern' && (takesParts(node) || isRouteArgument(source, node)))
    return ['request', 'response'];
  if (/^(c|ctx|context|event)$/.test(names[0] ?? '') && usesContext(source, node, names[0])) return ['context'];
  return names.map(() => null);
}

const nameOf = (pattern: Syntax): string | null =>
  pattern.type === 'Identifier' ? pattern.name : pattern.type === 'AssignmentPattern' ? nameOf(pattern.left) : null;

const annotation = (parameter: Syntax): string | null =>
  annotationOf({
    name: '',
    kind: 'parameter',
    scope: parameter,
    declaration: parameter,
    init: null,
    path: [],
    writes: [],
    imported: null,
  });

/** `c.req.…`, `ctx.request.…`, `event.body`: without such a use a parameter of that name may be anything. */
function usesContext(source: Source, node: FunctionSyntax, name: string | null | undefined): boolean {
  if (!name || !node.body) return false;
  const word =
    name === 'event'
      ? '(body|queryStringParameters|pathParameters|headers|rawPath)'
      : name === 'c'
        ? '(req|json\\(|text\\(|html\\(|body\\(|redirect\\()'
        : '(req|request|query|params|json\\(|text\\(|html\\(|body\\()';
  return new RegExp(`\\b${name}\\.${word}`).test(source.textOf(node.body));
}

/** `({ body, params }, res) => …` */
function takesParts({ params: [first, second] }: FunctionSyntax): boolean {
  return (
    first !== undefined &&
    second !== undefined &&
    /^_?(res|response|reply)$/.test(nameOf(second) ?? '') &&
    bound(first).some(({ path }) => /^(body|params|query|headers|cookies|file|files)$/.test(path[0] ?? ''))
  );
}

function isRouteArgument(source: Source, node: FunctionSyntax): boolean {
  const call = source.parentOf(node);
  return (
    call?.type === 'CallExpression' &&
    call.callee.type === 'MemberExpression' &&
    call.callee.property.type === 'Identifier' &&
    (methods.has(call.callee.property.name) || call.callee.property.name === 'use') &&
    isRouterOrigin(originOf(source, call.callee.object))
  );
}

const roleDecorators: Readonly<Record<string, Role>> = {
  Body: 'data',
  Query: 'data',
  Param: 'data',
  Headers: 'data',
  Cookies: 'data',
  UploadedFile: 'data',
  UploadedFiles: 'data',
  RawBody: 'data',
  Args: 'data',
  MessageBody: 'data',
  Payload: 'data',
  Req: 'request',
  Request: 'request',
  Res: 'response',
  Response: 'response',
};

const decoratorsOf = (parameter: Syntax): string[] =>
  'decorators' in parameter && Array.isArray(parameter.decorators)
    ? parameter.decorators.flatMap((decorator) => {
        const call = unwrap(decorator.expression);
        return call.type === 'CallExpression' && call.callee.type === 'Identifier' ? [call.callee.name] : [];
      })
    : [];

const hasRoleDecorator = (parameter: Syntax): boolean => nestRole(parameter) !== null;

const nestRole = (parameter: Syntax): Role | null =>
  decoratorsOf(parameter)
    .map((name) => roleDecorators[name])
    .find((role) => role !== undefined) ?? null;

/** `socket.on('message', (data, done) => …)` of Socket.IO's server: what the client sent. */
function isSocketListener(source: Source, node: FunctionSyntax): boolean {
  const call = source.parentOf(node);
  if (call?.type !== 'CallExpression' || call.arguments[1] !== node || node.params.length === 0) return false;
  if (call.callee.type !== 'MemberExpression' || !/\.on$/.test(source.textOf(call.callee))) return false;
  const [event] = call.arguments;
  const name = event && stringValue(event);
  return (
    /^(socket|client|ws)$/i.test(source.textOf(call.callee.object)) &&
    !/^(connect|connection|connect_error|disconnect|disconnecting|error|close|open|end|data|reconnect\w*|ping|pong)$/.test(
      name ?? 'error',
    ) &&
    source.project.has('socket.io')
  );
}

function nextRole(source: Source, node: FunctionSyntax): (Role | null)[] | null {
  if (!source.project.has('next')) return null;
  const parent = source.parentOf(node);
  if (routeFile.test(source.path) && routesOf(source).some(({ handler }) => handler === node))
    return ['request', 'context'];
  if (apiFile.test(source.path) && parent?.type === 'ExportDefaultDeclaration') return ['request', 'response'];
  const isPage =
    /(^|\/)app\/(.*\/)?(page|layout)\.[cm]?[jt]sx?$/.test(source.path) && parent?.type === 'ExportDefaultDeclaration';
  return isPage ? ['context'] : null;
}

/** The function given to a procedure's `query`, `mutation` or `subscription`: its `input` has been through the schema. */
function trpcRoles(source: Source, node: FunctionSyntax): (Role | null)[] | null {
  const call = source.parentOf(node);
  if (call?.type !== 'CallExpression' || call.callee.type !== 'MemberExpression' || call.arguments[0] !== node)
    return null;
  const { property, object } = call.callee;
  if (property.type !== 'Identifier' || !/^(query|mutation|subscription)$/.test(property.name)) return null;
  return /procedure/i.test(source.textOf(object)) ? ['checked'] : null;
}
