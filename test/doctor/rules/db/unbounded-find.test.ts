import { expect, test } from 'vitest';
import { unboundedFind } from '../../../../src/doctor/rules/db/unbounded-find.ts';
import { examineTexts, manifest, ruleTest, type Texts } from '../../rule.ts';

const prisma = { 'package.json': manifest('express', '@prisma/client') };

ruleTest(unboundedFind, {
  hits: {
    'what leaves out only what was put away': {
      files: {
        'package.json': manifest('express', '@prisma/client', 'mongoose', 'pg'),
        'src/a.ts': `export const list = (prisma) => prisma.ticket.findMany({ where: { hidden: false }, orderBy: { id: 'asc' } });\nexport const left = (prisma) => prisma.ticket.findMany({ where: { deletedAt: null, isArchived: { not: true } } });\n`,
        'src/b.ts': `export const users = () => User.find({ isDeleted: { $ne: true } });\nexport const orders = (pool) => pool.query('SELECT * FROM orders WHERE deleted_at IS NULL ORDER BY id');\n`,
      },
      at: ['src/a.ts:1', 'src/a.ts:2', 'src/b.ts:1', 'src/b.ts:2'],
    },
    'what is kept in a cache: a hint': {
      files: {
        ...prisma,
        'src/a.ts': `export const all = (prisma, cache) => cache.wrap('books', () => prisma.book.findMany());\n`,
      },
      at: ['src/a.ts:1'],
    },
    'TypeORM by the class, its query builder, and MikroORM': {
      files: {
        'package.json': manifest('typeorm', '@mikro-orm/core'),
        'src/a.ts': `export const all = (dataSource) => dataSource.getRepository(Customer).find({ relations: ['orders'] });\nexport const names = (ordersRepo) => ordersRepo.createQueryBuilder('o').orderBy('o.id').getMany();\nexport const mikro = (em) => em.find(Customer, {}, { orderBy: { id: 'asc' } });\nexport const some = (em, shop) => em.find(Customer, { shop });\n`,
      },
      at: ['src/a.ts:1', 'src/a.ts:2', 'src/a.ts:3'],
    },
    'Objection, and a scoped model of Sequelize': {
      files: {
        'package.json': manifest('knex', 'objection', 'sequelize'),
        'src/a.ts': `export const pets = () => Pet.query().select('id').orderBy('name');\nexport const docs = () => Document.scope('full').findAll();\nexport const one = (id) => Pet.query().findById(id);\n`,
      },
      at: ['src/a.ts:1', 'src/a.ts:2'],
    },
    'Prisma without anything, and with what to select': {
      files: {
        ...prisma,
        'src/users.ts': `import { prisma } from './db.js';\nexport const list = async (_req, res) => res.json(await prisma.user.findMany());\nexport const names = () => prisma.user.findMany({ select: { name: true }, orderBy: { name: 'asc' } });\n`,
      },
      at: ['src/users.ts:2', 'src/users.ts:3'],
    },
    'Mongoose’s find({}) in a controller': {
      files: {
        'package.json': manifest('express', 'mongoose'),
        'controllers/user.js': `const User = require('../models/user');\nexports.all = async (req, res) => {\n  const users = await User.find({}).sort('name');\n  res.json(users);\n};\n`,
      },
      at: ['controllers/user.js:3'],
    },
    'SQL, Drizzle, TypeORM': {
      files: {
        'package.json': manifest('pg', 'drizzle-orm', 'typeorm'),
        'src/a.ts': `export const all = (pool) => pool.query('SELECT id, name FROM users ORDER BY name');\n`,
        'src/b.ts': `export const all = (db) => db.select().from(orders).orderBy(orders.id);\n`,
        'src/c.ts': `export class C {\n  constructor(private readonly users: Repository<User>, private usersRepository: X) {}\n  all() { return this.usersRepository.find(); }\n}\n`,
      },
      at: ['src/a.ts:1', 'src/b.ts:1', 'src/c.ts:3'],
    },
    'MongoDB’s own driver': {
      files: {
        'package.json': manifest('express', 'mongodb'),
        'src/a.js': `exports.all = async (db) => db.collection('users').find({}).toArray();\nexports.memos = (db, done) => { const memosCol = db.collection('memos'); memosCol.find({}).toArray(done); };\n`,
      },
      at: ['src/a.js:1', 'src/a.js:2'],
    },
    'as many as the client says': {
      files: {
        'package.json': manifest('express', '@prisma/client', 'mongoose', 'drizzle-orm'),
        'src/a.ts': `import express from 'express';\nconst app = express();\napp.get('/orders', async (req, res) => {\n  const take = Number(req.query.take) || 10;\n  res.json(await prisma.order.findMany({ take }));\n});\n`,
        'src/posts.ts': `export const newest = (page: number, size: number) =>\n  Post.find({ live: true }).skip(size * page).limit(size);\n`,
        'src/b.ts': `import express from 'express';\nimport { newest } from './posts.js';\nconst app = express();\napp.get('/posts', async (req, res) => {\n  res.json(await newest(0, parseInt(req.query.count as string)));\n});\n`,
        'src/c.ts': `import express from 'express';\nimport { z } from 'zod';\nconst app = express();\nconst page = z.object({ perPage: z.coerce.number().int().min(1) });\napp.get('/orders', async (req, res) => {\n  const { perPage } = page.parse(req.query);\n  res.json(await db.select().from(orders).limit(perPage));\n});\n`,
      },
      at: ['src/a.ts:5', 'src/c.ts:7', 'src/posts.ts:2'],
    },
    'as many as the client says, one more or without its sign': {
      files: {
        'package.json': manifest('express', '@prisma/client', 'mongoose'),
        'src/a.ts': `import express from 'express';\nconst app = express();\napp.get('/orders', async (req, res) => {\n  const take = Number.parseInt(req.query.take as string);\n  res.json(await Order.find({ live: true }).limit(take + 1));\n});\napp.get('/posts', async (req, res) => {\n  res.json(await Post.find({ live: true }).limit(Math.abs(+req.query.count)));\n});\n`,
      },
      at: ['src/a.ts:5', 'src/a.ts:8'],
    },
    'a few rows, each with all of a table that grows': {
      files: {
        'package.json': manifest('@prisma/client', 'drizzle-orm', 'typeorm', 'mongoose'),
        'src/a.ts': `export const categories = (prisma) => prisma.category.findMany({ include: { posts: { select: { title: true } } } });\n`,
        'src/b.ts': `export const found = (db, text) =>\n  db.query.categories.findMany({ with: { products: true }, where: (table) => like(table.name, text) });\n`,
        'src/c.ts': `export const list = (categoryRepository) => categoryRepository.find({ relations: ['posts'] });\n`,
        'src/d.ts': `export const list = () => Tag.find().populate('articles');\n`,
      },
      at: ['src/a.ts:1', 'src/b.ts:2', 'src/c.ts:1', 'src/d.ts:1'],
    },
  },
  clean: {
    'a few rows, with a few each, or counted': {
      files: {
        'package.json': manifest('@prisma/client', 'drizzle-orm', 'typeorm', 'mongoose'),
        'src/a.ts': `export const categories = (prisma) => prisma.category.findMany({ include: { posts: { take: 5 }, _count: true } });\nexport const one = (prisma, id) => prisma.category.findMany({ where: { id }, include: { posts: true } });\n`,
        'src/b.ts': `export const found = (db) => db.query.menus.findMany({ with: { items: true } });\nexport const some = (db) => db.query.categories.findMany({ with: { products: true }, limit: 10 });\n`,
        'src/c.ts': `export const list = (categoryRepository) => categoryRepository.find({ relations: ['parent', 'translations'] });\n`,
        'src/d.ts': `export const list = (name) => Tag.find({ name }).populate('articles');\n`,
      },
    },
    'as many as the client says, up to what is capped': {
      files: {
        'package.json': manifest('express', '@prisma/client', 'mongoose', 'drizzle-orm'),
        'src/a.ts': `import express from 'express';\nconst app = express();\napp.get('/orders', async (req, res) => {\n  const take = Math.min(Number(req.query.take) || 10, 100);\n  res.json(await prisma.order.findMany({ take }));\n});\n`,
        'src/posts.ts': `export const newest = (page: number, size: number) => {\n  if (size > 50) throw new Error('too many');\n  return Post.find({ live: true }).limit(size);\n};\n`,
        'src/b.ts': `import express from 'express';\nimport { newest } from './posts.js';\nconst app = express();\napp.get('/posts', async (req, res) => {\n  res.json(await newest(0, parseInt(req.query.count as string)));\n});\n`,
        'src/c.ts': `import express from 'express';\nimport { z } from 'zod';\nconst app = express();\nconst page = z.object({ perPage: z.coerce.number().int().min(1).max(100) });\napp.get('/orders', async (req, res) => {\n  const { perPage } = page.parse(req.query);\n  res.json(await db.select().from(orders).limit(perPage));\n});\n`,
        'src/d.ts': `import express from 'express';\nconst app = express();\napp.get('/roles', async (req, res) => {\n  res.json(await prisma.role.findMany({ take: Number(req.query.limit) }));\n});\n`,
      },
    },
    'a number that is made of the client’s': {
      files: {
        'package.json': manifest('express', 'mongoose'),
        'src/a.ts': `import express from 'express';\nconst app = express();\napp.get('/orders', async (req, res) => {\n  res.json(await Order.find({ live: true }).limit(Math.abs(+req.query.count) % 50));\n});\n`,
      },
    },
    'as many as the program says': {
      files: {
        'package.json': manifest('express', '@prisma/client'),
        'src/a.ts': `const size = 20;\nexport const newest = (prisma) => prisma.order.findMany({ take: size });\nexport const some = (prisma, count: number) => prisma.order.findMany({ take: count });\n`,
      },
    },
    'a list without time or owner, by the schema of another package of the workspace': {
      folder: 'apps/api',
      files: {
        'packages/db/package.json': JSON.stringify({ name: '@shop/db' }),
        'packages/db/prisma/schema.prisma': `model Product {\n  key String @id\n  value String\n}\n`,
        'apps/api/package.json': manifest('express', '@prisma/client'),
        'apps/api/src/a.ts': `export const list = async (req, res) => res.json(await prisma.product.findMany());\n`,
      },
    },
    'what asks for those that were put away, or for more than that': {
      files: {
        'package.json': manifest('express', '@prisma/client', 'mongoose', 'pg'),
        'src/a.ts': `export const bin = (prisma) => prisma.ticket.findMany({ where: { hidden: true } });\nexport const old = (prisma) => prisma.ticket.findMany({ where: { deletedAt: { not: null } } });\nexport const mine = (prisma, userId) => prisma.ticket.findMany({ where: { hidden: false, userId } });\n`,
        'src/b.ts': `export const users = (team) => User.find({ isDeleted: false, team });\nexport const open = (prisma) => prisma.ticket.findMany({ where: { done: false } });\nexport const orders = (pool) => pool.query('SELECT * FROM orders WHERE deleted_at IS NULL AND shop = 3');\n`,
      },
    },
    'a builder that is only begun, a subquery, and one number': {
      files: {
        'package.json': manifest('drizzle-orm', 'knex'),
        'src/a.ts': `export function list(db, team) {\n  const base = db.select({ id: orders.id }).from(orders);\n  return team ? base.where(eq(orders.team, team)) : base.limit(50);\n}\nexport const total = (db) => db.select({ n: count() }).from(orders);\nexport const of = (db) => db.select({ n: sum }).from(db.select().from(orders).where(x).as('o'));\n`,
        'src/b.ts': `export async function add(knex, row) {\n  await knex.from('orders').insert(row);\n  return knex('orders').columnInfo('total');\n}\n`,
      },
    },
    'what is asked when the process starts, and a list without time or owner': {
      files: {
        ...prisma,
        'prisma/schema.prisma': `model Badge {\n  key String @id\n  value String\n}\nmodel Currency2 {\n  code String @id\n}\nmodel Book {\n  id Int @id\n  at DateTime\n}\n`,
        'src/a.ts': `export class A {\n  constructor(private readonly prisma: PrismaService) {}\n  async onModuleInit() { this.books = await this.prisma.book.findMany(); }\n  all() { return this.prisma.currency2.findMany(); }\n}\n`,
        'db/knex_migrations/1.ts': `export const up = async (prisma) => prisma.book.findMany();\n`,
      },
    },
    'Sequelize’s parent that must be there': {
      files: {
        'package.json': manifest('sequelize'),
        'src/a.ts': `export const mine = (email) => Team.findAll({ include: [{ model: User, required: true, where: { email } }] });\n`,
      },
    },
    'the database’s own tables, a value that may hold the bound': {
      files: {
        'package.json': manifest('pg', 'mysql2'),
        'src/a.ts': `export const all = (pool, where) => [pool.query('SELECT * FROM information_schema.tables'), pool.query(\`SELECT * FROM users \${where} ORDER BY id\`)];\n`,
      },
    },
    'MongoDB with a filter': {
      files: {
        'package.json': manifest('mongodb'),
        'src/a.js': `exports.mine = (db, userId) => [db.collection('users').find({ userId }).toArray(), db.collection('users').find({}).limit(5).toArray()];\n`,
      },
    },
    'a limit, or rows of somebody': {
      files: {
        ...prisma,
        'src/users.ts': `export const list = (prisma, userId) => [prisma.user.findMany({ take: 50 }), prisma.post.findMany({ where: { userId } })];\n`,
      },
    },
    'what is passed on may hold a limit': {
      files: {
        ...prisma,
        'src/users.ts': `export const list = (prisma, args, page) => [prisma.user.findMany(args), prisma.user.findMany({ ...page })];\n`,
      },
    },
    'a small table, a report, an array’s find': {
      files: {
        ...prisma,
        'src/categories.ts': `export const list = (prisma) => prisma.category.findMany({ orderBy: { name: 'asc' } });\n`,
        'src/jobs/report.ts': `export const run = (prisma) => prisma.user.findMany();\n`,
        'src/find.ts': `export const one = (list) => list.find((user) => user.on);\n`,
      },
    },
    'SQL that counts, joins or limits': {
      files: {
        'package.json': manifest('pg'),
        'src/a.ts': `export const all = (pool, n) => [pool.query('SELECT count(*) FROM users'), pool.query('SELECT * FROM users LIMIT $1', [n]), pool.query(\`SELECT * FROM users \${where}\`)];\n`,
      },
    },
  },
});

const routed = (query: string): Texts => ({
  'src/users.ts': `import { prisma } from './db.js';\nexport const list = async () => {\n  const rows = ${query};\n  return rows.map((row) => row.name);\n};\n`,
  'src/app.ts': `import express from 'express';\nimport { list } from './users.js';\nconst app = express();\napp.get('/users', async (req, res) => res.json(await list()));\n`,
});
const users = 'await prisma.user.findMany()';
const handler = (body: string, guard = ''): Texts => ({
  'src/app.ts': `import express from 'express';\nimport { prisma } from './db.js';\nconst app = express();\napp.get('/users', ${guard}async (req, res) => {\n  ${body}\n});\n`,
});
test.each<[string, string, Texts]>([
  ['likely', 'people, through a function, to who asks', routed(users)],
  ['likely', 'people, to who asks', handler(`const rows = ${users};\n  res.json({ rows });`)],
  ['likely', 'people, by a callback', handler('prisma.user.findMany().then((rows) => res.json(rows));')],
  ['hint', 'people, to administrators', handler(`const rows = ${users};\n  res.json(rows);`, `authorize('admin'), `)],
  ...(['hasAdminRole', 'hasSession'] as const).map((guard): [string, string, Texts] => [
    guard === 'hasAdminRole' ? 'hint' : 'likely',
    `people, by a procedure behind ${guard}`,
    {
      'package.json': manifest('@prisma/client', '@trpc/server'),
      'src/a.ts': `import { prisma } from './db.js';\nexport const users = router({\n  list: procedure.use(${guard}).input(none).query(async () => {\n    return await prisma.account.findMany();\n  }),\n});\n`,
    },
  ]),
  [
    'hint',
    'people, looked through by the caller',
    {
      ...routed('await prisma.user.findMany({ orderBy: { id: 1 } })'),
      'src/app.ts': `import express from 'express';\nimport { list } from './users.js';\nconst app = express();\napp.get('/users', async (req, res) => {\n  const all = await list();\n  if (all.length > 3) throw new Error('full');\n  res.json({ open: true });\n});\n`,
    },
  ],
  ['hint', 'people, looked through', handler(`const rows = ${users};\n  res.json({ n: 1 });`)],
  [
    'hint',
    'people, among other answers',
    handler(`const [a, b, c] = await Promise.all([prisma.user.findMany(), x(), y()]);\n  res.json(merge(a, b, c));`),
  ],
  [
    'hint',
    'people, where nobody calls',
    { 'src/a.ts': `import { prisma } from './db.js';\nexport const list = async () => ${users};\n` },
  ],
  ['hint', 'what may be few', handler('res.json(await prisma.webhook.findMany());')],
  [
    'likely',
    'what grows with use, wherever it goes',
    { 'src/a.ts': `import { prisma } from './db.js';\nexport const list = async () => prisma.order.findMany();\n` },
  ],
])('is a %s: %s', (confidence, _title, texts) => {
  const { findings, failures } = examineTexts({ ...prisma, ...texts }, [unboundedFind]);
  expect(failures).toEqual([]);
  expect(findings.map((one) => one.confidence)).toEqual([confidence]);
});

test.each([
  ['hint', 'knows nobody', '// What the user sees.'],
  ['likely', 'knows those who use it', 'export const isMine = (one, userId) => one.by === userId;'],
])('is a %s where the server %s', (confidence, _title, more) => {
  const text = `import express from 'express';\nimport { prisma } from './db.js';\nconst app = express();\napp.get('/bookmarks', async (req, res) => {\n  const all = await prisma.bookmark.findMany();\n  res.json(all);\n});\n${more}\n`;
  const { findings } = examineTexts({ ...prisma, 'src/app.ts': text }, [unboundedFind]);
  expect(findings.map((one) => one.confidence)).toEqual([confidence]);
});

test.each([
  ['hint', 'none said is all', 0],
  ['likely', 'none said is twenty', 20],
])('is a %s where the client’s limit is none of the kind, and elsewhere %s', (confidence, _title, otherwise) => {
  const other = (name: string): string =>
    `app.get('/${name}', async (req, res) => res.json(await page('${name}', req.query.limit || ${otherwise})));\n`;
  const text = `import express from 'express';\nimport { prisma } from './db.js';\nconst app = express();\napp.get('/orders', async (req, res) => {\n  res.json(await prisma.order.findMany({ take: Number(req.query.limit) }));\n});\n${other('hats')}${other('shoes')}`;
  const { findings } = examineTexts({ ...prisma, 'src/app.ts': text }, [unboundedFind]);
  expect(findings.map((one) => one.confidence)).toEqual([confidence]);
});
