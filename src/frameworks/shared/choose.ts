import { dotted, type Syntax } from '../../text/syntax.ts';
import type { Creation } from './creations.ts';
import { flow } from './flow.ts';
import type { Reach } from './reach.ts';
import { lineAt, type Spot } from './source.ts';

/** What becomes of an app: where requests are given to it, where it is mounted in another, what it is made of. */
export interface Role {
  creation: Creation;
  uses: readonly Spot[];
  served: boolean;
  /** The calls that put it under another app. */
  mounted: readonly Spot[];
  /** It has routers or is handed to functions that configure it. */
  composed: boolean;
}

/** Functions that give requests to the app they are called with. */
export const servers =
  /^(?:createServer|createSecureServer|serve|listen|serverless|serverlessHttp|serverlessExpress|configure|handle|handler|createHandler|toNodeListener|getRequestListener|createAdaptorServer|awsLambdaFastify|awsServerlessFastify|awsServerlessExpress|proxy|onRequest|https?|fire|createNodeHandler|registerRoutes|upgradeWebSocket|createTerminus|routing)$/;
const mounts = new Set(['use', 'route', 'mount', 'register', 'all']);

/** The app's role, from where its value goes. */
export function roleOf(reach: Reach, creation: Creation, entry: string): Role {
  const uses = flow(reach, creation.value);
  const mounted = uses.flatMap((use) => mountOf(use));
  const links = creation.links.map(({ method }) => method);
  const served =
    links.includes('listen') ||
    links.includes('fire') ||
    uses.some((use) => isServed(use) || isEntryExport(use, entry));
  const composed =
    links.filter((method) => mounts.has(method)).length > 0 ||
    uses.some((use) => methodOn(use) === 'use' || methodOn(use) === 'route' || methodOn(use) === 'register');
  return { creation, uses, served, mounted, composed };
}

function methodOn({ source, node }: Spot): string | null {
  const member = source.parents.get(node);
  if (member?.type !== 'MemberExpression' || member.object !== node || member.property.type !== 'Identifier')
    return null;
  return member.property.name;
}

function isServed(use: Spot): boolean {
  const method = methodOn(use);
  if (method !== null && ['listen', 'fire', 'fetch', 'callback', 'routing', 'ready', 'handle'].includes(method))
    return true;
  const parent = use.source.parents.get(use.node);
  if (parent?.type === 'Property') return isServedObject(use.source.parents.get(parent), use);
  return parent?.type === 'CallExpression' && parent.callee !== use.node && servers.test(calleeName(parent.callee));
}

function isServedObject(object: Syntax | undefined, use: Spot): boolean {
  const call = object && use.source.parents.get(object);
  return call?.type === 'CallExpression' && servers.test(calleeName(call.callee));
}

const calleeName = (callee: Syntax): string => {
  if (callee.type === 'CallExpression')
    return callee.arguments[0]?.type === 'Literal' ? String(callee.arguments[0].value) : '';
  return dotted(callee)?.split('.').at(-1) ?? '';
};

function isEntryExport({ source, node }: Spot, entry: string): boolean {
  const parent = source.parents.get(node);
  if (source.path !== entry || !parent) return false;
  if (parent.type === 'AssignmentExpression') return /^(module\.)?exports\b/.test(dotted(parent.left) ?? '');
  return parent.type === 'ExportDefaultDeclaration' || parent.type === 'TSExportAssignment';
}

/** The call that mounts the app in another: `other.use('/x', app)`, also through a wrapper such as `vhost('x', app)`. */
function mountOf({ source, node }: Spot): Spot[] {
  let inner = node;
  for (let depth = 0; depth < 3; depth++) {
    const parent = source.parents.get(inner);
    if (parent?.type !== 'CallExpression' || parent.callee === inner) return [];
    const callee = parent.callee;
    if (callee.type === 'MemberExpression' && callee.property.type === 'Identifier' && mounts.has(callee.property.name))
      return [{ source, node: parent }];
    inner = parent;
  }
  return [];
}

/** The one app that requests come to, or why it is not clear which. `rivals` are apps that stand beside it. */
export function choose(roles: readonly Role[]): { role: Role; rivals: readonly Role[] } | { unclear: string } {
  const free = roles.filter(({ mounted }) => mounted.length === 0);
  const candidates = free.length > 0 ? free : roles;
  for (const keep of [() => true, ({ served }: Role) => served, ({ served, composed }: Role) => served && composed]) {
    const left = candidates.filter(keep);
    const [only] = left;
    if (only && left.length === 1)
      return { role: only, rivals: candidates.filter((role) => role !== only && role.served) };
  }
  const served = candidates.filter((role) => role.served);
  const places = (served.length > 0 ? served : candidates).map(
    ({ creation }) => `${creation.root.source.path}:${lineAt(creation.root)}`,
  );
  return { unclear: `several apps are created (${places.join(', ')}) and nothing says which one serves the requests` };
}
