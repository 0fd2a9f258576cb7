import { isNull, isSerial } from '../../sql/defaults.ts';
import { migrationRule } from '../../sql/rule.ts';

export const setNotNullScan = migrationRule({
  id: 'mig/set-not-null-scan',
  severity: 'warning',
  confidence: 'certain',
  title: 'NOT NULL is set while nobody can read the table, or on rows that have no value.',
  why: '`SET NOT NULL` reads every row under an ACCESS EXCLUSIVE lock: no query on the table is answered until it is through. Where a validated `CHECK (column IS NOT NULL)` says the same, PostgreSQL believes it and reads nothing: add the check NOT VALID, validate it in another transaction, set NOT NULL, drop the check. A new column that is NOT NULL without a default cannot be added to a table that holds a row at all.',
  growsWithRows: true,
  onlyOpen: true,
  mentions: /not\s+null/i,
  look(moments, say) {
    for (const moment of moments) {
      const { change, isNew, known, statement } = moment;
      // A library that says all of a column again says NOT NULL also where it is so already.
      if (
        change.change === 'set-not-null' &&
        !known &&
        !isNew(change.table) &&
        !(statement.restates && moment.isUnseen)
      )
        say(moment, {
          message: `PostgreSQL reads all of ${change.table} to see that ${change.column} is never null, and answers no query on it meanwhile.`,
          fix: `ADD CONSTRAINT … CHECK (${change.column} IS NOT NULL) NOT VALID; VALIDATE CONSTRAINT in a transaction of its own; then SET NOT NULL and drop the check.`,
        });
      if (change.change !== 'add-column' || isNew(change.table)) continue;
      const { notNull, name, identity, generated, type } = change.column;
      if (notNull && isNull(change.column.default) && !identity && generated === null && !isSerial(type.name))
        say(moment, {
          message: `${name} must not be null and has no default: on a ${change.table} that holds a row this fails.`,
          fix: 'Give it a DEFAULT, or add it nullable, fill it, and set NOT NULL afterwards.',
          severity: 'error',
          confidence: 'likely',
        });
    }
  },
});
