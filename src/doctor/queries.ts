import { keyOf, literal, type Syntax, stringValue, unwrap } from '../text/syntax.ts';
import { annotationOf, bindingOf } from './names.ts';
import { originOf } from './origin.ts';
import type { Call, Query, QueryKind } from './query.ts';
import {
  drizzleMethods,
  kyselyMethods,
  mongodbMethods,
  mongooseMethods,
  prismaMethods,
  sequelizeMethods,
  typeormMethods,
} from './query-methods.ts';
import { sqlKind, sqlText } from './query-sql.ts';
import type { Source } from './source.ts';

/** What the query asks, where a call (or a tagged template) is the heart of one; null for every other call. */
export function queryAt(source: Source, node: Syntax): Query | null {
  if (node.type === 'TaggedTemplateExpression') return tagged(source, node);
  if (node.type !== 'CallExpression') return null;
  const callee = unwrap(node.callee);
  if (callee.type === 'Identifier') return tableCall(source, node);
  if (callee.type !== 'MemberExpression' || callee.computed || callee.property.type !== 'Identifier') return null;
  const method = callee.property.name;
  const { project } = source;
  const { object } = callee;
  const of = (
    library: Query['library'],
    methods: ReadonlyMap<string, QueryKind>,
    isIt: () => boolean,
  ): QueryKind | null => (project.has(library) && methods.has(method) && isIt() ? (methods.get(method) ?? null) : null);
  const found = prismaQuery(source, node, object, method) ?? drizzleQuery(source, node, object, method);
  if (found) return found;
  const ofKysely = of('kysely', kyselyMethods, () => isHandle(source, object));
  if (ofKysely) return chained(source, node, 'kysely', ofKysely, textArgument(node));
  const ofMongoose = of('mongoose', mongooseMethods, () => isModel(source, object, 'mongoose'));
  if (ofMongoose) return chained(source, node, 'mongoose', ofMongoose, nameOf(object));
  const ofMongodb = of('mongodb', mongodbMethods, () => isCollection(source, object));
  if (ofMongodb) return chained(source, node, 'mongodb', ofMongodb, collectionName(source, object));
  const ofSequelize = of('sequelize', sequelizeMethods, () => isModel(source, object, 'sequelize'));
  if (ofSequelize) return chained(source, node, 'sequelize', ofSequelize, nameOf(object));
  const ofTypeorm = of('typeorm', typeormMethods, () => isRepository(source, object));
  if (ofTypeorm) return chained(source, node, 'typeorm', ofTypeorm, nameOf(object));
  if (project.has('knex') && method === 'from' && isHandle(source, object))
    return chained(source, node, 'knex', 'many', textArgument(node));
  return method === 'query' || method === 'execute' ? sqlQuery(source, node, object) : null;
}

/** Names that people give a database's client or transaction. */
const handles =
  /^_?(db|database|prisma|prismaClient|prismaService|client|conn|connection|tx|trx|t|pool|pg|sql|knex|kysely|orm|drizzle|datasource|manager|store)$|(Db|Prisma|Client|Pool|Tx|Database)$/;

/** The last name of an expression: `this.prisma` → 'prisma', `getDb()` → 'getDb'. */
export function nameOf(node: Syntax): string | null {
  const inner = unwrap(node);
  if (inner.type === 'Identifier') return inner.name;
  if (inner.type === 'MemberExpression' && !inner.computed && 'name' in inner.property) return inner.property.name;
  if (inner.type === 'AwaitExpression') return nameOf(inner.argument);
  return inner.type === 'CallExpression' ? nameOf(inner.callee) : null;
}

const libraries =
  /^(@prisma\/client|\.?.*generated\/prisma|drizzle-orm|knex|kysely|pg|postgres|mysql2?|typeorm|sequelize|mongoose|@neondatabase\/serverless|@vercel\/postgres)[/#]/;

/** True for a database's client, pool or transaction: by where it comes from, or by its name. */
export function isHandle(source: Source, node: Syntax): boolean {
  const name = nameOf(node);
  const origin = originOf(source, node);
  if (origin !== null && libraries.test(origin)) return true;
  return name !== null && (handles.test(name) || /^(get|use)(Db|Database|Prisma|Client|Drizzle)$/i.test(name));
}

function prismaQuery(source: Source, node: Call, object: Syntax, method: string): Query | null {
  const { project } = source;
  const kind = prismaMethods.get(method);
  const model = unwrap(object);
  if (kind === undefined || model.type !== 'MemberExpression') return null;
  // Drizzle's `db.query.users.findMany()`.
  if (nameOf(model.object) === 'query' && project.has('drizzle-orm'))
    return query(node, 'drizzle', kind, nameOf(model), new Map());
  if (!project.has('@prisma/client') && !project.has('prisma')) return null;
  const isPrisma =
    isHandle(source, model.object) &&
    !/^(client|store|manager|connection|conn|t)$|[a-z]Client$/.test(nameOf(model.object) ?? '');
  const isKnown = /prisma/i.test(originOf(source, model.object) ?? nameOf(model.object) ?? '');
  return isPrisma || isKnown ? query(node, 'prisma', kind, nameOf(model), new Map()) : null;
}

function drizzleQuery(source: Source, node: Call, object: Syntax, method: string): Query | null {
  if (!source.project.has('drizzle-orm')) return null;
  const [first] = node.arguments;
  if (method === 'from' && first && /\.\s*select(Distinct)?\w*\(/.test(source.textOf(object)))
    return chained(source, node, 'drizzle', 'many', nameOf(first));
  const kind = drizzleMethods.get(method);
  if (kind === undefined || first?.type !== 'Identifier' || !isHandle(source, object)) return null;
  return chained(source, node, 'drizzle', kind, first.name);
}

function isModel(source: Source, node: Syntax, library: 'mongoose' | 'sequelize'): boolean {
  const origin = originOf(source, node);
  if (origin !== null && new RegExp(`^${library}#`).test(origin)) return true;
  const inner = unwrap(node);
  if (inner.type === 'Identifier')
    return (
      /^[A-Z][a-z]/.test(inner.name) &&
      !/^(Object|Array|Promise|Math|Date|JSON|Map|Set|Number|String|Buffer|Reflect)$/.test(inner.name)
    );
  const name = nameOf(inner);
  return (
    inner.type === 'MemberExpression' &&
    name !== null &&
    (/[a-z]Model$/.test(name) || (library === 'sequelize' && /^(db|models)$/.test(nameOf(inner.object) ?? '')))
  );
}

/** `db.collection('users')`, and names that say so: `usersCollection`, `usersCol`. */
const isCollection = (source: Source, node: Syntax): boolean =>
  /^mongodb#/.test(originOf(source, node) ?? '') || /(^c|C)oll?(ection)?s?$/.test(nameOf(node) ?? '');

function collectionName(source: Source, node: Syntax): string | null {
  const inner = unwrap(node);
  if (inner.type === 'CallExpression') return textArgument(inner);
  const binding = bindingOf(source, inner);
  const made = binding?.init ? unwrap(binding.init) : null;
  return (made?.type === 'CallExpression' ? textArgument(made) : null) ?? nameOf(inner);
}

function isRepository(source: Source, node: Syntax): boolean {
  if (/^typeorm#/.test(originOf(source, node) ?? '')) return true;
  const binding = bindingOf(source, unwrap(node));
  if (binding && /Repository$/.test(annotationOf(binding) ?? '')) return true;
  return /repo(sitory)?$/i.test(nameOf(node) ?? '') || nameOf(node) === 'getRepository';
}

const textArgument = (node: Call): string | null => (node.arguments[0] ? stringValue(node.arguments[0]) : null);

/** `knex('users')`, and a transaction's `trx('users')`. */
function tableCall(source: Source, node: Call): Query | null {
  if (!source.project.has('knex') || node.callee.type !== 'Identifier') return null;
  const table = textArgument(node);
  if (table === null || !/^(knex|db|trx|tx)$/.test(node.callee.name)) return null;
  const found = chained(source, node, 'knex', 'many', table);
  const kind: QueryKind = found.chain.has('insert')
    ? 'create'
    : found.chain.has('update')
      ? 'update'
      : found.chain.has('del') || found.chain.has('delete')
        ? 'delete'
        : found.chain.has('first')
          ? 'one'
          : found.chain.has('count')
            ? 'number'
            : 'many';
  return { ...found, kind };
}

function chained(source: Source, node: Call, library: Query['library'], kind: QueryKind, model: string | null): Query {
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
  const found = query(node, library, kind === 'many' && isFirst ? 'one' : kind, model, chain);
  // Builders say in the chain what the others say in an object: their argument is the table.
  const isBuilder = library === 'drizzle' || library === 'kysely' || library === 'knex';
  return { ...found, options: isBuilder ? new Map() : found.options, node: top };
}

function query(
  node: Call,
  library: Query['library'],
  kind: QueryKind,
  model: string | null,
  chain: ReadonlyMap<string, Call>,
): Query {
  const first = node.arguments[0] ? unwrap(node.arguments[0]) : null;
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

function sqlQuery(source: Source, node: Call, object: Syntax): Query | null {
  const [first] = node.arguments;
  const text = first ? sqlText(source, first) : null;
  if (text === null || !isHandle(source, object)) return null;
  return { ...sqlKind(text), library: 'sql', node, chain: new Map(), options: new Map(), sql: text };
}

function tagged(source: Source, node: Extract<Syntax, { type: 'TaggedTemplateExpression' }>): Query | null {
  const origin = originOf(source, node.tag);
  const isTag =
    /^(postgres#default|@neondatabase\/serverless#neon)\(\)$|^@vercel\/postgres#sql$|\.\$queryRaw$/.test(
      origin ?? '',
    ) ||
    nameOf(node.tag) === '$queryRaw' ||
    (nameOf(node.tag) === 'sql' && source.project.has('postgres'));
  if (!isTag) return null;
  const text = node.quasi.quasis.map(({ value }) => value.raw).join('?');
  if (!/^\s*(select|insert|update|delete|with)\b/i.test(text)) return null;
  return { ...sqlKind(text), library: 'sql', node, chain: new Map(), options: new Map(), sql: text };
}
