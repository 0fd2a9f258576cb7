import { isNull } from '../../sql/defaults.ts';
import { migrationRule } from '../../sql/rule.ts';

export const validatingConstraint = migrationRule({
  id: 'mig/validating-constraint',
  severity: 'warning',
  confidence: 'certain',
  title: 'A constraint is checked against all rows while it locks the table.',
  why: 'A CHECK or FOREIGN KEY that is added to a table with rows reads all of them under its lock: a check keeps everybody out (ACCESS EXCLUSIVE), a foreign key keeps writers out of both tables (SHARE ROW EXCLUSIVE). Add it `NOT VALID`, which looks at new rows only and takes a moment; then `VALIDATE CONSTRAINT` in another transaction, which lets reads and writes through.',
  growsWithRows: true,
  onlyOpen: true,
  mentions: /\bcheck\b|\bforeign\s+key\b/i,
  look(moments, say) {
    /** Columns that the file adds and leaves null in all rows: nothing is looked up for them. */
    const empty = new Set<string>();
    for (const moment of moments) {
      const { change, isNew } = moment;
      if (change.change === 'add-column' && isNull(change.column.default))
        empty.add(`${change.table} ${change.column.name}`);
      if (change.change === 'update')
        for (const one of [...empty]) if (one.startsWith(`${change.table} `)) empty.delete(one);
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
      const { kind, name, columns, references } = change.constraint;
      const called = name === null ? 'The constraint' : name;
      if (kind === 'check')
        say(moment, {
          message: `${called} is checked against every row of ${change.table}, and no query on it is answered meanwhile.`,
          fix: 'Add it NOT VALID, and VALIDATE CONSTRAINT in a transaction of its own.',
        });
      if (kind === 'foreign')
        say(moment, {
          message: `${called} is checked against every row of ${change.table}; writes to ${references === change.table ? 'it' : `${change.table} and ${references ?? 'the other table'}`} wait meanwhile.`,
          fix: 'Add it NOT VALID, and VALIDATE CONSTRAINT in a transaction of its own.',
          ...(columns.length > 0 && columns.every((one) => empty.has(`${change.table} ${one}`))
            ? { confidence: 'hint' as const }
            : {}),
        });
    }
  },
});
