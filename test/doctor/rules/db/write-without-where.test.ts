import { expect, test } from 'vitest';
import { writeWithoutWhere } from '../../../../src/doctor/rules/db/write-without-where.ts';
import { examineTexts, manifest, ruleTest } from '../../rule.ts';

const drizzle = manifest('drizzle-orm');
const prisma = manifest('@prisma/client');
const schema = `import { pgTable, text } from 'drizzle-orm/pg-core';\nexport const payouts = pgTable('payouts', { shopId: text('shop_id'), accountId: text('account_id') });\nexport const orders = pgTable('orders', { paid: boolean('paid') });\n`;
const ofSchema = `import { db } from './db.js';\nimport { payouts } from './schema.js';\n`;

ruleTest(writeWithoutWhere, {
  hits: {
    'Drizzle: one shop’s account over those of all, and a delete': {
      files: {
        'package.json': drizzle,
        'src/schema.ts': schema,
        'src/connect.ts': `${ofSchema}export async function connect(shop, account) {\n  const [known] = await db.select().from(payouts).where(eq(payouts.shopId, shop.id));\n  if (known) await db.update(payouts).set({ accountId: account.id });\n  else await db.insert(payouts).values({ shopId: shop.id, accountId: account.id });\n}\n`,
        'src/orders.ts': `import { orders } from './schema.js';\nexport const cancel = async (db, id) => {\n  await db.delete(orders);\n};\n`,
        'src/paid.ts': `import { orders } from './schema.js';\nexport async function pay(db, id) {\n  return db.update(orders).set({ paid: true }).returning();\n}\n`,
      },
      at: ['src/connect.ts:5', 'src/orders.ts:3', 'src/paid.ts:3'],
    },
    Prisma: {
      files: {
        'package.json': prisma,
        'src/a.ts': `export const read = (prisma, user) => prisma.message.updateMany({ data: { read: true } });\n`,
        'src/b.ts': `export const leave = (prisma, id) => prisma.member.deleteMany({ where: {} });\n`,
        'src/c.ts': `export const remove = async (prisma, id) => {\n  await prisma.order.deleteMany();\n};\n`,
      },
      at: ['src/a.ts:1', 'src/b.ts:1', 'src/c.ts:2'],
    },
    'Mongoose and MongoDB’s driver': {
      files: {
        'package.json': manifest('mongoose', 'mongodb'),
        'src/a.js': `exports.read = async (req, res) => {\n  await Message.updateMany({}, { read: true });\n  res.end();\n};\n`,
        'src/b.js': `exports.leave = async (req, res) => {\n  await Member.deleteMany({}).exec();\n  res.end();\n};\n`,
        'src/c.js': `exports.remove = async (db, id) => {\n  await db.collection('orders').deleteMany({});\n};\n`,
      },
      at: ['src/a.js:2', 'src/b.js:2', 'src/c.js:2'],
    },
    'Sequelize and TypeORM': {
      files: {
        'package.json': manifest('sequelize', 'typeorm'),
        'src/a.js': `exports.read = async (req, res) => {\n  await Message.update({ read: true }, { where: {} });\n};\n`,
        'src/b.js': `exports.leave = async (req, res) => {\n  await Member.destroy({ where: {} });\n};\n`,
        'src/c.ts': `export async function pay(orderRepository, id) {\n  await orderRepository.createQueryBuilder().update().set({ paid: true }).execute();\n}\n`,
        'src/d.ts': `export async function leave(memberRepository, id) {\n  await memberRepository.clear();\n}\n`,
      },
      at: ['src/a.js:2', 'src/b.js:2', 'src/c.ts:2', 'src/d.ts:2'],
    },
    'Knex and Kysely': {
      files: {
        'package.json': manifest('knex', 'kysely'),
        'src/a.js': `exports.read = async (knex, user) => {\n  await knex('messages').update({ read: true });\n};\n`,
        'src/b.js': `exports.leave = async (knex, id) => {\n  await knex('members').del();\n};\n`,
        'src/c.ts': `export const pay = async (db, id) => {\n  await db.updateTable('orders').set({ paid: true }).execute();\n};\n`,
        'src/d.ts': `export const leave = (db, id) => db.deleteFrom('members').execute();\n`,
      },
      at: ['src/a.js:2', 'src/b.js:2', 'src/c.ts:2', 'src/d.ts:1'],
    },
    'SQL, with values where values stand': {
      files: {
        'package.json': manifest('pg', 'mysql2'),
        'src/a.js': `exports.read = (pool) => pool.query('UPDATE messages SET read = true');\n`,
        'src/b.js': `exports.leave = (pool, id) => pool.query('delete from members;');\n`,
        'src/c.js':
          'exports.name = (pool, name) => pool.query(`UPDATE users SET name = ${pool.escape(name)}, seen = now()`);\n',
      },
      at: ['src/a.js:1', 'src/b.js:1', 'src/c.js:1'],
    },
  },
  clean: {
    'Drizzle: with a condition, put to it later, or no table': {
      files: {
        'package.json': drizzle,
        'src/schema.ts': schema,
        'src/a.ts': `${ofSchema}export async function connect(shop, account) {\n  await db.update(payouts).set({ accountId: account.id }).where(eq(payouts.shopId, shop.id));\n}\n`,
        'src/b.ts': `${ofSchema}export async function leave(shop) {\n  let query = db.delete(payouts);\n  if (shop) query = query.where(eq(payouts.shopId, shop.id));\n  await query;\n}\n`,
        'src/c.ts': `export async function leave(store, order) {\n  await store.delete(order);\n}\n`,
      },
    },
    'Prisma: with a condition, with one that is made elsewhere, one row': {
      files: {
        'package.json': prisma,
        'src/a.ts': `export const read = (prisma, userId) => prisma.message.updateMany({ where: { userId }, data: { read: true } });\n`,
        'src/b.ts': `export const leave = (prisma, where) => prisma.member.deleteMany({ where });\n`,
        'src/c.ts': `export const leave = (prisma, options) => prisma.member.deleteMany(options);\n`,
        'src/d.ts': `export const leave = (prisma, options) => prisma.member.deleteMany({ ...options });\n`,
      },
    },
    'Mongoose: with a condition, of one, or what a chain chooses': {
      files: {
        'package.json': manifest('mongoose'),
        'src/a.js': `exports.read = (user) => Message.updateMany({ user }, { read: true });\n`,
        'src/b.js': `exports.leave = (filter) => Member.deleteMany(filter);\n`,
        'src/c.js': `exports.read = (user) => Message.updateMany({}, { read: true }).where('user').equals(user);\n`,
        'src/d.js': `exports.read = (user) => Message.updateOne({}, { read: true });\n`,
      },
    },
    'Sequelize and TypeORM: with a condition, refused, or said': {
      files: {
        'package.json': manifest('sequelize', 'typeorm'),
        'src/a.js': `exports.read = (user) => Message.update({ read: true }, { where: { user } });\n`,
        'src/b.js': `exports.read = (options) => Message.update({ read: true }, options);\n`,
        'src/c.js': `exports.leave = () => Member.destroy({ truncate: true });\n`,
        'src/d.ts': `export async function pay(orderRepository, id) {\n  await orderRepository.createQueryBuilder().update().set({ paid: true }).where({ id }).execute();\n}\n`,
        'src/e.ts': `export async function pay(orderRepository, order) {\n  order.paid = true;\n  await order.update({});\n  this.orders.clear();\n}\n`,
      },
    },
    'Knex and Kysely: with a condition, wherever it stands': {
      files: {
        'package.json': manifest('knex', 'kysely', 'objection'),
        'src/a.js': `exports.read = async (knex, user) => {\n  await knex('messages').where({ user }).update({ read: true });\n};\n`,
        'src/b.js': `exports.read = async (id) => {\n  await Message.query().patchAndFetchById(id, { read: true });\n  await Message.query().deleteById(id);\n};\n`,
        'src/c.js': `exports.read = async (knex, row) => {\n  await knex('messages').insert(row).onConflict('id').merge();\n  const all = knex('messages').update({ read: true });\n  await all.where(row);\n};\n`,
        'src/d.ts': `export const leave = (db, id) => db.deleteFrom('members').where('id', '=', id).execute();\n`,
        'src/e.ts': `export const leave = (db, id) => db.deleteFrom('members').using('teams').execute();\n`,
      },
    },
    'SQL with a condition, or with a hole that may hold one': {
      files: {
        'package.json': manifest('pg', 'mysql2'),
        'src/a.js': `exports.read = (pool, id) => pool.query('UPDATE messages SET read = true WHERE id = $1', [id]);\n`,
        'src/b.js': 'exports.read = (pool, rest) => pool.query(`UPDATE messages SET read = true ${rest}`);\n',
        'src/c.js': 'exports.read = (pool, set) => pool.query(`UPDATE messages SET ${set}`);\n',
        'src/d.js': `exports.read = (pool, id) => {\n  let text = 'DELETE FROM messages';\n  if (id) text += ' WHERE id = 1';\n  return pool.query(text);\n};\n`,
        'src/e.js': `exports.read = (pool) => pool.query('UPDATE messages m SET read = true FROM users u');\n`,
      },
    },
    'all is meant, or nothing of worth is in it': {
      files: {
        'package.json': prisma,
        'src/seed.ts': `export const fill = (prisma) => prisma.message.deleteMany();\n`,
        'src/a.ts': `export const deleteAllMessages = (prisma) => prisma.message.deleteMany();\n`,
        'src/b.ts': `export const clearMessages = (prisma) => prisma.message.deleteMany({});\n`,
        'src/c.ts': `router.delete('/messages/reset', async (req, res) => {\n  await prisma.message.deleteMany();\n  res.end();\n});\n`,
        'src/d.ts': `export const logOut = (prisma) => prisma.session.deleteMany();\n`,
        'src/e.ts': `export const save = (prisma, data) => prisma.siteSettings.updateMany({ data });\n`,
        'src/f.test.ts': `export const after = (prisma) => prisma.message.deleteMany();\n`,
      },
    },
    'a table of one row': {
      files: {
        'package.json': prisma,
        'src/a.ts': `export const save = async (prisma, title) => {\n  const page = await prisma.page.findFirst();\n  if (page) await prisma.page.updateMany({ data: { title } });\n};\n`,
      },
    },
  },
});

test.each<[string, string, string]>([
  ['likely', 'what a function of one does', `export const leave = (prisma, id) => prisma.member.deleteMany();\n`],
  [
    'hint',
    'a function that is named for many',
    `export const removeMembers = (prisma) => prisma.member.deleteMany();\n`,
  ],
  [
    'hint',
    'a table that need not grow',
    `export const off = (prisma) => prisma.trigger.updateMany({ data: { on: false } });\n`,
  ],
])('is sure (%s) of %s', (confidence, _title, text) => {
  const { findings } = examineTexts({ 'package.json': prisma, 'src/a.ts': text }, [writeWithoutWhere]);
  expect(findings.map((one) => one.confidence)).toEqual([confidence]);
});
