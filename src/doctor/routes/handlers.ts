import { isCode } from '../../detect/paths.ts';
import { type Syntax, unwrap } from '../../text/syntax.ts';
import { definitionOf, placeOf } from '../code/definition.ts';
import type { Place } from '../code/exports.ts';
import { memberName } from '../code/objects.ts';
import { type FunctionSyntax, isFunction, type Source, sourceAt } from '../code/source.ts';
import { partOf } from '../flow/request.ts';
import type { Taint } from '../flow/taints.ts';
import { kindOf, type Project } from '../project.ts';
import { usedAbove } from './guarded.ts';
import { handlerAround, type Role } from './roles.ts';
import { apiFile, type Route, routeFile, routesOf } from './routes.ts';
import { isHandedWithSchema } from './wrapped.ts';

/** A route, and the file that registers it. */
export interface Registered {
  source: Source;
  route: Route;
}

type ByPlace = ReadonlyMap<string, readonly Registered[]>;
/** The routes by their handlers, and by the middlewares of each with what stands before those. */
interface Index {
  handlers: ByPlace;
  middlewares: ByPlace;
}
const known = new WeakMap<Project, Index>();

/** The routes that lead to a function, wherever they are registered; empty where none is found. */
function routesTo(source: Source, fn: FunctionSyntax, as: keyof Index = 'handlers'): readonly Registered[] {
  const index = known.get(source.project) ?? indexOf(source.project);
  known.set(source.project, index);
  return index[as].get(`${source.path}:${fn.start}`) ?? [];
}

const methods = /\.(get|post|put|patch|delete|del|all|route)\s*(<[^()]*>)?\(|@(Get|Post|Put|Patch|Delete|All)\(/;
/** The same where more is given than one plain name or text: `map.get(key)` and `headers.get('host')` register nothing. */
const registering =
  /\.route\s*(<[^()]*>)?\(|\.(get|post|put|patch|delete|del|all)\s*(<[^()]*>)?\((?!\s*['"`]?[\w$.:/@-]*['"`]?\s*\))|@(Get|Post|Put|Patch|Delete|All)\(/;
/** A file that is a route by its place need not register it. */
const mayRegister = (path: string, text: string): boolean =>
  (routeFile.test(path) || apiFile.test(path) ? methods : registering).test(text);

function indexOf(project: Project): Index {
  const [handlers, middlewares] = [new Map<string, Registered[]>(), new Map<string, Registered[]>()];
  const add = (byPlace: Map<string, Registered[]>, fn: Place, one: Registered): void => {
    const key = `${fn.source.path}:${fn.node.start}`;
    byPlace.set(key, [...(byPlace.get(key) ?? []), one]);
  };
  for (const path of project.files) {
    const text = isCode(path) ? project.tree.read(path) : null;
    if (text === null || !mayRegister(path, text) || kindOf(path, text) !== 'app') continue;
    if (!/express|fastify|router|hono|koa|@nestjs|app\.|server\./i.test(text)) continue;
    const source = sourceAt(project, path);
    for (const route of source ? routesOf(source) : []) {
      if (source === null) continue;
      for (const place of route.handler ? functionsIn(source, route.handler) : [])
        add(handlers, place, { source, route });
      for (const [index, one] of route.before.entries()) {
        const middleware = one.type === 'Identifier' || one.type === 'MemberExpression' ? placeOf(source, one) : null;
        const own = { source, route: { ...route, before: route.before.slice(0, index) } };
        if (middleware && isFunction(middleware.node)) add(middlewares, middleware, own);
      }
    }
  }
  return { handlers, middlewares };
}

/** The functions that answer: those of a list as well, `export const find = [first, second]`. */
function functionsIn(source: Source, handler: Syntax): Place[] {
  const list = placeOf(source, handler);
  const all = list?.node.type === 'ArrayExpression' ? list.node.elements.filter((one) => one !== null) : null;
  if (list && all) return all.flatMap((one) => functionIn(list.source, one) ?? []);
  const place = functionIn(source, handler);
  return place ? [place] : [];
}

/** The function that answers: the handler itself, what it names, or what a wrapper (`catchAsync(handler)`) or a factory gives. */
function functionIn(source: Source, handler: Syntax, depth = 0): { source: Source; node: FunctionSyntax } | null {
  if (isFunction(handler)) return { source, node: handler };
  const place = placeOf(source, handler);
  if (place && isFunction(place.node)) return { source: place.source, node: place.node };
  // `exports.create = catchAsync(async (req, res) => …)`
  if (place && place.node !== handler && place.node.type === 'CallExpression')
    return functionIn(place.source, place.node, depth + 1);
  if (handler.type !== 'CallExpression' || depth > 3) return null;
  const bound = boundOf(handler);
  if (bound) return functionIn(source, bound, depth + 1);
  const inner = handler.arguments.find(
    (one) => isFunction(one) || one.type === 'Identifier' || one.type === 'MemberExpression',
  );
  if (inner) return functionIn(source, inner, depth + 1);
  const factory = definitionOf(source, handler.callee);
  return factory && isFunction(factory.node) ? madeBy(factory.source, factory.node) : null;
}

/** `Orders.list.bind(this)` → Orders.list. */
function boundOf(node: Syntax): Syntax | null {
  const callee = node.type === 'CallExpression' ? unwrap(node.callee) : null;
  const isBind = callee?.type === 'MemberExpression' && memberName(callee) === 'bind';
  return isBind ? unwrap(callee.object) : null;
}

/** The function that a factory returns: `export const search = () => (req, res) => …`. */
function madeBy(source: Source, { body }: FunctionSyntax): { source: Source; node: FunctionSyntax } | null {
  if (body && isFunction(body)) return { source, node: body };
  const last =
    body?.type === 'BlockStatement' ? body.body.findLast(({ type }) => type === 'ReturnStatement') : undefined;
  return last?.type === 'ReturnStatement' && last.argument && isFunction(last.argument)
    ? { source, node: last.argument }
    : null;
}

/** True for a function that some route of the project leads to. */
export const isRouted = (source: Source, fn: FunctionSyntax): boolean => routesTo(source, fn).length > 0;

/** The routes that lead to the handler that a node stands in; empty where none is found. */
export function routesAround(source: Source, node: Syntax): readonly Registered[] {
  const handler = handlerAround(source, node);
  return handler === null ? [] : routesTo(source, handler);
}

export const validating =
  /valid|schema|celebrate|\bjoi\b|\bzod|\bz\.|\bajv|sanitiz|\bcheck\(|\b(body|param|query)\(|typebox|\bdto\b|parse/i;
/** By project: files with the same text share their tree. */
const knownValidated = new WeakMap<Project, WeakMap<FunctionSyntax, boolean>>();

/** True for a handler whose every route, or what wraps it, checks the request against a schema before it runs. */
export function isValidated(source: Source, fn: FunctionSyntax): boolean {
  const ofProject = knownValidated.get(source.project) ?? new WeakMap<FunctionSyntax, boolean>();
  knownValidated.set(source.project, ofProject);
  const before = ofProject.get(fn);
  if (before !== undefined) return before;
  ofProject.set(fn, false);
  const routes = [...routesTo(source, fn), ...routesTo(source, fn, 'middlewares')];
  const validated =
    isHandedWithSchema(source, fn) ||
    (routes.length > 0 && routes.every(({ source: from, route }) => validates(from, route)));
  ofProject.set(fn, validated);
  return validated;
}

function validates(source: Source, { before, options }: Route): boolean {
  if (options && /schema|valid/i.test(source.textOf(options))) return true;
  return before.some((one) => validating.test(source.textOf(one)) && !looksElsewhere(source, one));
}

/** True for a function of the project that looks at no part of the request that a schema is for: `validateToken` reads a header. */
function looksElsewhere(source: Source, middleware: Syntax): boolean {
  const place = middleware.type === 'CallExpression' ? null : placeOf(source, middleware);
  if (place === null || !isFunction(place.node) || !place.node.body) return false;
  return !/\b(body|query|params)\b|schema|valid\w*\(|\b(parse|check)\w*\(/i.test(place.source.textOf(place.node.body));
}

/** True where the node stands in a handler whose requests a schema has let through. */
export function isBehindSchema(source: Source, node: Syntax): boolean {
  const handler = handlerAround(source, node);
  return handler !== null && isValidated(source, handler);
}

/** True where the node stands in a handler whose every route lets administrators alone through. */
export function isForAdmins(source: Source, node: Syntax): boolean {
  const handler = handlerAround(source, node);
  const routes = handler === null ? [] : routesTo(source, handler);
  return (
    routes.length > 0 &&
    routes.every(({ source: from, route }) =>
      [...route.before, ...usedAbove(from, route.node)].some((one) => asksForAdmins(from, one)),
    )
  );
}

/** `isAdmin`, `authorize('admin')`, `@Roles('admin')`; not `authorize('seller', 'admin')`, `adminOrOwner`. */
function asksForAdmins(source: Source, guard: Syntax): boolean {
  const inner = unwrap(guard.type === 'Decorator' ? guard.expression : guard);
  const text = source.textOf(inner);
  if (turnsOthersAway(source, boundOf(inner) ?? inner)) return true;
  if (!/admin/i.test(text) || /valid|schema|limit|_or_|[a-z]Or[A-Z]/.test(text)) return false;
  if (inner.type !== 'CallExpression') return inner.type === 'Identifier' || inner.type === 'MemberExpression';
  const given = inner.arguments.flatMap((one): Syntax[] => {
    const value = unwrap(one);
    return value.type === 'ArrayExpression' ? value.elements.flatMap((element) => element ?? []) : [value];
  });
  // Each of several guards must let the request through; of several roles one is enough.
  const isGuards = /^UseGuards$/.test(source.textOf(inner.callee));
  const isOfAdmins = (one: Syntax): boolean => /admin/i.test(source.textOf(one));
  return isGuards ? given.some(isOfAdmins) : given.every(isOfAdmins);
}

/** True for a middleware of the project that begins with `if (!req.user.isAdmin) return …`. */
function turnsOthersAway(source: Source, guard: Syntax): boolean {
  if (guard.type !== 'Identifier' && guard.type !== 'MemberExpression') return false;
  const place = placeOf(source, guard);
  const body = place && isFunction(place.node) ? place.node.body : null;
  if (!place || body?.type !== 'BlockStatement') return false;
  const first = body.body.find(({ type }) => type === 'IfStatement');
  if (first?.type !== 'IfStatement' || !/^!\s*[\w.?]+\.is_?admin\w*(\(\))?$/i.test(place.source.textOf(first.test)))
    return false;
  const last = first.consequent.type === 'BlockStatement' ? first.consequent.body.at(-1) : first.consequent;
  return last?.type === 'ReturnStatement' || last?.type === 'ThrowStatement';
}

/** A part of a request: what the client sent, or what the route's schema has let through of it. */
export function partAt(source: Source, node: Syntax, role: Role, key: string): Taint {
  const part = partOf(role, key);
  const isData = /^(body|query|params|querystring)$/.test(key);
  // A segment of the path, as Next gives it to a page: what separates segments stays encoded in it.
  if (part === 'request' && role === 'context' && key === 'params' && isOfNext(source)) return 'checked';
  return part === 'request' && role === 'request' && isData && isBehindSchema(source, node) ? 'checked' : part;
}

const isOfNext = ({ path, project }: Source): boolean =>
  /(^|\/)app\/(.*\/)?(page|layout|route)\.[cm]?[jt]sx?$/.test(path) && project.has('next');
