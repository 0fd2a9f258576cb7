import { type Syntax, walk } from '../../../text/syntax.ts';
import { bodyOf, chainOf, isChainEnd, type Link } from './chain.ts';
import { columnSql } from './definition.ts';
import { rowsWritten } from './knex-rows.ts';
import { columnsBy, otherEnd } from './knex-types.ts';
import { type Call, pick, quoted, quotedList, type Reader, type Standing, type Told } from './piece.ts';
import { type Raw, rawSql } from './raw.ts';
import { isList, part, textIn, textsIn, type Value } from './value.ts';

/** What Knex runs on PostgreSQL: `knex.schema.…`, `knex.raw`, `knex('users').update(…)`. */
export const knex: Reader = (call) => {
  const { source, node } = call;
  if (!isChainEnd(source, node)) return null;
  const { root, links } = chainOf(source, node);
  const schema = textIn(links.find(({ name }) => name === 'withSchema')?.value(0));
  const prefix = schema === null || schema === 'public' ? '' : `${schema}.`;
  const told = links.flatMap((link): Told[] => {
    const read = pick(methods, link.name);
    return read ? [read(call, link, prefix)] : [];
  });
  if (told.includes('lost')) return 'lost';
  if (told.length > 0) return told.flatMap((one) => (one === 'lost' ? [] : one));
  return rowsWritten(call, root, links);
};

const methods: Readonly<Record<string, (call: Call, link: Link, prefix: string) => Told>> = {
  raw: (call, link) => {
    const raw = link.args[0] ? rawSql(call.source, link.args[0]) : null;
    return raw === null ? [] : [link.args[1] ? filled(raw, link.value(1)) : raw];
  },
  createTable: (call, link, prefix) => table(call, link, prefix, ''),
  createTableIfNotExists: (call, link, prefix) => table(call, link, prefix, 'IF NOT EXISTS '),
  createTableLike: (_, link, prefix) => {
    const name = textIn(link.value(0));
    return name === null ? 'lost' : [`CREATE TABLE ${quoted(prefix + name)} ()`];
  },
  alterTable: altered,
  table: altered,
  dropTable: (_, link, prefix) => onTable(link, prefix, (name) => [`DROP TABLE ${name}`]),
  dropTableIfExists: (_, link, prefix) => onTable(link, prefix, (name) => [`DROP TABLE IF EXISTS ${name}`]),
  renameTable: (_, link, prefix) =>
    onTable(link, prefix, (name) => {
      const to = textIn(link.value(1));
      return to === null ? [] : [`ALTER TABLE ${name} RENAME TO "${to.split('.').at(-1)}"`];
    }),
};

function onTable(link: Link, prefix: string, told: (name: string) => Told): Told {
  const name = textIn(link.value(0));
  return name === null ? [] : told(quoted(prefix + name));
}

/** `??` are names, `?` are values. */
function filled({ sql, spans }: Raw, bindings: Value): Raw {
  const values = isList(bindings) ? bindings : null;
  if (!/(?<!\\)\?/.test(sql)) return { sql, spans };
  let at = 0;
  const text = sql.replace(/\\\?|\?\??/g, (mark) => {
    if (mark === '\\?') return '?';
    const value = values?.[at++];
    return mark === '?' ? `$${at}` : typeof value === 'string' ? quoted(value) : 'bs_hole';
  });
  return { sql: text, spans: [] };
}

/** The chains on a table builder's parameter: `t.string('a').notNullable()`, in order. */
function chainsIn(call: Call, link: Link): Link[][] {
  const callback = bodyOf(link.args.at(-1));
  const chains: Link[][] = [];
  if (callback)
    walk(callback.body, (node) => {
      if (node.type === 'IfStatement') return 'skip';
      if (node.type !== 'CallExpression' || !isChainEnd(call.source, node)) return undefined;
      const { root, links } = chainOf(call.source, node);
      const isOwn = root.type === 'ThisExpression' || (root.type === 'Identifier' && root.name === callback.parameter);
      if (!isOwn || links.length === 0) return undefined;
      chains.push(links);
      return 'skip';
    });
  return chains;
}

function table(call: Call, link: Link, prefix: string, exists: string): Told {
  const name = textIn(link.value(0));
  if (name === null) return 'lost';
  const at = quoted(prefix + name);
  const chains = chainsIn(call, link);
  const columns = chains.flatMap(([first, ...more]) => (first ? columnsBy(first, more, name) : []));
  const bare = columns.map((column) => columnSql({ ...column, unique: false, references: null }));
  return [`CREATE TABLE ${exists}${at} (${bare.join(', ')})`, ...chains.flatMap((links) => others(at, links, name))];
}

/** ALTER TABLE: Knex adds all columns first, then alters, then does the rest, each alone. */
function altered(call: Call, link: Link, prefix: string): Told {
  const name = textIn(link.value(0));
  if (name === null || link.args.length < 2) return [];
  const at = quoted(prefix + name);
  const chains = chainsIn(call, link);
  const isAltered = (links: readonly Link[]): boolean => links.some((one) => one.name === 'alter');
  const placed = (links: readonly Link[], told: Told): Told =>
    told === 'lost' ? told : told.map((one) => standing(one, links.at(-1)?.node));
  const added = chains.filter((links) => !isAltered(links));
  return [
    ...added.map((links) => placed(links, addedBy(at, links, name))),
    ...chains.filter(isAltered).map((links) => placed(links, changedBy(at, links, name))),
    ...added.map((links) => placed(links, others(at, links, name))),
  ].flatMap((one) => (one === 'lost' ? [] : one));
}

/** SQL that stands for one chain of many: its place is that chain's. */
const standing = (one: string | Raw | Standing, node: Syntax | undefined): string | Raw | Standing =>
  !node || (typeof one !== 'string' && 'spans' in one)
    ? one
    : { ...(typeof one === 'string' ? { sql: one } : one), at: node };

const addedBy = (at: string, [first, ...more]: readonly Link[], table: string): Told =>
  first
    ? columnsBy(first, more, table).map(
        (column) => `ALTER TABLE ${at} ADD COLUMN ${columnSql({ ...column, unique: false, references: null })}`,
      )
    : [];

function changedBy(at: string, [first, ...more]: readonly Link[], table: string): Told {
  const [column] = first ? columnsBy(first, more, table) : [];
  if (!column) return [];
  const alter = `ALTER TABLE ${at} ALTER COLUMN "${column.name}"`;
  const options = more.find(({ name }) => name === 'alter')?.value(0);
  const nulls = part(options, 'alterNullable') !== false;
  return [
    ...(nulls ? [`${alter} DROP NOT NULL`] : []),
    ...(part(options, 'alterType') === false
      ? []
      : [{ sql: `${alter} TYPE ${column.type} USING ("${column.name}"::${column.type})`, restates: true as const }]),
    ...(column.default ? [`${alter} SET DEFAULT ${column.default}`] : []),
    ...(nulls && column.notNull ? [`${alter} SET NOT NULL`] : []),
  ];
}

/** What a chain does beside adding a column: constraints, indexes, drops. */
function others(at: string, links: readonly Link[], table: string): readonly string[] {
  const [first, ...more] = links;
  if (!first) return [];
  const told = pick(tableMethods, first.name);
  if (told) return told(at, first, more, table);
  const [column] = columnsBy(first, more, table);
  if (!column) return [];
  return [
    ...(column.unique ? [`ALTER TABLE ${at} ADD UNIQUE ("${column.name}")`] : []),
    ...(column.references
      ? [`ALTER TABLE ${at} ADD FOREIGN KEY ("${column.name}") REFERENCES ${column.references}`]
      : []),
    ...(more.some(({ name }) => name === 'index') ? [`CREATE INDEX ON ${at} ("${column.name}")`] : []),
  ];
}

type TableMethod = (at: string, link: Link, more: readonly Link[], table: string) => readonly string[];

const drops: TableMethod = (at, link) =>
  link.args
    .flatMap((_, index) => textsIn(link.value(index)) ?? [])
    .map((name) => `ALTER TABLE ${at} DROP COLUMN "${name}"`);

const nameFor = (link: Link, table: string, end: string): string => {
  const given = link.value(1);
  const name = textIn(given) ?? textIn(part(given, 'indexName'));
  const columns = textsIn(link.value(0)) ?? [];
  return name ?? [table, ...columns, end].join('_').toLowerCase().replace(/[^\w]/g, '_');
};

const tableMethods: Readonly<Record<string, TableMethod>> = {
  dropColumn: drops,
  dropColumns: drops,
  dropTimestamps: (at) => ['created_at', 'updated_at'].map((name) => `ALTER TABLE ${at} DROP COLUMN "${name}"`),
  renameColumn: (at, link) => {
    const [from, to] = [textIn(link.value(0)), textIn(link.value(1))];
    return from === null || to === null ? [] : [`ALTER TABLE ${at} RENAME COLUMN "${from}" TO "${to}"`];
  },
  unique: (at, link, _, table) => {
    const columns = textsIn(link.value(0));
    if (columns === null) return [];
    const isIndex = part(link.value(1), 'useConstraint') === false || part(link.value(1), 'predicate') !== undefined;
    const name = nameFor(link, table, 'unique');
    return isIndex
      ? [`CREATE UNIQUE INDEX "${name}" ON ${at} (${quotedList(columns)})`]
      : [`ALTER TABLE ${at} ADD CONSTRAINT "${name}" UNIQUE (${quotedList(columns)})`];
  },
  index: (at, link, _, table) => {
    const columns = textsIn(link.value(0));
    const where = part(link.value(2), 'predicate') === undefined ? '' : ' WHERE true';
    return columns === null
      ? []
      : [`CREATE INDEX "${nameFor(link, table, 'index')}" ON ${at} (${quotedList(columns)})${where}`];
  },
  primary: (at, link) => {
    const columns = textsIn(link.value(0));
    return columns === null ? [] : [`ALTER TABLE ${at} ADD PRIMARY KEY (${quotedList(columns)})`];
  },
  foreign: (at, link, more) => {
    const columns = textsIn(link.value(0));
    const other = otherEnd(more);
    return columns === null || other === null
      ? []
      : [`ALTER TABLE ${at} ADD FOREIGN KEY (${quotedList(columns)}) REFERENCES ${other}`];
  },
  check: (at) => [`ALTER TABLE ${at} ADD CHECK (true)`],
  dropIndex: (_, link, __, table) => [`DROP INDEX "${nameFor(link, table, 'index')}"`],
  dropUnique: (at, link, _, table) => [`ALTER TABLE ${at} DROP CONSTRAINT "${nameFor(link, table, 'unique')}"`],
  dropForeign: (at, link, _, table) => [`ALTER TABLE ${at} DROP CONSTRAINT "${nameFor(link, table, 'foreign')}"`],
  dropPrimary: (at, link, _, table) => [
    `ALTER TABLE ${at} DROP CONSTRAINT "${textIn(link.value(0)) ?? `${table}_pkey`}"`,
  ],
  setNullable: (at, link) => nullable(at, link, 'DROP'),
  dropNullable: (at, link) => nullable(at, link, 'SET'),
};

const nullable = (at: string, link: Link, action: string): string[] => {
  const name = textIn(link.value(0));
  return name === null ? [] : [`ALTER TABLE ${at} ALTER COLUMN "${name}" ${action} NOT NULL`];
};
