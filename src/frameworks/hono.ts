import type { Framework, Obstacle } from '../model.ts';
import { dotted, stringValue } from '../text/syntax.ts';
import { aboveIn } from './shared/above.ts';
import type { Role } from './shared/choose.ts';
import { locateApp, type Manner } from './shared/locate.ts';
import { originsOf } from './shared/names.ts';
import type { Reach } from './shared/reach.ts';
import { kindOf, type Rule } from './shared/rules.ts';
import { lineAt, textAt } from './shared/source.ts';
import { wireAt } from './shared/wiring.ts';

const everything = /^\/?\*$|^\/?:\w+(?:\{.*\})?$/;

const rules: readonly Rule[] = [
  {
    kind: 'harmless',
    methods: ['use'],
    modules: [
      'hono/logger',
      'hono/request-id',
      'hono/secure-headers',
      'hono/timing',
      'hono/powered-by',
      'hono/pretty-json',
      'hono-pino',
    ],
  },
  { kind: 'harmless', methods: ['onError', 'notFound'] },
  { kind: 'last', methods: ['all', 'get', 'post', 'on'], path: everything },
  { kind: 'end', methods: ['fire', 'fetch'] },
];
/** Links after which a statement still comes first enough: plain routes. */
const plain = new Set(['get', 'post', 'put', 'patch', 'delete', 'options', 'route', 'openapi', 'doc']);

const manner: Manner = {
  framework: 'hono',
  title: 'Hono',
  makers: [
    {
      modules: ['hono', 'hono/quick', 'hono/tiny', 'hono/hono-base'],
      names: ['Hono', 'HonoBase'],
      by: ['new', 'extends'],
    },
    { modules: ['@hono/zod-openapi'], names: ['OpenAPIHono'], by: ['new', 'extends'] },
    { modules: ['hono/factory'], names: ['createFactory'], by: ['call'], method: 'createApp' },
  ],
  rootLinks: ['basePath'],
  rules,
  builders: ['honox/server', 'honox', 'react-router-hono-server', '@hono/trpc-server', 'sonik'],
  chainIsSafe: (reach, { creation }, slot) =>
    creation.links.every(({ method, call }) => {
      if (call.type !== 'CallExpression') return false;
      // What is added behind a route does not run for it.
      if (slot === 'first') return method === 'onError' || method === 'notFound';
      const spot = { source: creation.root.source, node: call };
      const kind = kindOf(reach, { method, spot, arguments: call.arguments }, rules);
      const [path] = call.arguments;
      const mountedAtRoot = method === 'route' && (!path || /^\/?$/.test(stringValue(path) ?? ''));
      return kind === 'harmless' || (kind === null && plain.has(method) && !mountedAtRoot);
    }),
};

/** Hono 4, on Node, Bun and Workers. */
export const hono: Framework = {
  id: 'hono',
  locate(host) {
    const located = locateApp(host, manner);
    if ('unplaced' in located) return located;
    const { reach, role, site } = located;
    const { prefix, obstacles } = basePathOf(role);
    return { ...site, prefix, obstacles: [...site.obstacles, ...obstacles, ...notExported(reach)] };
  },
  above: (op, host) => aboveIn(op, host, manner),
  wire: (intent, site, host) =>
    wireAt(intent, site, host, (app, name) => {
      const link = intent.mount === null ? `.use(${name})` : `.route('${intent.mount}', ${name})`;
      return { link, statement: `${app}${link};` };
    }),
};

/** The base path that the app is created with. */
function basePathOf({ creation }: Role): { prefix: string; obstacles: Obstacle[] } {
  const { source, node } = creation.root;
  const callee = node.type === 'CallExpression' ? node.callee : null;
  const isBased = callee?.type === 'MemberExpression' && dotted(callee.property) === 'basePath';
  const [argument] = isBased && node.type === 'CallExpression' ? node.arguments : [];
  if (!argument) return { prefix: '', obstacles: [] };
  const path = stringValue(argument);
  if (path !== null) return { prefix: path === '/' ? '' : path.replace(/\/$/, ''), obstacles: [] };
  const message = 'The base path is not written out here, so the public path of our route is not known.';
  const fix = 'Look the base path up and put it before the path when you register the endpoint.';
  return {
    prefix: '',
    obstacles: [{ kind: 'other', file: source.path, line: lineAt({ source, node: argument }), message, fix }],
  };
}

/** Adapters whose handler answers only the methods that a file exports. */
const adapters = ['hono/vercel', 'hono/netlify', 'hono/cloudflare-pages'];

function notExported(reach: Reach): Obstacle[] {
  return [...reach.sources.values()].flatMap((source) => {
    if (![...originsOf(source).values()].some(({ from }) => adapters.includes(from))) return [];
    const exports = (method: string) => {
      const written = new RegExp(
        `^export\\s+(?:const|let|var|function|async function)\\s+${method}\\b|[{,]\\s*(?:\\w+\\s+as\\s+)?${method}\\s*[,}]`,
      );
      return source.nodes.find(
        (node) => node.type === 'ExportNamedDeclaration' && written.test(textAt({ source, node })),
      );
    };
    const get = exports('GET');
    if (!get || exports('POST')) return [];
    return [
      {
        kind: 'not-exported' as const,
        file: source.path,
        line: lineAt({ source, node: get }),
        message: 'Only GET is exported here, so a POST to our route is answered with 405.',
        fix: 'Export the same handler as `POST` too.',
      },
    ];
  });
}
