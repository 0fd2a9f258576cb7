import { asObject, asString, readJson } from '../../detect/json.ts';
import { folderOf, within } from '../../detect/paths.ts';
import type { Project } from '../project.ts';

/** The range that the package around a file declares for a dependency, or the project's root does; null for none. */
export function rangeAt(project: Project, path: string, dependency: string): string | null {
  for (let folder = folderOf(path); ; folder = folderOf(folder)) {
    const manifest = readJson(project.tree, within(folder, 'package.json'));
    for (const kind of ['dependencies', 'devDependencies', 'peerDependencies']) {
      const range = asString(asObject(manifest?.[kind])?.[dependency]);
      if (range !== null) return range;
    }
    if (folder === '') return null;
  }
}

/** The lowest major that a range allows; null where it names none ('*', 'latest', 'catalog:'). */
export function majorOf(range: string | null): number | null {
  const found = /^[^\d]*(\d+)/.exec(range ?? '');
  return found && !/^(catalog|workspace|file|link|git|https?):/.test(range ?? '') ? Number(found[1]) : null;
}

const serving =
  /^(express|fastify|hono|koa|@nestjs\/core|@hapi\/hapi|restify|polka|next|h3|@trpc\/server|ws|socket\.io|bullmq|bull|elysia)$/;

/** True for a file of a package that is a program for the command line: it has a `bin`, and nothing that answers requests. */
export function isCommandLine(project: Project, path: string): boolean {
  for (let folder = folderOf(path); ; folder = folderOf(folder)) {
    const manifest = readJson(project.tree, within(folder, 'package.json'));
    if (manifest !== null)
      return (
        manifest.bin !== undefined &&
        !Object.keys(asObject(manifest.dependencies) ?? {}).some((one) => serving.test(one))
      );
    if (folder === '') return false;
  }
}

const runs = /\b(?:node|tsx|ts-node|bun|deno run)\s+(?:-\S+\s+)*(?:\.\/)?([\w@./-]+\/)[\w.-]+\.[cm]?[jt]s\b/g;
const knownFolders = new WeakMap<Project, readonly string[]>();

/** True for a file in a folder whose files the package's own scripts run, and not to serve: what downloads, releases, converts. */
export function isRunByHand(project: Project, path: string): boolean {
  const folders = knownFolders.get(project) ?? foldersByHand(project);
  knownFolders.set(project, folders);
  return folders.some((folder) => path.startsWith(folder));
}

function foldersByHand({ manifest }: Project): string[] {
  const commands = Object.entries(asObject(manifest.scripts) ?? {}).map(([name, command]) => {
    const isServing = /(^|:)(start|dev|serve|prod|preview|worker|watch)/.test(name);
    const text = asString(command) ?? '';
    // Of `node extra/prepare.js && node server.js` the last one serves.
    const told = isServing ? (text.split('&&').at(-1) ?? '') : text;
    return { isServing, folders: [...told.matchAll(runs)].flatMap(([, folder]) => (folder ? [folder] : [])) };
  });
  const served = commands.flatMap(({ isServing, folders }) => (isServing ? folders : []));
  const main = asString(manifest.main)?.replace(/^\.\//, '') ?? '';
  const isServed = (folder: string): boolean => [...served, main].some((one) => one.startsWith(folder));
  return commands
    .flatMap(({ isServing, folders }) => (isServing ? [] : folders))
    .filter((folder) => !/^(src|app|dist|build|server|lib)\//.test(folder) && !isServed(folder));
}
