import type { Change, Constraint, SqlType } from './change.ts';
import { refusesNull } from './columns.ts';
import { listAt } from './tree.ts';
import { isVolatileName } from './volatile.ts';

/** A table as the statements up to here have left it; another object after each change, so that copies can share it. */
export interface Table {
  columns: ReadonlyMap<string, SqlType>;
  /** The columns that are NOT NULL already. */
  notNull: ReadonlySet<string>;
  constraints: readonly (Constraint & { valid: boolean })[];
  indexes: readonly { name: string | null; columns: readonly string[]; unique: boolean; partial: boolean }[];
  /** The file that created it. */
  createdIn: string;
  partitioned: boolean;
  temporary: boolean;
  /** Migrations write its rows: roles, settings, countries. */
  seeded: boolean;
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
  tables: new Map(tables),
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
      for (const [name, table] of schema.tables) {
        const indexes = table.indexes.filter((index) => index.name === null || !sameName(index.name, change.name));
        if (indexes.length < table.indexes.length) schema.tables.set(name, { ...table, indexes });
      }
      return;
    case 'rename':
      rename(schema, change);
      return;
    default: {
      const table = 'table' in change ? schema.tables.get(change.table) : undefined;
      const altered = table && alter(table, change);
      if (altered && 'table' in change) schema.tables.set(change.table, altered);
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
  const { partitioned, temporary, columns, constraints } = change;
  const table: Table = {
    columns: new Map(columns.map(({ name, type }) => [name, type])),
    notNull: new Set(columns.flatMap(({ name, notNull }) => (notNull ? [name] : []))),
    constraints: [...columns.flatMap((column) => column.constraints), ...constraints].map(valid),
    indexes: [],
    createdIn: path,
    partitioned,
    temporary,
    seeded: false,
  };
  schema.tables.set(change.table, table);
}

const valid = (constraint: Constraint): Constraint & { valid: boolean } => ({
  ...constraint,
  valid: !constraint.notValid,
});

/** The table after a change; null where it stays as it is. */
function alter(table: Table, change: Change): Table | null {
  const { columns, notNull, constraints, indexes } = table;
  switch (change.change) {
    case 'add-column':
      return {
        ...table,
        columns: new Map([...columns, [change.column.name, change.column.type]]),
        notNull: change.column.notNull ? new Set([...notNull, change.column.name]) : notNull,
        constraints: [...constraints, ...change.column.constraints.map(valid)],
      };
    case 'drop-column': {
      const holds = (one: { columns: readonly string[] }): boolean => one.columns.includes(change.column);
      return {
        ...table,
        columns: new Map([...columns].filter(([name]) => name !== change.column)),
        notNull: new Set([...notNull].filter((name) => name !== change.column)),
        indexes: indexes.filter((one) => !holds(one)),
        constraints: constraints.filter((one) => !holds(one)),
      };
    }
    case 'set-not-null':
      return { ...table, notNull: new Set([...notNull, change.column]) };
    case 'drop-not-null':
      return { ...table, notNull: new Set([...notNull].filter((name) => name !== change.column)) };
    case 'set-type':
      return { ...table, columns: new Map([...columns, [change.column, change.type]]) };
    case 'add-constraint':
      return { ...table, constraints: [...constraints, valid(change.constraint)] };
    case 'validate-constraint':
      return {
        ...table,
        constraints: constraints.map((one) => (one.name === change.name ? { ...one, valid: true } : one)),
      };
    case 'drop-constraint':
      return { ...table, constraints: constraints.filter(({ name }) => name !== change.name) };
    case 'insert':
      return listAt(change.node, 'selectStmt', 'SelectStmt', 'valuesLists').length > 0
        ? { ...table, seeded: true }
        : null;
    case 'create-index': {
      const { name, unique, partial } = change;
      return { ...table, indexes: [...indexes, { name, columns: change.columns, unique, partial }] };
    }
    default:
      return null;
  }
}

function rename(schema: Schema, { what, table, from, to }: Extract<Change, { change: 'rename' }>): void {
  const found = schema.tables.get(table);
  if (found && what === 'table') {
    schema.tables.delete(table);
    schema.tables.set(to, found);
  }
  if (!found || what !== 'column') return;
  const renamed = (columns: readonly string[]): string[] => columns.map((name) => (name === from ? to : name));
  schema.tables.set(table, {
    ...found,
    columns: new Map([...found.columns].map(([name, type]) => [name === from ? to : name, type])),
    notNull: new Set(renamed([...found.notNull])),
    indexes: found.indexes.map((index) => ({ ...index, columns: renamed(index.columns) })),
    constraints: found.constraints.map((one) => ({ ...one, columns: renamed(one.columns) })),
  });
}

/** True where a column is NOT NULL already, or a validated constraint says so: then SET NOT NULL reads nothing. */
export const isKnownNotNull = (table: Table | undefined, column: string): boolean =>
  (table?.notNull.has(column) ?? false) ||
  (table?.constraints.some(
    ({ kind, valid, condition, columns }) =>
      valid &&
      ((kind === 'check' && refusesNull(condition, column)) ||
        ((kind === 'primary' || kind === 'not-null') && columns.includes(column))),
  ) ??
    false);

/** The columns that tell one row of a table from all others, each alone. */
export const keysOf = (table: Table | undefined): ReadonlySet<string> =>
  new Set(
    [
      ...(table?.constraints ?? []).filter(({ kind }) => kind === 'primary' || kind === 'unique'),
      ...(table?.indexes ?? []).filter(({ unique, partial }) => unique && !partial),
    ].flatMap(({ columns }) => (columns.length === 1 ? columns : [])),
  );
