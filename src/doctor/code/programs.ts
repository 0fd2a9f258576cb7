import { asObject, asString, asStrings, readJson } from '../../detect/json.ts';
import { folderOf, inside, isCode, within } from '../../detect/paths.ts';
import type { Json } from '../../model.ts';
import { kindOf, type Project } from '../project.ts';

/** The files that a project's programs begin with. */
export interface Programs {
  /** What is started to stay, or given to others. */
  live: ReadonlySet<string>;
  /** What scripts run that end: a migration, a check. */
  once: ReadonlySet<string>;
  /** True where something is started, not only given to others. */
  isStarted: boolean;
  /** Code that loads files by names that it makes up. */
  loaders: readonly { path: string; text: string }[];
}

/** Names of scripts that end when they are done, and of those that serve who writes the program. */
const ending =
  /(^|[:_-])(db|migrat\w*|seed\w*|fak(e|er)|gen(erate)?|set-?up|reset|drop|create|clean\w*|check|verify|validate|test\w*|e2e|lint|format|build|compile|bundle|codegen|types?|schema|docs?|bench\w*|scripts?|populate|backfill|(pre|post)(install|build|test|pack)|prepare)([:_-]|$)/i;
const developing = /(^|[:_-])(dev|develop\w*|watch|debug|local|old|example|demo)([:_-]|$)/i;
/** What says how a program is started, beside package.json. */
const telling =
  /(^|\/)(Dockerfile[\w.-]*|[\w.-]*\.dockerfile|Procfile|(docker-)?compose[\w.-]*\.ya?ml|ecosystem[\w.-]*\.([cm]?js|json)|pm2[\w.-]*\.json|nodemon\.json|nest-cli\.json|project\.json|serverless[\w.-]*\.ya?ml|template\.ya?ml|wrangler\.(toml|jsonc?)|vercel\.json|now\.json|netlify\.toml|render\.yaml|app\.ya?ml|fly\.toml|railway\.(json|toml)|firebase\.json|angular\.json|[\w.-]+\.(sh|service|tf))$/;
/** What a service runs on commits or by the clock, and that ends. */
const passing = /^\.github\/workflows\/|(^|\/)(\.gitlab-ci\.ya?ml|Jenkinsfile|bitbucket-pipelines\.ya?ml)$/;
/** A word that is a path of code, or the handler in such a file. */
const paths =
  /[\w@.$/-]*[\w)]\.(?:[cm]?[jt]sx?|handler|main|default)\b|(?<=\b(?:node|nodemon|tsx|ts-node|bun|run)\s+)[\w./-]+/g;
const built = /^(\.|\.\.|dist|build|out|output|lib|app|usr|src|opt|home|srv|var|www|code|workspace|\.output|\$\w+)$/;
const loads =
  /\b(require|import)\(\s*(?!['"`][^'"`$\n]*['"`])[\w`'"([]|\b(auto_?load|glob(by|Sync)?|fast-glob|import\.meta\.glob|require\.context|requireDir\w*|require-(all|dir\w*)|loadSchemas|umzug)\b/i;

/** A path of code that a text names, and does not import. */
const named = /(?<!\b(?:from|import|require|export)\b[\s(]*)['"`]([\w@./-]+\.[cm]?[jt]s)['"`]/g;

/** What a program most often begins with, where nothing says so. */
const usual = ['index', 'main', 'server', 'app', 'worker', 'bot'].map((name) => `./${name}.ts`).join(' ');

const known = new WeakMap<Project, Programs>();

/** What starts a project's code, as far as package.json, images and settings of platforms say. */
export function programsOf(project: Project): Programs {
  const before = known.get(project);
  if (before) return before;
  const found = programsIn(project);
  known.set(project, found);
  return found;
}

function programsIn(project: Project): Programs {
  const stems = new Map(
    project.files.filter(isCode).map((path) => [path.replace(/\.[cm]?[jt]sx?$/, ''), path] as const),
  );
  const [live, once, developed] = [new Set<string>(), new Set<string>(), new Set<string>()];
  const loaders: { path: string; text: string }[] = [];
  let isStarted = false;
  const add = (to: Set<string>, folder: string, text: string): boolean => {
    const found = [...text.matchAll(paths)].flatMap(([word]) => sourceFor(stems, folder, word) ?? []);
    for (const path of found) to.add(path);
    return found.length > 0;
  };
  for (const path of project.files) {
    const folder = folderOf(path);
    if (/(^|\/)package\.json$/.test(path)) {
      const manifest = readJson(project.tree, path) ?? {};
      let isTold = add(live, folder, given(manifest).join(' '));
      for (const [name, command] of scriptsOf(manifest))
        for (const part of command.split(/&&|;/)) {
          const to = developing.test(name) ? developed : ending.test(name) ? once : live;
          if (!add(to, folder, part) || to !== live) continue;
          isTold = true;
          isStarted = true;
        }
      // What a platform’s own command starts: `wrangler deploy`.
      if (!isTold) add(live, folder, usual);
    } else if (telling.test(path) || passing.test(path)) {
      const text = project.tree.read(path) ?? '';
      for (const from of new Set([folder, '']))
        if (add(passing.test(path) ? once : live, from, text) && !passing.test(path)) isStarted = true;
    } else if (isCode(path)) {
      const text = project.tree.read(path) ?? '';
      if (loads.test(text) && kindOf(path, text) !== 'test') loaders.push({ path, text });
      if (
        /\b(Worker|fork|spawn|exec|execFile|resolve|join|entry\w*)\s*[(:]/.test(text) &&
        kindOf(path, text) !== 'test'
      )
        for (const [, word = ''] of text.matchAll(named)) {
          const started = sourceFor(stems, folder, word) ?? sourceFor(stems, '', word);
          if (started !== null && started !== path) live.add(started);
        }
    }
  }
  addOfWorkspace(project, (text) => {
    if (add(live, '', text)) isStarted = true;
  });
  // What a library of a workspace gives is started by others.
  if (live.size === 0) for (const path of developed) live.add(path);
  for (const path of live) once.delete(path);
  return { live, once, isStarted, loaders };
}

const scriptsOf = (manifest: Readonly<Record<string, Json>>): [string, string][] =>
  Object.entries(asObject(manifest.scripts) ?? {}).flatMap(([name, command]): [string, string][] => {
    const text = asString(command);
    return text === null ? [] : [[name, /\bnest start\b/.test(text) ? `${text} src/main.ts` : text]];
  });

/** Every path that a package.json gives away: main, bin, exports. */
const given = ({ main, module, types, source, bin, exports }: Readonly<Record<string, Json>>): string[] =>
  [main, module, types, source, bin, exports].flatMap((one) => (one === undefined ? [] : textsIn(one)));

const textsIn = (value: Json): string[] => {
  const object = asObject(value);
  return object
    ? Object.values(object).flatMap(textsIn)
    : asStrings(value).map((text) => text.replace(/\.d\.ts$/, '.ts'));
};

/** What the top of the workspace around says of this package's files. */
function addOfWorkspace({ around }: Project, add: (text: string) => void): void {
  if (around === null) return;
  const { tree, folder } = around;
  for (const name of tree.list('')) {
    if (name.endsWith('/') || !(telling.test(name) || name === 'package.json')) continue;
    const text = tree.read(name) ?? '';
    const own = [...text.matchAll(/[\w@./-]+/g)].flatMap(([word]) => {
      const at = word.indexOf(`${folder}/`);
      return at < 0 ? [] : [word.slice(at + folder.length + 1)];
    });
    add(own.join(' '));
  }
}

/** The source of what a command names: 'dist/server.js' → src/server.ts; null for none. */
function sourceFor(stems: ReadonlyMap<string, string>, folder: string, word: string): string | null {
  const parts = word.replace(/\.([cm]?[jt]sx?|handler|main|default)$/, '').split('/');
  for (let at = 0; at < parts.length; at++) {
    const rest = parts.slice(at).join('/');
    for (const stem of [rest, `${rest}/index`, `src/${rest}`, `src/${rest}/index`]) {
      const path = stems.get(inside(folder, stem) ?? '') ?? stems.get(within(folder, stem));
      if (path !== undefined) return path;
    }
    if (!built.test(parts[at] ?? '') && parts[at] !== '') return null;
  }
  return null;
}
