import { nPlusOne } from '../../../../src/doctor/rules/db/n-plus-one.ts';
import { manifest, ruleTest } from '../../rule.ts';

const prisma = { 'package.json': manifest('express', '@prisma/client') };
const client = `import { PrismaClient } from '@prisma/client';\nconst prisma = new PrismaClient();\n`;

ruleTest(nPlusOne, {
  hits: {
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
        'src/orders.service.ts': `export class OrdersService {\n  constructor(private readonly prisma: PrismaService) {}\n  async all(ids: string[]) {\n    return Promise.all(ids.map(async (id) => {\n      const order = await this.prisma.order.findUnique({ where: { id } });\n      return order;\n    }));\n  }\n}\n`,
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
    'rows written one by one; changed one by one: a hint': {
      files: {
        ...prisma,
        'src/app.ts': `${client}export async function save(items) {\n  for (const item of items) {\n    await prisma.item.create({ data: item });\n    await prisma.stock.update({ where: { id: item.id }, data: {} });\n  }\n}\n`,
      },
      at: ['src/app.ts:5', 'src/app.ts:6'],
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
