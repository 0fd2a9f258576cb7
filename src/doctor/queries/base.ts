import { keyOf, literal, type Syntax, stringValue, unwrap } from '../../text/syntax.ts';
import { constantOf } from '../code/names.ts';
import { originOf } from '../code/origin.ts';
import { isFunction, type Source } from '../code/source.ts';
import type { Call, Query, QueryKind } from './query.ts';

/** The last name of an expression: `this.prisma` → 'prisma', `getDb()` → 'getDb'. */
export function nameOf(node: Syntax): string | null {
  const inner = unwrap(node);
  if (inner.type === 'Identifier') return inner.name;
  if (inner.type === 'MemberExpression' && !inner.computed && 'name' in inner.property) return inner.property.name;
  if (inner.type === 'AwaitExpression') return nameOf(inner.argument);
  return inner.type === 'CallExpression' ? nameOf(inner.callee) : null;
}

/** Names that people give a database's client or transaction. */
const handles =
  /^_?(db|database|prisma|prismaClient|prismaService|client|conn|connection|tx|trx|t|pool|pg|sql|knex|kysely|orm|drizzle|datasource|manager|store)$|(Db|Prisma|Client|Pool|Tx|Database)$/;
const libraries =
  /^(@prisma\/client|\.?.*generated\/prisma|drizzle-orm|knex|kysely|pg|pg-promise|postgres|mysql2?|typeorm|sequelize|mongoose|better-sqlite3|sqlite3|slonik|@silverhand\/slonik|@neondatabase\/serverless|@vercel\/postgres)[/#]/;

/** True for a database's client, pool or transaction: by where it comes from, or by its name. */
export function isHandle(source: Source, node: Syntax): boolean {
  const name = nameOf(node);
  const origin = originOf(source, node);
  if (origin !== null && libraries.test(origin)) return true;
  return name !== null && (handles.test(name) || /^(get|use)(Db|Database|Prisma|Client|Drizzle)$/i.test(name));
}

/** The text that a call's first argument is, also through a constant's name; null for anything else. */
export function textArgument(source: Source, node: Call): string | null {
  const [first] = node.arguments;
  if (!first) return null;
  const value = constantOf(source, first);
  return stringValue(first) ?? (value === null ? null : stringValue(value));
}

/** A call that is asked with a function looks through an array: `rows.find((row) => …)`. Callbacks of old drivers take an error. */
export function isAskedOfArray(node: Call): boolean {
  const first = node.arguments[0] ? unwrap(node.arguments[0]) : null;
  if (first === null || !isFunction(first)) return false;
  const [one] = first.params;
  return first.params.length <= 1 && !(one?.type === 'Identifier' && /^_?(e|er|err|error)$/.test(one.name));
}

/** A query whose calls are chained to it: the whole chain is the query. */
export function chained(
  source: Source,
  node: Call,
  library: Query['library'],
  kind: QueryKind,
  model: string | null,
): Query {
  const chain = new Map<string, Call>();
  let top: Syntax = node;
  for (;;) {
    const member: Syntax | null = source.parentOf(top);
    const call: Syntax | null =
      member?.type === 'MemberExpression' && member.object === top ? source.parentOf(member) : null;
    if (member?.type !== 'MemberExpression' || call?.type !== 'CallExpression' || call.callee !== member) break;
    if (member.property.type === 'Identifier') chain.set(member.property.name, call);
    top = call;
  }
  const isFirst = chain.has('executeTakeFirst') || chain.has('executeTakeFirstOrThrow');
  const found = queryOf(node, library, kind === 'many' && isFirst ? 'one' : kind, model, chain);
  // Builders say in the chain what the others say in an object: their argument is the table.
  const isBuilder = library === 'drizzle' || library === 'kysely' || library === 'knex';
  return { ...found, options: isBuilder ? new Map() : found.options, node: top };
}

/** A query by its call. `at` is the argument that holds its options. */
export function queryOf(
  node: Call,
  library: Query['library'],
  kind: QueryKind,
  model: string | null,
  chain: ReadonlyMap<string, Call>,
  at = 0,
): Query {
  const given = node.arguments[at];
  const first = given ? unwrap(given) : null;
  const options = new Map<string, Syntax>();
  if (first?.type === 'ObjectExpression')
    for (const property of first.properties) {
      if (property.type !== 'Property') options.set('...', property);
      else options.set(keyOf(property) ?? '...', property.value);
    }
  // What is not written out may hold anything.
  else if (first !== null && literal(first) === undefined && first.type !== 'ArrayExpression')
    options.set('...', first);
  return { library, kind, model, node, chain, options, sql: null };
}

/** The table as people say it: without what code adds to the name of what holds it. */
export const tableName = (model: string): string =>
  model.replace(/(.)(Model|Repository|Repo|Table|Collection|Entity|Col|Coll|Dao)$/, '$1') || model;
