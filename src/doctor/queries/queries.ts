import { type Syntax, unwrap } from '../../text/syntax.ts';
import { bindingOf, constantOf } from '../code/names.ts';
import { originOf } from '../code/origin.ts';
import type { Source } from '../code/source.ts';
import { chained, isAskedOfArray, isHandle, nameOf, queryOf, textArgument } from './base.ts';
import { knexQuery } from './knex.ts';
import {
  drizzleMethods,
  kyselyMethods,
  mongodbMethods,
  mongooseMethods,
  prismaMethods,
  sequelizeMethods,
} from './methods.ts';
import type { Call, Query, QueryKind } from './query.ts';
import { sqlKind, sqlText } from './sql.ts';
import { supabaseQuery } from './supabase.ts';
import { typeormQuery } from './typeorm.ts';

export { isHandle, nameOf } from './base.ts';

const known = new WeakMap<Source, Map<Syntax, Query | null>>();

/** What the query asks, where a call (or a tagged template) is the heart of one; null for every other call. */
export function queryAt(source: Source, node: Syntax): Query | null {
  if (node.type !== 'TaggedTemplateExpression' && node.type !== 'CallExpression') return null;
  const queries = known.get(source) ?? new Map<Syntax, Query | null>();
  if (queries.size === 0) known.set(source, queries);
  const before = queries.get(node);
  if (before !== undefined) return before;
  const query = node.type === 'CallExpression' ? called(source, node) : tagged(source, node);
  queries.set(node, query);
  return query;
}

function called(source: Source, node: Call): Query | null {
  const callee = unwrap(node.callee);
  const ofKnex = knexQuery(source, node);
  if (ofKnex) return ofKnex;
  if (callee.type !== 'MemberExpression' || callee.computed || callee.property.type !== 'Identifier') return null;
  const method = callee.property.name;
  if (isAskedOfArray(node)) return null;
  const { project } = source;
  const { object } = callee;
  const of = (
    library: Query['library'],
    methods: ReadonlyMap<string, QueryKind>,
    isIt: () => boolean,
  ): QueryKind | null => (project.has(library) && methods.has(method) && isIt() ? (methods.get(method) ?? null) : null);
  const found =
    prismaQuery(source, node, object, method) ??
    drizzleQuery(source, node, object, method) ??
    supabaseQuery(source, node, object, method);
  if (found) return found;
  const ofKysely = of('kysely', kyselyMethods, () => isHandle(source, object));
  if (ofKysely) return chained(source, node, 'kysely', ofKysely, textArgument(source, node));
  const ofMongoose = of('mongoose', mongooseMethods, () => isModel(source, object, 'mongoose'));
  if (ofMongoose) return chained(source, node, 'mongoose', ofMongoose, nameOf(object));
  const ofMongodb = of('mongodb', mongodbMethods, () => isCollection(source, object));
  if (ofMongodb) return chained(source, node, 'mongodb', ofMongodb, collectionName(source, object));
  const ofSequelize = of('sequelize', sequelizeMethods, () => isModel(source, object, 'sequelize'));
  if (ofSequelize) return chained(source, node, 'sequelize', ofSequelize, modelName(object));
  return typeormQuery(source, node, object, method) ?? sqlQuery(source, node, object, method);
}

function prismaQuery(source: Source, node: Call, object: Syntax, method: string): Query | null {
  const { project } = source;
  const kind = prismaMethods.get(method);
  const model = unwrap(object);
  if (kind === undefined || model.type !== 'MemberExpression') return null;
  // Drizzle's `db.query.users.findMany()`.
  if (nameOf(model.object) === 'query' && project.has('drizzle-orm'))
    return queryOf(node, 'drizzle', kind, nameOf(model), new Map());
  // `users = new PrismaClient().user`, asked by that name.
  const kept = /^@prisma\/client#PrismaClient\(\)\.(\w+)$/.exec(originOf(source, model) ?? '')?.[1];
  if (kept !== undefined) return queryOf(node, 'prisma', kind, kept, new Map());
  const name = nameOf(model.object) ?? '';
  const isDeclared = project.has('@prisma/client') || project.has('prisma');
  const isPrisma =
    isDeclared &&
    isHandle(source, model.object) &&
    !/^(client|store|manager|connection|conn|t)$|[a-z]Client$/.test(name);
  // In a workspace the package beside it declares Prisma.
  const isKnown = /prisma/i.test(isDeclared ? (originOf(source, model.object) ?? name) : name);
  return isPrisma || isKnown ? queryOf(node, 'prisma', kind, nameOf(model), new Map()) : null;
}

function drizzleQuery(source: Source, node: Call, object: Syntax, method: string): Query | null {
  if (!source.project.has('drizzle-orm')) return null;
  const [first] = node.arguments;
  if (method === 'from' && first && /\.\s*select(Distinct)?\w*\(/.test(source.textOf(object)))
    return selected(source, node, object, first);
  const kind = drizzleMethods.get(method);
  if (kind === undefined || !first || !isHandle(source, object)) return null;
  // `db.insert(schema.users)`; a Map's `store.delete(row.id)` is none.
  const isTable =
    first.type === 'Identifier' ||
    (first.type === 'MemberExpression' && /^(schema\w*|tables|t|s)$/.test(nameOf(first.object) ?? ''));
  return isTable ? chained(source, node, 'drizzle', kind, nameOf(first)) : null;
}

/** `db.select(…).from(table)`; a subquery has no name, and what only counts reads one row. */
function selected(source: Source, node: Call, object: Syntax, table: Syntax): Query {
  const model = unwrap(table).type === 'CallExpression' ? null : nameOf(table);
  const found = chained(source, node, 'drizzle', 'many', model);
  const asked = unwrap(object);
  const columns = asked.type === 'CallExpression' && asked.arguments[0] ? source.textOf(asked.arguments[0]) : '';
  const isNumber = /^\{\s*\w+\s*:\s*(sql\b[^`]*`\s*)?(\w+\.)?(count|sum|max|min|avg|countDistinct)\s*\(/i.test(columns);
  return isNumber && !found.chain.has('groupBy') ? { ...found, kind: 'number' } : found;
}

function isModel(source: Source, node: Syntax, library: 'mongoose' | 'sequelize'): boolean {
  const origin = originOf(source, node);
  // What a model's query gives is rows: `user.roles.find(…)` looks through a list.
  const isRow = origin !== null && /\.(find|create|aggregate|exec|lean|populate|build|insert)\w*\(\)/.test(origin);
  if (isRow) return false;
  if (origin !== null && new RegExp(`^${library}#`).test(origin)) return true;
  const inner = unwrap(node);
  if (inner.type === 'CallExpression')
    return inner.callee.type === 'MemberExpression' && /^(scope|unscoped|withScope|schema)$/.test(nameOf(inner) ?? '')
      ? isModel(source, inner.callee.object, library)
      : false;
  if (inner.type === 'Identifier')
    return (
      /^[A-Z][a-z]/.test(inner.name) &&
      !/^(Object|Array|Promise|Math|Date|JSON|Map|Set|Number|String|Buffer|Reflect)$/.test(inner.name)
    );
  const name = nameOf(inner);
  return (
    inner.type === 'MemberExpression' &&
    name !== null &&
    (/[a-z]Model$/.test(name) ||
      (/^(db|DB|models|Models)$/.test(nameOf(inner.object) ?? '') && (library === 'sequelize' || /^[A-Z]/.test(name))))
  );
}

/** The model behind `Document.scope('full')`, or the model itself. */
function modelName(node: Syntax): string | null {
  const inner = unwrap(node);
  if (inner.type !== 'CallExpression' || inner.callee.type !== 'MemberExpression') return nameOf(inner);
  return /^(scope|unscoped|withScope|schema)$/.test(nameOf(inner) ?? '')
    ? modelName(inner.callee.object)
    : nameOf(inner);
}

/** `db.collection('users')`, and names that say so: `usersCollection`, `usersCol`. */
const isCollection = (source: Source, node: Syntax): boolean =>
  /^mongodb#/.test(originOf(source, node) ?? '') || /(^c|C)oll?(ection)?s?$/.test(nameOf(node) ?? '');

function collectionName(source: Source, node: Syntax): string | null {
  const inner = unwrap(node);
  if (inner.type === 'CallExpression') return textArgument(source, inner);
  const binding = bindingOf(source, inner);
  const made = binding?.init ? unwrap(binding.init) : null;
  return (made?.type === 'CallExpression' ? textArgument(source, made) : null) ?? nameOf(inner);
}

/** Methods that are given SQL: of pg and mysql2, of slonik and pg-promise, of sqlite3. */
const sqlMethods =
  /^(query|execute|one|oneOrNone|oneFirst|maybeOne|maybeOneFirst|many|manyFirst|manyOrNone|any|anyFirst|none|exists|all|get|run|each|raw|\$queryRawUnsafe|\$executeRawUnsafe)$/;

function sqlQuery(source: Source, node: Call, object: Syntax, method: string): Query | null {
  if (!sqlMethods.test(method)) return null;
  const text = preparedText(source, object, method) ?? (node.arguments[0] ? sqlText(source, node.arguments[0]) : null);
  if (text === null) return null;
  const isPlain = method === 'query' || method === 'execute';
  if (!isPlain && !/^\s*(\/\*[\s\S]*?\*\/\s*)?(select|insert|update|delete|with)\s/i.test(text)) return null;
  if (!isHandle(source, object) && preparedText(source, object, method) === null) return null;
  return { ...sqlKind(text), library: 'sql', node, chain: new Map(), options: new Map(), sql: text };
}

/** The text of a statement that was prepared: `db.prepare('SELECT …').all()`, and by its name. */
function preparedText(source: Source, object: Syntax, method: string): string | null {
  if (!/^(all|get|run|iterate)$/.test(method)) return null;
  const made = constantOf(source, object) ?? unwrap(object);
  if (made.type !== 'CallExpression' || nameOf(made.callee) !== 'prepare') return null;
  return made.arguments[0] ? sqlText(source, made.arguments[0]) : null;
}

function tagged(source: Source, node: Extract<Syntax, { type: 'TaggedTemplateExpression' }>): Query | null {
  const origin = originOf(source, node.tag);
  const tag = nameOf(node.tag);
  const isTag =
    /^(postgres#default|@neondatabase\/serverless#neon)\(\)$|^@vercel\/postgres#sql$|\.\$queryRaw$/.test(
      origin ?? '',
    ) ||
    tag === '$queryRaw' ||
    (tag !== null && /^(sql|tx|trx)$/.test(tag) && source.project.has('postgres'));
  if (!isTag) return null;
  const text = node.quasi.quasis.map(({ value }) => value.raw).join('?');
  if (!/^\s*(select|insert|update|delete|with)\b/i.test(text)) return null;
  return { ...sqlKind(text), library: 'sql', node, chain: new Map(), options: new Map(), sql: text };
}

/** The query of a chain, and the call that it begins with: `Post.find().sort(…)`, `db.select().from(users)`; null where rows are gone through on the way. */
export function queryOfChain(source: Source, outer: Call): { query: Query; call: Call } | null {
  for (let at: Syntax = outer; at.type === 'CallExpression'; ) {
    const query = queryAt(source, at);
    if (query) return { query, call: at };
    const callee: Syntax = unwrap(at.callee);
    if (callee.type !== 'MemberExpression' || goingThrough.test(nameOf(callee) ?? '')) return null;
    at = unwrap(callee.object);
  }
  return null;
}

/** What goes through the rows, and asks nothing more. */
const goingThrough = /^(map|flatMap|forEach|reduce)$/;
