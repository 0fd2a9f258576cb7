import type { Obstacle, Tree } from '../../model.ts';
import { isOurs } from '../shared/ours.ts';

/** A file that answers requests, and the public path it has below the base path. */
export interface RouteFile {
  file: string;
  path: string;
}

const limit = 2000;

/** The route files below the app folder and the API files below the pages folder. */
export function routesOf(tree: Tree, app: string | null, pages: string | null): RouteFile[] {
  const handlers =
    app === null ? [] : filesBelow(tree, app).filter((file) => /(^|\/)route(\.\w+)?\.[jt]sx?$/.test(file));
  const api = pages === null ? [] : filesBelow(tree, `${pages}/api`).filter((file) => /\.[jt]sx?$/.test(file));
  return [
    ...handlers.map((file) => ({ file, path: publicPath(file.slice((app ?? '').length, file.lastIndexOf('/'))) })),
    ...api.map((file) => ({
      file,
      path: file.slice((pages ?? '').length).replace(/(\/index)?(\.\w+)?\.[jt]sx?$/, ''),
    })),
  ];
}

function filesBelow(tree: Tree, folder: string): string[] {
  const files: string[] = [];
  const folders = [folder];
  for (const current of folders)
    for (const name of tree.list(current)) {
      if (files.length + folders.length > limit) return files;
      if (name.endsWith('/')) folders.push(`${current}/${name.slice(0, -1)}`);
      else files.push(`${current}/${name}`);
    }
  return files;
}

/** Route groups and parallel routes have no part in the path. */
const publicPath = (folders: string): string =>
  folders
    .split('/')
    .filter((name) => !/^\(.*\)$/.test(name) && !name.startsWith('@'))
    .join('/');

/** Webhooks that are there already, and routes with parameters where ours goes, which Next refuses side by side. */
export function routeObstacles(tree: Tree, routes: readonly RouteFile[], mounted: string): Obstacle[] {
  return routes.flatMap(({ file, path }) => {
    if (isOurs(tree, file)) return [];
    if (/webhook/i.test(path) && !path.includes('['))
      return {
        kind: 'existing-webhook' as const,
        file,
        line: 1,
        message: `${file} already receives webhooks at ${path}${providerIn(`${path} ${tree.read(file) ?? ''}`)}.`,
        fix: 'Keep it, and register ours under another path; or move its work to our handlers first.',
      };
    const parent = path.slice(0, path.lastIndexOf('/'));
    if (parent !== mounted || !path.includes('[')) return [];
    return {
      kind: 'catch-all' as const,
      file,
      line: 1,
      message: `${file} has a parameter at ${path}, where our route has one too: Next refuses two names for the same place.`,
      fix: 'Choose another mount path for ours, or move that route.',
    };
  });
}

/** ' (stripe)' where a text speaks of a provider that we know. */
function providerIn(text: string): string {
  const name = /stripe|github|svix|clerk|resend|openai|replicate|supabase/i.exec(text)?.[0].toLowerCase();
  return name ? ` (${name})` : '';
}
