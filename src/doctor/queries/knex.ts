import { type Syntax, unwrap } from '../../text/syntax.ts';
import type { Source } from '../code/source.ts';
import { chained, isHandle, nameOf, textArgument } from './base.ts';
import type { Call, Query, QueryKind } from './query.ts';

/** `knex('users')`, `trx('users')`, `this.db('users')`, `knex.select().from('users')`, and Objection's `User.query()`. */
export function knexQuery(source: Source, node: Call): Query | null {
  const { project } = source;
  if (!project.has('knex')) return null;
  const callee = unwrap(node.callee);
  if (callee.type === 'Identifier' || (callee.type === 'MemberExpression' && isTableCall(callee))) {
    const isClient = /^_?(knex|db|trx|tx|transaction)$/.test(nameOf(callee) ?? '');
    return isClient && node.arguments.length === 1 ? ofTable(source, node) : null;
  }
  if (callee.type !== 'MemberExpression' || callee.computed || callee.property.type !== 'Identifier') return null;
  const { name } = callee.property;
  if (name === 'from' || name === 'into')
    return isHandle(source, rootOf(callee.object)) ? whole(source, node, textArgument(source, node)) : null;
  if (name === 'query' && project.has('objection') && isModel(callee.object))
    return whole(source, node, nameOf(callee.object));
  return null;
}

/** `this.db(…)` and `this.knex(…)`: a field that is called as a function. */
const isTableCall = (callee: Extract<Syntax, { type: 'MemberExpression' }>): boolean =>
  callee.object.type === 'ThisExpression' && /^_?(db|knex|trx)$/.test(nameOf(callee) ?? '');

function ofTable(source: Source, node: Call): Query | null {
  const table = textArgument(source, node);
  // `db(options)` is something else; `db(TABLE)` names a table of another file.
  const [first] = node.arguments;
  const isNamed = first?.type === 'Identifier' && /^[A-Z][A-Z0-9_]*$|table/i.test(first.name);
  return table === null && !isNamed ? null : whole(source, node, table ?? (first ? nameOf(first) : null));
}

const isModel = (object: Syntax): boolean => {
  const inner = unwrap(object);
  if (inner.type === 'Identifier') return /^[A-Z][a-z]/.test(inner.name);
  return inner.type === 'MemberExpression' && /^(models|db)$/.test(nameOf(inner.object) ?? '');
};

/** Where a chain begins: `knex.select('a').from('b')` → knex. */
function rootOf(node: Syntax): Syntax {
  const inner = unwrap(node);
  if (inner.type !== 'CallExpression') return inner;
  const callee = unwrap(inner.callee);
  return callee.type === 'MemberExpression' ? rootOf(callee.object) : inner;
}

/** The query with all of its chain: what stands before the table says as much as what stands behind it. */
function whole(source: Source, node: Call, model: string | null): Query {
  const found = chained(source, node, 'knex', 'many', model);
  const chain = new Map(found.chain);
  let before = node.callee;
  for (;;) {
    const member = unwrap(before);
    const call = member.type === 'MemberExpression' ? unwrap(member.object) : null;
    if (call?.type !== 'CallExpression') break;
    const name = nameOf(call);
    if (name !== null) chain.set(name, call);
    before = call.callee;
  }
  return { ...found, chain, kind: kindOf(chain) };
}

const kinds: readonly (readonly [QueryKind, RegExp])[] = [
  ['create', /^(insert|insertAndFetch|insertGraph|batchInsert|upsertGraph)$/],
  ['update', /^(update|patch|patchAndFetch|patchAndFetchById|updateAndFetchById|increment|decrement|merge)$/],
  ['delete', /^(del|delete|deleteById|truncate)$/],
  ['raw', /^(columnInfo|as)$/],
  ['one', /^(first|findById|findOne)$/],
  ['number', /^(count|countDistinct|max|min|sum|avg|resultSize)$/],
];

const kindOf = (chain: ReadonlyMap<string, Call>): QueryKind =>
  kinds.find(
    ([kind, names]) =>
      [...chain.keys()].some((name) => names.test(name)) && !(kind === 'number' && chain.has('groupBy')),
  )?.[0] ?? 'many';
