import { unwrap } from '../../../text/syntax.ts';
import { bodyOf, chainOf, isChainEnd, type Link } from './chain.ts';
import { columnSql, type Described, defaultSql, referenceSql } from './definition.ts';
import { type Call, pick, quoted, quotedList, type Reader, type Told } from './piece.ts';
import { rawSql } from './raw.ts';
import { isShape, isWord, textIn, textsIn, type Value } from './value.ts';

/** What Kysely’s `db.schema` runs on PostgreSQL, and what sql templates and builders of updates do. */
export const kysely: Reader = (call) => {
  const { source, node } = call;
  if (!isChainEnd(source, node)) return null;
  const on = unwrap(call.on);
  if (call.method === 'execute' && on.type === 'TaggedTemplateExpression') {
    const raw = rawSql(source, on);
    return raw === null ? [] : [raw];
  }
  const { links } = chainOf(source, node);
  if (!links.some(({ name }) => /^execute/.test(name))) return null;
  const [first, ...more] = links.filter(({ name }) => name !== 'withSchema');
  const schema = textIn(links.find(({ name }) => name === 'withSchema')?.value(0));
  const read = first && pick(starts, first.name);
  return read && first ? read(call, first, more, schema === null || schema === 'public' ? '' : `${schema}.`) : null;
};

type Start = (call: Call, first: Link, more: readonly Link[], prefix: string) => Told;

const starts: Readonly<Record<string, Start>> = {
  createTable(call, first, more, prefix) {
    const table = textIn(first.value(0));
    if (table === null) return 'lost';
    const exists = has(more, 'ifNotExists') ? 'IF NOT EXISTS ' : '';
    const columns = more.flatMap((link) => (link.name === 'addColumn' ? (columnOf(call, link) ?? []) : []));
    const at = quoted(prefix + table);
    const constraints = more.flatMap((link) => (/Constraint$/.test(link.name) ? altered(call, at, link, more) : []));
    return [`CREATE TABLE ${exists}${at} (${columns.map(columnSql).join(', ')})`, ...constraints];
  },
  dropTable: (_, first, __, prefix) => onTable(first, prefix, (table) => [`DROP TABLE ${table}`]),
  alterTable: (call, first, more, prefix) =>
    onTable(first, prefix, (table) => more.flatMap((link) => altered(call, table, link, more))),
  createIndex: (_, first, more, prefix) => {
    const [name, table] = [textIn(first.value(0)), textIn(of(more, 'on')?.value(0))];
    const columns = more.flatMap((link) => (/^columns?$/.test(link.name) ? (textsIn(link.value(0)) ?? []) : []));
    if (name === null || table === null) return [];
    const using = textIn(of(more, 'using')?.value(0));
    const listed = columns.length === 0 ? '(NULL)' : quotedList(columns.map((one) => one.split(' ')[0] ?? one));
    return [
      `CREATE ${has(more, 'unique') ? 'UNIQUE ' : ''}INDEX ${has(more, 'concurrently') ? 'CONCURRENTLY ' : ''}${has(more, 'ifNotExists') ? 'IF NOT EXISTS ' : ''}"${name}" ON ${quoted(prefix + table)}${using === null ? '' : ` USING ${using}`} (${listed})${has(more, 'where') ? ' WHERE true' : ''}`,
    ];
  },
  // What it selects is for nobody here; that it is new tells of its indexes.
  createView: (_, first, more, prefix) =>
    onTable(first, prefix, (view) => [
      `CREATE ${has(more, 'materialized') ? 'MATERIALIZED ' : has(more, 'orReplace') ? 'OR REPLACE ' : ''}VIEW ${view} AS SELECT 1`,
    ]),
  dropIndex: (_, first, more) => {
    const name = textIn(first.value(0));
    return name === null ? [] : [`DROP INDEX ${has(more, 'concurrently') ? 'CONCURRENTLY ' : ''}"${name}"`];
  },
  updateTable: (_, first, more) => {
    const [table, where] = [textIn(first.value(0)), wheres(more)];
    const set = of(more, 'set')?.value(0);
    if (table === null || where === null || !isShape(set)) return [];
    const written = [...set.of].map(
      ([name, value]) => `"${name}" = ${isWord(value) ? 'computed()' : (defaultSql(value) ?? 'NULL')}`,
    );
    return written.length === 0 ? [] : [`UPDATE ${quoted(table)} SET ${written.join(', ')}${where}`];
  },
  deleteFrom: (_, first, more) => {
    const [table, where] = [textIn(first.value(0)), wheres(more)];
    return table === null || where === null ? [] : [`DELETE FROM ${quoted(table)}${where}`];
  },
};

const of = (links: readonly Link[], name: string): Link | undefined => links.find((link) => link.name === name);
const has = (links: readonly Link[], name: string): boolean => of(links, name) !== undefined;

function onTable(first: Link, prefix: string, told: (table: string) => Told): Told {
  const table = textIn(first.value(0));
  return table === null ? [] : told(quoted(prefix + table));
}

/** ` WHERE …` of where('column', '=', value) calls; null where one is anything else. */
function wheres(links: readonly Link[]): string | null {
  const parts = links.flatMap((link): (string | null)[] => {
    if (/^(innerJoin|leftJoin|from|using|orderBy|limit)$/.test(link.name)) return [null];
    if (link.name !== 'where') return [];
    const [column, sign, value] = [textIn(link.value(0)), textIn(link.value(1)), link.value(2)];
    if (column === null || sign === null || !/^(=|<>|!=|<|>|<=|>=|is|is not|in)$/i.test(sign)) return [null];
    return [`"${column}" ${sign} ${sign === 'in' ? "('?')" : (defaultSql(value) ?? 'NULL')}`];
  });
  if (parts.includes(null)) return null;
  return parts.length === 0 ? '' : ` WHERE ${parts.join(' AND ')}`;
}

/** A column: its name, its type and the builder's callback. */
function columnOf(call: Call, link: Link): Described | null {
  const [name, type] = [textIn(link.value(0)), typeOf(link.value(1))];
  if (name === null || type === null) return null;
  const callback = bodyOf(link.args[2]);
  const links = callback ? chainOf(call.source, callback.body).links : [];
  const reference = textIn(of(links, 'references')?.value(0))?.split('.');
  const column = reference?.pop();
  const set = of(links, 'defaultTo');
  return {
    name,
    type: `${type}${links.some((one) => /^generated\w*AsIdentity$/.test(one.name)) ? ' GENERATED BY DEFAULT AS IDENTITY' : ''}`,
    notNull: has(links, 'notNull'),
    default: set ? defaultSql(set.value(0)) : null,
    unique: has(links, 'unique'),
    primary: has(links, 'primaryKey'),
    references: reference && reference.length > 0 ? referenceSql(reference.join('.'), column) : null,
    check: has(links, 'check') ? 'true' : null,
  };
}

const typeOf = (value: Value): string | null =>
  textIn(value) ?? (isWord(value) && value.word === 'sql' ? textIn(value.args?.[0]) : null);

function altered(call: Call, table: string, link: Link, more: readonly Link[]): Exclude<Told, 'lost'> {
  const alter = `ALTER TABLE ${table}`;
  const name = textIn(link.value(0));
  if (name === null) return [];
  const at = link.node;
  const one = (action: string): Exclude<Told, 'lost'> => [{ sql: `${alter} ${action}`, at }];
  switch (link.name) {
    case 'addColumn': {
      const column = columnOf(call, link);
      return column ? one(`ADD COLUMN ${columnSql(column)}`) : [];
    }
    case 'dropColumn':
      return one(`DROP COLUMN "${name}"`);
    case 'renameColumn':
      return one(`RENAME COLUMN "${name}" TO "${textIn(link.value(1)) ?? name}"`);
    case 'renameTo':
      return one(`RENAME TO "${name}"`);
    case 'alterColumn':
      return columnAltered(call, link).flatMap((action) => one(`ALTER COLUMN "${name}" ${action}`));
    case 'dropConstraint':
      return one(`DROP CONSTRAINT "${name}"`);
    case 'addUniqueConstraint':
    case 'addPrimaryKeyConstraint': {
      const columns = textsIn(link.value(1));
      const kind = link.name === 'addUniqueConstraint' ? 'UNIQUE' : 'PRIMARY KEY';
      return columns ? one(`ADD CONSTRAINT "${name}" ${kind} (${quotedList(columns)})`) : [];
    }
    case 'addForeignKeyConstraint': {
      const [columns, other] = [textsIn(link.value(1)), textIn(link.value(2))];
      return columns && other
        ? one(`ADD CONSTRAINT "${name}" FOREIGN KEY (${quotedList(columns)}) REFERENCES ${quoted(other)}`)
        : [];
    }
    case 'addCheckConstraint':
      return one(`ADD CONSTRAINT "${name}" CHECK (true)${has(more, 'notValid') ? ' NOT VALID' : ''}`);
    default:
      return [];
  }
}

function columnAltered(call: Call, link: Link): string[] {
  const callback = bodyOf(link.args[1]);
  const links = callback ? chainOf(call.source, callback.body).links : [];
  return links.flatMap((one) => {
    const type = typeOf(one.value(0));
    if (one.name === 'setDataType') return type === null ? [] : [`TYPE ${type}`];
    if (one.name === 'setNotNull') return ['SET NOT NULL'];
    if (one.name === 'dropNotNull') return ['DROP NOT NULL'];
    if (one.name === 'dropDefault') return ['DROP DEFAULT'];
    return one.name === 'setDefault' ? [`SET DEFAULT ${defaultSql(one.value(0)) ?? 'NULL'}`] : [];
  });
}
