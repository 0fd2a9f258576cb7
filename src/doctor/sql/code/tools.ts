import type { Project } from '../../project.ts';
import type { Migration } from '../file.ts';
import { settingsOf } from '../settings.ts';
import { dbMigrate } from './db-migrate.ts';
import { knex } from './knex.ts';
import { kysely } from './kysely.ts';
import { pgMigrate } from './pg-migrate.ts';
import type { Reader } from './piece.ts';
import { plain } from './plain.ts';
import { sequelize } from './sequelize.ts';
import { typeorm } from './typeorm.ts';

export type CodeTool = Extract<
  Migration['tool'],
  'typeorm' | 'mikro-orm' | 'node-pg-migrate' | 'sequelize' | 'kysely' | 'db-migrate' | 'knex' | 'driver'
>;

interface Tool {
  tool: CodeTool;
  /** Words by which a migration of it is known. */
  marks: RegExp;
  /** What the project must declare beside; nothing where the words say enough. */
  declares?: RegExp;
  read: Reader;
  /** It knows no other database. */
  isPostgres?: true;
}

const tools: readonly Tool[] = [
  { tool: 'typeorm', marks: /\bMigrationInterface\b|\bQueryRunner\b|\bqueryRunner\b/, read: typeorm },
  { tool: 'mikro-orm', marks: /\bthis\.addSql\(/, read: plain },
  { tool: 'node-pg-migrate', marks: /\bpgm\.\w+\(|\bMigrationBuilder\b/, read: pgMigrate, isPostgres: true },
  { tool: 'sequelize', marks: /\bqueryInterface\b|\bQueryInterface\b/, read: sequelize },
  { tool: 'kysely', marks: /['"]kysely['"]/, read: kysely },
  { tool: 'db-migrate', marks: /\bdb\s*\.\s*\w+/, declares: /^db-migrate/, read: dbMigrate },
  { tool: 'knex', marks: /\b[Kk]nex\b|\.schema\s*\.\s*\w+\(/, declares: /^(knex|objection)$/, read: knex },
  { tool: 'driver', marks: /['"](@\w[\w-]*\/)?slonik['"]/, read: plain, isPostgres: true },
  { tool: 'driver', marks: /\bsql\s*`|\.query\(/, read: plain },
];

/** The tool that a migration in JavaScript is written for; null where the text is none. */
export function codeToolOf({ dependencies }: Project, text: string): Tool | null {
  if (!/\bup\b/.test(text)) return null;
  return (
    tools.find(
      ({ marks, declares }) =>
        marks.test(text) && (!declares || [...dependencies.keys()].some((name) => declares.test(name))),
    ) ?? null
  );
}

const without: Readonly<Partial<Record<CodeTool, RegExp>>> = {
  typeorm: /\btransaction\s*(:\s*boolean\s*)?=\s*false\b/,
  'mikro-orm': /\bisTransactional\s*\([^)]*\)[^{]*\{\s*return\s+false/,
  'node-pg-migrate': /\.noTransaction\(\)/,
  knex: /\btransaction\s*:\s*false\b/,
};

const configured: Readonly<Partial<Record<CodeTool, RegExp>>> = {
  typeorm: /migrationsTransactionMode\s*:\s*['"`]none|migration:run[^"\n]*(-t|--transaction)[ =]none/,
  'mikro-orm': /\btransactional\s*:\s*false\b/,
  'node-pg-migrate': /node-pg-migrate[^"\n]*--(no-transaction|single-transaction[ =]false)/,
  knex: /\bdisableTransactions\s*:\s*true\b/,
  kysely: /\bdisableTransactions\s*:\s*true\b/,
  'db-migrate': /--non-transactional/,
};

/** Whether the tool runs a migration in a transaction: all but Sequelize's and one's own do, unless the file or the settings say no. */
export function isCodeTransactional(project: Project, tool: CodeTool, text: string): boolean {
  if (tool === 'sequelize' || tool === 'driver' || without[tool]?.test(text)) return false;
  const setting = configured[tool];
  return setting === undefined || !settingsOf(project).some((one) => setting.test(one));
}
