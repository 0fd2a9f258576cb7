import { asObject, asString, readJson } from '../../detect/json.ts';
import { within } from '../../detect/paths.ts';
import type { Json } from '../../model.ts';
import type { Project } from '../project.ts';
import type { Dockerfile, Step } from './dockerfile.ts';

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
