import type { Change, Column, Constraint, SqlType } from './change.ts';
import { refusesNull } from './columns.ts';
import { isVolatileName } from './volatile.ts';

/** A table as the statements up to here have left it. */
export interface Table {
  columns: Map<string, SqlType>;
  constraints: (Constraint & { valid: boolean })[];
  indexes: { name: string | null; columns: readonly string[]; unique: boolean; partial: boolean }[];
  /** The file that created it. */
  createdIn: string;
  partitioned: boolean;
  temporary: boolean;
}

/** What the statements up to here have made. */
export interface Schema {
  tables: Map<string, Table>;
  /** Functions of the project's own by name; true for one that may give another value each time. */
  functions: Map<string, boolean>;
  /** Enum types, and views of both kinds, with the file that made each. */
  types: Map<string, string>;
  views: Map<string, string>;
}

export const emptySchema = (): Schema => ({
  tables: new Map(),
  functions: new Map(),
  types: new Map(),
  views: new Map(),
});

/** A schema that can be led on without changing the other. */
export const copyOf = ({ tables, functions, types, views }: Schema): Schema => ({
  tables: new Map(
    [...tables].map(([name, table]) => [
      name,
      {
        ...table,
        columns: new Map(table.columns),
        constraints: table.constraints.map((one) => ({ ...one })),
        indexes: [...table.indexes],
      },
    ]),
  ),
  functions: new Map(functions),
  types: new Map(types),
  views: new Map(views),
});

/** Brings a schema to where it is after one change of a file. */
export function follow(schema: Schema, change: Change, path: string): void {
  switch (change.change) {
    case 'create-table':
      create(schema, change, path);
      return;
    case 'drop-table':
      schema.tables.delete(change.table);
      return;
    case 'create-function':
      schema.functions.set(change.name, isVolatile(change));
      return;
    case 'create-type':
      schema.types.set(change.type, path);
      return;
    case 'create-view':
      schema.views.set(change.view, path);
      return;
    case 'drop-index':
      for (const table of schema.tables.values())
        table.indexes = table.indexes.filter(({ name }) => name === null || !sameName(name, change.name));
      return;
    case 'rename':
      rename(schema, change);
      return;
    default: {
      const table = 'table' in change ? schema.tables.get(change.table) : undefined;
      if (table) alter(table, change);
    }
  }
}

/** A function in SQL is taken for what is in it: one that is not said to be stable is so all the same where nothing in it is volatile. */
const isVolatile = ({ volatile, language, body }: Extract<Change, { change: 'create-function' }>): boolean =>
  volatile && (language !== 'sql' || [...body.matchAll(/(\w+)\s*\(/g)].some(([, name = '']) => isVolatileName(name)));

/** Index names stand in the schema of their table. */
const sameName = (name: string, dropped: string): boolean => name === dropped || dropped.endsWith(`.${name}`);

function create(schema: Schema, change: Extract<Change, { change: 'create-table' }>, path: string): void {
  // CREATE TABLE IF NOT EXISTS leaves a table that is there as it is.
  if (schema.tables.has(change.table)) return;
  const { partitioned, temporary } = change;
  const table: Table = { columns: new Map(), constraints: [], indexes: [], createdIn: path, partitioned, temporary };
  for (const column of change.columns) addColumn(table, column);
  for (const constraint of change.constraints) table.constraints.push({ ...constraint, valid: true });
  schema.tables.set(change.table, table);
}

function addColumn(table: Table, column: Column): void {
  table.columns.set(column.name, column.type);
  for (const constraint of column.constraints) table.constraints.push({ ...constraint, valid: true });
}

function alter(table: Table, change: Change): void {
  switch (change.change) {
    case 'add-column':
      addColumn(table, change.column);
      return;
    case 'drop-column':
      table.columns.delete(change.column);
      table.indexes = table.indexes.filter(({ columns }) => !columns.includes(change.column));
      table.constraints = table.constraints.filter(({ columns }) => !columns.includes(change.column));
      return;
    case 'set-type':
      table.columns.set(change.column, change.type);
      return;
    case 'add-constraint':
      table.constraints.push({ ...change.constraint, valid: !change.constraint.notValid });
      return;
    case 'validate-constraint':
      for (const one of table.constraints) if (one.name === change.name) one.valid = true;
      return;
    case 'drop-constraint':
      table.constraints = table.constraints.filter(({ name }) => name !== change.name);
      return;
    case 'create-index':
      table.indexes.push({
        name: change.name,
        columns: change.columns,
        unique: change.unique,
        partial: change.partial,
      });
      return;
  }
}

function rename(schema: Schema, { what, table, from, to }: Extract<Change, { change: 'rename' }>): void {
  const found = schema.tables.get(table);
  if (found && what === 'table') {
    schema.tables.delete(table);
    schema.tables.set(to, found);
  }
  const type = found?.columns.get(from);
  if (found && type && what === 'column') {
    found.columns.delete(from);
    found.columns.set(to, type);
    const renamed = (columns: readonly string[]): string[] => columns.map((name) => (name === from ? to : name));
    found.indexes = found.indexes.map((index) => ({ ...index, columns: renamed(index.columns) }));
    found.constraints = found.constraints.map((one) => ({ ...one, columns: renamed(one.columns) }));
  }
}

/** True where a validated constraint already says that a column is not null: then SET NOT NULL reads nothing. */
export const isKnownNotNull = (table: Table | undefined, column: string): boolean =>
  table?.constraints.some(
    ({ kind, valid, condition, columns }) =>
      valid &&
      ((kind === 'check' && refusesNull(condition, column)) ||
        ((kind === 'primary' || kind === 'not-null') && columns.includes(column))),
  ) ?? false;
