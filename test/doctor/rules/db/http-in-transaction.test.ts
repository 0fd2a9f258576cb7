import { expect, test } from 'vitest';
import { httpInTransaction } from '../../../../src/doctor/rules/db/http-in-transaction.ts';
import { examineTexts, manifest, ruleTest } from '../../rule.ts';

ruleTest(httpInTransaction, {
  hits: {
    'a transaction of MongoDB, after an operation in it': {
      files: {
        'package.json': manifest('mongoose', 'axios'),
        'src/a.js': `const mongoose = require('mongoose');\nconst axios = require('axios');\nexports.remove = async (id) => {\n  const session = await mongoose.startSession();\n  await session.withTransaction(async () => {\n    await File.deleteMany({ owner: id }, { session });\n    await axios.delete('https://files.example/' + id);\n  });\n};\n`,
      },
      at: ['src/a.js:7'],
    },
    'the same by options that hold the session': {
      files: {
        'package.json': manifest('mongoose', 'axios'),
        'src/a.js': `const mongoose = require('mongoose');\nconst axios = require('axios');\nexports.remove = async (id) => {\n  const session = await mongoose.startSession();\n  const options = { session, lean: true };\n  session.startTransaction();\n  await File.deleteMany({ owner: id }, options);\n  await axios.delete('https://files.example/' + id);\n  await session.commitTransaction();\n};\n`,
      },
      at: ['src/a.js:8'],
    },
    'a session of Mongoose, and a transaction that is ended by hand: told once each': {
      files: {
        'package.json': manifest('mongoose', 'sequelize', 'stripe'),
        'src/a.js': `const Stripe = require('stripe');\nconst mongoose = require('mongoose');\nexports.pay = async (req, res) => {\n  const stripe = new Stripe(process.env.KEY);\n  const session = await mongoose.startSession();\n  session.startTransaction();\n  const buyer = await Buyer.findById(req.user.id).session(session);\n  const customer = await stripe.customers.create({ email: buyer.email });\n  const page = await stripe.checkout.sessions.create({ customer: customer.id });\n  await session.commitTransaction();\n  await stripe.customers.retrieve(customer.id);\n  res.json(page);\n};\n`,
        'src/b.js': `exports.ship = async (sequelize, order) => {\n  const t = await sequelize.transaction();\n  await order.update({ sent: true }, { transaction: t });\n  await fetch('https://parcels.example/send');\n  await t.commit();\n};\n`,
      },
      at: ['src/a.js:8', 'src/b.js:4'],
    },
    'two functions further': {
      files: {
        'package.json': manifest('slonik'),
        'src/a.ts': `export class Invites {\n  insert(pool, data) {\n    return pool.transaction(async (connection) => {\n      await connection.query(sql\`insert into invites (email) values (\${data.email})\`);\n      await this.tell(data);\n    });\n  }\n  async tell(data) {\n    const emailConnector = await this.connectors.get('email');\n    return emailConnector.sendMessage({ to: data.email });\n  }\n}\n`,
      },
      at: ['src/a.ts:5'],
    },
    'fetch in Prisma’s transaction': {
      files: {
        'package.json': manifest('@prisma/client'),
        'src/pay.ts': `export const pay = (prisma, order) =>\n  prisma.$transaction(async (tx) => {\n    await tx.order.update({ where: { id: order.id }, data: { paid: true } });\n    await fetch('https://bank.example/pay', { method: 'POST' });\n  });\n`,
      },
      at: ['src/pay.ts:4'],
    },
    'Stripe in Drizzle’s, by a function of another file': {
      files: {
        'package.json': manifest('drizzle-orm', 'stripe'),
        'src/stripe.ts': `import Stripe from 'stripe';\nconst stripe = new Stripe(process.env.KEY);\nexport async function charge(amount) {\n  return stripe.charges.create({ amount });\n}\n`,
        'src/order.ts': `import { charge } from './stripe.js';\nimport { db } from './db.js';\nexport async function order(amount) {\n  await db.transaction(async (tx) => {\n    await tx.insert(orders).values({ amount });\n    await charge(amount);\n  });\n}\n`,
      },
      at: ['src/order.ts:6'],
    },
    'each of a list, and one whose answer is waited for later': {
      files: {
        'package.json': manifest('@prisma/client'),
        'src/a.ts': `export const run = (prisma, ids) => prisma.$transaction(async (tx) => {\n  await Promise.all(ids.map((id) => fetch('https://b.example/' + id)));\n});\n`,
        'src/b.ts': `export const run = (prisma) => prisma.$transaction(async (tx) => {\n  const rate = fetch('https://b.example');\n  await tx.order.create({ data: { rate: await rate } });\n});\n`,
      },
      at: ['src/a.ts:2', 'src/b.ts:2'],
    },
    'between BEGIN and COMMIT': {
      files: {
        'package.json': manifest('pg', 'axios'),
        'src/a.ts': `import axios from 'axios';\nexport async function run(client) {\n  await client.query('BEGIN');\n  await client.query('UPDATE a SET b = 1');\n  await axios.post('https://a.example', {});\n  await client.query('COMMIT');\n  await axios.post('https://b.example', {});\n}\n`,
      },
      at: ['src/a.ts:5'],
    },
    'a mailer of Nest’s in TypeORM’s': {
      files: {
        'package.json': manifest('typeorm', '@nestjs/core'),
        'src/a.ts': `export class A {\n  async run(user) {\n    await this.dataSource.transaction(async (manager) => {\n      await manager.save(user);\n      await this.mailerService.sendMail({ to: user.email });\n    });\n  }\n}\n`,
      },
      at: ['src/a.ts:5'],
    },
    'a bucket of an older SDK, behind a service that is injected': {
      files: {
        'package.json': manifest('typeorm', '@nestjs/common', 'aws-sdk'),
        'src/files.service.ts': `import { Injectable } from '@nestjs/common';\nimport { S3 } from 'aws-sdk';\n@Injectable()\nexport class FilesService {\n  async remove(key: string, queryRunner) {\n    const s3 = new S3();\n    await s3.deleteObject({ Bucket: 'files', Key: key }).promise();\n    await queryRunner.manager.delete(File, key);\n  }\n}\n`,
        'src/users.service.ts': `import { Injectable } from '@nestjs/common';\nimport { FilesService } from './files.service';\n@Injectable()\nexport class UsersService {\n  constructor(private readonly filesService: FilesService, private connection: Connection) {}\n  async leave(id: number, key: string) {\n    const queryRunner = this.connection.createQueryRunner();\n    await queryRunner.startTransaction();\n    await queryRunner.manager.update(User, id, { avatar: null });\n    await this.filesService.remove(key, queryRunner);\n    await queryRunner.commitTransaction();\n  }\n}\n`,
      },
      at: ['src/users.service.ts:10'],
    },
  },
  clean: {
    'a bucket that is asked when the transaction is over, and an address that is signed here': {
      files: {
        'package.json': manifest('typeorm', 'aws-sdk'),
        'src/a.ts': `import { S3 } from 'aws-sdk';\nconst s3 = new S3();\nexport async function leave(queryRunner, id: number, key: string) {\n  await queryRunner.startTransaction();\n  await queryRunner.manager.update(User, id, { avatar: null });\n  const url = s3.getSignedUrl('getObject', { Key: key });\n  await queryRunner.commitTransaction();\n  await s3.deleteObject({ Bucket: 'files', Key: key }).promise();\n  return url;\n}\n`,
      },
    },
    'a transaction of MongoDB that no operation before the call is given': {
      files: {
        'package.json': manifest('mongoose', 'axios'),
        'src/a.js': `const mongoose = require('mongoose');\nconst axios = require('axios');\nexports.remove = async (req, res) => {\n  const session = await mongoose.startSession();\n  session.startTransaction();\n  // the session is for later\n  const files = await File.find({ owner: req.user.id });\n  if (files.length === 0) return session.abortTransaction();\n  await axios.delete('https://files.example/' + files.length);\n  await File.deleteMany({ owner: req.user.id }, { session });\n  await session.commitTransaction();\n};\nexports.later = async (id) => {\n  const session = await mongoose.startSession();\n  await session.withTransaction(async () => {\n    await axios.delete('https://files.example/' + id);\n    await File.deleteMany({ owner: id }, { session });\n  });\n};\n`,
      },
    },
    'a signature that is checked': {
      files: {
        'package.json': manifest('@prisma/client', 'stripe'),
        'src/a.ts': `import Stripe from 'stripe';\nconst stripe = new Stripe(process.env.KEY);\nexport const hook = (prisma, body, signature) => prisma.$transaction(async (tx) => {\n  const event = stripe.webhooks.constructEvent(body, signature, process.env.SECRET);\n  await tx.event.create({ data: { id: event.id } });\n});\n`,
      },
    },
    'nothing waits for it, here and in a function': {
      files: {
        'package.json': manifest('@prisma/client'),
        'src/tell.ts': `export async function tell(id) {\n  await fetch('https://hook.example/' + id);\n}\n`,
        'src/a.ts': `import { tell } from './tell.js';\nasync function remove(tx, ids) {\n  await tx.note.deleteMany({ where: { id: { in: ids } } });\n  tell(ids[0]);\n}\nexport const run = (prisma, ids) => prisma.$transaction(async (tx) => {\n  await remove(tx, ids);\n  void fetch('https://a.example');\n  ids.forEach(async (id) => {\n    await fetch('https://b.example/' + id);\n  });\n});\n`,
      },
    },
    'asked before and after': {
      files: {
        'package.json': manifest('@prisma/client'),
        'src/pay.ts': `export async function pay(prisma) {\n  const rate = await fetch('https://rates.example');\n  await prisma.$transaction(async (tx) => { await tx.order.create({ data: { rate } }); });\n  await fetch('https://hook.example');\n}\n`,
      },
    },
    'a list of queries': {
      files: {
        'package.json': manifest('@prisma/client'),
        'src/a.ts': `export const run = (prisma) => prisma.$transaction([prisma.a.create({ data: {} }), prisma.b.create({ data: {} })]);\n`,
      },
    },
    'noted for after the commit': {
      files: {
        'package.json': manifest('drizzle-orm'),
        'src/a.ts': `export const run = (db) => db.transaction(async (tx) => {\n  await tx.insert(outbox).values({ a: 1 });\n  afterCommit(() => fetch('https://a.example'));\n});\n`,
      },
    },
    'a transaction of no database': {
      files: {
        'src/a.ts': `Sentry.transaction(async () => { await fetch('https://a.example'); });\neditor.transaction(() => fetch('/x'));\n`,
      },
    },
  },
});

test.each([
  ['before the call it is held on purpose', 'SELECT pg_advisory_xact_lock($1)', 'UPDATE a SET b = 1', 'hint'],
  ['after the call it explains nothing', 'UPDATE a SET b = 1', 'SELECT pg_advisory_xact_lock($1)', 'likely'],
])('reads an advisory lock: %s', (_title, first, second, confidence) => {
  const files = {
    'package.json': manifest('pg', 'axios'),
    'src/a.ts': `import axios from 'axios';\nexport async function run(client) {\n  await client.query('BEGIN');\n  await client.query('${first}');\n  await axios.post('https://a.example', {});\n  await client.query('${second}');\n  await client.query('COMMIT');\n}\n`,
  };
  expect(examineTexts(files, [httpInTransaction]).findings.map((one) => one.confidence)).toEqual([confidence]);
});
