import { columnSql, type Described, defaultSql } from './definition.ts';
import { type Call, pick, quotedList, type Reader, type Told } from './piece.ts';
import { rawSql } from './raw.ts';
import { isShape, part, textIn, textsIn, type Value } from './value.ts';

/** What db-migrate’s `db` runs on PostgreSQL. */
export const dbMigrate: Reader = (call) => pick(methods, call.method)?.(call) ?? null;

const methods: Readonly<Record<string, (call: Call) => Told>> = {
  runSql: (call) => {
    const raw = call.args[0] ? rawSql(call.source, call.args[0]) : null;
    return raw === null ? [] : [raw];
  },
  createTable(call) {
    const table = textIn(call.value(0));
    if (table === null) return 'lost';
    const columns = part(call.value(1), 'columns') ?? call.value(1);
    const own = isShape(columns) ? [...columns.of].flatMap(([name, value]) => columnOf(name, value) ?? []) : [];
    return [
      `CREATE TABLE IF NOT EXISTS "${table}" (${own.map(columnSql).join(', ')})`,
      ...own.flatMap((column) => keyOf(table, column)),
    ];
  },
  dropTable: (call) => onTable(call, (table) => [`DROP TABLE "${table}"`]),
  renameTable: (call) =>
    onTable(call, (table) => {
      const to = textIn(call.value(1));
      return to === null ? [] : [`ALTER TABLE "${table}" RENAME TO "${to}"`];
    }),
  addColumn: (call) =>
    onColumn(call, (table, name) => {
      const column = columnOf(name, call.value(2));
      return column
        ? [`ALTER TABLE "${table}" ADD COLUMN ${columnSql({ ...column, references: null })}`, ...keyOf(table, column)]
        : [];
    }),
  removeColumn: (call) => onColumn(call, (table, name) => [`ALTER TABLE "${table}" DROP COLUMN "${name}"`]),
  renameColumn: (call) =>
    onColumn(call, (table, name) => {
      const to = textIn(call.value(2));
      return to === null ? [] : [`ALTER TABLE "${table}" RENAME COLUMN "${name}" TO "${to}"`];
    }),
  changeColumn: (call) => onColumn(call, (table, name) => changed(table, name, call.value(2))),
  addIndex: (call) =>
    onTable(call, (table) => {
      const [name, columns] = [textIn(call.value(1)), textsIn(call.value(2))];
      const unique = call.value(3) === true ? 'UNIQUE ' : '';
      return name === null || columns === null
        ? []
        : [`CREATE ${unique}INDEX "${name}" ON "${table}" (${quotedList(columns)})`];
    }),
  removeIndex: (call) => {
    const name = textIn(call.value(1)) ?? textIn(call.value(0));
    return name === null ? [] : [`DROP INDEX "${name}"`];
  },
  addForeignKey: (call) =>
    onTable(call, (table) => {
      const [other, name, mapping] = [textIn(call.value(1)), textIn(call.value(2)), call.value(3)];
      if (other === null || name === null || !isShape(mapping)) return [];
      const [own, theirs] = [[...mapping.of.keys()], [...mapping.of.values()].flatMap((one) => textIn(one) ?? [])];
      return [
        `ALTER TABLE "${table}" ADD CONSTRAINT "${name}" FOREIGN KEY (${quotedList(own)}) REFERENCES "${other}" (${quotedList(theirs)})`,
      ];
    }),
  removeForeignKey: (call) => onColumn(call, (table, name) => [`ALTER TABLE "${table}" DROP CONSTRAINT "${name}"`]),
};

function onTable(call: Call, told: (table: string) => Told): Told {
  const table = textIn(call.value(0));
  return table === null ? [] : told(table);
}

const onColumn = (call: Call, told: (table: string, column: string) => Told): Told =>
  onTable(call, (table) => {
    const name = textIn(call.value(1));
    return name === null ? [] : told(table, name);
  });

const types: Readonly<Record<string, string>> = {
  string: 'VARCHAR',
  int: 'INTEGER',
  datetime: 'TIMESTAMP',
  blob: 'BYTEA',
  real: 'REAL',
};

function columnOf(name: string, value: Value): Described | null {
  const type = textIn(value) ?? textIn(part(value, 'type'));
  if (type === null || (isShape(value) && value.open)) return null;
  const isCounted = part(value, 'autoIncrement') === true;
  const length = part(value, 'length');
  const special = textIn(part(part(value, 'defaultValue'), 'special'));
  const key = part(value, 'foreignKey');
  const table = textIn(part(key, 'table'));
  const mapping = part(key, 'mapping');
  return {
    name,
    type: isCounted
      ? /big/i.test(type)
        ? 'BIGSERIAL'
        : 'SERIAL'
      : `${pick(types, type.toLowerCase()) ?? type}${typeof length === 'number' ? `(${length})` : ''}`,
    notNull: part(value, 'notNull') === true,
    default: special === null ? defaultSql(part(value, 'defaultValue')) : special,
    unique: part(value, 'unique') === true,
    primary: part(value, 'primaryKey') === true,
    references: table === null ? null : `"${table}" ("${textIn(mapping) ?? 'id'}")`,
  };
}

/** A foreign key of a column is added behind it, by a statement of its own. */
const keyOf = (table: string, { name, references }: Described): string[] =>
  references ? [`ALTER TABLE "${table}" ADD FOREIGN KEY ("${name}") REFERENCES ${references}`] : [];

function changed(table: string, name: string, value: Value): Told {
  if (!isShape(value) || value.open) return [];
  const alter = `ALTER TABLE "${table}" ALTER COLUMN "${name}"`;
  const column = columnOf(name, value);
  const unique = part(value, 'unique');
  return [
    { sql: `${alter} ${part(value, 'notNull') === true ? 'SET' : 'DROP'} NOT NULL`, restates: true },
    ...(unique === true ? [`ALTER TABLE "${table}" ADD UNIQUE ("${name}")`] : []),
    ...(column ? [{ sql: `${alter} TYPE ${column.type}`, restates: true as const }] : []),
  ];
}
