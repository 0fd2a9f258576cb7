import type { Change, Column } from '../../sql/change.ts';
import type { Moment } from '../../sql/moments.ts';
import { migrationRule, named } from '../../sql/rule.ts';

export const serialOrIntPk = migrationRule({
  id: 'mig/serial-or-int-pk',
  severity: 'info',
  confidence: 'likely',
  title: 'A counted key of four bytes ends at 2,147,483,647.',
  why: 'A sequence counts on when a row is deleted or an insert fails; at 2,147,483,647 every insert fails, and the way out, a bigint, writes the largest table that you have anew. `bigint GENERATED ALWAYS AS IDENTITY` costs four bytes per row. Small tables of fixed rows can stay as they are.',
  onlyOpen: true,
  mentions: /\b(serial|serial[24]|smallserial|int|integer|int[24]|smallint)\b/i,
  look(moments, say) {
    const found: { moment: Moment; table: string }[] = [];
    for (const moment of moments) {
      const table = tableWithSmallKey(moment.change);
      if (table !== null) found.push({ moment, table });
    }
    const [first] = found;
    if (!first) return;
    const tables = named(found.map(({ table }) => table));
    say(first.moment, {
      message: `The key of ${tables} is counted in four bytes: after 2,147,483,647 no row can be added.`,
      fix: 'bigint GENERATED ALWAYS AS IDENTITY for tables that grow.',
    });
  },
});

/** A table that is made with one small counted column as its key. */
function tableWithSmallKey(change: Change): string | null {
  if (change.change !== 'create-table' || change.temporary) return null;
  const key = [...change.constraints, ...change.columns.flatMap(({ constraints }) => constraints)].find(
    ({ kind }) => kind === 'primary',
  );
  const column = key?.columns.length === 1 ? change.columns.find(({ name }) => name === key.columns[0]) : undefined;
  return column && isSmallAndCounted(column) ? change.table : null;
}

const isSmallAndCounted = ({ type, identity, default: value }: Column): boolean =>
  /^(small)?serial[24]?$/.test(type.name) ||
  (/^int[24]$/.test(type.name) && (identity || JSON.stringify(value)?.includes('"nextval"') === true));
