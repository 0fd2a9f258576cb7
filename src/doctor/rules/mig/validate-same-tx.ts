import type { Moment } from '../../sql/moments.ts';
import { migrationRule } from '../../sql/rule.ts';

export const validateSameTx = migrationRule({
  id: 'mig/validate-same-tx',
  severity: 'warning',
  confidence: 'certain',
  title: 'A constraint is validated in the transaction that adds it.',
  why: 'Locks are held until the transaction ends. A constraint that is added NOT VALID and validated in the same transaction reads all rows under the strong lock of the first step: nothing is won. Validate it in a transaction, that is most often a file, of its own.',
  growsWithRows: true,
  mentions: /validate\s+constraint/i,
  look(moments, say) {
    const added = new Map<string, Moment>();
    for (const moment of moments) {
      const { change, transaction } = moment;
      if (change.change === 'add-constraint' && change.constraint.notValid && change.constraint.name !== null)
        added.set(`${change.table} ${change.constraint.name}`, moment);
      if (change.change !== 'validate-constraint' || moment.isNew(change.table)) continue;
      const adding = added.get(`${change.table} ${change.name}`);
      const isSame =
        adding &&
        (adding.statement === moment.statement || (transaction !== null && adding.transaction === transaction));
      if (isSame)
        say(moment, {
          message: `${change.name} is validated under the lock of the step that added it: ${change.table} is locked until all rows are read.`,
          fix: 'Move VALIDATE CONSTRAINT to the next migration.',
        });
    }
  },
});
