import type { SqlFile } from '../sql/file.ts';
import { follow, type Schema, type Table } from '../sql/schema.ts';
import { at, listAt, opened, stringAt, wordsAt } from '../sql/tree.ts';

/** An index as a schema holds it. */
interface Index {
  name: string | null;
  columns: readonly string[];
}

/**
 * True for a partial index of all rows that are not marked as deleted, or that have the column at all: it serves what a
 * schema with soft deletes asks. Takes the migrations in their order; the last index of that name counts.
 */
function isOfLivingRows(files: readonly SqlFile[], table: string, { name, columns }: Index): boolean {
  let isIt = false;
  for (const { statements } of files)
    for (const { kind, node, changes } of statements)
      for (const change of changes)
        if (
          kind === 'IndexStmt' &&
          change.change === 'create-index' &&
          change.table === table &&
          change.name === name &&
          change.columns.join() === columns.join()
        )
          isIt = leavesOutTheDead(at(node, 'whereClause'), columns);
  return isIt;
}

/** `deleted_at IS NULL`, `author_id IS NOT NULL`, or both. */
function leavesOutTheDead(condition: unknown, columns: readonly string[]): boolean {
  const part = opened(condition);
  if (part?.kind === 'BoolExpr')
    return (
      stringAt(part.node, 'boolop') === 'AND_EXPR' &&
      listAt(part.node, 'args').every((one) => leavesOutTheDead(one, columns))
    );
  if (part?.kind !== 'NullTest') return false;
  const column = wordsAt(part.node, 'arg', 'ColumnRef', 'fields').at(-1) ?? '';
  return stringAt(part.node, 'nulltesttype') === 'IS_NULL'
    ? /^(deleted|removed|archived)_?(at|on|date)$/i.test(column)
    : columns[0] === column;
}

/** The first columns of indexes that a later migration dropped on purpose, by table. Takes the migrations in their order. */
export function droppedFrom(files: readonly SqlFile[]): ReadonlyMap<string, ReadonlySet<string>> {
  const made = new Map<string, { table: string; column: string; path: string }>();
  const dropped = new Map<string, Set<string>>();
  for (const { path, statements } of files)
    for (const change of statements.flatMap(({ changes }) => changes)) {
      const [column] = change.change === 'create-index' ? change.columns : [];
      if (change.change === 'create-index' && change.name !== null && column)
        made.set(change.name, { table: change.table, column, path });
      const index = change.change === 'drop-index' ? made.get(change.name.replace(/^.*\./, '')) : undefined;
      if (index && index.path !== path)
        dropped.set(index.table, (dropped.get(index.table) ?? new Set<string>()).add(index.column));
    }
  return dropped;
}

/** What a file and all before it have made. */
export function schemaAfter({ statements, path, before }: SqlFile): Schema {
  const schema = before();
  for (const { changes } of statements) for (const change of changes) follow(schema, change, path);
  return schema;
}

/** The columns of each index and key of a table that serves a look by its first. Takes the migrations in their order. */
export const servingIn = (
  files: readonly SqlFile[],
  name: string,
  { constraints, indexes }: Pick<Table, 'constraints' | 'indexes'>,
): (readonly string[])[] => [
  ...indexes.filter((one) => !one.partial || isOfLivingRows(files, name, one)).map(({ columns }) => columns),
  ...constraints.filter(({ kind }) => kind === 'primary' || kind === 'unique').map(({ columns }) => columns),
];

/** A table or column in one spelling, for code and database. */
const oneSpelling = (name: string): string => name.replace(/^.*\./, '').replace(/_/g, '').toLowerCase();
const ofTable = (name: string): string => oneSpelling(name).replace(/s$/, '');

/** Tells whether the migrations of one folder, in their order, have made an index that begins with one of the columns. */
export function servedBy(files: readonly SqlFile[]): (table: string, columns: readonly string[]) => boolean {
  const last = files.at(-1);
  const first = new Set<string>();
  if (last)
    for (const [name, table] of schemaAfter(last).tables)
      for (const [column] of servingIn(files, name, table))
        if (column !== undefined) first.add(`${ofTable(name)} ${oneSpelling(column)}`);
  return (table, columns) => columns.some((column) => first.has(`${ofTable(table)} ${oneSpelling(column)}`));
}
