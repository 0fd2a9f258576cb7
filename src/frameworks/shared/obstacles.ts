import type { Obstacle, Tree } from '../../model.ts';
import { stringValue } from '../../text/syntax.ts';
import type { Role } from './choose.ts';
import { originsOf } from './names.ts';
import { isOurs } from './ours.ts';
import type { Reach } from './reach.ts';
import { routePath } from './rules.ts';
import { lineAt, type Source, type Spot, textAt } from './source.ts';

/** What a package that carries requests to the app does to them. */
interface Carrier {
  modules: readonly string[];
  kind: Obstacle['kind'];
  message: string;
  fix: string | null;
}

const carriers: readonly Carrier[] = [
  {
    modules: [
      'serverless-http',
      '@vendia/serverless-express',
      '@codegenie/serverless-express',
      'aws-serverless-express',
      '@fastify/aws-lambda',
      'hono/aws-lambda',
      'hono/lambda-edge',
    ],
    kind: 'proxy',
    message:
      'The app runs behind an API gateway, which may send the body as base64 and put a stage name before the path.',
    fix: 'Keep the gateway from changing the body (proxy integration), and use the URL with its stage name.',
  },
  {
    modules: [
      'firebase-functions',
      'firebase-functions/v1',
      'firebase-functions/v2',
      'firebase-functions/v2/https',
      'firebase-functions/https',
      '@google-cloud/functions-framework',
    ],
    kind: 'body-parser',
    message: 'The platform has read and parsed the body before the app sees it; the raw bytes are in `req.rawBody`.',
    fix: 'Let the endpoint read `req.rawBody` where it is set.',
  },
  {
    modules: ['@azure/functions', '@fastify/express', '@fastify/middie'],
    kind: 'other',
    message: 'Requests pass through an adapter before they reach the app, which may change their path or body.',
    fix: 'Send one signed request through the adapter before you rely on it.',
  },
];

const routing = new Set(['use', 'all', 'post', 'put', 'get', 'route', 'on', 'register', 'mount', 'openapi']);
const webhookPath = /webhook|(?:^|\/)hooks?(?:\/|$)|stripe|svix/i;

/** Everything that stands in the way of a request although our place comes first. */
export function obstaclesOf(reach: Reach, tree: Tree, role: Role, rivals: readonly Role[]): Obstacle[] {
  const sources = [...reach.sources.values()];
  return [
    ...role.mounted.map(mountedUnder),
    ...sources.flatMap(carriersIn),
    ...sources
      .filter((source) => !isOurs(tree, source.path))
      .flatMap((source) => existingWebhooks(reach, tree, source)),
    ...rivals.map(({ creation }) => rival(role, creation.root)),
  ];
}

function mountedUnder(spot: Spot): Obstacle {
  return {
    kind: 'proxy',
    file: spot.source.path,
    line: lineAt(spot),
    message: 'The app is mounted under another one here: what that one does to a request first happens to ours too.',
    fix: 'See that nothing before this line reads the body or refuses the request.',
  };
}

function rival(role: Role, root: Spot): Obstacle {
  return {
    kind: 'other',
    file: root.source.path,
    line: lineAt(root),
    message: `Another app that serves requests is created here; the wiring goes to the one in ${role.creation.root.source.path}.`,
    fix: null,
  };
}

function carriersIn(source: Source): Obstacle[] {
  return carriers.flatMap(({ modules, kind, message, fix }) => {
    const node = source.nodes.find(
      (one) =>
        (one.type === 'ImportDeclaration' && one.importKind !== 'type' && modules.includes(one.source.value)) ||
        (one.type === 'CallExpression' &&
          one.callee.type === 'Identifier' &&
          one.callee.name === 'require' &&
          modules.includes(stringValue(one.arguments[0] ?? one) ?? '')),
    );
    return node ? [{ kind, file: source.path, line: lineAt({ source, node }), message, fix }] : [];
  });
}

function existingWebhooks(reach: Reach, tree: Tree, source: Source): Obstacle[] {
  return source.nodes.flatMap((node): Obstacle[] => {
    if (node.type !== 'CallExpression' || node.callee.type !== 'MemberExpression') return [];
    if (node.callee.property.type !== 'Identifier' || !routing.has(node.callee.property.name)) return [];
    const path = node.arguments.map(routePath).find((one) => one !== null && webhookPath.test(one));
    if (path === undefined || path === null || node.arguments.some((one) => leadsToOurs(reach, tree, source, one)))
      return [];
    return [
      {
        kind: 'existing-webhook',
        file: source.path,
        line: lineAt({ source, node }),
        message: `A webhook route is already here: \`${path}\`.`,
        fix: 'Leave it as it is and give the new endpoint another path, or move the provider over when you are ready.',
      },
    ];
  });
}

function leadsToOurs(reach: Reach, tree: Tree, source: Source, argument: Spot['node']): boolean {
  const origin = originsOf(source).get(textAt({ source, node: argument }));
  const file = origin && reach.resolve(source, origin.from);
  return file !== undefined && file !== null && isOurs(tree, file.path);
}
