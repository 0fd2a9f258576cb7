import { isNull } from '../../sql/defaults.ts';
import { migrationRule } from '../../sql/rule.ts';

export const validatingConstraint = migrationRule({
  id: 'mig/validating-constraint',
  severity: 'warning',
  confidence: 'certain',
  title: 'A constraint is checked against all rows while it locks the table.',
  why: 'A CHECK or FOREIGN KEY that is added to a table with rows reads all of them under its lock: a check keeps everybody out (ACCESS EXCLUSIVE), a foreign key keeps writers out of both tables (SHARE ROW EXCLUSIVE). Add it `NOT VALID`, which looks at new rows only and takes a moment; then `VALIDATE CONSTRAINT` in another transaction, which lets reads and writes through.',
  mentions: /\bcheck\b|\bforeign\s+key\b/i,
  look(moments, say) {
    for (const moment of moments) {
      const { change, isNew } = moment;
      if (change.change === 'add-column' && !isNew(change.table)) {
        const { name, constraints, default: value } = change.column;
        const reads = constraints.find(({ kind }) => kind === 'check' || (kind === 'foreign' && !isNull(value)));
        if (reads)
          say(moment, {
            message: `What is asked of ${name} is checked against every row of ${change.table}, and no query on it is answered meanwhile.`,
            fix: 'Add the column alone, then the constraint NOT VALID, and VALIDATE CONSTRAINT in a transaction of its own.',
          });
      }
      if (change.change !== 'add-constraint' || change.constraint.notValid || isNew(change.table)) continue;
      const { kind, name, references } = change.constraint;
      const called = name === null ? 'The constraint' : name;
      if (kind === 'check')
        say(moment, {
          message: `${called} is checked against every row of ${change.table}, and no query on it is answered meanwhile.`,
          fix: 'Add it NOT VALID, and VALIDATE CONSTRAINT in a transaction of its own.',
        });
      if (kind === 'foreign')
        say(moment, {
          message: `${called} is checked against every row of ${change.table}; writes to ${change.table} and ${references ?? 'the other table'} wait meanwhile.`,
          fix: 'Add it NOT VALID, and VALIDATE CONSTRAINT in a transaction of its own.',
        });
    }
  },
});
