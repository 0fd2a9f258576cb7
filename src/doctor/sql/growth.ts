import { growsWithUse } from '../queries/tables.ts';
import type { Schema, Table } from './schema.ts';

/**
 * True for a table that gets rows as long as anybody uses the application: by its name, by the partitions it is cut
 * into, by an index that lists rows in order of time, or as each row of it belongs to one of such a table.
 */
export function isGrowing(name: string, { tables }: Schema): boolean {
  const table = tables.get(name);
  if (growsWithUse(name)) return true;
  if (!table) return false;
  return (
    table.partitioned ||
    table.indexes.some((index) => isByTime(table, index)) ||
    table.constraints.some(
      ({ kind, references }) => kind === 'foreign' && references !== null && growsWithUse(references),
    )
  );
}

/** An index of somebody’s rows by time: who makes it lists many, the newest first. */
const isByTime = ({ columns }: Table, index: Table['indexes'][number]): boolean =>
  !index.unique &&
  index.columns.length > 1 &&
  index.columns.some((one) => /^(timestamp(tz)?|date)$/.test(columns.get(one)?.name ?? '') && !ending.test(one));

/** Times that say how long something is valid, or that it is gone. */
const ending = /expir|delet|archiv|valid|until|end|due|revok/i;
