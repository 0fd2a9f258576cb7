import { migrationRule } from '../../sql/rule.ts';

export const indexNotConcurrent = migrationRule({
  id: 'mig/index-not-concurrent',
  severity: 'warning',
  confidence: 'certain',
  title: 'An index is built while writes to its table wait.',
  why: '`CREATE INDEX` holds a SHARE lock for as long as it takes to read the whole table: every INSERT, UPDATE and DELETE on it waits, minutes on a large one. `CREATE INDEX CONCURRENTLY` lets them through. It cannot run in a transaction: give it a file of its own, and drop the invalid index that a failed build leaves before you run it again. The same holds for `REINDEX`.',
  mentions: /\bindex\b/i,
  look(moments, say, { migration }) {
    for (const moment of moments) {
      const { change, isNew, special } = moment;
      if (change.change === 'create-index' && !change.concurrent && !change.only && !isNew(change.table)) {
        const fix = special
          ? `Make the index ON ONLY ${change.table}, build it CONCURRENTLY on each partition, and attach those.`
          : `CREATE INDEX CONCURRENTLY, alone in a file that ${migration.transactional ? 'runs outside of the migration tool’s transaction' : 'runs in no transaction'}.`;
        say(moment, {
          message: `Writes to ${change.table} wait until the index ${change.name ?? ''} is built.`.replace('  ', ' '),
          fix,
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
