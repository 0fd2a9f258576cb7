import { migrationRule } from '../../sql/rule.ts';
import { everyPart, stringAt, wordsAt } from '../../sql/tree.ts';

export const enumValueUsedSameTx = migrationRule({
  id: 'mig/enum-value-used-same-tx',
  severity: 'error',
  confidence: 'certain',
  title: 'A new value of an enum is used in the transaction that adds it.',
  why: 'A value that `ALTER TYPE … ADD VALUE` adds to an enum can be used only once its transaction has ended: before, PostgreSQL refuses it ("unsafe use of new value", 55P04), and the migration fails. Use it in the next migration.',
  mentions: /\badd\s+value\b/i,
  look(moments, say) {
    const added: { value: string; type: string; transaction: number; isNew: boolean }[] = [];
    for (const moment of moments) {
      const { change, transaction } = moment;
      if (change.change === 'add-value') {
        if (transaction !== null) added.push({ ...change, transaction, isNew: moment.special });
        continue;
      }
      if (
        !/^(update|insert|delete|set-default|add-column|create-index|add-constraint|create-table)$/.test(change.change)
      )
        continue;
      const used = added.find((one) => one.transaction === transaction && uses(moment.statement.node, one));
      if (!used) continue;
      const isCast = castsTo(moment.statement.node, used);
      say(moment, {
        message: `'${used.value}' was added to ${used.type} in this transaction and cannot be used before it ends: the migration fails here (55P04).`,
        fix: 'Move what uses the value to the next migration.',
        // Since PostgreSQL 17 the values of a type that the transaction itself makes can be used.
        ...(used.isNew ? { confidence: 'hint' as const } : isCast ? {} : { confidence: 'likely' as const }),
      });
    }
  },
});

interface Value {
  value: string;
  type: string;
}

function uses(node: unknown, { value }: Value): boolean {
  let found = false;
  everyPart(node, (kind, part) => {
    if (kind === 'A_Const' && stringAt(part, 'sval', 'sval') === value) found = true;
  });
  return found;
}

function castsTo(node: unknown, { value, type }: Value): boolean {
  let found = false;
  everyPart(node, (kind, part) => {
    if (kind !== 'TypeCast' || stringAt(part, 'arg', 'A_Const', 'sval', 'sval') !== value) return;
    if (wordsAt(part, 'typeName', 'names').at(-1) === type.split('.').at(-1)) found = true;
  });
  return found;
}
