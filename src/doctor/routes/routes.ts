import { type Syntax, stringValue, unwrap } from '../../text/syntax.ts';
import { definitionOf, originOf } from '../code/origin.ts';
import { everyOf, isFunction, type Source } from '../code/source.ts';
import { pathOf } from './paths.ts';

/** A route as it is registered, or as its file's place makes it. */
export interface Route {
  /** 'GET', 'POST' …; 'ALL' where any. */
  method: string;
  /** As written: '/users/:id'; null where it is no plain string. */
  path: string | null;
  /** The registration: the call, the method, the exported function. */
  node: Syntax;
  /** What runs before the handler on this route: middlewares, hooks, guards' decorators. */
  before: readonly Syntax[];
  /** The handler as it stands there: a function, or an expression that names one. */
  handler: Syntax | null;
  /** Fastify: the route's options; Nest: null. */
  options: Syntax | null;
}

export const methods: ReadonlySet<string> = new Set([
  'get',
  'post',
  'put',
  'patch',
  'delete',
  'del',
  'all',
  'options',
  'head',
]);
const probe =
  /^\/?(.*\/)?_*((lb)?(health|heartbeat)(z|check|-check)?|live(z|ness)?|ready(z|ness)?|readiness|ping|status|up|alive)_*\/?$/i;

/** True for the path of a route by which platforms ask whether a server works: '/healthz', '/__heartbeat__'. */
export const isProbe = (path: string): boolean => probe.test(path);

const knownRoutes = new WeakMap<Source, readonly Route[]>();

/** The routes that a file registers: on Express, Fastify, Hono and Koa routers, in Nest's controllers, by Next's files. In source order. */
export function routesOf(source: Source): readonly Route[] {
  const before = knownRoutes.get(source);
  if (before) return before;
  const routes: Route[] = [];
  everyOf(source.program, ['CallExpression', 'MethodDefinition'], (node) => {
    const route = registered(source, node) ?? decorated(source, node);
    if (route) routes.push(route);
  });
  const found = [...routes, ...byFile(source)].sort((a, b) => a.node.start - b.node.start);
  knownRoutes.set(source, found);
  return found;
}

/** Calls of a router's methods: by where the router comes from, or by a path that starts with '/' and a function behind it. */
function registered(source: Source, node: Syntax): Route | null {
  if (node.type !== 'CallExpression' || node.callee.type !== 'MemberExpression') return null;
  const { object, property } = node.callee;
  if (property.type !== 'Identifier') return null;
  if (property.name === 'route') return fastifyRoute(source, node);
  if (!methods.has(property.name)) return null;
  const [first, ...rest] = node.arguments;
  // `map.get(key)`: most calls of these names need no question more.
  if (rest.length === 0 && !routeAbove(object)) return null;
  const path = first ? pathOf(source, first) : null;
  const chained = path === null ? routeAbove(object) : null;
  const handlers = chained === null ? rest : [first, ...rest].filter((one) => one !== undefined);
  const handler = handlers.at(-1) ?? null;
  if (handler === null) return null;
  const isRouter = isRouterOrigin(originOf(source, object));
  if (
    !isRouter &&
    !chained?.startsWith('/') &&
    !(path?.startsWith('/') && rest.some((argument) => isFunction(unwrap(argument)) || isNamed(argument))) &&
    !(path === '' && isWithOptions(rest))
  )
    return null;
  if (
    !isRouter &&
    /^(axios|http|https|client|api|fetcher|got|ky|request|agent|supertest|nock|cache|map|params|headers)$/i.test(
      source.textOf(object),
    )
  )
    return null;
  const method = property.name === 'del' ? 'DELETE' : property.name.toUpperCase();
  const options = handlers.find((one) => unwrap(one).type === 'ObjectExpression') ?? null;
  return {
    method,
    path: chained ?? path,
    node,
    before: handlers.slice(0, -1).flatMap((one) => (one === options ? hooksIn(one) : flat(one))),
    handler: handlerIn(handler),
    options,
  };
}

/** `app.put('', { schema }, handler)`: the rest of the path is where its file lies. */
const isWithOptions = (rest: readonly Syntax[]): boolean => {
  const [options, handler] = rest.map(unwrap);
  return rest.length === 2 && options?.type === 'ObjectExpression' && handler !== undefined && isFunction(handler);
};

const isNamed = (node: Syntax): boolean =>
  ['Identifier', 'MemberExpression', 'CallExpression'].includes(unwrap(node).type);

/** The last argument itself, or its `handler` where it is Fastify's options. */
function handlerIn(node: Syntax): Syntax | null {
  const inner = unwrap(node);
  return inner.type === 'ObjectExpression' ? valueIn(inner, 'handler') : inner;
}

function valueIn(node: Syntax, key: string): Syntax | null {
  const object = unwrap(node);
  if (object.type !== 'ObjectExpression') return null;
  for (const property of object.properties)
    if (property.type === 'Property' && property.key.type === 'Identifier' && property.key.name === key)
      return property.value;
  return null;
}

const flat = (node: Syntax): Syntax[] => {
  const inner = unwrap(node);
  return inner.type === 'ArrayExpression' ? inner.elements.flatMap((one) => (one ? flat(one) : [])) : [inner];
};

const hooksIn = (options: Syntax): Syntax[] =>
  ['onRequest', 'preParsing', 'preValidation', 'preHandler', 'config'].flatMap((name) => {
    const value = valueIn(options, name);
    return value ? flat(value) : [];
  });

/** `router.route('/users').get(…).post(…)`: the path stands further up the chain. */
function routeAbove(node: Syntax): string | null {
  const inner = unwrap(node);
  if (inner.type !== 'CallExpression' || inner.callee.type !== 'MemberExpression') return null;
  const { property, object } = inner.callee;
  const [first] = inner.arguments;
  if (property.type === 'Identifier' && property.name === 'route' && first) return stringValue(first);
  return routeAbove(object);
}

/** True for what the origins of apps and routers look like. */
export const isRouterOrigin = (origin: string | null): boolean =>
  origin !== null &&
  /^(express|fastify|hono|@hono\/zod-openapi|@koa\/router|koa-router|koa|polka|restify|find-my-way|express-promise-router|@fastify\/\w+)#/.test(
    origin,
  ) &&
  /\(\)/.test(origin);

/** `app.route({ method, url, handler })`. */
function fastifyRoute(source: Source, node: Extract<Syntax, { type: 'CallExpression' }>): Route | null {
  const options = node.arguments[0] ? unwrap(node.arguments[0]) : null;
  if (options?.type !== 'ObjectExpression') return null;
  const [method, url, handler] = [
    valueIn(options, 'method'),
    valueIn(options, 'url') ?? valueIn(options, 'path'),
    valueIn(options, 'handler'),
  ];
  if (!method || !url) return null;
  const named = stringValue(method);
  return {
    method: named?.toUpperCase() ?? 'ALL',
    path: pathOf(source, url),
    node,
    before: hooksIn(options),
    handler,
    options,
  };
}

const decorators = new Map(
  ['Get', 'Post', 'Put', 'Patch', 'Delete', 'All', 'Head', 'Options'].map((one) => [one, one.toUpperCase()]),
);

/** A method of a Nest controller. */
function decorated(source: Source, node: Syntax): Route | null {
  if (node.type !== 'MethodDefinition') return null;
  for (const decorator of node.decorators ?? []) {
    const call = unwrap(decorator.expression);
    if (call.type !== 'CallExpression' || call.callee.type !== 'Identifier') continue;
    const method = decorators.get(call.callee.name);
    if (method === undefined || originOf(source, call.callee) !== `@nestjs/common#${call.callee.name}`) continue;
    const owner = [...source.above(node)].find((one) => one.type === 'ClassDeclaration');
    const outer = owner?.type === 'ClassDeclaration' ? (owner.decorators ?? []) : [];
    const prefix = outer.map((one) => decoratorArgument(source, one, 'Controller')).find((one) => one !== null) ?? '';
    const own = call.arguments[0] ? pathOf(source, call.arguments[0]) : '';
    const path =
      own === null
        ? null
        : `/${[prefix, own]
            .map((part) => part.replace(/^\/+|\/+$/g, ''))
            .filter(Boolean)
            .join('/')}`;
    const guards = [...outer, ...(node.decorators ?? [])].filter((one) => one !== decorator);
    return { method, path, node, before: guards, handler: node.value, options: null };
  }
  return null;
}

function decoratorArgument(source: Source, decorator: Syntax, name: string): string | null {
  const call = decorator.type === 'Decorator' ? unwrap(decorator.expression) : null;
  if (call?.type !== 'CallExpression' || call.callee.type !== 'Identifier' || call.callee.name !== name) return null;
  const [first] = call.arguments;
  if (!first) return '';
  const object = unwrap(first);
  const path = object.type === 'ObjectExpression' ? valueIn(object, 'path') : object;
  return path ? (pathOf(source, path) ?? '') : '';
}

export const routeFile = /(?:^|\/)app\/(.*?)\/?route\.[cm]?[jt]sx?$/;
export const apiFile = /(?:^|\/)pages\/(api(?:\/.*?)??)(?:\/index)?\.[cm]?[jt]sx?$/;

/** Next: exported functions of `route.ts`, the default export below `pages/api`. */
function byFile(source: Source): Route[] {
  if (source.project.profile.framework.value !== 'next' && !source.project.has('next')) return [];
  const [app, pages] = [routeFile.exec(source.path), apiFile.exec(source.path)];
  if (!app && !pages) return [];
  const routes: Route[] = [];
  const path = `/${(app?.[1] ?? pages?.[1] ?? '').replace(/\([^)]*\)\/?/g, '').replace(/\[+\.*(\w+)\]+/g, ':$1')}`;
  for (const statement of source.program.body) {
    if (statement.type === 'ExportDefaultDeclaration' && pages) {
      const place = definitionOf(source, statement.declaration);
      routes.push({
        method: 'ALL',
        path,
        node: statement,
        before: [],
        handler: place?.source.path === source.path ? place.node : statement.declaration,
        options: null,
      });
    }
    if (statement.type !== 'ExportNamedDeclaration' || !app) continue;
    const { declaration } = statement;
    const named: [string, Syntax | null][] =
      declaration?.type === 'FunctionDeclaration' && declaration.id
        ? [[declaration.id.name, declaration]]
        : declaration?.type === 'VariableDeclaration'
          ? declaration.declarations.flatMap((one): [string, Syntax | null][] =>
              one.id.type === 'Identifier' ? [[one.id.name, one.init]] : [],
            )
          : [];
    for (const [name, handler] of named)
      if (/^(GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS)$/.test(name))
        routes.push({ method: name, path, node: handler ?? statement, before: [], handler, options: null });
  }
  return routes;
}
