import { appended } from '../../mends/lines.ts';
import { originOf } from '../../origin.ts';
import type { Project } from '../../project.ts';
import { defineRule } from '../../rule.ts';

interface Note {
  name: string;
  line: { path: string; start: number; end: number };
}

/** What the platform or Node sets itself. */
const given =
  /^(NODE_ENV|PORT|HOST|HOSTNAME|HOME|PATH|PWD|CI|TZ|TMPDIR|DEBUG|NODE_OPTIONS|NEXT_RUNTIME|NEXT_PHASE|VERCEL\w*|AWS_\w*|LAMBDA_\w*|npm_\w*|GITHUB_\w*|RAILWAY_\w*|RENDER\w*|FLY_\w*|K_\w*|JEST_\w*|VITEST\w*|LOG_LEVEL|ANALYZE|NO_COLOR|FORCE_COLOR|USER|SHELL|APPDATA|LOCALAPPDATA|XDG_\w*|TERM|COLUMNS|OTEL_\w*|DOCKER\w*|KUBERNETES_\w*|NX_\w*|TURBO_\w*|BUN_\w*|DENO_\w*)$/;

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
  file: (source, _tell, note) => ({
    MemberExpression(node) {
      const name = /^#process\.env\.(\w+)$/.exec(originOf(source, node) ?? '')?.[1];
      if (name !== undefined && !given.test(name))
        note({ name, line: { path: source.path, start: node.start, end: node.end } });
    },
  }),
  project(project, tell, notes) {
    const schema = project.profile.envSchema.value;
    const files = new Set(notes.map(({ path }) => path));
    const [first] = notes;
    const checks = [
      'envalid',
      '@t3-oss/env-core',
      '@t3-oss/env-nextjs',
      'env-var',
      'znv',
      '@fastify/env',
      'env-schema',
      '@julr/vite-plugin-validate-env',
      'convict',
    ].some((name) => project.has(name));
    if (schema === null && !checks && files.size > few && first)
      tell(first.note.line, {
        message: `${files.size} files read process.env themselves, and nothing checks it when the program starts.`,
        fix: 'Read the environment in one module, check it with a schema, and import the values from there.',
      });
    const example = exampleOf(project);
    if (example === null) return;
    const missing = [...new Map(notes.map(({ note }) => [note.name, note])).values()].filter(
      ({ name }) => !example.names.has(name),
    );
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
