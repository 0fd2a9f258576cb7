import { losesRows } from '../../sql/rows.ts';
import { migrationRule } from '../../sql/rule.ts';

export const updateOrDeleteWithoutWhere = migrationRule({
  id: 'mig/update-or-delete-without-where',
  severity: 'error',
  confidence: 'likely',
  title: 'A statement writes over, or deletes, every row of a table.',
  why: 'An UPDATE that gives all rows one constant, or a DELETE, without WHERE leaves nothing of what was there, and a migration has no way back but a restore. Where it is meant, say so with a WHERE that names the rows (`WHERE status IS DISTINCT FROM …`) or with TRUNCATE.',
  mentions: /\b(update|delete)\b/i,
  look(moments, say) {
    const dropped = new Set(moments.flatMap(({ change }) => (change.change === 'drop-table' ? [change.table] : [])));
    for (const moment of moments) {
      const { change } = moment;
      if ((change.change !== 'update' && change.change !== 'delete') || !losesRows(moments, moment)) continue;
      if (dropped.has(change.table)) continue;
      say(moment, {
        message:
          change.change === 'delete'
            ? `This deletes every row of ${change.table}.`
            : `This writes the same value over every row of ${change.table}.`,
        fix: 'Name the rows that are meant in a WHERE.',
      });
    }
  },
});
