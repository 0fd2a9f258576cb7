import { type Syntax, stringValue } from '../../../text/syntax.ts';
import { runsAsFunctions } from '../../code/serverless.ts';
import type { Project } from '../../project.ts';
import { defineRule, type Spot } from '../../rule.ts';

/** Something that holds only as long as a session, and what it is. */
interface Note {
  at: Spot;
  what: string;
  /** The file connects by a variable that names a direct connection. */
  isDirect: boolean;
}

/** A pooler that gives a connection for a transaction: Supavisor and PgBouncer on 6543, Neon's -pooler, Prisma's own mark. */
const pooled = /:\/\/[^\s'"`]*(:6543\b|-pooler\.)|[?&]pgbouncer=true|pooler\.supabase\.com:6543/;
/** Supabase's and Neon's direct addresses: each function instance takes one of the few connections that there are. */
const direct = /:\/\/[^\s'"`]*@(db\.\w+\.supabase\.co(:5432)?|ep-(?:(?!-pooler)[\w-])+\.[\w.-]*neon\.tech)/;

const session: readonly (readonly [RegExp, string])[] = [
  [/\bpg_(try_)?advisory_lock(_shared)?\s*\(/i, 'A session’s advisory lock'],
  [/^\s*(UN)?LISTEN\s+("[^"]+"|[\w?]+)\s*;?\s*$/, 'LISTEN'],
  [/^\s*SET\s+(?!LOCAL\b|TRANSACTION\b|CONSTRAINTS\b)(SESSION\s+)?[\w.]+\s*(=|TO)\s*/, 'SET'],
  [/^\s*PREPARE\s+\w+[\s\S]*\bAS\b/i, 'PREPARE'],
  [/\bset_config\s*\([^)]*,\s*false\s*\)/i, 'set_config(…, false)'],
  [/^\s*CREATE\s+TEMP(ORARY)?\s+TABLE\b(?![\s\S]*ON\s+COMMIT\s+DROP)/i, 'A temporary table'],
];

export const txnPoolerSessionState = defineRule<Note>({
  id: 'db/txn-pooler-session-state',
  since: '0.1.0',
  severity: 'error',
  confidence: 'likely',
  title: 'Something that belongs to a session is used through a pooler that has none.',
  why: 'A transaction pooler (PgBouncer, Supavisor on port 6543, Neon’s `-pooler`) gives each transaction another connection. What belongs to a session then stays on a connection that the next client gets: an advisory lock that is never released, a `SET` that leaks into other people’s requests, a `LISTEN` that hears nothing, prepared statements that are “already there”. Use the forms of the transaction (`pg_advisory_xact_lock`, `SET LOCAL`), or a direct connection for that work; switch prepared statements off.',
  remedy: { skill: 'query-optimisation' },
  mentions:
    /advisory_lock|\bLISTEN\b|\bSET\s|\bPREPARE\b|\bprepare\s|set_config|TEMP(ORARY)?\s+TABLE|\btemp(orary)?\s+table|\bpostgres\(/,
  applies: (project) => environment(project).some(({ value }) => pooled.test(value) || direct.test(value)),
  file(source, tell, note) {
    const isDirect =
      /\b\w*(DIRECT|UNPOOLED|NON_POOLING|SESSION|LISTEN)\w*_(URL|URI|DATABASE\w*)\b|directUrl|DIRECT_DATABASE/.test(
        source.text,
      );
    const look = (node: Syntax, text: string): void => {
      const found = session.find(([form]) => form.test(text));
      if (found) note({ at: { path: source.path, start: node.start, end: node.end }, what: found[1], isDirect });
    };
    return {
      Literal(node) {
        const text = stringValue(node);
        if (text !== null) look(node, text);
      },
      TemplateLiteral(node) {
        look(node, node.quasis.map(({ value }) => value.cooked ?? '').join('?'));
      },
      CallExpression(node) {
        if (
          node.callee.type !== 'Identifier' ||
          node.callee.name !== 'postgres' ||
          !/from ['"]postgres['"]|require\(['"]postgres['"]\)/.test(source.text)
        )
          return;
        const options = node.arguments[1] ? source.textOf(node.arguments[1]) : '';
        const url = node.arguments[0] ? source.textOf(node.arguments[0]) : '';
        if (
          /\bprepare\s*:/.test(options) ||
          (node.arguments.length > 1 && !/^\{/.test(options)) ||
          /DIRECT|UNPOOLED/.test(url)
        )
          return;
        const name = /process\.env\.(\w+)|env\.(\w+)/.exec(url);
        const variable = name?.[1] ?? name?.[2];
        if (pooled.test(url) || (variable !== undefined && pooledVariables(source.project).has(variable)))
          tell(node, {
            message:
              'postgres prepares statements, and this URL leads to a transaction pooler: under load queries fail with “prepared statement does not exist”.',
            fix: 'Pass { prepare: false }.',
          });
      },
    };
  },
  project(project, tell, notes) {
    const variables = pooledVariables(project);
    if (variables.size > 0)
      for (const { note } of notes)
        if (!note.isDirect)
          tell(note.at, {
            message: `${note.what} belongs to a session, and ${[...variables][0]} leads to a pooler that gives each transaction another connection: it ends up with another client.`,
            fix: 'Use the form of the transaction (pg_advisory_xact_lock, SET LOCAL), or a direct connection for this.',
          });
    serverless(project, tell);
    preparing(project, tell);
  },
});

/** Instances of functions come by the hundred, and each opens connections. */
function serverless(
  project: Project,
  tell: (at: Spot, words: { message: string; fix: string; severity: 'warning' }) => void,
): void {
  if (!runsAsFunctions(project)) return;
  for (const { path, line, name, value } of environment(project))
    if (direct.test(value) && /^(DATABASE_URL|POSTGRES_URL|DB_URL|PG_URL)$/.test(name))
      tell(
        { path, line },
        {
          message: `${name} is a direct address, and this runs as functions: each instance opens connections of its own until the database has none left.`,
          fix: 'Use the pooler’s address here, and keep the direct one for migrations (DIRECT_URL).',
          severity: 'warning',
        },
      );
}

/** Prisma's own engine prepares statements unless the URL says that a pooler is there; with a driver's adapter it does not. */
function preparing(
  project: Project,
  tell: (at: Spot, words: { message: string; fix: string; severity: 'warning' }) => void,
): void {
  if (!project.has('@prisma/client') || project.has('@prisma/adapter-pg')) return;
  for (const { path, line, name, value } of environment(project))
    if (/:\/\/[^\s'"`]*:6543\b/.test(value) && !/pgbouncer=true/.test(value))
      tell(
        { path, line },
        {
          message: `Prisma prepares statements, and ${name} leads to a transaction pooler: under load queries fail with “prepared statement already exists”.`,
          fix: 'Add ?pgbouncer=true to it, and give migrations a direct URL (directUrl).',
          severity: 'warning',
        },
      );
}

interface Variable {
  path: string;
  line: number;
  name: string;
  value: string;
}

/** The variables of the project's `.env*` files, those that are only examples too. */
function environment({ files, tree }: Project): Variable[] {
  return files
    .filter((path) => /(^|\/)\.env(\.[\w.-]+)?$/.test(path) || /(^|\/)env\.example$/.test(path))
    .flatMap((path) =>
      (tree.read(path) ?? '').split('\n').flatMap((text, index): Variable[] => {
        const [, name, value] = /^\s*(?:export\s+)?(\w+)\s*=\s*(.*)$/.exec(text) ?? [];
        return name === undefined ? [] : [{ path, line: index + 1, name, value: value ?? '' }];
      }),
    );
}

const pooledVariables = (project: Project): Set<string> =>
  new Set(
    environment(project).flatMap(({ name, value }) =>
      pooled.test(value) && !/DIRECT|UNPOOLED|NON_POOLING/.test(name) ? [name] : [],
    ),
  );
