import { keyOf, type Syntax, unwrap } from '../../text/syntax.ts';
import { originOf } from '../code/origin.ts';
import type { Source } from '../code/source.ts';
import { nameOf } from './queries.ts';

/** What opens a pool of connections (or one that holds a pool), by where it comes from. */
const pools: readonly (readonly [RegExp, string])[] = [
  [/^(@prisma\/client|.*\/generated\/prisma(\/client)?|.*prisma\/client)[/\w.]*#PrismaClient$/, 'PrismaClient'],
  [/^pg#Pool$/, 'Pool'],
  [/^(mysql2?(\/promise)?|mariadb)#createPool$/, 'createPool'],
  [/^postgres#default$/, 'postgres'],
  [/^knex#(default|knex)$/, 'knex'],
  [/^mongodb#MongoClient(\.connect)?$/, 'MongoClient'],
  [/^mongoose#createConnection$/, 'mongoose.createConnection'],
  [/^pg-promise#default\(\)$/, 'pgp'],
  [/^typeorm#DataSource$/, 'DataSource'],
  [/^sequelize#Sequelize$/, 'Sequelize'],
  [/^drizzle-orm\/(node-postgres|postgres-js|mysql2)#drizzle$/, 'drizzle'],
];

/** What opens one connection. */
const single = /^(pg#Client|mysql2?(\/promise)?#createConnection)$/;

/** What these are called where they are called: the dear question of their origin is asked of few. */
const names =
  /^(PrismaClient|Pool|Client|createPool|postgres|sql|knex|Knex|MongoClient|createConnection|connect|DataSource|Sequelize|drizzle|pgp?)$/;

/** What a call makes, by the name of what makes it: a pool of connections, or a client that holds one; null for anything else. */
export function poolMadeBy(
  source: Source,
  node: Extract<Syntax, { type: 'NewExpression' | 'CallExpression' }>,
): string | null {
  if (!names.test(nameOf(node.callee) ?? '')) return null;
  const origin = originOf(source, node.callee);
  const found = origin === null ? undefined : pools.find(([from]) => from.test(origin));
  if (!found) return null;
  const [, what] = found;
  // `drizzle(pool)` opens nothing; `drizzle(url)` and `drizzle({ connection })` do.
  const first = node.arguments[0] ? unwrap(node.arguments[0]) : null;
  if (what === 'drizzle' && (first?.type === 'Identifier' || first === null)) return null;
  if (
    what === 'drizzle' &&
    first?.type === 'ObjectExpression' &&
    !first.properties.some((one) => keyOf(one) === 'connection')
  )
    return null;
  return what;
}

/** True for what opens one connection. */
export const isSingle = (
  source: Source,
  node: Extract<Syntax, { type: 'NewExpression' | 'CallExpression' }>,
): boolean => names.test(nameOf(node.callee) ?? '') && single.test(originOf(source, node.callee) ?? '');
