import { columnSql, type Described, referenceSql } from './definition.ts';
import { type Call, pick, quoted, quotedList, type Reader, type Told } from './piece.ts';
import { rawSql } from './raw.ts';
import { isList, isShape, isWord, part, textIn, textsIn, type Value } from './value.ts';

/** What TypeORM’s QueryRunner runs on PostgreSQL. */
export const typeorm: Reader = (call) => {
  if (call.method === 'query') {
    const raw = call.args[0] ? rawSql(call.source, call.args[0]) : null;
    return raw === null ? null : [raw];
  }
  if (call.method === 'startTransaction') return ['BEGIN'];
  if (call.method === 'commitTransaction' || call.method === 'rollbackTransaction') return ['COMMIT'];
  return pick(methods, call.method)?.(call) ?? null;
};

const methods: Readonly<Record<string, (call: Call) => Told>> = {
  createTable(call) {
    const table = made(call.value(0));
    const name = textIn(part(table, 'name'));
    if (name === null) return 'lost';
    const columns = listed(part(table, 'columns')).flatMap((one) => columnOf(one) ?? []);
    return [
      `CREATE TABLE ${quoted(name)} (${columns.map(columnSql).join(', ')})`,
      ...listed(part(table, 'indices')).flatMap((one) => index(name, one)),
    ];
  },
  dropTable: (call) => onTable(call, (table) => [`DROP TABLE ${quoted(table)}`]),
  renameTable: (call) =>
    onTable(call, (table) => {
      const to = textIn(call.value(1));
      return to === null ? [] : [`ALTER TABLE ${quoted(table)} RENAME TO "${to.split('.').at(-1)}"`];
    }),
  addColumn: (call) => onTable(call, (table) => added(table, [call.value(1)])),
  addColumns: (call) => onTable(call, (table) => added(table, listed(call.value(1)))),
  dropColumn: (call) => onTable(call, (table) => dropped(table, [call.value(1)])),
  dropColumns: (call) => onTable(call, (table) => dropped(table, listed(call.value(1)))),
  renameColumn: (call) =>
    onTable(call, (table) => {
      const [from, to] = [nameOf(call.value(1)), nameOf(call.value(2))];
      return from === null || to === null ? [] : [`ALTER TABLE ${quoted(table)} RENAME COLUMN "${from}" TO "${to}"`];
    }),
  changeColumn: (call) => onTable(call, (table) => changed(table, call.value(1), call.value(2))),
  createIndex: (call) => onTable(call, (table) => index(table, call.value(1))),
  createIndices: (call) => onTable(call, (table) => listed(call.value(1)).flatMap((one) => index(table, one))),
  dropIndex: (call) =>
    onTable(call, (table) => {
      const name = nameOf(call.value(1));
      const schema = table.includes('.') ? `${table.split('.')[0]}.` : '';
      return name === null ? [] : [`DROP INDEX ${quoted(`${schema}${name}`)}`];
    }),
  createForeignKey: (call) => onTable(call, (table) => foreignKey(table, call.value(1))),
  createForeignKeys: (call) => onTable(call, (table) => listed(call.value(1)).flatMap((one) => foreignKey(table, one))),
  createUniqueConstraint: (call) =>
    onTable(call, (table) => {
      const columns = textsIn(part(made(call.value(1)), 'columnNames'));
      return columns === null ? [] : [`ALTER TABLE ${quoted(table)} ADD UNIQUE (${quotedList(columns)})`];
    }),
  createPrimaryKey: (call) =>
    onTable(call, (table) => {
      const columns = textsIn(call.value(1));
      return columns === null ? [] : [`ALTER TABLE ${quoted(table)} ADD PRIMARY KEY (${quotedList(columns)})`];
    }),
  createCheckConstraint: (call) =>
    onTable(call, (table) => {
      const { name, expression } = {
        name: nameOf(call.value(1)),
        expression: textIn(part(made(call.value(1)), 'expression')),
      };
      return expression === null
        ? []
        : [`ALTER TABLE ${quoted(table)} ADD ${name === null ? '' : `CONSTRAINT "${name}" `}CHECK (${expression})`];
    }),
  clearTable: (call) => onTable(call, (table) => [`TRUNCATE TABLE ${quoted(table)}`]),
};

function onTable(call: Call, told: (table: string) => Told): Told {
  const table = nameOf(call.value(0));
  return table === null ? [] : told(table);
}

/** What `new TableColumn({…})` is made of, or the object itself. */
const made = (value: Value): Value => (isWord(value) ? value.args?.[0] : value);

/** A name, or the name of what is described. */
const nameOf = (value: Value): string | null => textIn(value) ?? textIn(part(made(value), 'name'));

const listed = (value: Value): readonly Value[] => (isList(value) ? value : []);

const added = (table: string, columns: readonly Value[]): string[] =>
  columns.flatMap((value) => {
    const column = columnOf(value);
    return column ? [`ALTER TABLE ${quoted(table)} ADD ${columnSql(column)}`] : [];
  });

const dropped = (table: string, columns: readonly Value[]): string[] =>
  columns.flatMap((value) => {
    const name = nameOf(value);
    return name === null ? [] : [`ALTER TABLE ${quoted(table)} DROP COLUMN "${name}"`];
  });

/** TypeORM drops a column and adds it anew where its type is another. */
function changed(table: string, old: Value, now: Value): Told {
  const [from, to] = [isWord(old) || isShape(old) ? columnOf(old) : null, columnOf(now)];
  if (!to) return [];
  const alter = `ALTER TABLE ${quoted(table)}`;
  if (from && from.type !== to.type) return [`${alter} DROP COLUMN "${from.name}"`, `${alter} ADD ${columnSql(to)}`];
  const name = from?.name ?? textIn(old) ?? to.name;
  return [
    ...(name === to.name ? [] : [`${alter} RENAME COLUMN "${name}" TO "${to.name}"`]),
    { sql: `${alter} ALTER COLUMN "${to.name}" ${to.notNull ? 'SET' : 'DROP'} NOT NULL`, restates: true },
  ];
}

const counted: Readonly<Record<string, string>> = {
  int2: 'smallserial',
  smallint: 'smallserial',
  int8: 'bigserial',
  bigint: 'bigserial',
};

function columnOf(value: Value): Described | null {
  const options = made(value);
  const [name, type] = [textIn(part(options, 'name')), textIn(part(options, 'type'))];
  if (!isShape(options) || options.open || name === null || type === null) return null;
  const generation = textIn(part(options, 'generationStrategy'));
  const isCounted = part(options, 'isGenerated') === true && generation !== 'uuid';
  const length = part(options, 'length');
  const size = length === undefined || length === '' ? precision(options) : `(${String(length)})`;
  return {
    name,
    type: isCounted
      ? (pick(counted, type) ?? 'serial')
      : type === 'enum' || type === 'simple-enum'
        ? `"${name}_enum"`
        : `${type}${size}${part(options, 'isArray') === true ? '[]' : ''}`,
    notNull: part(options, 'isNullable') !== true,
    default: generation === 'uuid' ? 'uuid_generate_v4()' : defaultOf(part(options, 'default')),
    unique: part(options, 'isUnique') === true,
    primary: part(options, 'isPrimary') === true,
  };
}

function precision(options: Value): string {
  const [digits, scale] = [part(options, 'precision'), part(options, 'scale')];
  if (typeof digits !== 'number') return '';
  return typeof scale === 'number' ? `(${digits}, ${scale})` : `(${digits})`;
}

/** TypeORM takes a default as SQL. */
function defaultOf(value: Value): string | null {
  if (value === undefined || value === null) return null;
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : "'?'";
}

function index(table: string, value: Value): string[] {
  const options = made(value);
  const columns = textsIn(part(options, 'columnNames'));
  if (columns === null) return [];
  const [name, where] = [textIn(part(options, 'name')), textIn(part(options, 'where'))];
  const unique = part(options, 'isUnique') === true ? 'UNIQUE ' : '';
  const concurrently = part(options, 'isConcurrent') === true ? 'CONCURRENTLY ' : '';
  return [
    `CREATE ${unique}INDEX ${concurrently}${name === null ? '' : `"${name}" `}ON ${quoted(table)} (${quotedList(columns)})${where === null ? '' : ` WHERE ${where}`}`,
  ];
}

function foreignKey(table: string, value: Value): string[] {
  const options = made(value);
  const columns = textsIn(part(options, 'columnNames'));
  const other = referenceSql(
    part(options, 'referencedTableName'),
    textsIn(part(options, 'referencedColumnNames'))?.[0],
  );
  if (columns === null || other === null) return [];
  const name = textIn(part(options, 'name'));
  const called = name === null ? '' : `CONSTRAINT "${name}" `;
  return [`ALTER TABLE ${quoted(table)} ADD ${called}FOREIGN KEY (${quotedList(columns)}) REFERENCES ${other}`];
}
