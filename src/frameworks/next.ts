import type { AppSite, Framework, Host, Intent, Obstacle, Tree, Unplaced, Wiring } from '../model.ts';
import { configOf, type NextConfig } from './next/config.ts';
import { covers } from './next/matcher.ts';
import { proxyObstacle } from './next/proxy.ts';
import { routeObstacles, routesOf } from './next/routes.ts';

/** Next: a route is a file in a folder that Next looks in; nothing of the host's is changed. */
export const next: Framework = { id: 'next', locate, wire };

/** `mount` is the path below /api that obstacles are looked up for. */
function locate({ tree, profile }: Host, mount = '/webhooks'): AppSite | Unplaced {
  const app = folderOf(tree, 'app');
  const pages = folderOf(tree, 'pages');
  const router = profile.nextRouter.value ?? (app !== null ? 'app' : 'pages');
  const root = router === 'app' ? app : pages;
  if (root === null)
    return { unplaced: 'There is no app or pages folder, so Next has no place for a route.', file: null };
  const config = configOf(tree);
  if (config.exportsStatic === 'certain')
    return {
      unplaced: "`output: 'export'` makes a static site, which has no server to answer requests.",
      file: config.file,
    };
  const path = `/api${mount}`;
  const prefix = `${config.basePath ?? ''}/api`;
  const base = root.startsWith('src/') ? 'src/' : '';
  const proxy = proxyObstacle({ tree, profile }, base, `${path}/provider`);
  return {
    framework: 'next',
    file: `${root}/api`,
    app: '',
    style: profile.moduleSystem.value,
    places: { first: { kind: 'convention' }, raw: { kind: 'convention' }, routes: { kind: 'convention' } },
    unplaced: null,
    prefix,
    obstacles: [
      ...(proxy ? [proxy] : []),
      ...settings(config, path),
      ...routeObstacles(tree, routesOf(tree, app, pages), path),
    ],
    convention: {
      folder: `${root}/api`,
      prefix,
      fileName: router === 'app' ? routeName(config, profile.language.value) : null,
    },
  };
}

/** The folder that Next takes: the root's, else the one in src; null where there is neither. */
const folderOf = (tree: Tree, name: string): string | null =>
  [name, `src/${name}`].find((folder) => tree.list(folder).length > 0) ?? null;

/** 'route', or with the extension that `pageExtensions` asks for: 'route.page' for 'page.ts'. */
function routeName({ pageExtensions }: NextConfig, language: string): string {
  if (pageExtensions.includes(language)) return 'route';
  const longer = pageExtensions.find((extension) => extension.endsWith(`.${language}`));
  return longer === undefined ? 'route' : `route.${longer.slice(0, -language.length - 1)}`;
}

/** What the configuration does to a request of ours. */
function settings(config: NextConfig, path: string): Obstacle[] {
  const told = (setting: string, message: string, fix: string): Obstacle => ({
    kind: 'other',
    file: config.file ?? '',
    line: config.lines[setting] ?? 1,
    message,
    fix,
  });
  const found: Obstacle[] = [];
  if (config.addsSlash)
    found.push(
      told(
        'trailingSlash',
        '`trailingSlash: true` answers a POST without a slash at the end with a redirect, which senders do not follow.',
        'Register the URL with a slash at its end.',
      ),
    );
  if (config.basePath === null)
    found.push(
      told(
        'basePath',
        '`basePath` is computed, so that the public path shown leaves it out.',
        'Put it before the path when you register the endpoint.',
      ),
    );
  if (config.exportsStatic === 'maybe')
    found.push(
      told(
        'output',
        "`output` may be 'export', and a static site answers no requests.",
        'Deploy the build that has a server.',
      ),
    );
  const { pageExtensions } = config;
  if (!pageExtensions.some((extension) => /^[jt]sx?$/.test(extension)))
    found.push(
      told(
        'pageExtensions',
        `Next only sees files that end in ${pageExtensions.join(', ')}.`,
        'Name the route file after one of them.',
      ),
    );
  return [...found, ...rules(config, path)];
}

function rules(config: NextConfig, path: string): Obstacle[] {
  return config.rules.flatMap(({ kind, source, line }) => {
    const covered = covers(source, `${path}/provider`);
    if (covered === false) return [];
    const verb = covered === null ? 'may send' : 'sends';
    return {
      kind: 'catch-all' as const,
      file: config.file ?? '',
      line,
      message: `A ${kind} ('${source}') ${verb} requests for ${path} elsewhere before our route is looked at.`,
      fix: `Take '${path}' out of its source${kind === 'rewrite' ? ', or move it to `fallback`' : ''}.`,
    };
  });
}

function wire(intent: Intent, site: AppSite | Unplaced, { profile }: Host): Wiring {
  if ('framework' in site) return { ops: [], step: null };
  return {
    ops: [],
    step: {
      title: `Give ${intent.name} a place that answers requests`,
      file: site.file,
      place: `a route of a server that you deploy. ${site.unplaced}`,
      lines: [`export { POST } from './${intent.file.replace(/\.[cm]?[jt]sx?$/, profile.importExtension.value)}';`],
      done: { imports: intent.file },
    },
  };
}
