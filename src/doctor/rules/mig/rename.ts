import { migrationRule } from '../../sql/rule.ts';

export const rename = migrationRule({
  id: 'mig/rename',
  severity: 'warning',
  confidence: 'certain',
  title: 'A name changes that running code uses.',
  why: 'While a deployment runs, the old version of the code is still answering requests. In the moment of the rename every query of it that names the table, column or value fails. Add the new name beside the old one, write both, move the readers, and drop the old one in a later deployment; a table can keep its old name as a view.',
  harmsUse: true,
  onlyOpen: true,
  mentions: /\brename\b|\bset\s+schema\b/i,
  look(moments, say) {
    const views = new Set(moments.flatMap(({ change }) => (change.change === 'create-view' ? [change.view] : [])));
    for (const moment of moments) {
      const { change, isNew } = moment;
      if (change.change !== 'rename' || change.what === 'other') continue;
      if (isNew(change.table) || views.has(change.from) || views.has(change.table)) continue;
      const isSwap = moments.some(
        (other) => other.change.change === 'rename' && other.change.what === 'table' && other.change.to === change.from,
      );
      if (change.what === 'table' && isSwap) continue;
      const old = change.what === 'column' ? `${change.table}.${change.from}` : change.from;
      say(moment, {
        message: `The version of the code that runs while this is deployed still says ${old}: its queries fail from here on.`,
        fix:
          change.what === 'table'
            ? `Leave a view with the name ${change.from} behind until nothing uses it.`
            : 'Add the new one beside it, write both, move the readers, and drop the old one in a later deployment.',
      });
    }
  },
});
