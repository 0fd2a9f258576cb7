import { expect, test } from 'vitest';
import { nPlusOne } from '../../../../src/doctor/rules/db/n-plus-one.ts';
import { together } from '../../../../src/doctor/together.ts';
import { examineTexts, manifest, ruleTest } from '../../rule.ts';

const prisma = { 'package.json': manifest('express', '@prisma/client') };
const client = `import { PrismaClient } from '@prisma/client';\nconst prisma = new PrismaClient();\n`;

ruleTest(nPlusOne, {
  hits: {
    'rows that a newer Prisma can write at once into SQLite': {
      files: {
        'package.json': manifest('express', '@prisma/client@5.14.0'),
        'prisma/schema.prisma': `datasource db {\n  provider = "sqlite"\n  url = "file:./shop.db"\n}\n`,
        'src/a.ts': `${client}export async function add(notes) {\n  for (const note of notes) await prisma.note.create({ data: { text: note } });\n}\n`,
      },
      at: ['src/a.ts:4'],
    },
    'a list that the route lets be long, of what is short itself': {
      files: {
        ...prisma,
        'src/a.ts': `import express from 'express';\nimport { z } from 'zod';\n${client}const router = express.Router();\nrouter.post('/lines', check({ body: z.object({ lines: z.array(z.string().max(5)) }) }), async (req, res) => {\n  const { lines: given } = req.body;\n  res.json(await Promise.all(given.map(async (line) => prisma.user.findFirst({ where: { name: line } }))));\n});\n`,
      },
      at: ['src/a.ts:8'],
    },
    'a model beside the loop, asked by what the round has': {
      files: {
        'package.json': manifest('mongoose'),
        'src/a.js': `const mongoose = require('mongoose');\nasync function findIn(Model, name) {\n  return Model.findOne({ name });\n}\nexports.used = async (Author, rows) => {\n  for (const row of rows) await Author.findOne({ name: row.name });\n  for (const row of rows) await findIn(Author, row.name);\n};\n`,
      },
      at: ['src/a.js:6', 'src/a.js:7'],
    },
    'the first of a list that a function gives whole, or many of': {
      files: {
        ...prisma,
        'src/names.ts': `export function namesIn(text) {\n  if (text.length > 9) return text.split(' ');\n  return text.split(',').slice(0, 8);\n}\n`,
        'src/a.ts': `${client}import { namesIn } from './names.js';\nexport async function tell(text, rows) {\n  await Promise.all(namesIn(text).map((name) => prisma.user.findFirst({ where: { name } })));\n  const first = rows.slice(0, 500);\n  for (const row of first) await prisma.user.findFirst({ where: { name: row.name } });\n}\n`,
      },
      at: ['src/a.ts:5', 'src/a.ts:7'],
    },
    'Prisma in a loop of a handler': {
      files: {
        ...prisma,
        'src/app.ts': `${client}export async function list(req, res) {\n  const posts = await prisma.post.findMany({ take: 50 });\n  for (const post of posts) {\n    post.author = await prisma.user.findUnique({ where: { id: post.authorId } });\n  }\n  res.json(posts);\n}\n`,
      },
      at: ['src/app.ts:6'],
    },
    'all at once, with Nest’s service': {
      files: {
        'package.json': manifest('@nestjs/core', '@prisma/client'),
        'src/orders.service.ts': `export class OrdersService {\n  constructor(private readonly prisma: PrismaService) {}\n  async all(ids: string[]) {\n    return Promise.all(ids.map(async (id) => {\n      const order = await this.prisma.order.findFirst({ where: { number: id } });\n      return order;\n    }));\n  }\n}\n`,
      },
      at: ['src/orders.service.ts:5'],
    },
    'SQL of pg, and Drizzle': {
      files: {
        'package.json': manifest('pg', 'drizzle-orm'),
        'src/a.ts': `import { Pool } from 'pg';\nconst pool = new Pool();\nexport async function totals(users) {\n  for (let i = 0; i < users.length; i++) {\n    const { rows } = await pool.query('SELECT sum(total) FROM orders WHERE user_id = $1', [users[i].id]);\n  }\n}\n`,
        'src/b.ts': `import { db } from './db.js';\nexport const load = (rows) => Promise.all(rows.map((row) => db.select().from(users).where(eq(users.id, row.userId))));\n`,
      },
      at: ['src/a.ts:5', 'src/b.ts:2'],
    },
    'a function of another file, and one of the class': {
      files: {
        ...prisma,
        'src/users.ts': `${client}export async function findUser(id) {\n  return prisma.user.findUnique({ where: { id } });\n}\n`,
        'src/list.ts': `import { findUser } from './users.js';\nexport async function list(posts) {\n  for (const post of posts) post.user = await findUser(post.userId);\n}\nclass S {\n  async one(id) { return this.prisma.user.findFirst({ where: { id } }); }\n  async all(ids) { return Promise.all(ids.map((id) => this.one(id))); }\n}\n`,
      },
      at: ['src/list.ts:3', 'src/list.ts:7'],
    },
    'rows written one by one: all of a loop told once': {
      files: {
        ...prisma,
        'src/app.ts': `${client}export async function save(items) {\n  for (const item of items) {\n    await prisma.item.create({ data: item });\n    await prisma.stock.update({ where: { id: item.id }, data: {} });\n  }\n}\n`,
      },
      at: ['src/app.ts:5'],
    },
    'rows written one by one, all at once': {
      files: {
        ...prisma,
        'src/tasks/tasks.service.ts': `${client}export async function save(items) {\n  await Promise.all(items.map((item) => prisma.item.create({ data: { name: item.name } })));\n}\n`,
      },
      at: ['src/tasks/tasks.service.ts:4'],
    },
    'Supabase’s client': {
      files: {
        'package.json': manifest('@supabase/supabase-js'),
        'src/a.ts': `export async function all(supabase, teams) {\n  for (const team of teams) {\n    const { data } = await supabase.from('members').select('id, name').eq('team_id', team.id);\n    team.members = data;\n  }\n}\n`,
      },
      at: ['src/a.ts:3'],
    },
    'a tree, child by child': {
      files: {
        ...prisma,
        'src/tree.ts': `${client}export async function below(id) {\n  const found = await prisma.folder.findMany({ where: { parentId: id } });\n  const all = [];\n  for (const folder of found) all.push(folder, ...(await below(folder.id)));\n  return all;\n}\n`,
      },
      at: ['src/tree.ts:6'],
    },
    'TypeORM’s manager and query builder': {
      files: {
        'package.json': manifest('typeorm'),
        'src/a.ts': `export async function names(manager, ids) {\n  for (const id of ids) await manager.findOne(Author, { where: { id } });\n}\nexport class Books {\n  constructor(private readonly books: Repository<Book>, private readonly booksRepository: Repository<Book>) {}\n  all = (shelves) => Promise.all(shelves.map((shelf) => this.booksRepository.createQueryBuilder('b').where('b.shelf = :s', { s: shelf.id }).getMany()));\n}\n`,
      },
      at: ['src/a.ts:2', 'src/a.ts:6'],
    },
    'Knex as a field, and Objection': {
      files: {
        'package.json': manifest('knex', 'objection'),
        'src/a.ts': `export class Store {\n  async all(rows) {\n    for (const row of rows) row.tags = await this.db('tags').where({ row_id: row.id });\n  }\n}\nexport async function owners(pets) {\n  for (const pet of pets) pet.owner = await Person.query().findById(pet.ownerId);\n}\n`,
      },
      at: ['src/a.ts:3', 'src/a.ts:7'],
    },
    'slonik and pg-promise': {
      files: {
        'package.json': manifest('slonik', 'pg-promise'),
        'src/a.ts': `export async function all(pool, db, users) {\n  for (const user of users) await pool.any(sql\`select \${fields} from \${table} where user_id = \${user.id}\`);\n  for (const user of users) await db.oneOrNone('SELECT name FROM teams WHERE id = $1', [user.team]);\n}\n`,
      },
      at: ['src/a.ts:2', 'src/a.ts:3'],
    },
    'MongoDB’s own driver': {
      files: {
        'package.json': manifest('mongodb'),
        'src/a.js': `exports.list = async (db, posts) => {\n  for (const post of posts) {\n    post.author = await db.collection('users').findOne({ _id: post.authorId });\n  }\n};\n`,
      },
      at: ['src/a.js:3'],
    },
    'Mongoose in CommonJS': {
      files: {
        'package.json': manifest('express', 'mongoose'),
        'controllers/posts.js': `const User = require('../models/user');\nexports.list = async (req, res) => {\n  const out = [];\n  for (const post of await Post.find().limit(20)) {\n    out.push(await User.findById(post.author));\n  }\n  res.json(out);\n};\n`,
        'models/user.js': `const mongoose = require('mongoose');\nmodule.exports = mongoose.model('User', new mongoose.Schema({}));\n`,
      },
      at: ['controllers/posts.js:5'],
    },
  },
  clean: {
    'rows that an older Prisma can write one by one alone, into SQLite': {
      files: {
        'package.json': manifest('express', '@prisma/client@5.3.1'),
        'prisma/schema.prisma': `datasource db {\n  provider = "sqlite"\n  url = "file:./shop.db"\n}\n`,
        'src/a.ts': `${client}export async function add(notes) {\n  for (const note of notes) await prisma.note.create({ data: { text: note } });\n}\n`,
      },
    },
    'a list that the route lets be five long': {
      files: {
        ...prisma,
        'src/a.ts': `import express from 'express';\nimport { z } from 'zod';\n${client}const router = express.Router();\nrouter.post('/lines', check({ body: z.object({ lines: z.array(z.string()).min(1).max(5) }) }), async (req, res) => {\n  const { lines: given } = req.body;\n  res.json(await Promise.all(given.map(async (line) => prisma.user.findFirst({ where: { name: line } }))));\n});\n`,
      },
    },
    'each round asks another model: here, in a function, and by what a registry gives': {
      files: {
        'package.json': manifest('mongoose', 'sequelize'),
        'src/a.js': `const mongoose = require('mongoose');\nasync function isUsed(Model) {\n  const asked = Model.findOne({ locked: true });\n  return (await asked) !== null;\n}\nexports.used = async (models) => {\n  for (const Model of models) await Model.findOne({ name: Model.title });\n  await Promise.all(models.map((model) => isUsed(model)));\n  for (const name of models) {\n    const Kept = registry.get(name);\n    await Kept.findOne({ name });\n  }\n};\n`,
      },
    },
    'a list that somebody wrote down, by its places': {
      files: {
        'package.json': manifest('mongoose'),
        'src/kinds.js': `export default [{ name: 'a' }, { name: 'b' }];\n`,
        'src/a.js': `import kinds from './kinds';\nexport function fill() {\n  for (let i = 0; i < kinds.length; i++) {\n    Kind.create(kinds[i]);\n  }\n}\n`,
      },
    },
    'the first few of a list, by a function of another file': {
      files: {
        ...prisma,
        'src/names.ts': `export function namesIn(text) {\n  if (!text) return [];\n  return Array.from(new Set(text.split(' '))).slice(0, 8);\n}\n`,
        'src/a.ts': `${client}import { namesIn } from './names.js';\nexport async function tell(text) {\n  const names = namesIn(text).filter((one) => one !== 'me');\n  await Promise.all(names.map((name) => prisma.user.findFirst({ where: { name } })));\n}\n`,
      },
    },
    'another table in each round': {
      files: {
        'package.json': manifest('mongodb'),
        'src/a.js': `exports.sizes = async (db, kinds, day) => Promise.all(kinds.map((kind) => db.collection(kind.name).countDocuments({ day: kind.day })));\n`,
      },
    },
    'an array’s own find, and a document’s': {
      files: {
        'package.json': manifest('mongoose', 'typeorm'),
        'src/a.ts': `import { getMetadataArgsStorage } from 'typeorm';\nexport async function check(ids) {\n  const shop = await Shop.findOne({ open: true });\n  const stored = getMetadataArgsStorage();\n  for (const id of ids) {\n    if (!shop.shelves.find((shelf) => shelf.id === id)) return false;\n    stored.filterColumns(id).find((column) => column.name === id);\n  }\n}\n`,
      },
    },
    'Prisma’s findUnique, asked together': {
      files: {
        ...prisma,
        'src/app.ts': `${client}export const all = (ids) => Promise.all(ids.map((id) => prisma.user.findUnique({ where: { id } })));\n`,
      },
    },
    'asked in the round that ends the loop': {
      files: {
        ...prisma,
        'src/app.ts': `${client}export async function first(lines) {\n  for (const line of lines) {\n    if (line.count > line.stock) {\n      const item = await prisma.item.findFirst({ where: { id: line.itemId } });\n      return { refused: item.name };\n    }\n  }\n}\n`,
      },
    },
    'the values of an enum, and a list of another file': {
      files: {
        ...prisma,
        'src/kinds.ts': `export const states = ['open', 'done'];\n`,
        'src/app.ts': `${client}import { states } from './kinds.js';\nimport { Kind } from './kind.js';\nexport const counts = () => Promise.all(Object.values(Kind).map((kind) => prisma.user.count({ where: { kind } })));\nexport const open = () => Promise.all(states.map((state) => prisma.user.count({ where: { state } })));\n`,
      },
    },
    'one query for all': {
      files: {
        ...prisma,
        'src/app.ts': `${client}export async function list(ids) {\n  const users = await prisma.user.findMany({ where: { id: { in: ids.map((id) => id) } } });\n  for (const user of users) user.name = user.name.trim();\n}\n`,
      },
    },
    'batches, and pages until there are none': {
      files: {
        ...prisma,
        'src/app.ts': `${client}export async function run(ids) {\n  for (const chunk of chunks(ids, 500)) await prisma.user.findMany({ where: { id: { in: chunk } } });\n  for (let i = 0; i < ids.length; i += 100) await prisma.user.findMany({ where: { id: { in: ids.slice(i, i + 100) } } });\n  let cursor;\n  while (true) { const rows = await prisma.user.findMany({ take: 100, cursor }); if (!rows.length) break; cursor = rows.at(-1); }\n}\n`,
      },
    },
    'a list that is written out': {
      files: {
        ...prisma,
        'src/app.ts': `${client}const kinds = ['a', 'b'];\nexport const counts = () => Promise.all(kinds.map((kind) => prisma.user.count({ where: { kind } })));\n`,
      },
    },
    'a query that is the list itself': {
      files: {
        ...prisma,
        'src/app.ts': `${client}export async function list() {\n  for (const user of await prisma.user.findMany({ take: 10 })) console.log(user);\n}\n`,
      },
    },
    'a Map, an array and a cache': {
      files: {
        ...prisma,
        'src/app.ts': `export const pick = (ids, users, cache) => ids.map((id) => [users.find((user) => user.id === id), cache.get(id)]);\n`,
      },
    },
    'a handler made in a loop': {
      files: {
        ...prisma,
        'src/app.ts': `${client}for (const name of names) app.get(name, async (req, res) => res.json(await prisma.user.findFirst({ where: { name } })));\n`,
      },
    },
  },
});

test.each([
  ['likely', 'a plain read per row', 'rows', 'row.user = await prisma.user.findFirst({ where: { id: row.userId } });'],
  [
    'hint',
    'a read after an error',
    'rows',
    'try { row.check(); } catch (error) { row.user = await prisma.user.findFirst({ where: { id: row.userId } }); }',
  ],
  [
    'hint',
    'one spelling after the other until one is found',
    'spellings',
    'const user = await prisma.user.findFirst({ where: { email: row } });\n if (user) return user;',
  ],
  [
    'likely',
    'every row must be there',
    'rows',
    'const user = await prisma.user.findFirst({ where: { id: row.userId } });\n if (!user) return null;\n names.push(user.name);',
  ],
  [
    'hint',
    'a row made where it was not there',
    'rows',
    'const user = await prisma.user.findFirst({ where: { email: row.email } });\n if (!user) ids.push((await prisma.user.create({ data: { email: row.email } })).id);',
  ],
  [
    'hint',
    'its neighbours are moved in each round',
    'rows',
    'const page = await prisma.page.findFirst({ where: { id: row.id } });\n await reorderAfter(page);',
  ],
  [
    'hint',
    'another service in each round',
    'rows',
    'const user = await prisma.user.findFirst({ where: { id: row.userId } });\n await createRemoteSubscription(user);',
  ],
  [
    'hint',
    'kept for later rounds',
    'rows',
    'let user = names[row.userId];\n if (!user) {\n user = await prisma.user.findFirst({ where: { id: row.userId } });\n names[row.userId] = user;\n }',
  ],
  ['hint', 'kept at once', 'rows', 'names[row.userId] ??= await prisma.user.findFirst({ where: { id: row.userId } });'],
  [
    'likely',
    'asked again wherever one is missing',
    'rows',
    'if (!row.user) row.user = await prisma.user.findFirst({ where: { id: row.userId } });',
  ],
  [
    'hint',
    'a row that is saved beside others',
    'rows',
    'const user = await prisma.user.findFirst({ where: { id: row.userId } });\n await Promise.all([user.save(), row.check()]);',
  ],
  ['hint', 'the newest few of each by a function', 'rows', 'row.last = await getLast(row.id);'],
  [
    'hint',
    'one that few rounds come to, and the first that fits ends',
    'rows',
    'if (!row.isOurs) continue;\n const user = await prisma.user.findFirst({ where: { id: row.userId } });\n if (user?.name === row.name) return true;',
  ],
  [
    'likely',
    'one that rounds come to that are picked out, each to its end',
    'rows',
    'if (!row.isOurs) continue;\n row.user = await prisma.user.findFirst({ where: { id: row.userId } });',
  ],
  [
    'hint',
    'a row that is written beside it in SQL',
    'rows',
    'const user = await prisma.user.findFirst({ where: { id: row.userId } });\n await store.execute(`UPDATE ${table} SET name = :name`, { name: user.name });',
  ],
  [
    'hint',
    'calls of another service in each round, so many at a time',
    'rows',
    'const user = await prisma.user.findFirst({ where: { id: row.userId } });\n await eachOf(row.parts, 5, async (part) => partOf(part, user));',
  ],
  [
    'hint',
    'parts of each round that are done so many at a time',
    'rows',
    'const user = await prisma.user.findFirst({ where: { id: row.userId } });\n await mapConcurrently(user.parts, 5, (part) => part.load());',
  ],
  [
    'hint',
    'what a comment says is meant so',
    'rows',
    '// Sequential: each of them may lock the next.\n row.user = await prisma.user.findFirst({ where: { id: row.userId } });',
  ],
] as const)('is a %s: %s', (confidence, _title, list, round) => {
  const text = `${client}const getLast = (id) => prisma.post.findMany({ where: { userId: id }, take: 5 });\nconst partOf = async (part, user) => (await fetch(part.url)).json();\nexport async function all(names, ids) {\n  const ${list} = await prisma.thing.findMany();\n  for (const row of ${list}) {\n ${round}\n  }\n}\n`;
  const { findings, failures } = examineTexts({ ...prisma, 'src/a.ts': text }, [nPlusOne]);
  expect(failures).toEqual([]);
  expect(findings.map((one) => one.confidence)).toEqual([confidence]);
});

test.each([
  ['hint', 'accounts', 'userId'],
  ['likely', 'orders', 'userId'],
  ['likely', 'accounts', 'createdAt'],
] as const)('is a %s: for the %s found by %s', (confidence, name, by) => {
  const text = `${client}export async function all(req, res) {\n  const ${name} = await prisma.thing.findMany({ where: { ${by}: req.value } });\n  for (const one of ${name}) one.user = await prisma.user.findFirst({ where: { name: one.name } });\n}\n`;
  const { findings } = examineTexts({ ...prisma, 'src/a.ts': text }, [nPlusOne]);
  expect(findings.map((one) => one.confidence)).toEqual([confidence]);
});

test.each([
  ['hint', 'an expression that it is given', 'for (const part of parts.all) found.push(await idsOf(part.all));'],
  [
    'hint',
    'groups that it has made',
    'const groups = halves(parts);\n  await Promise.all(groups.map((group) => idsOf(group)));',
  ],
  [
    'likely',
    'the rows that it has asked for',
    'const rows = await prisma.user.findMany({ where: { parentId: parts } });\n  for (const row of rows) found.push(await idsOf(row.id));',
  ],
] as const)('is a %s: a function that calls itself for %s', (confidence, _title, round) => {
  const text = `${client}async function idsOf(parts) {\n  const found = [await prisma.user.findMany({ where: { name: parts.name } })];\n  ${round}\n  return found;\n}\nexport const get = (req) => idsOf(req.body);\n`;
  const { findings } = examineTexts({ ...prisma, 'src/a.ts': text }, [nPlusOne]);
  expect(findings.map((one) => one.confidence)).toEqual([confidence]);
});

const loop = (head: string): string =>
  `export async function all(db) {\n  const rows = await db('things').select('id');\n  ${head} rows[row].user = await db('users').where({ id: row }).first();\n}\n`;
test.each([
  [
    'hint',
    'rows that take the place of others',
    ['drizzle-orm', 'pg'],
    'src/a.ts',
    `import { orders } from './schema.js';\nexport async function all(db) {\n  const rows = await db.select().from(wishes);\n  for (const row of rows) {\n    await db.insert(orders).values({ id: row.id }).onConflictDoUpdate({ target: orders.id, set: { seen: true } });\n  }\n}\n`,
  ],
  [
    'likely',
    'rows that are new',
    ['drizzle-orm', 'pg'],
    'src/a.ts',
    `import { orders } from './schema.js';\nexport async function all(db) {\n  const rows = await db.select().from(wishes);\n  for (const row of rows) {\n    await db.insert(orders).values({ id: row.id });\n  }\n}\n`,
  ],
  ['likely', 'rows of a server', ['knex', 'pg'], 'src/a.ts', loop('for (const row of rows)')],
  ['hint', 'rows of SQLite', ['knex', 'better-sqlite3'], 'src/a.ts', loop('for (const row of rows)')],
  [
    'likely',
    'rows of a server, SQLite in tests',
    ['knex', 'pg', 'sqlite3'],
    'src/a.ts',
    loop('for (const row of rows)'),
  ],
  [
    'hint',
    'the parts of an object',
    ['knex', 'pg'],
    'src/a.ts',
    loop('for (const row in rows)').replace("await db('things').select('id')", 'JSON.parse(text)'),
  ],
  [
    'hint',
    'a program that is started by hand',
    ['knex', 'pg'],
    'clean.js',
    `const rl = require('readline').createInterface({ input: process.stdin });\n${loop('for (const row of rows)').replace('export ', '')}all(db);\n`,
  ],
  [
    'likely',
    'a program that listens',
    ['knex', 'pg'],
    'server.js',
    `const port = process.argv[2];\n${loop('for (const row of rows)').replace('export ', '')}app.get('/', (req, res) => all(db));\napp.listen(port);\n`,
  ],
] as const)('is a %s: %s', (confidence, _title, dependencies, path, text) => {
  const { findings } = examineTexts({ 'package.json': manifest(...dependencies), [path]: text }, [nPlusOne]);
  expect(findings.map((one) => one.confidence)).toEqual([confidence]);
});

test.each([
  [
    'it ends at the first that is free',
    `if (!(await prisma.alias.findFirst({ where: { name } }))) {\n      free = name;\n      break;\n    }`,
    'hint',
  ],
  [
    'one that is not there ends the request',
    `if (!(await prisma.alias.findFirst({ where: { name } }))) throw new Error('unknown');`,
    'likely',
  ],
])('asks what a loop does with the answer: %s', (_title, round, confidence) => {
  const text = `${client}export async function choose(req) {\n  const { names } = req.body;\n  let free;\n  for (const name of names) {\n    ${round}\n  }\n  return free;\n}\n`;
  const { findings } = examineTexts({ ...prisma, 'src/a.ts': text }, [nPlusOne]);
  expect(findings.map((one) => one.confidence)).toEqual([confidence]);
});

test.each([
  ['for the letters of a text', 'id.slice(0, i)', 'hint'],
  ['for each of a list', 'id[i]', 'likely'],
])('counts the rounds of a loop up to a length: %s', (_title, value, confidence) => {
  const text = `${client}export async function all(req) {\n  const { id } = req.body;\n  const found = [];\n  for (let i = 0; i < id.length; i++) {\n    const name = ${value};\n    found.push(await prisma.alias.findFirst({ where: { name } }));\n  }\n  return found;\n}\n`;
  const { findings } = examineTexts({ ...prisma, 'src/a.ts': text }, [nPlusOne]);
  expect(findings.map((one) => one.confidence)).toEqual([confidence]);
});

const ofRows = (take: number): string =>
  `const posts = await prisma.post.findMany({ take: ${take} });\n  for (const post of posts) post.by = await prisma.user.findFirst({ where: { id: post.userId } });`;
const atOnce = 'Promise.all([...rows.map((row) => prisma.user.findFirst({ where: { name: row.name } })), count()])';

test.each([
  ['a handful of rows', ofRows(5), 'hint'],
  ['a page of rows', ofRows(50), 'likely'],
  ['all at once, and nobody waits', `${atOnce};`, 'hint'],
  ['all at once, caught, and nobody waits', `void ${atOnce}.catch(report);`, 'hint'],
  ['all at once, and awaited', `await ${atOnce};`, 'likely'],
])('asks who waits, and for how many: %s', (_title, body, confidence) => {
  const text = `${client}export async function show() {\n  const rows = await prisma.thing.findMany();\n  ${body}\n  return rows;\n}\n`;
  const { findings } = examineTexts({ ...prisma, 'src/a.ts': text }, [nPlusOne]);
  expect(findings.map((one) => one.confidence)).toEqual([confidence]);
});

const copying = (asked: string): string =>
  `${client}async function load(id) {\n  const box = await prisma.box.findUnique({ where: { id }, include: { folders: ${asked} } });\n  return { ...box };\n}\nasync function copy(folder) {\n  await Promise.all(folder.notes.map((note) => prisma.note.create({ data: { text: note.text } })));\n}\nexport async function handler(req, res) {\n  const box = await load(req.query.id);\n  await Promise.all(box.folders.filter((folder) => folder.name).map((folder) => copy(folder)));\n}\n`;
const removed = (name: string): string =>
  `${client}export async function ${name}(user) {\n  const rows = await prisma.post.findMany({ where: { user } });\n  for (const row of rows) await prisma.note.findFirst({ where: { name: row.name } });\n}\n`;

test.each([
  ['a part of a row that a caller has loaded with it', copying('{ include: { notes: true } }'), 'likely'],
  ['a part of a row that a caller has loaded with a few', copying('{ include: { notes: { take: 3 } } }'), 'hint'],
  ['a part of a row that nobody has asked for', copying('true'), 'hint'],
  ['what is done once, when one thing goes', removed('deleteAccount'), 'hint'],
  ['what is done when many go', removed('deletePosts'), 'likely'],
  ['what is done when one is asked for', removed('showAccount'), 'likely'],
])('is as sure as it can be: %s', (_title, text, confidence) => {
  const { findings, failures } = examineTexts({ ...prisma, 'src/a.ts': text }, [nPlusOne]);
  expect(failures).toEqual([]);
  expect(findings.map((one) => one.confidence)).toEqual([confidence]);
});

test('tells once of copies of one loop', () => {
  const round = 'for (const row of rows) row.by = await prisma.user.findFirst({ where: { id: row.userId } });';
  const show = (name: string, body: string): string => `export async function ${name}(rows) {\n  ${body}\n}\n`;
  const { findings } = examineTexts(
    {
      ...prisma,
      'src/a.ts': `${client}${show('one', round)}${show('other', round.replace('userId', 'editorId'))}`,
      'src/b.ts': `${client}${show('copy', round.replace(') row', ')\n    row'))}`,
    },
    [nPlusOne],
  );
  const told = together(findings);
  expect(told.map(({ path, line, also }) => [path, line, (also ?? []).map((place) => place.path)])).toEqual([
    ['src/a.ts', 4, ['src/b.ts']],
    ['src/a.ts', 7, []],
  ]);
});

const about = '  for (const row of rows) row.by = await prisma.user.findFirst({ where: { id: row.userId } });';
const listed = (before: string, more = ''): string =>
  `${client}export async function show(req) {\n  ${before}\n${about}\n  return rows;\n}\n${more}`;

test.each([
  [
    'likely',
    'all rows of a query',
    listed('const rows = (await prisma.post.findMany({ where: { open: true } })).filter(Boolean);'),
  ],
  [
    'likely',
    'the rows beside their number',
    listed('const [count, rows] = await Promise.all([prisma.post.count(), prisma.post.findMany()]);'),
  ],
  ['likely', 'what the request lists', listed('const { rows } = req.body;')],
  [
    'likely',
    'what a function has asked for',
    listed('const rows = await load();', 'const load = async () => prisma.post.findMany();\n'),
  ],
  [
    'likely',
    'rows of a relation',
    listed('const shop = await prisma.shop.findFirst({ include: { posts: true } });\n  const rows = shop.posts;'),
  ],
  [
    'likely',
    'what a caller asked for',
    `${client}async function add(rows) {\n${about}\n}\nexport const show = async () => add(await prisma.post.findMany());\n`,
  ],
  [
    'hint',
    'what has gone through the hands of two',
    `${client}async function add(rows) {\n${about}\n}\nasync function keep(rows) {\n  await add(rows);\n}\nexport const show = async () => keep(await prisma.post.findMany());\n`,
  ],
  [
    'hint',
    'what one has at work',
    listed("const rows = await prisma.post.findMany({ where: { authorId: req.params.id, state: 'OPEN' } });"),
  ],
  ['likely', 'what all have at work', listed("const rows = await prisma.post.findMany({ where: { state: 'OPEN' } });")],
  [
    'likely',
    'all that one has',
    listed('const rows = await prisma.post.findMany({ where: { authorId: req.params.id } });'),
  ],
  [
    'likely',
    'each of each',
    listed('const rows = [];\n  for (const part of parts) for (const one of part.all) rows.push(one);'),
  ],
  [
    'hint',
    'a column of one row',
    listed('const shop = await prisma.shop.findFirst({ where: { open: true } });\n  const rows = shop.postIds;'),
  ],
  [
    'hint',
    'what a function names',
    listed('const rows = parts(req);', 'const parts = (one) => (one.both ? [one.left, one.right] : [one.left]);\n'),
  ],
  [
    'hint',
    'the steps that a request names, by their number',
    `${client}export async function show(req, res) {\n  const { steps } = req.body;\n  for (let n = 0; n < steps.length; n++) await prisma.user.findFirst({ where: { name: steps[n] } });\n}\n`,
  ],
  [
    'likely',
    'the names that a request lists, by their number',
    `${client}export async function show(req, res) {\n  const { names } = req.body;\n  for (let n = 0; n < names.length; n++) await prisma.user.findFirst({ where: { name: names[n] } });\n}\n`,
  ],
  ['hint', 'what nobody is seen to give', `${client}export async function add(rows) {\n${about}\n}\n`],
  ['hint', 'rows of a table that somebody filled by hand', listed('const rows = await prisma.category.findMany();')],
  ['hint', 'the number beside the rows', listed('const [rows] = await Promise.all([load(), prisma.post.findMany()]);')],
])('is a %s: for %s', (confidence, _title, text) => {
  const { findings, failures } = examineTexts({ ...prisma, 'src/a.ts': text }, [nPlusOne]);
  expect(failures).toEqual([]);
  expect(findings.map((one) => one.confidence)).toEqual([confidence]);
});

test.each([
  [
    'what the database tells of itself',
    `await pool.query('SELECT c FROM information_schema.columns WHERE t = $1', [row.id]);`,
    0,
  ],
  ['what a table holds', `await pool.query('SELECT c FROM tags WHERE t = $1', [row.id]);`, 1],
  ['a part of another query', `all.with(row.id, knex('tags').where({ id: row.id }));`, 0],
  ['all in one union', `all.unionAll(row.tags.map((id) => knex('tags').where({ id })));`, 0],
  ['only its text', `texts.push(knex('tags').where({ id: row.id }).toQuery());`, 0],
  ['a table that the row names', `await knex(row.table).where({ id: row.id });`, 0],
  ['a table that the row names, by a function', `await idsIn(row.link, row.id);`, 0],
  ['one table', `await knex('tags').where({ id: row.id });`, 1],
  ['one table, by a function', `await idsIn(tags, row.id);`, 1],
])('counts what is asked: %s', (_title, round, count) => {
  const text = `const idsIn = (link, id) => {\n  const { table } = link;\n  return knex(table).where({ id });\n};\nexport async function show(all, texts, tags) {\n  const rows = await knex('things').select('id');\n  for (const row of rows) {\n    ${round}\n  }\n}\n`;
  const { findings, failures } = examineTexts({ 'package.json': manifest('knex', 'pg'), 'src/a.ts': text }, [nPlusOne]);
  expect(failures).toEqual([]);
  expect(findings).toHaveLength(count);
});
