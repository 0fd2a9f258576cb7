import { resolveImport } from '../../detect/modules.ts';
import { folderOf, inside, isCode, within } from '../../detect/paths.ts';
import { perFile } from '../../detect/remember.ts';
import { isForClients } from './unused.ts';
import { isServing, kindOf, type Project } from '../project.ts';

/** Who names a file: its last name without the extension → the files that import something of that name. */
type Importers = ReadonlyMap<string, readonly { path: string; specifier: string }[]>;

const known = new WeakMap<Project, Importers>();
const deepest = 3;

/** True where browser code imports the file, through at most a few other files, or the project is a page and no server that is known: what it does may run on either side. */
export function isUsedInBrowser(project: Project, path: string): boolean {
  const { framework, frontend } = project.profile;
  if (/(^|\/)(server|server-only|backend)\//.test(path)) return false;
  if (isBuiltIntoPage(project, path) || isOfPagesAlone(project, path) || isForClients(project, path)) return true;
  if (framework.value === null && frontend.value !== null && !isServing(project)) return true;
  return reaches(project, path, 0, new Set());
}

/** `src/` beside an index.html that starts a script of it: what Vite builds for browsers. */
const isBuiltIntoPage = ({ tree }: Project, path: string): boolean =>
  [...path.matchAll(/(^|\/)src\//g)].some(({ index }) =>
    /<script\b[^>]*\bsrc=['"]\.?\/?src\//.test(
      tree.read(`${path.slice(0, index)}${index === 0 ? '' : '/'}index.html`) ?? '',
    ),
  );

/** Below Nuxt's settings that say `ssr: false`: nothing of it is drawn on a server. */
function isOfPagesAlone({ tree }: Project, path: string): boolean {
  for (let folder = folderOf(path); ; folder = folderOf(folder)) {
    const settings = ['ts', 'js', 'mjs'].map((end) => tree.read(within(folder, `nuxt.config.${end}`)) ?? '');
    if (settings.some((text) => /^\s*ssr\s*:\s*false\b/m.test(text))) return true;
    if (folder === '') return false;
  }
}

const manifests = new WeakMap<Project, readonly string[]>();

/** True for code in a folder with the manifest of a browser extension, below the root of what is a server too. */
export function isOfExtension(project: Project, path: string): boolean {
  const known =
    manifests.get(project) ??
    project.files.flatMap((one) =>
      /(^|\/)manifest(\.\w+)?\.json$/.test(one) && /"manifest_version"/.test(project.tree.read(one) ?? '')
        ? [one.replace(/[^/]*$/, '')]
        : [],
    );
  manifests.set(project, known);
  const isServer = project.profile.framework.value !== null || isServing(project);
  return known.some((folder) => path.startsWith(folder) && !(folder === '' && isServer));
}

function reaches(project: Project, path: string, depth: number, seen: Set<string>): boolean {
  if (seen.has(path) || depth > deepest) return false;
  seen.add(path);
  // What the browser calls of these it calls over HTTP, and what they import stays on the server.
  if (/^\s*(\/\/.*\n|\s)*['"]use server['"]|['"]server-only['"]/.test(project.tree.read(path) ?? '')) return false;
  return importersOf(project, path).some(
    (importer) => isOfPage(importer, project.tree.read(importer) ?? '') || reaches(project, importer, depth + 1, seen),
  );
}

const pageWords =
  /\bwindow\.(location|history|document|addEventListener)\b|\bdocument\.(body|addEventListener|querySelector|getElementById|createElement)\b|\bnavigator\.serviceWorker\b/;
/** A page that is written out or remote-controlled by a server, or code that runs on either side. */
const serverWords =
  /\btypeof (window|document|navigator)\b|<\/?(script|html|body)\b|\.(evaluate\w*|waitForFunction|addInitScript)\(|['"](node:[\w/]+|fs|path|http|express|jsdom|puppeteer[\w-]*|playwright[\w-]*)['"]/;

/** What runs in a browser by its kind, or by what it does there without asking where it is. */
const isOfPage = (path: string, text: string): boolean =>
  kindOf(path, text) === 'client' || (pageWords.test(text) && !serverWords.test(text));

/** The files that import a file, by `import`, `export … from` or `require`. */
export const importersOf = perFile((project: Project, path: string): readonly string[] => {
  const named = (importers(project).get(lastName(path)) ?? []).concat(
    /\/index\.\w+$/.test(path) ? (importers(project).get(lastName(path.replace(/\/index\.\w+$/, ''))) ?? []) : [],
  );
  return named.filter((one) => resolveImport(project.tree, one.path, one.specifier) === path).map((one) => one.path);
});

/** The same, and those that name it by an alias that cannot be told: a module of that name that is no package. */
export const mayImport = (project: Project, path: string): readonly string[] => {
  const unknown = (importers(project).get(lastName(path.replace(/\/index\.\w+$/, ''))) ?? []).filter(
    ({ path: from, specifier }) =>
      !specifier.startsWith('.') &&
      !project.has(specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/')) &&
      !/^node:|^[a-z_]+$/.test(specifier) &&
      resolveImport(project.tree, from, specifier) === null,
  );
  return [...importersOf(project, path), ...unknown.map((one) => one.path)].filter((one) => one !== path);
};

/** Lines that are switched off: what they import, nothing imports. */
const commented = /^[ \t]*\/\/.*$/gm;

function importers(project: Project): Importers {
  const before = known.get(project);
  if (before) return before;
  const found = new Map<string, { path: string; specifier: string }[]>();
  for (const path of project.files) {
    const text = isCode(path) ? project.tree.read(path) : null;
    if (text === null) continue;
    for (const [, specifier] of text
      .replace(commented, '')
      .matchAll(/\b(?:from|import|require)\b\s*\(?\s*['"]([^'"\n]+)['"]/g)) {
      if (specifier === undefined) continue;
      const name = lastName(
        /(^|\/)\.{0,2}\/?$/.test(specifier) ? (inside(folderOf(path), specifier) ?? '') : specifier,
      );
      const rows = found.get(name) ?? [];
      rows.push({ path, specifier });
      found.set(name, rows);
    }
  }
  known.set(project, found);
  return found;
}

const lastName = (path: string): string => (path.split('/').at(-1) ?? path).replace(/\.[cm]?[jt]sx?$/, '');
