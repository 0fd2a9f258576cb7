import { columnSql, type Described, defaultSql, tableIn } from './definition.ts';
import { type Call, pick, quotedList, type Reader, type Told } from './piece.ts';
import { hole, rawSql } from './raw.ts';
import { condition } from './rows.ts';
import { isList, isShape, isWord, part, textIn, textsIn, unknown, type Value } from './value.ts';

/** What Sequelize’s queryInterface runs on PostgreSQL. */
export const sequelize: Reader = (call) => {
  const read = pick(methods, call.method);
  if (call.method === 'query') {
    const raw = call.args[0] ? rawSql(call.source, call.args[0]) : null;
    return raw === null ? null : [raw];
  }
  return read ? read(call) : null;
};

const methods: Readonly<Record<string, (call: Call) => Told>> = {
  createTable(call) {
    const table = tableOf(call.value(0));
    if (table === null) return 'lost';
    const columns = described(call.value(1), table);
    return [`CREATE TABLE ${table} (${columns.map(columnSql).join(', ')})`];
  },
  dropTable: (call) => onTable(call, (table) => [`DROP TABLE IF EXISTS ${table}`]),
  renameTable: (call) =>
    onTable(call, (table) => {
      const to = tableOf(call.value(1));
      return to === null ? [] : [`ALTER TABLE ${table} RENAME TO ${to.split('.').at(-1)}`];
    }),
  addColumn: (call) =>
    onColumn(call, (table, name) => {
      const column = columnOf(name, call.value(2), table);
      return column ? [`ALTER TABLE ${table} ADD COLUMN ${columnSql(column)}`] : [];
    }),
  removeColumn: (call) => onColumn(call, (table, name) => [`ALTER TABLE ${table} DROP COLUMN "${name}"`]),
  renameColumn: (call) =>
    onColumn(call, (table, name) => {
      const to = textIn(call.value(2));
      return to === null ? [] : [`ALTER TABLE ${table} RENAME COLUMN "${name}" TO "${to}"`];
    }),
  changeColumn: (call) => onColumn(call, (table, name) => changed(table, columnOf(name, call.value(2), table))),
  addIndex: (call) => onTable(call, (table) => index(call, table)),
  removeIndex: (call) =>
    onTable(call, (table) => {
      const name = textIn(call.value(1)) ?? indexName(table, textsIn(call.value(1)));
      const concurrently = part(call.value(2), 'concurrently') === true ? 'CONCURRENTLY ' : '';
      return [`DROP INDEX ${concurrently}IF EXISTS "${name ?? hole}"`];
    }),
  addConstraint: (call) => onTable(call, (table) => constraint(call, table)),
  removeConstraint: (call) =>
    onTable(call, (table) => {
      const name = textIn(call.value(1));
      return name === null ? [] : [`ALTER TABLE ${table} DROP CONSTRAINT "${name}"`];
    }),
  bulkUpdate: (call) =>
    onTable(call, (table) => {
      const [set, where] = [call.value(1), condition(call.value(2))];
      if (!isShape(set) || where === null) return [];
      const written = [...set.of.keys()].map((name) => `"${name}" = ${defaultSql(set.of.get(name)) ?? 'NULL'}`);
      return written.length === 0 ? [] : [`UPDATE ${table} SET ${written.join(', ')}${where}`];
    }),
  bulkDelete: (call) =>
    onTable(call, (table) => {
      const where = condition(call.value(1));
      return where === null ? [] : [`DELETE FROM ${table}${where}`];
    }),
};

/** A table by its name, or by { tableName, schema }; null where it is not known. */
const tableOf = (value: Value): string | null => tableIn(value, 'tableName');

function onTable(call: Call, told: (table: string) => Told): Told {
  const table = tableOf(call.value(0));
  return table === null ? [] : told(table);
}

const onColumn = (call: Call, told: (table: string, column: string) => Told): Told =>
  onTable(call, (table) => {
    const name = textIn(call.value(1));
    return name === null ? [] : told(table, name);
  });

const described = (columns: Value, table: string): Described[] =>
  isShape(columns)
    ? [...columns.of].flatMap(([name, value]) => columnOf(textIn(part(value, 'field')) ?? name, value, table) ?? [])
    : [];

/** A column by its attributes, or by its type alone. Null where its type is not known. */
function columnOf(name: string, value: Value, table: string): Described | null {
  const attributes = isShape(value) && !value.open ? value : null;
  const type = typeSql(attributes ? part(attributes, 'type') : value, name, table);
  if (type === null) return null;
  if (!attributes) return { name, type };
  const counted = part(attributes, 'autoIncrement') === true;
  const value_ = part(attributes, 'defaultValue');
  return {
    name,
    type: counted ? (type === 'BIGINT' ? 'BIGSERIAL' : 'SERIAL') : type,
    notNull: part(attributes, 'allowNull') === false,
    default: counted ? null : defaultSql(value_),
    unique: [part(attributes, 'unique')].some((one) => one === true || typeof one === 'string'),
    primary: part(attributes, 'primaryKey') === true,
    references: otherEnd(part(attributes, 'references')),
  };
}

function otherEnd(references: Value): string | null {
  const model = part(references, 'model') ?? part(references, 'table');
  const table = tableOf(model ?? references);
  return table === null
    ? null
    : `${table} ("${textIn(part(references, 'key')) ?? textIn(part(references, 'field')) ?? 'id'}")`;
}

const plain: Readonly<Record<string, string>> = {
  STRING: 'VARCHAR(255)',
  CHAR: 'CHAR(255)',
  TEXT: 'TEXT',
  CITEXT: 'CITEXT',
  TSVECTOR: 'TSVECTOR',
  TINYINT: 'SMALLINT',
  SMALLINT: 'SMALLINT',
  MEDIUMINT: 'INTEGER',
  INTEGER: 'INTEGER',
  NUMBER: 'NUMERIC',
  BIGINT: 'BIGINT',
  FLOAT: 'FLOAT',
  REAL: 'REAL',
  DOUBLE: 'DOUBLE PRECISION',
  DECIMAL: 'DECIMAL',
  NUMERIC: 'DECIMAL',
  BOOLEAN: 'BOOLEAN',
  DATE: 'TIMESTAMP WITH TIME ZONE',
  DATEONLY: 'DATE',
  TIME: 'TIME',
  NOW: 'TIMESTAMP WITH TIME ZONE',
  JSON: 'JSON',
  JSONB: 'JSONB',
  UUID: 'UUID',
  UUIDV1: 'UUID',
  UUIDV4: 'UUID',
  BLOB: 'BYTEA',
  INET: 'INET',
  CIDR: 'CIDR',
  MACADDR: 'MACADDR',
  HSTORE: 'HSTORE',
};

function typeSql(type: Value, name: string, table: string): string | null {
  if (typeof type === 'string') return type;
  if (!isWord(type)) return null;
  const args = (type.args ?? []).filter((one) => typeof one === 'number');
  if (type.word === 'ARRAY') {
    const inner = typeSql(type.args?.[0], name, table);
    return inner === null ? null : `${inner}[]`;
  }
  if (type.word === 'ENUM') return `"enum_${table.replaceAll('"', '')}_${name}"`;
  const base = pick(plain, type.word);
  if (base === undefined) return null;
  const sized = /^(STRING|CHAR|DECIMAL|NUMERIC|DATE|TIME)$/.test(type.word) && args.length > 0;
  return sized ? base.replace(/^(\w+)(\(\d+\))?/, `$1(${args.join(', ')})`) : base;
}

/** changeColumn sets all of a column anew, whatever of it is another. */
function changed(table: string, column: Described | null): Told {
  if (!column) return [];
  const alter = `ALTER TABLE ${table} ALTER COLUMN "${column.name}"`;
  const nulls = column.notNull ? ['SET NOT NULL'] : column.references ? [] : ['DROP NOT NULL'];
  return [
    ...nulls.map((action) => ({ sql: `${alter} ${action}`, restates: true as const })),
    ...(column.default ? [`${alter} SET DEFAULT ${column.default}`] : []),
    ...(column.unique ? [`ALTER TABLE ${table} ADD UNIQUE ("${column.name}")`] : []),
    column.references
      ? `ALTER TABLE ${table} ADD FOREIGN KEY ("${column.name}") REFERENCES ${column.references}`
      : { sql: `${alter} TYPE ${column.type}`, restates: true },
  ];
}

/** The name that Sequelize gives an index: table and columns, small and with underscores. */
const indexName = (table: string, columns: readonly string[] | null): string | null =>
  columns &&
  [table.replace(/^.*\.|"/g, '').replaceAll('"', ''), ...columns]
    .join('_')
    .replace(/([a-z\d])([A-Z])/g, '$1_$2')
    .toLowerCase();

function index(call: Call, table: string): Told {
  const isListed = isList(call.value(1)) || typeof call.value(1) === 'string';
  const options = call.value(isListed ? 2 : 1);
  const fields = isListed ? call.value(1) : (part(options, 'fields') ?? unknown);
  const name = textIn(part(options, 'name')) ?? textIn(part(options, 'indexName'));
  const using = textIn(part(options, 'using')) ?? textIn(part(options, 'method'));
  const isUnique = part(options, 'unique') === true || textIn(part(options, 'type'))?.toUpperCase() === 'UNIQUE';
  const columns = (isList(fields) ? fields : [fields]).map((field) => {
    const column = textIn(field) ?? textIn(part(field, 'name')) ?? textIn(part(field, 'attribute'));
    return column === null ? `(${hole})` : `"${column}"`;
  });
  const own = name ?? indexName(table, textsIn(fields));
  return [
    [
      `CREATE ${isUnique ? 'UNIQUE ' : ''}INDEX ${part(options, 'concurrently') === true ? 'CONCURRENTLY ' : ''}`,
      own === null ? '' : `"${own}" `,
      `ON ${table} ${using === null ? '' : `USING ${using} `}(${columns.join(', ').replaceAll(hole, 'NULL')})`,
      part(options, 'where') === undefined ? '' : ' WHERE true',
    ].join(''),
  ];
}

function constraint(call: Call, table: string): Told {
  const isListed = isList(call.value(1));
  const options = call.value(isListed ? 2 : 1);
  const fields = textsIn(isListed ? call.value(1) : part(options, 'fields'));
  const name = textIn(part(options, 'name'));
  const add = `ALTER TABLE ${table} ADD ${name === null ? '' : `CONSTRAINT "${name}" `}`;
  switch (textIn(part(options, 'type'))?.toLowerCase()) {
    case 'unique':
      return fields === null ? [] : [`${add}UNIQUE (${quotedList(fields)})`];
    case 'primary key':
      return fields === null ? [] : [`${add}PRIMARY KEY (${quotedList(fields)})`];
    case 'check':
      return [`${add}CHECK (true)`];
    case 'foreign key': {
      const other = otherEnd(part(options, 'references'));
      return fields === null || other === null ? [] : [`${add}FOREIGN KEY (${quotedList(fields)}) REFERENCES ${other}`];
    }
    default:
      return [];
  }
}
