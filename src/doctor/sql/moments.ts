import { isYoung } from './age.ts';
import type { Change, SqlType } from './change.ts';
import { rewriteBy } from './defaults.ts';
import { type Effect, effectsOf } from './effects.ts';
import type { SqlFile, Statement } from './file.ts';
import { isGrowing } from './growth.ts';
import { follow, isKnownNotNull, keysOf, type Schema } from './schema.ts';

/** One change of a file, and all that can be told of it at its moment. */
export interface Moment {
  change: Change;
  statement: Statement;
  /** Its effects on tables that were there before the file; a table that the file makes itself holds no rows and no readers. */
  effects: readonly Effect[];
  /** The transaction that it runs in, numbered; null for none. */
  transaction: number | null;
  /** True for a table (or materialised view) that this file makes, and for temporary ones. */
  isNew(table: string): boolean;
  /** Its table was made less than a month before, by the names of the migrations; or migrations write its rows. */
  isSmall: boolean;
  /** Its table gets rows as long as anybody uses the application. */
  isGrowing: boolean;
  /** The columns that tell one row of its table from all others, each alone. */
  keys: ReadonlySet<string>;
  /** Of a column's change of type: the type before. Null where the files do not tell. */
  from: SqlType | null;
  /** Of a column that is added: what in it makes the table be written anew; null for nothing. */
  rewrites: string | null;
  /** Of SET NOT NULL: the column is so already, or a validated constraint says it. */
  known: boolean;
  /** Of a column: no file that comes before makes it. */
  isUnseen: boolean;
  /** Of an index that is made: its table is partitioned. Of a type that gets a value: the file makes the type. */
  special: boolean;
}

const known = new WeakMap<SqlFile, readonly Moment[]>();

/** The changes of a file in order, each seen with what came before it. */
export function momentsOf(file: SqlFile): readonly Moment[] {
  const before = known.get(file);
  if (before) return before;
  const schema = file.before();
  const made = new Set<string>();
  const isNew = (table: string): boolean => made.has(table);
  let [last, transaction] = [0, file.migration?.transactional ? 0 : null];
  const moments: Moment[] = [];
  for (const statement of file.statements) {
    for (const change of statement.changes) {
      if (change.change === 'begin') transaction = ++last;
      const effects = effectsOf(change, schema).filter(({ table }) => !made.has(table));
      const own = statement.transaction === undefined ? transaction : statement.transaction;
      const table = 'table' in change ? schema.tables.get(change.table) : undefined;
      const isSmall = table !== undefined && (table.seeded || isYoung(table.createdIn, file.path));
      moments.push({
        ...{ change, statement, effects, transaction: own, isNew, isSmall, keys: keysOf(table) },
        isGrowing: 'table' in change && isGrowing(change.table, schema),
        ...toldBy(change, schema, made),
      });
      if (change.change === 'commit') transaction = null;
      const making = madeBy(change, schema);
      follow(schema, change, file.path);
      if (making !== null) made.add(making);
      if (change.change === 'rename' && change.what === 'table' && made.has(change.from)) made.add(change.to);
    }
  }
  known.set(file, moments);
  return moments;
}

/** What a change makes that was not there; CREATE … IF NOT EXISTS makes nothing of what is. */
function madeBy(change: Change, { tables }: Schema): string | null {
  if (change.change === 'create-table') return change.temporary || !tables.has(change.table) ? change.table : null;
  if (change.change === 'create-view') return change.view;
  return change.change === 'create-type' ? change.type : null;
}

function toldBy(
  change: Change,
  schema: Schema,
  made: ReadonlySet<string>,
): Pick<Moment, 'from' | 'rewrites' | 'known' | 'isUnseen' | 'special'> {
  const table = 'table' in change ? schema.tables.get(change.table) : undefined;
  return {
    from: change.change === 'set-type' ? (table?.columns.get(change.column) ?? null) : null,
    rewrites: change.change === 'add-column' ? rewriteBy(change.column, schema) : null,
    isUnseen: 'column' in change && typeof change.column === 'string' && !table?.columns.has(change.column),
    known: change.change === 'set-not-null' && isKnownNotNull(table, change.column),
    special:
      (change.change === 'create-index' && table?.partitioned === true) ||
      (change.change === 'add-value' && made.has(change.type)),
  };
}
