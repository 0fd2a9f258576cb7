import { migrationRule } from '../../sql/rule.ts';

export const uniqueDirect = migrationRule({
  id: 'mig/unique-direct',
  severity: 'warning',
  confidence: 'certain',
  title: 'A unique constraint builds its index while nobody can read the table.',
  why: 'Adding UNIQUE or PRIMARY KEY to a table with rows builds the index under an ACCESS EXCLUSIVE lock: no query on the table is answered until it is done. Build the index first, `CREATE UNIQUE INDEX CONCURRENTLY`, and add the constraint `USING INDEX`, which takes a moment.',
  growsWithRows: true,
  mentions: /\bunique\b|\bprimary\s+key\b/i,
  look(moments, say) {
    for (const moment of moments) {
      const { change, isNew } = moment;
      if (change.change !== 'add-constraint' && change.change !== 'add-column') continue;
      if (isNew(change.table)) continue;
      const constraints = change.change === 'add-column' ? change.column.constraints : [change.constraint];
      const found = constraints.find(
        ({ kind, usingIndex }) => (kind === 'unique' || kind === 'primary') && !usingIndex,
      );
      if (!found) continue;
      const what = found.kind === 'unique' ? 'UNIQUE' : 'PRIMARY KEY';
      say(moment, {
        message: `${what} (${found.columns.join(', ')}) builds its index while no query on ${change.table} is answered.`,
        fix: `CREATE UNIQUE INDEX CONCURRENTLY in a file of its own, then ADD CONSTRAINT … ${what} USING INDEX.`,
      });
    }
  },
});
