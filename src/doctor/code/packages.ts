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

/** What a program for the command line reads its arguments with; with `ws` beside it, it is the client. */
const asking =
  /^(commander|yargs|cac|inquirer|@inquirer\/prompts|prompts|@clack\/prompts|@oclif\/core|clipanion|meow)$/;

/** True for a file of a package that is a program for the command line: it has a `bin` or reads arguments by a library, gives no modules, and has nothing that answers requests. */
export function isCommandLine(project: Project, path: string): boolean {
  for (let folder = folderOf(path); ; folder = folderOf(folder)) {
    const manifest = readJson(project.tree, within(folder, 'package.json'));
    if (manifest !== null) {
      const needs = Object.keys(asObject(manifest.dependencies) ?? {});
      const isAsking = needs.some((one) => asking.test(one));
      const isGiven = ['exports', 'module', 'types'].some((one) => manifest[one] !== undefined);
      const isStarted = asString(asObject(manifest.scripts)?.start) !== null;
      const isProgram = manifest.bin !== undefined || (isAsking && !isGiven && !isStarted);
      return isProgram && !needs.some((one) => serving.test(one) && !(isAsking && one === 'ws'));
    }
    if (folder === '') return false;
  }
}

const runs =
  /\b(?:node|tsx|ts-node|bun|deno run)\s+(?:(?:--(?:env-file|import|require|loader)|-r)\s+\S+\s+|-\S+\s+)*(?:\.\/)?(([\w@./-]+\/)?[\w.-]+\.[cm]?[jt]s)\b/g;
const knownByHand = new WeakMap<Project, { folders: readonly string[]; files: readonly string[] }>();

/**
 * True for a file in a folder whose files the package's own scripts run, and not to serve: what downloads, releases,
 * converts; and for one that a script runs by its name, and that asks who runs it, or ends when it is done.
 */
export function isRunByHand(project: Project, path: string): boolean {
  const { folders, files } = knownByHand.get(project) ?? byHand(project);
  return (
    folders.some((folder) => path.startsWith(folder)) ||
    (files.includes(path) && /\bprocess\.(exit|argv|stdin)\b|\breadline\b/.test(project.tree.read(path) ?? ''))
  );
}

function byHand(project: Project): { folders: string[]; files: string[] } {
  const { manifest } = project;
  const commands = Object.entries(asObject(manifest.scripts) ?? {}).map(([name, command]) => {
    const isServing = /(^|:)(start|dev|serve|prod|preview|worker|watch)/.test(name);
    const text = asString(command) ?? '';
    // Of `node extra/prepare.js && node server.js` the last one serves.
    const told = isServing ? (text.split('&&').at(-1) ?? '') : text;
    return { isServing, files: [...told.matchAll(runs)].flatMap(([, file]) => (file ? [file] : [])) };
  });
  const served = commands.flatMap(({ isServing, files }) => (isServing ? files : []));
  const main = asString(manifest.main)?.replace(/^\.\//, '') ?? '';
  const files = commands
    .flatMap((one) => (one.isServing ? [] : one.files))
    .filter((file) => ![...served, main].includes(file));
  const isTool = !commands.some((one) => one.isServing) && isForNobody(manifest);
  const isServed = (folder: string): boolean => [...served, main].some((one) => one.startsWith(folder));
  const folders = files
    .map((file) => file.slice(0, file.lastIndexOf('/') + 1))
    .filter(
      (folder) => folder !== '' && (isTool || !/^(src|app|dist|build|server|lib)\//.test(folder)) && !isServed(folder),
    );
  const found = { folders, files };
  knownByHand.set(project, found);
  return found;
}

/** Nothing of the package is given to others, and nothing in it answers: what its scripts run is all there is. */
const isForNobody = ({ main, exports, bin, dependencies }: Project['manifest']): boolean =>
  [main, exports, bin].every((one) => one === undefined) &&
  !Object.keys(asObject(dependencies) ?? {}).some((one) => serving.test(one));
