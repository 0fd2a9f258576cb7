import type { Change } from '../../sql/change.ts';
import type { Migration } from '../../sql/file.ts';
import { migrationRule } from '../../sql/rule.ts';

const tools: Readonly<Record<Migration['tool'], string>> = {
  drizzle: 'Drizzle',
  prisma: 'Prisma',
  supabase: 'Supabase',
  kysely: 'Kysely',
  typeorm: 'TypeORM',
  'mikro-orm': 'MikroORM',
  'node-pg-migrate': 'node-pg-migrate',
  sequelize: 'the code',
  'db-migrate': 'db-migrate',
  knex: 'Knex',
  driver: 'the code',
  plain: 'the migration tool',
};

/** How the tools are told to leave their transaction out. */
const optOut: Readonly<Partial<Record<Migration['tool'], string>>> = {
  typeorm:
    'Give the statement a migration of its own with `transaction = false`, and run with migrationsTransactionMode `each`.',
  'mikro-orm': 'Give the statement a migration of its own whose isTransactional() says false.',
  'node-pg-migrate': 'Give the statement a migration of its own that calls pgm.noTransaction().',
  knex: 'Give the statement a migration of its own with `export const config = { transaction: false }`.',
};

export const concurrentInTx = migrationRule({
  id: 'mig/concurrent-in-tx',
  severity: 'error',
  confidence: 'certain',
  title: 'A statement that refuses a transaction stands in one.',
  why: '`CREATE INDEX CONCURRENTLY`, `DROP INDEX CONCURRENTLY`, `REINDEX CONCURRENTLY`, `DETACH PARTITION … CONCURRENTLY`, `VACUUM`, `ALTER SYSTEM` and `CREATE DATABASE` end with an error inside a transaction, and most migration tools run a file in one: the deployment stops there. Put the statement alone into a file, and run that outside of a transaction.',
  mentions: /concurrently|vacuum|alter\s+system|database/i,
  look(moments, say, { migration }) {
    for (const moment of moments) {
      const what = refuses(moment.change);
      if (what === null || moment.transaction === null) continue;
      if (moment.transaction === 0 && migration.standalone) continue;
      const by = moment.transaction === 0 ? `${tools[migration.tool]} runs this file in one` : 'one is open';
      say(moment, {
        message: `${what} cannot run in a transaction, and ${by}: the migration fails here.`,
        fix:
          moment.transaction === 0
            ? (optOut[migration.tool] ??
              'Give the statement a file of its own, and run that file outside of a transaction.')
            : 'Move the statement out of the transaction.',
        // The command line may be of a version that runs such statements alone.
        ...(moment.transaction === 0 && migration.standalone === null ? { confidence: 'hint' as const } : {}),
      });
    }
  },
});

function refuses(change: Change): string | null {
  switch (change.change) {
    case 'create-index':
      return change.concurrent ? 'CREATE INDEX CONCURRENTLY' : null;
    case 'drop-index':
      return change.concurrent ? 'DROP INDEX CONCURRENTLY' : null;
    case 'reindex':
      return change.concurrent ? 'REINDEX CONCURRENTLY' : null;
    case 'detach-partition':
      return change.concurrent ? 'DETACH PARTITION CONCURRENTLY' : null;
    case 'outside':
      return change.what;
    default:
      return null;
  }
}
