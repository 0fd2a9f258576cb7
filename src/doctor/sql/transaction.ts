import type { Project } from '../project.ts';
import type { Migration } from './file.ts';

/**
 * Whether a tool runs a file in one transaction:
 * Drizzle puts all pending files of its journal into one · Kysely too, where the database can · Prisma before 7.4 sends the file as one
 * query, which is one transaction as soon as it holds two statements; later it sends them one by one · the Supabase
 * command line sends a file's statements as one batch ·
 * dbmate, goose and sql-migrate open one unless the file says no; node-pg-migrate opens one · psql and others: as they say.
 */
export function isTransactional(
  project: Project,
  { tool, isListed }: { tool: Migration['tool']; isListed: boolean },
  text: string,
  statements: number,
): boolean {
  switch (tool) {
    case 'drizzle':
      return isListed && !neonOverHttp(project);
    case 'kysely':
      return true;
    case 'prisma':
      return statements > 1 && !isAtLeast(project, ['prisma', '@prisma/client'], 7, 4);
    case 'supabase':
      return true;
    default:
      return byMarks(project, text);
  }
}

/** Supabase's command line runs statements that refuse a transaction alone since 2.109; no other tool does. */
export function runsAlone(project: Project, tool: Migration['tool']): boolean | null {
  if (tool !== 'supabase') return false;
  return project.has('supabase') ? isAtLeast(project, ['supabase'], 2, 109) : null;
}

function byMarks(project: Project, text: string): boolean {
  if (/^--[ \t]*migrate:up\b.*transaction:\s*false/m.test(text)) return false;
  if (/^--[ \t]*\+(goose NO TRANSACTION|migrate Up notransaction)/im.test(text)) return false;
  if (/^--[ \t]*(postgres-migrations disable-transaction|!\s*no-transaction)/m.test(text)) return false;
  return (
    /^--[ \t]*(migrate:up|\+(goose|migrate) Up)\b/im.test(text) ||
    project.has('node-pg-migrate') ||
    project.has('postgres-migrations')
  );
}

/** Neon over HTTP has no transactions for migrations. */
const neonOverHttp = (project: Project): boolean =>
  project.has('@neondatabase/serverless') && !project.has('pg') && !project.has('postgres') && !project.has('ws');

function isAtLeast({ dependencies }: Project, names: readonly string[], major: number, minor: number): boolean {
  return names.some((name) => {
    const [, first, second] = /(\d+)\.(\d+)/.exec(dependencies.get(name) ?? '') ?? [];
    return Number(first) > major || (Number(first) === major && Number(second) >= minor);
  });
}
