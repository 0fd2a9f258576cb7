import { asObject, asString } from '../../../detect/json.ts';
import { type Taken, type Taking, takenApart, takenBy } from '../../code/environment.ts';
import { functionAround } from '../../code/source.ts';
import { appended } from '../../mends/lines.ts';
import type { Project } from '../../project.ts';
import { defineRule, type Noted } from '../../rule.ts';

type Note =
  | { name: string; how: Taken; isAtStart: boolean; line: { path: string; start: number; end: number } }
  | 'checks';

/** What the platform or Node sets itself. */
const given =
  /^(NODE_ENV|PORT|HOST|HOSTNAME|HOME|PATH|PWD|CI|TZ|TMPDIR|DEBUG|NODE_OPTIONS|NEXT_RUNTIME|NEXT_PHASE|VERCEL\w*|AWS_\w*|LAMBDA_\w*|npm_\w*|GITHUB_\w*|RAILWAY_\w*|RENDER\w*|FLY_\w*|K_\w*|JEST_\w*|VITEST\w*|LOG_LEVEL|ANALYZE|NO_COLOR|FORCE_COLOR|USER|SHELL|APPDATA|LOCALAPPDATA|XDG_\w*|TERM|COLUMNS|OTEL_\w*|SENTRY_\w*|DOCKER\w*|KUBERNETES_\w*|NX_\w*|TURBO_\w*|BUN_\w*|DENO_\w*|(NEXT_PUBLIC|VITE|REACT_APP|EXPO_PUBLIC|NUXT_PUBLIC|GATSBY|PUBLIC)_\w*)$/;
/** Checks of a project's own: a schema, decorators of a class of settings, a function that asks for each. */
const ownChecks =
  /createEnv\(|cleanEnv\(|(parse|safeParse|validate)\(\s*\{?\s*(\.\.\.)?process\.env\b|class-validator|(require|validate|check|assert|ensure|mustGet|getRequired)\w*Env\w*\(|getEnvOrThrow|(required|mandatory)\w*(Env|Var)\w*/i;

/** More files than these reading the environment themselves is a program that finds out late what it lacks. */
const few = 5;

export const envSchema = defineRule<Note>({
  id: 'cfg/env-schema',
  since: '0.1.0',
  severity: 'warning',
  confidence: 'likely',
  title: 'Environment variables are read all over the program, or are written down nowhere.',
  why: 'A variable that is missing or wrong should end the program when it starts, with its name. Where many files read `process.env` themselves, it is found out by the first request that needs it, as `undefined` in a URL. Read and check them in one module with a schema; list them in `.env.example`, so that whoever sets up a machine knows them.',
  remedy: 'codemod',
  mentions: /process\.env/,
  file(source, _tell, note) {
    if (ownChecks.test(source.text)) {
      note('checks');
      return {};
    }
    const take = ({ name, how, node }: Taking): void => {
      const isAtStart = functionAround(source, node) === null;
      if (!given.test(name))
        note({ name, how, isAtStart, line: { path: source.path, start: node.start, end: node.end } });
    };
    return {
      MemberExpression(node) {
        const taking = takenBy(source, node);
        if (taking) take(taking);
      },
      VariableDeclarator(node) {
        for (const taking of takenApart(source, node)) take(taking);
      },
    };
  },
  project(project, tell, all) {
    const notes = all.flatMap(({ note }) => (typeof note === 'string' ? [] : [note]));
    const bare = notes.filter(({ how }) => how === 'bare');
    const needs = neededOf(notes);
    const [first] = [...needs, ...bare];
    const count = pathsOf(bare).size;
    if (first && count > few && isProgram(project) && !hasChecks(project, all))
      tell(first.line, {
        message: `${count} files take variables of process.env as they are (${first.name} here), and nothing checks when the program starts that they are set.`,
        fix: 'Read the environment in one module, check it with a schema, and import the values from there.',
        // Whether a part that lacks its variable is used at all, the code seldom says.
        confidence: 'hint',
      });
    const example = exampleOf(project);
    if (example === null) return;
    // What the program does without need not be told to who sets up a machine.
    const needed = notes.filter(({ how }) => how !== 'optional');
    const required = new Set(
      needed.flatMap(({ name, how, isAtStart }) => (how === 'checked' && isAtStart ? [name] : [])),
    );
    const told = new Set(example.names);
    const missing = needed.filter(({ name }) => !told.has(name) && told.add(name));
    missing.sort((a, b) => Number(required.has(b.name)) - Number(required.has(a.name)));
    const [one] = missing;
    if (one)
      tell(one.line, {
        message: `${missing
          .slice(0, 6)
          .map(({ name }) => name)
          .join(
            ', ',
          )}${missing.length > 6 ? ` and ${missing.length - 6} more` : ''} ${missing.length === 1 ? 'is' : 'are'} read here and not in ${example.path}: who sets up a machine does not know of ${missing.length === 1 ? 'it' : 'them'}.`,
        fix: `Add ${missing.length === 1 ? 'it' : 'them'} to ${example.path}.`,
        severity: 'info',
        // What is passed on as it is may be empty, and what a request fails without may be of a part that is not used.
        ...(missing.some(({ name }) => required.has(name)) ? {} : { confidence: 'hint' }),
        // As comments: a copy of the list sets nothing that was not set before.
        edits: [
          appended(
            project.tree,
            example.path,
            missing.map(({ name }) => `# ${name}=`),
          ),
        ],
      });
  },
});

type Reading = Exclude<Note, string>;

const pathsOf = (readings: readonly Reading[]): ReadonlySet<string> => new Set(readings.map(({ line }) => line.path));

/** What is taken as it is of variables that nothing else of the program tests, or does without. */
function neededOf(notes: readonly Reading[]): Reading[] {
  const tested = new Set(notes.flatMap(({ name, how }) => (how === 'bare' ? [] : [name])));
  return notes.filter(({ name }) => !tested.has(name));
}

/** True for what is started; a library is given its settings by the program that it is in. */
function isProgram({ profile, manifest, tree, around }: Project): boolean {
  const start = asString(asObject(manifest.scripts)?.start);
  if (tree.has('Dockerfile') || (start !== null && !/\bwatch\b|\btsc\b/.test(start))) return true;
  // A package in a folder that others import, whatever framework its parts are for.
  const isImported = [manifest.exports, manifest.types, manifest.typings].some((field) => field !== undefined);
  return profile.framework.value !== null && !(around !== null && isImported);
}

const hasChecks = (project: Project, notes: readonly Noted<Note>[]): boolean =>
  project.profile.envSchema.value !== null ||
  notes.some(({ note }) => note === 'checks') ||
  [
    'envalid',
    '@t3-oss/env-core',
    '@t3-oss/env-nextjs',
    'env-var',
    'znv',
    '@fastify/env',
    'env-schema',
    '@julr/vite-plugin-validate-env',
    'convict',
    'dotenv-safe',
  ].some((name) => project.has(name));

/** The list that the project keeps. One that our modules began is the project’s once it names a variable of its own. */
function exampleOf({ tree, lock }: Project): { path: string; names: ReadonlySet<string> } | null {
  const there = [
    '.env.example',
    '.env.sample',
    '.env.template',
    '.env.dist',
    '.env.local.example',
    '.env.example.local',
    '.env.development.example',
    '.env.production.example',
    'env.example',
    'env-example',
  ].filter((one) => tree.has(one));
  const [path] = there;
  if (path === undefined) return null;
  const names = there.flatMap((one) =>
    [...(tree.read(one) ?? '').matchAll(/^\s*#?\s*(?:export\s+)?([A-Za-z_]\w*)\s*=/gm)].map(([, name = '']) => name),
  );
  const entries = Object.values(lock.skills);
  const ours = new Set(
    entries.flatMap(({ ops }) =>
      ops.flatMap(({ op }) => (op.op === 'line' && op.file === path ? [/^\w+/.exec(op.text)?.[0] ?? ''] : [])),
    ),
  );
  const begunByUs = entries.some(({ created }) => created.includes(path));
  return begunByUs && names.every((name) => ours.has(name)) ? null : { path, names: new Set(names) };
}
