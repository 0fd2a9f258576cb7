import type { Link } from './chain.ts';
import { type Described, defaultSql, referenceSql } from './definition.ts';
import { pick } from './piece.ts';
import { hole } from './raw.ts';
import { textIn, textsIn } from './value.ts';

const number = (link: Link, index: number): number | null => {
  const value = link.value(index);
  return typeof value === 'number' ? value : null;
};

/** PostgreSQL's type for a method of Knex's table builder; null where it makes no column. */
const types: Readonly<Record<string, (link: Link) => string>> = {
  increments: () => 'serial',
  bigIncrements: () => 'bigserial',
  integer: () => 'integer',
  int: () => 'integer',
  mediumint: () => 'integer',
  tinyint: () => 'smallint',
  smallint: () => 'smallint',
  bigInteger: () => 'bigint',
  bigint: () => 'bigint',
  text: () => 'text',
  string: (link) => `varchar(${number(link, 1) ?? 255})`,
  float: () => 'real',
  double: () => 'double precision',
  decimal: (link) => (link.value(1) === null ? 'decimal' : `decimal(${number(link, 1) ?? 8}, ${number(link, 2) ?? 2})`),
  boolean: () => 'boolean',
  bool: () => 'boolean',
  date: () => 'date',
  time: () => 'time',
  datetime: timestamp,
  dateTime: timestamp,
  timestamp,
  binary: () => 'bytea',
  json: () => 'json',
  jsonb: () => 'jsonb',
  uuid: () => 'uuid',
  enum: () => 'text',
  enu: () => 'text',
  specificType: (link) => textIn(link.value(1)) ?? hole,
};

function timestamp(link: Link): string {
  const options = link.value(1);
  const without =
    options === true ||
    (typeof options === 'object' && options !== null && 'of' in options && options.of.get('useTz') === false);
  return without ? 'timestamp' : 'timestamptz';
}

/** The columns that a chain on a table builder adds: `t.string('name', 40).notNullable()`. */
export function columnsBy(first: Link, more: readonly Link[], table: string): Described[] {
  if (first.name === 'timestamps') return stamps(first);
  const type = pick(types, first.name);
  const name = textIn(first.value(0)) ?? (/^(i|bigI)ncrements$/.test(first.name) ? 'id' : null);
  if (!type || name === null) return [];
  const link = (pattern: RegExp): Link | undefined => more.find((one) => pattern.test(one.name));
  const isCounted = /ncrements$/.test(first.name);
  const values = /^enum?$/.test(first.name) ? textsIn(first.value(1)) : null;
  const set = link(/^defaultTo$/);
  const nulls = [...more].reverse().find((one) => /^(notNullable|notNull|nullable)$/.test(one.name));
  const isNative = first.args.length > 2;
  return [
    {
      name,
      type: isNative && values ? `"${table}_${name}"` : type(first),
      notNull: nulls !== undefined && (nulls.name !== 'nullable' || nulls.value(0) === false),
      default: set ? defaultSql(set.value(0)) : null,
      unique: link(/^unique$/) !== undefined,
      primary: link(/^primary$/) !== undefined || (isCounted && !/alter/.test(more.map((one) => one.name).join())),
      references: otherEnd(more),
      check:
        values && !isNative
          ? `"${name}" IN (${values.map((one) => `'${one.replaceAll("'", "''")}'`).join(', ')})`
          : null,
    },
  ];
}

/** `t.timestamps(useTimestamps, defaultToNow)`, or with an object. */
function stamps(link: Link): Described[] {
  const [first, second] = [link.value(0), link.value(1)];
  const options = typeof first === 'object' && first !== null && 'of' in first ? first.of : null;
  const isDefault = second === true || options?.get('defaultToNow') === true;
  const isCamel = link.value(2) === true || options?.get('useCamelCase') === true;
  return (isCamel ? ['createdAt', 'updatedAt'] : ['created_at', 'updated_at']).map((name) => ({
    name,
    type: 'timestamptz',
    notNull: isDefault,
    default: isDefault ? 'now()' : null,
  }));
}

/** `.references('id').inTable('orgs')`, `.references('orgs.id')`. */
export function otherEnd(links: readonly Link[]): string | null {
  const columns = textsIn(links.find(({ name }) => name === 'references')?.value(0));
  const table = links.find(({ name }) => name === 'inTable' || name === 'on')?.value(0);
  if (table !== undefined) return referenceSql(table, columns?.[0]);
  const [from, column] = columns?.[0]?.split('.') ?? [];
  return column === undefined ? null : referenceSql(from, column);
}
