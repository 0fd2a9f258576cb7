import { asObject, asString, readJson } from '../../detect/json.ts';
import { within } from '../../detect/paths.ts';
import type { Json } from '../../model.ts';
import type { Project } from '../project.ts';
import { type Dockerfile, type Stage, type Step, servingStages } from './dockerfile.ts';

type Scripts = Readonly<Record<string, Json>>;

/** What a step of an image runs, and what the scripts that it names run, as far as each only names another. */
export function linesOf(project: Project, file: Dockerfile, { words, text }: Step): string[] {
  const [first = '', folder] = withoutFolder(words?.join(' ') ?? text);
  const scripts = folder === undefined ? scriptsOf(project, file) : scriptsBelow(project, file, [folder]);
  const lines = [first];
  for (let line: string | undefined = first; line !== undefined && lines.length < 5; ) {
    const [, named, target] =
      /\b(?:npm|pnpm|yarn)\s+(?:run\s+)?([\w:-]+)(?=\s*$|\s+--\s)|--target=([\w:-]+)/.exec(line) ?? [];
    const next = asString(scripts[named ?? target ?? '']);
    if (next === null || lines.includes(next)) break;
    lines.push(next);
    line = next;
  }
  return lines;
}

/** A server for those who write a page: it makes the page anew while they do, and nothing of anybody's is lost with it. */
const ofPages =
  /^((npx|pnpm|yarn|bunx)\s+)?((react-scripts|craco|react-app-rewired)\s+start|(next|nuxt|nuxi|astro|remix|react-router|expo)\s+(dev|develop|start:dev)|vite(\s+(dev|serve))?(\s+--.*)?$|(ng|vue-cli-service|webpack)\s+serve|webpack-dev-server|gatsby\s+develop)\b/;

const watching =
  /\b(nodemon|ts-node-dev|node-dev|tsx watch|tsup-node --watch|gulp|turbo (run )?dev|wrangler dev)\b(?!\.)|--watch\b/;

/** A script that is named after it, whatever it does. */
const named = /\b(npm|pnpm|yarn|bun)\s+(run\s+)?(\w+:)?(dev|develop|watch)\b/;

/**
 * Whom an image is for that starts this, where it is for who develops: 'pages' that are built while they are written, 'watching'
 * for changes. Stages that are for development beside the one that is served say nothing of it.
 */
export function developedBy(file: Dockerfile, lines: readonly string[]): 'pages' | 'watching' | null {
  const last = lines.at(-1) ?? '';
  if (ofPages.test(last)) return 'pages';
  return watching.test(last) ||
    lines.some((line) => named.test(line)) ||
    /^dev/i.test(modeOf(servingStages(file)) ?? '')
    ? 'watching'
    : null;
}

/** The NODE_ENV that an image is given last; null where it is given none. */
const modeOf = (chain: readonly Stage[]): string | null =>
  chain
    .flatMap(({ steps }) => [...steps].reverse())
    .flatMap(({ keyword, text }) => (keyword === 'ENV' && /\bNODE_ENV[\s=]+["']?(\w+)/.exec(text)?.[1]) || [])[0] ??
  null;

/** A command without the folder that it takes a script from (`npm run start --prefix app`), and that folder. */
function withoutFolder(line: string): [command: string, folder?: string] {
  const found = /\s(?:--prefix|--cwd|--dir|-C)[\s=]+(?:\.?\/)?([\w./-]+)/.exec(line.split(/\s--\s/)[0] ?? '');
  return found?.[1] === undefined ? [line] : [line.replace(found[0], ''), found[1]];
}

/** The script that a step asks for and no package.json has; null where there is one, or it cannot be told. */
export function missingScript(project: Project, file: Dockerfile, { words, text }: Step): string | null {
  const line = words?.join(' ') ?? text;
  const name = /^(?:npm|pnpm|yarn) run ([\w:.-]+)(?=\s|$)/.exec(line)?.[1];
  // What stands behind -- is the script’s own.
  const isElsewhere =
    project.around !== null || /\s(-w|-C|--(workspace|filter|prefix|cwd|dir)\b)/.test(line.split(/\s--\s/)[0] ?? '');
  const scripts = scriptsOf(project, file);
  if (name === undefined || isElsewhere || Object.keys(scripts).length === 0 || name in scripts) return null;
  const others = project.files.filter((path) => path.endsWith('/package.json'));
  return others.some((path) => name in readScripts(project, path)) ? null : name;
}

/** The scripts of a package and of the workspace around it; where there are none, of the folder that the image copies. */
function scriptsOf(project: Project, file: Dockerfile): Scripts {
  const { manifest, around } = project;
  const outer = around === null ? null : readJson(around.tree, 'package.json');
  const own = Object.assign({}, ...[outer, manifest].map((one) => asObject(one?.scripts) ?? {})) as Scripts;
  if (Object.keys(own).length > 0) return own;
  return scriptsBelow(project, file, copiedFolders(file));
}

/** The scripts of the first of these folders that has some, from where an image is built. */
function scriptsBelow(project: Project, file: Dockerfile, folders: readonly string[]): Scripts {
  const paths = folders.flatMap((folder) =>
    above(file.path).map((root) => within(root, within(folder, 'package.json'))),
  );
  const path = paths.find((one) => project.tree.has(one));
  return path === undefined ? {} : readScripts(project, path);
}

const readScripts = ({ tree }: Project, path: string): Scripts => asObject(readJson(tree, path)?.scripts) ?? {};

/** The folders that an image copies, from the one it is built in: '' for that itself. */
const copiedFolders = ({ stages }: Dockerfile): string[] =>
  stages.flatMap(({ steps }) =>
    steps.flatMap(({ keyword, text, words }) =>
      /^(COPY|ADD)$/.test(keyword) && !/--from=/.test(text)
        ? (words ?? text.split(/\s+/).filter((word) => !word.startsWith('--')))
            .slice(0, -1)
            .map((source) => source.replace(/^\.?\//, '').replace(/(^|\/)package(\*|\*?\.json)$|\/$|^\.$/, ''))
        : [],
    ),
  );

/** The folders that a file lies in, the nearest first, '' at last. */
const above = (path: string): string[] => {
  const folders = path.split('/').slice(0, -1);
  return [...folders.map((_, n) => folders.slice(0, folders.length - n).join('/')), ''];
};
