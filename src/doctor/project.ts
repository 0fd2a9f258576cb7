import { asObject, asString, readJson } from '../detect/json.ts';
import { isCode, isForeignFolder } from '../detect/paths.ts';
import { readLock } from '../lock/lock.ts';
import type { Host, Json, Lock, Profile, Tree } from '../model.ts';
import { hasWrittenLines, isWritten, largest } from '../text/written.ts';

/** What git knows of the project. */
export interface GitFacts {
  /** Paths that git tracks, from the project's root. */
  tracked: ReadonlySet<string>;
  /** Paths that it neither tracks nor is told to ignore. */
  untracked: ReadonlySet<string>;
  /** Tracked paths whose text is another than that of the last commit. */
  modified?: ReadonlySet<string>;
  /** Paths that differ from the commit that the run compares with. */
  changed?: ReadonlySet<string>;
}

/** A project as rules see it: its files, its facts, what it declares, and what we installed in it. */
export interface Project {
  tree: Tree;
  profile: Profile;
  /** Every file's path in order, without what is installed, built or ignored by git. */
  files: readonly string[];
  /** Null where the project is in no git repository, or git could not be asked. */
  git: GitFacts | null;
  manifest: Readonly<Record<string, Json>>;
  /** Declared dependencies of all kinds, with their ranges. */
  dependencies: ReadonlyMap<string, string>;
  /** Our modules in it. */
  lock: Lock;
  has(dependency: string): boolean;
  /** What is looked at as a whole, where this is in a folder of it; null where nothing around it is known. */
  around: { tree: Tree; folder: string } | null;
  /** True for a package of a workspace that holds tests and nothing else. */
  isForTests: boolean;
  /** True for a package that is a page alone: it draws in browsers, and nothing in it is a server. */
  isBrowserOnly: boolean;
}

/** Gathers what rules ask of a project. `git` and what is around it come from the edge. Pure. */
export function projectOf(
  { tree, profile }: Pick<Host, 'tree' | 'profile'>,
  git: GitFacts | null,
  around: Project['around'] = null,
): Project {
  const manifest = readJson(tree, 'package.json') ?? {};
  const dependencies = new Map(
    ['dependencies', 'devDependencies', 'optionalDependencies', 'peerDependencies'].flatMap((kind) =>
      Object.entries(asObject(manifest[kind]) ?? {}).map(([name, range]) => [name, asString(range) ?? ''] as const),
    ),
  );
  return {
    tree,
    profile,
    files: filesIn(tree, git),
    git,
    manifest,
    dependencies,
    lock: readLock(tree).lock,
    has: (dependency) => dependencies.has(dependency),
    around,
    isForTests: ofTests.test(asString(manifest.name) ?? ''),
    isBrowserOnly:
      profile.framework.value === null &&
      drawing.some((name) => dependencies.has(name)) &&
      !serving.some((name) => dependencies.has(name)),
  };
}

/** True for a package that holds what only servers use: a database's client, a server's framework. */
export const isServing = (project: Pick<Project, 'has'>): boolean => serving.some((name) => project.has(name));

/** 'shop-e2e', '@shop/integration-tests', '@shop/benchmarks'. */
const ofTests =
  /(^|[/-])(e2e|integration|acceptance|browser|load|perf|smoke)[-_]?tests?$|(^|[/-])(e2e|playwright|cypress|bench(mark)?s?)$/i;

const drawing = ['react-dom', 'vue', 'svelte', '@angular/core', 'solid-js', 'preact'];
const serving = [
  'koa',
  'polka',
  'restify',
  '@hapi/hapi',
  'h3',
  'nitropack',
  'nuxt',
  '@sveltejs/kit',
  '@remix-run/node',
  '@react-router/node',
  'react-router',
  'astro',
  '@tanstack/react-start',
  '@trpc/server',
  'elysia',
  'ws',
  'socket.io',
  'pg',
  'mysql2',
  '@prisma/client',
  'drizzle-orm',
  'mongoose',
];

/** Every file but those in folders that are installed, built or copied, and those that git is told to ignore; in order. */
export const filesIn = (tree: Tree, git: GitFacts | null): string[] =>
  git === null
    ? walked(tree).sort()
    : [...git.tracked, ...git.untracked].filter((path) => isOwn(tree, path) && tree.has(path)).sort();

function walked(tree: Tree): string[] {
  const files: string[] = [];
  const visit = (folder: string): void => {
    for (const name of tree.list(folder)) {
      const path = folder === '' ? name : `${folder}/${name}`;
      if (name.endsWith('/')) {
        const inner = path.slice(0, -1);
        if (!isForeignFolder(name.slice(0, -1)) || ambiguous.test(inner)) visit(inner);
      } else if (isOwn(tree, path)) files.push(path);
    }
  };
  visit('');
  return files;
}

/** Folders of the server's own code that may be named for what they are about: a shop's vendors, a builder's output. */
const ambiguous =
  /(^|\/)(src|app|server|api|lib|modules|routes|controllers|services)\/(.+\/)?(vendor|build|out|output|coverage)$/;

/** False for what was installed, built or copied: by its folders, and by that it leans on nothing around it. */
function isOwn(tree: Tree, path: string): boolean {
  const folders = path.split('/').slice(0, -1);
  const foreign = folders.flatMap((name, at) => (isForeignFolder(name) ? [at] : []));
  const [first] = foreign;
  if (first === undefined) return true;
  const inside = folders.slice(0, first + 1).join('/');
  if (foreign.length > 1 || !isCode(path) || !ambiguous.test(inside)) return false;
  const up = '\\.\\./'.repeat(folders.length - first);
  return new RegExp(`(from\\s+|require\\()['"](${up}|@/|~/)`).test(tree.read(path) ?? '');
}

/** What a source file is for. `client`: it runs in a browser. */
export type FileKind = 'app' | 'test' | 'script' | 'client';

const tests =
  /(^|\/)(tests?|testing|__tests?__|__mocks__|__e2e__|e2e|spec|cypress|playwright|fixtures|mocks|(integration|unit|functional|acceptance|e2e|smoke|load|api)-tests?|test-(helpers?|utils?|kit|setup))\/|[.-](test|spec|e2e|bench|stories|story)\.[cm]?[jt]sx?$|\.(server|client|integration|unit|int|api|e2e)-?(test|spec)\.[cm]?[jt]sx?$|(^|\/)test-?(helpers?|utils?|setup)\.[cm]?[jt]sx?$|[a-z](T|[-_]t)est(Utils?|Helpers?|Data|Vectors?)\.[cm]?[jt]sx?$/;
const scripts =
  /(^|\/)(scripts?|bench|seeds?|seeders|\w+-examples?|\.(?!well-known\/)[\w-]+)\/|(^|\/)(seed|gulpfile|Gruntfile)\.[cm]?[jt]s$/;
/** Folders of scripts where they lie beside the program; below its own folders they are about what it does: tools of an agent, a demo. */
const besides = /(^|\/)(bin|tools?|examples?|docs?|benchmarks?|demo|extras?)\//;
const below = /(^|\/)(src|server|api|lib|libs|modules|routes|pages)\/(.*\/)?/.source;
const inside = new RegExp(`${below}${besides.source.slice('(^|\\/)'.length)}`);
/** Settings of tools: by their names anywhere, and whatever lies at the top. Others are the program's: 'config/db.config.js'. */
const settings =
  /^[^/]*\.config\.[cm]?[jt]s$|(^|\/)(vite|vitest|jest|webpack|rollup|rolldown|esbuild|tsup|tsdown|babel|swc|next|nuxt|astro|svelte|remix|react-router|tailwind|postcss|eslint|prettier|stylelint|commitlint|lint-staged|playwright|cypress|drizzle|prisma|knip|metro|storybook|docusaurus|typedoc|ecosystem|sentry\.\w+|i18n|lingui|wdio|karma|codegen)[\w.-]*\.config\.[cm]?[jt]s$/;
const browserFolders = /(^|\/)(client|frontend|public|static|assets|browser|www)\//;
const maybeBrowser = new RegExp(`${below}$`);
/** Blanks and comments before the first words; each can be read in one way alone, and so in one go. */
const preface = /(?:\s|\/\/[^\n]*|\/\*[^*]*\*+(?:[^/*][^*]*\*+)*\/)*/y;
const browserImports = /\bfrom ['"](react-dom|vue|svelte|@angular\/core|solid-js|preact)(\/client)?['"]/;
const browserCalls = /\b(useState|useEffect|useQuery|createRoot)\(/;
/** What a component that is drawn on the server cannot have: state, and answers to what a person does. */
const interactive =
  /\buse(Ref|Memo|Callback|Reducer|LayoutEffect|Context|Router|SearchParams|Pathname|Mutation|Transition|Selector|Dispatch|Form|FormContext|Store|Navigate)\(|\bon(Click|Change|Submit|KeyDown|KeyUp|Blur|Focus|Mouse\w+|Pointer\w+|Drag\w*|Drop|Select|OpenChange|ValueChange)=\{/;
const browserWords = /\b(document|window|navigator|localStorage|sessionStorage)\.\w|\bclassName=|\bfrom ['"]react['"/]/;
/** Functions that frameworks call on the server, whatever else their file draws. */
const serverParts =
  /^export\s+(async\s+)?(function|const)\s+(getServerSideProps|getStaticProps|loader|action)\b|^[ \t]*['"]use server['"]/m;
/** What no page imports or is given. */
const serverSigns =
  /(\bfrom\s*|\brequire\(\s*|\bimport\s*)['"](node:[\w/]+|fs|child_process|http|net|express|fastify|koa|hono|pg|mysql2|mongoose|mongodb|ioredis|redis|bullmq|knex|sequelize|typeorm|nodemailer|jsonwebtoken|server-only|next\/(server|headers)|@nestjs\/[\w-]+|@hono\/[\w-]+|@prisma\/client|drizzle-orm[\w/-]*)['"]|\bNextApiRequest\b|\(\s*req\s*,\s*res\b/;

function firstWords(text: string): string {
  preface.lastIndex = 0;
  preface.exec(text);
  return text.slice(preface.lastIndex, preface.lastIndex + 40);
}

/** What runs in a browser, by its plainest words; what most files do not have is looked for first. */
const isBrowserCode = (path: string, text: string): boolean =>
  (text.includes('use client') && /^['"]use client['"]/.test(firstWords(text))) ||
  ((browserImports.test(text) ||
    ((text.includes('use') || text.includes('createRoot')) && browserCalls.test(text)) ||
    (/\.[jt]sx$/.test(path) && interactive.test(text))) &&
    !serverParts.test(text));

/** Words of a service worker, which browsers run beside a page. */
const serviceWorker =
  /\bself\.(skipWaiting|registration)\b|\bself\.clients\b|\baddEventListener\(\s*['"](install|activate|notificationclick|pushsubscriptionchange)['"]/;

/** `src/client/…`, `src/routes/public/…`, where no folder above is one for browsers already. */
function isBelowServer(path: string): boolean {
  const [, before = '', name = ''] =
    /^(.*?(?:^|\/))(client|frontend|public|static|assets|browser|www)\//.exec(path) ?? [];
  return /^(client|public)$/.test(name) && maybeBrowser.test(before);
}

/** What lies in a folder for browsers and is of a server all the same. */
const isServedHere = (path: string, text: string): boolean =>
  serverSigns.test(text) ||
  serverParts.test(text) ||
  (isBelowServer(path) && /\.[cm]?ts$/.test(path) && !browserWords.test(text));

const isScript = (path: string, text: string): boolean =>
  scripts.test(path) ||
  settings.test(path) ||
  (besides.test(path) && !inside.test(path) && !(/(^|\/)bin\//.test(path) && /\.listen\(|\bcreateServer\(/.test(text)));

/** The last answers: several looks at a project ask it of each of its files. */
const known = new Map<string, { text: string; kind: FileKind }>();

/** What a file is for, by its place and by the plainest of its words. */
export function kindOf(path: string, text: string): FileKind {
  const before = known.get(path);
  if (before?.text === text) return before.kind;
  const kind = judged(path, text);
  if (known.size >= 10_000) known.clear();
  known.set(path, { text, kind });
  return kind;
}

function judged(path: string, text: string): FileKind {
  if (tests.test(path)) return 'test';
  if (isScript(path, text)) return 'script';
  if (isBrowserCode(path, text) || (text.includes('addEventListener') && serviceWorker.test(text))) return 'client';
  return browserFolders.test(path) && !isServedHere(path, text) ? 'client' : 'app';
}

const isGenerated = (path: string, text: string): boolean =>
  /(^|\/)(generated|__generated__)\/|\.(generated|gen|min|bundle)\.[cm]?[jt]sx?$/.test(path) ||
  /^\s*\/\*+\s*@generated\b|^\/\/ @generated\b/.test(text);

/** True for a file that rules read as source: code of a size and shape that people write. */
export const isSource = (path: string, text: string): boolean =>
  isCode(path) && !isGenerated(path, text) && isWritten(text);

/** Why code of the server is not read as source, where a person may have written it: bundles lean on no file beside them. */
export function leftOutFor(path: string, text: string): string | null {
  if (!isCode(path) || isGenerated(path, text) || kindOf(path, text) !== 'app') return null;
  if (!/\.[cm]?tsx?$/.test(path) && !/\b(from|import|require\()\s*['"]\.{1,2}\//.test(text)) return null;
  if (text.length > largest) return 'more than 1 MB';
  return hasWrittenLines(text) ? null : 'lines too long to be written by hand';
}
