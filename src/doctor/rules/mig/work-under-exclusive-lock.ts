import type { Moment } from '../../sql/moments.ts';
import { heldBy, isMassWrite, isOfNone, losesRows } from '../../sql/rows.ts';
import { migrationRule } from '../../sql/rule.ts';

export const workUnderExclusiveLock = migrationRule({
  id: 'mig/work-under-exclusive-lock',
  severity: 'warning',
  confidence: 'certain',
  title: 'Long work is done in a transaction that keeps everybody out of a table.',
  why: 'Locks are held until the transaction ends. An ALTER TABLE that takes a moment keeps its ACCESS EXCLUSIVE lock while the statements behind it fill rows, refresh a view or validate: no query on the table is answered for all of that time. Change the schema in one migration, and do the work in the next.',
  growsWithRows: true,
  onlyOpen: true,
  mentions: /\b(alter|drop|truncate)\b/i,
  look(moments, say) {
    for (const moment of moments) {
      const work = losesRows(moments, moment) || isOfNone(moments, moment) ? null : workIn(moments, moment);
      const held = work === null ? null : heldBy(moments, moment);
      if (work === null || held === null) continue;
      say(moment, {
        message: `${work} runs while the transaction holds ${held.table}: no query on ${held.table} is answered until it is done.`,
        fix: `Move it to a migration of its own, behind the one that changes ${held.table}.`,
      });
    }
  },
});

/** Work that grows with the rows of a table that was there before; null for what takes a moment, and for what another rule says. */
function workIn(moments: readonly Moment[], moment: Moment): string | null {
  const { change, isNew } = moment;
  if (isMassWrite(moment)) return change.change === 'update' ? 'This UPDATE' : 'This DELETE';
  if (change.change === 'refresh') return isNew(change.view) ? null : 'This refresh';
  if (change.change !== 'validate-constraint' || isNew(change.table)) return null;
  const isAddedHere = moments.some(
    ({ change: other }) => other.change === 'add-constraint' && other.constraint.name === change.name,
  );
  return isAddedHere ? null : 'Validating this constraint';
}
