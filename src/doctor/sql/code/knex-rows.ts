import type { Syntax } from '../../../text/syntax.ts';
import type { Link } from './chain.ts';
import { defaultSql } from './definition.ts';
import { type Call, quoted, type Told } from './piece.ts';
import { condition } from './rows.ts';
import { isShape, isWord, textIn, type Value, valueAt } from './value.ts';

const wheres = /^(where|andWhere|whereIn|whereNull|whereNotNull|whereNot)$/;

/** `knex('users').where(…).update(…)` and `.del()`; null for what writes no rows. */
export function rowsWritten(call: Call, root: Syntax, links: readonly Link[]): Told | null {
  const write = links.find(({ name }) => /^(update|del|delete)$/.test(name));
  const from = links.find(({ name }) => /^(from|into|table)$/.test(name));
  const first = root.type === 'CallExpression' ? root.arguments[0] : undefined;
  const table = first ? textIn(valueAt(call.source, first)) : textIn(from?.value(0));
  if (!write || table === null) return null;
  const parts = links.filter(({ name }) => wheres.test(name)).map(whereOf);
  const isOther = links.some(({ name }) => /where|join|^(or|limit|having|modify)/i.test(name) && !wheres.test(name));
  if (isOther || parts.includes(null)) return [];
  const where = parts.length === 0 ? '' : ` WHERE ${parts.join(' AND ')}`;
  if (write.name !== 'update') return [`DELETE FROM ${quoted(table)}${where}`];
  const set = write.value(0);
  const name = textIn(set);
  const written = isShape(set)
    ? [...set.of].map(([key, value]) => `"${key}" = ${setSql(value)}`)
    : name === null
      ? []
      : [`"${name}" = ${setSql(write.value(1))}`];
  return written.length === 0 ? [] : [`UPDATE ${quoted(table)} SET ${written.join(', ')}${where}`];
}

/** Raw SQL in a value may read the row. */
const setSql = (value: Value): string =>
  isWord(value) && value.word === 'raw'
    ? 'computed()'
    : isWord(value) && value.word === 'ref'
      ? '"other"'
      : (defaultSql(value) ?? 'NULL');

function whereOf(link: Link): string | null {
  const [column, second, third] = [textIn(link.value(0)), link.value(1), link.value(2)];
  if (link.name === 'whereNull') return column === null ? null : `"${column}" IS NULL`;
  if (link.name === 'whereNotNull') return column === null ? null : `"${column}" IS NOT NULL`;
  if (column === null)
    return link.name === 'whereNot' ? null : (condition(link.value(0))?.replace(' WHERE ', '') ?? null);
  if (link.name === 'whereIn') return `"${column}" IN ('?')`;
  if (link.name === 'whereNot') return `"${column}" <> ${defaultSql(second) ?? 'NULL'}`;
  if (third === undefined)
    return second === null ? `"${column}" IS NULL` : `"${column}" = ${defaultSql(second) ?? 'NULL'}`;
  return typeof second === 'string' && /^(=|<>|!=|<|>|<=|>=)$/.test(second)
    ? `"${column}" ${second} ${defaultSql(third) ?? 'NULL'}`
    : null;
}
