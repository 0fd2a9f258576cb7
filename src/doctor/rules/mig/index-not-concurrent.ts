import type { Migration } from '../../sql/file.ts';
import type { Moment } from '../../sql/moments.ts';
import { migrationRule } from '../../sql/rule.ts';

export const indexNotConcurrent = migrationRule({
  id: 'mig/index-not-concurrent',
  severity: 'warning',
  confidence: 'certain',
  title: 'An index is built while writes to its table wait.',
  why: '`CREATE INDEX` holds a SHARE lock for as long as it takes to read the whole table: every INSERT, UPDATE and DELETE on it waits, minutes on a large one. `CREATE INDEX CONCURRENTLY` lets them through. It cannot run in a transaction: give it a file of its own, and drop the invalid index that a failed build leaves before you run it again. The same holds for `REINDEX`.',
  growsWithRows: true,
  mentions: /\bindex\b/i,
  look(moments, say, { migration }) {
    for (const [at, moment] of moments.entries()) {
      const { change, isNew, special } = moment;
      if (change.change === 'create-index' && !change.concurrent && !change.only && !isNew(change.table)) {
        if (change.name !== null && isDropped(change.name, moments.slice(at + 1))) continue;
        const fix = special
          ? `Make the index ON ONLY ${change.table}, build it CONCURRENTLY on each partition, and attach those.`
          : `CREATE ${change.unique ? 'UNIQUE ' : ''}INDEX CONCURRENTLY, ${wayOut(migration)}.`;
        // Who writes of it above the statement has thought of it.
        const isKnown = /\bconcurrently\b/i.test(moment.statement.lead);
        say(moment, {
          message: `Writes to ${change.table} wait until the index ${change.name ?? ''} is built.`.replace('  ', ' '),
          fix,
          ...(isKnown ? { confidence: 'hint' as const } : {}),
        });
      }
      if (change.change === 'reindex' && !change.concurrent && !isNew(change.name))
        say(moment, {
          message: `REINDEX lets no write to ${change.what === 'table' ? change.name : 'the table'} through until the index is built anew, and no query that would use the index.`,
          fix: 'REINDEX … CONCURRENTLY, outside of a transaction.',
        });
    }
  },
});

/** True for an index that the migration itself takes away again: that it is built at all is the fault. */
const isDropped = (name: string, behind: readonly Moment[]): boolean =>
  behind.some(({ change }) => change.change === 'drop-index' && change.name === name);

/** How the tool runs a statement outside of a transaction. */
function wayOut({ tool, transactional }: Migration): string {
  switch (tool) {
    case 'prisma':
      return 'alone in its migration: Prisma opens no transaction for a single statement';
    case 'knex':
      return 'in a migration of its own with `config = { transaction: false }`';
    case 'typeorm':
      return 'in a migration of its own with `transaction = false`';
    case 'node-pg-migrate':
      return 'in a migration of its own that calls pgm.noTransaction()';
    case 'sequelize':
      return '`concurrently: true`, outside of sequelize.transaction()';
    default:
      return `alone in a file that ${transactional ? 'runs outside of the migration tool’s transaction' : 'runs in no transaction'}`;
  }
}
