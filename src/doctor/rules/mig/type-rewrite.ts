import { isComputed } from '../../sql/effects.ts';
import type { Moment } from '../../sql/moments.ts';
import { migrationRule } from '../../sql/rule.ts';
import { rewriteOf, typeText } from '../../sql/types.ts';

export const typeRewrite = migrationRule({
  id: 'mig/type-rewrite',
  severity: 'warning',
  confidence: 'certain',
  title: 'A column’s new type makes PostgreSQL write the whole table anew.',
  why: 'Few changes of a type leave the rows as they lie: a longer varchar, varchar to text, a numeric with more digits before the point. All others write the table and its indexes anew under an ACCESS EXCLUSIVE lock, and the code that runs during the deployment may not expect the new type. Add a column of the new type, keep both by a trigger, fill it in batches, then change over.',
  growsWithRows: true,
  onlyOpen: true,
  mentions: /\btype\b/i,
  look(moments, say) {
    for (const moment of moments) {
      const { change, isNew, from } = moment;
      if (change.change !== 'set-type' || isNew(change.table)) continue;
      const sure = certainty(moment);
      if (sure === null) continue;
      const way = from === null ? `to ${typeText(change.type)}` : `from ${typeText(from)} to ${typeText(change.type)}`;
      say(moment, {
        message:
          sure === 'zone'
            ? `Where the session’s time zone is not UTC, changing ${change.column} ${way} writes ${change.table} anew, and no query on it is answered meanwhile.`
            : `Changing ${change.column} ${way} writes ${change.table} anew, and no query on it is answered meanwhile.`,
        fix:
          sure === 'zone'
            ? `SET LOCAL timezone = 'UTC' before it, where the values are in UTC.`
            : 'Add a column of the new type, keep both by a trigger, fill it in batches, then change over.',
        confidence: sure === 'zone' ? 'likely' : sure,
      });
    }
  },
});

/** Types that hardly another is stored like: whatever the column was, its rows are written anew. */
const apart = /^(int[248]|bool|uuid|jsonb?|float[48]|date|bytea|bpchar|money)$/;

function certainty({ change, from, statement }: Moment): 'certain' | 'likely' | 'hint' | 'zone' | null {
  if (change.change !== 'set-type') return null;
  if (isComputed(change)) return 'certain';
  const { type } = change;
  if (from !== null) {
    const rewrite = rewriteOf(from, type);
    return rewrite === 'always' ? 'certain' : rewrite === 'zone' ? 'zone' : null;
  }
  if (statement.restates) return null;
  if (apart.test(type.name)) return 'likely';
  return type.name === 'text' || (type.name === 'varchar' && type.args.length === 0) ? null : 'hint';
}
