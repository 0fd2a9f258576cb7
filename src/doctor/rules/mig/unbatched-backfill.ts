import type { Moment } from '../../sql/moments.ts';
import { heldBy, isMassWrite, isOfNone, isOfSome, losesRows } from '../../sql/rows.ts';
import { migrationRule, type Say } from '../../sql/rule.ts';

export const unbatchedBackfill = migrationRule({
  id: 'mig/unbatched-backfill',
  severity: 'warning',
  confidence: 'likely',
  title: 'A migration writes all rows of a table in one transaction.',
  why: 'One UPDATE over a whole table keeps every row that it touched locked until it ends, writes the table once more, and holds back vacuum and the replicas; killed near its end it begins anew. Fill rows in batches by ranges of the key, one transaction each, outside of the migration that changes the schema.',
  growsWithRows: true,
  onlyOpen: true,
  mentions: /\b(update|delete)\b/i,
  look(moments, say) {
    const said = new Set<string>();
    for (const moment of moments) {
      const { change, transaction } = moment;
      if (change.change === 'do') inLoop(moment, change.body, say);
      if (change.change !== 'update' && change.change !== 'delete') continue;
      // What loses rows, and what happens while another lock is held, other rules say.
      if (!isMassWrite(moment) || losesRows(moments, moment) || heldBy(moments, moment) || isOfNone(moments, moment))
        continue;
      // A table that one transaction writes twice is held once, as long as it takes.
      const isHint = isOfSome(change.where);
      const key = `${change.table} ${transaction} ${isHint}`;
      if (transaction !== null && said.has(key)) continue;
      said.add(key);
      say(moment, {
        message: `${change.change === 'update' ? 'The rows that this UPDATE writes' : 'The rows that this DELETE removes'} on ${change.table} stay locked until all are done: writers of them wait.`,
        fix: 'Do it in batches by ranges of the key, one transaction each, in a job of its own.',
        ...(isHint ? { confidence: 'hint' } : {}),
      });
    }
  },
});

function inLoop(moment: Moment, body: string, say: Say): void {
  const code = body.replace(/--.*$/gm, '');
  if (!/\bloop\b[\s\S]*\b(update\s+[\w."]+\s+(\w+\s+)?set|delete\s+from)\b[\s\S]*\bend\s+loop\b/i.test(code)) return;
  if (/\bcommit\s*;/i.test(code) && moment.transaction === null) return;
  say(moment, {
    message:
      'This loop looks like batches and is one transaction: every row that it writes stays locked until the block ends.',
    fix: 'Run the batches from a job that commits each; or COMMIT in the loop, in a file that runs in no transaction.',
  });
}
