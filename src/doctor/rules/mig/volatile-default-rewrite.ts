import { migrationRule } from '../../sql/rule.ts';

export const volatileDefaultRewrite = migrationRule({
  id: 'mig/volatile-default-rewrite',
  severity: 'warning',
  confidence: 'certain',
  title: 'A new column makes PostgreSQL write the whole table anew.',
  why: 'A constant default, or one like `now()` that is the same for the whole statement, is noted in the catalogue and takes a moment. A default that is another value for each row (`gen_random_uuid()`, `random()`, a sequence), an identity and a stored generated column are computed for every row: the table and its indexes are written anew under an ACCESS EXCLUSIVE lock. Add the column without it, set the default for new rows, and fill the old ones in batches.',
  growsWithRows: true,
  mentions: /\badd\b/i,
  look(moments, say) {
    for (const moment of moments) {
      const { change, rewrites, isNew } = moment;
      if (change.change !== 'add-column' || rewrites === null || isNew(change.table)) continue;
      say(moment, {
        message: `${rewrites.replace(/^the/, 'The')} of ${change.column.name} is computed for every row: ${change.table} is written anew, and no query on it is answered meanwhile.`,
        fix:
          change.column.generated === 'stored'
            ? 'Add a plain column, keep it by a trigger, and fill the old rows in batches; or compute it where it is read.'
            : 'Add the column without it, then SET DEFAULT for new rows, and fill the old rows in batches.',
      });
    }
  },
});
