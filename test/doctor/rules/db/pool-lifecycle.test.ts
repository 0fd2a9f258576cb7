import { expect, test } from 'vitest';
import { poolLifecycle } from '../../../../src/doctor/rules/db/pool-lifecycle.ts';
import { examineTexts, manifest, ruleTest } from '../../rule.ts';

const client = `import { PrismaClient } from '@prisma/client';\n`;
const once = `new Pool({ connectionTimeoutMillis: 2000 })`;

ruleTest(poolLifecycle, {
  hits: {
    'a factory that one of its callers leaves open': {
      files: {
        'package.json': manifest('knex'),
        'src/db.js': `import knex from 'knex';\nexport function getDatabase() {\n  const db = knex({ client: 'pg' });\n  return db;\n}\n`,
        'src/report.js': `import { getDatabase } from './db.js';\nexport async function report() {\n  const db = getDatabase();\n  return db('orders').count().finally(() => db.destroy());\n}\nexport async function list() {\n  const db = getDatabase();\n  return db('orders').limit(5);\n}\n`,
      },
      at: ['src/db.js:3 warning'],
    },
    'made, asked and never closed in a function of a model': {
      files: {
        'package.json': manifest('pg-promise'),
        'model/users.js': `const pgp = require('pg-promise')();\nmodule.exports = function check(name) {\n  const db = pgp(process.env.URL);\n  return db.one('SELECT id FROM users WHERE name = $1', [name]);\n};\n`,
      },
      at: ['model/users.js:3 warning'],
    },
    'opened and closed for each request': {
      files: {
        'src/app.ts': `import { MongoClient } from 'mongodb';\nexport async function list(req, res) {\n  const client = new MongoClient(process.env.URL);\n  try {\n    res.json(await client.db().collection('a').findOne({}));\n  } finally {\n    await client.close();\n  }\n}\n`,
      },
      at: ['src/app.ts:3 warning'],
    },
    'a pool for each request': {
      files: {
        'src/app.ts': `import express from 'express';\nimport { Pool } from 'pg';\nconst app = express();\napp.get('/', async (req, res) => {\n  const pool = ${once};\n  res.json(await pool.query('SELECT 1'));\n});\n`,
      },
      at: ['src/app.ts:5'],
    },
    'Prisma in a route of Next’s': {
      files: {
        'package.json': manifest('next', '@prisma/client'),
        'src/app/api/users/route.ts': `${client}export async function GET() {\n  const prisma = new PrismaClient();\n  return Response.json(await prisma.user.findMany({ take: 5 }));\n}\n`,
      },
      at: ['src/app/api/users/route.ts:3'],
    },
    'a module that Next loads anew': {
      files: {
        'package.json': manifest('next', '@prisma/client'),
        'src/db.ts': `${client}export const prisma = new PrismaClient();\n`,
      },
      at: ['src/db.ts:2 warning'],
    },
    'two in one branch': {
      files: {
        'src/a.ts': `${client}export let one, two;\nif (process.env.DATABASE) {\n  one = new PrismaClient();\n  if (process.env.SECOND) two = new PrismaClient();\n}\n`,
      },
      at: ['src/a.ts:5 warning'],
    },
    'two of them': {
      files: {
        'src/a.ts': `${client}export const prisma = new PrismaClient();\n`,
        'src/b.js': `const { PrismaClient } = require('@prisma/client');\nconst prisma = new PrismaClient();\n`,
      },
      at: ['src/b.js:2 warning'],
    },
    'two of one database, beside one of a replica': {
      files: {
        'src/a.ts': `${client}export const prisma = new PrismaClient();\nexport const replica = new PrismaClient({ datasourceUrl: process.env.REPLICA_URL });\n`,
        'src/b.ts': `${client}const url = process.env.DATABASE_URL;\nexport const again = new PrismaClient({ datasourceUrl: url });\n`,
      },
      at: ['src/b.ts:3 warning'],
    },
    'a connection for each request, in CommonJS': {
      files: {
        'routes/users.js': `const { Client } = require('pg');\nconst router = require('express').Router();\nrouter.get('/', async (req, res) => {\n  const client = new Client();\n  await client.connect();\n  res.json(await client.query('SELECT 1'));\n});\nmodule.exports = router;\n`,
      },
      at: ['routes/users.js:4 warning'],
    },
    'MongoDB’s client for each request': {
      files: {
        'src/app.ts': `import { MongoClient } from 'mongodb';\nexport async function list(req, res) {\n  const client = await MongoClient.connect(process.env.URL);\n  res.json(await client.db().collection('a').findOne({}));\n}\n`,
      },
      at: ['src/app.ts:3'],
    },
    'a function that makes another each time': {
      files: {
        'src/db.ts': `import mysql from 'mysql2/promise';\nexport function getDb() {\n  return mysql.createPool(process.env.URL);\n}\n`,
      },
      at: ['src/db.ts:3 warning'],
    },
    'a pool that waits for ever: a hint': {
      files: { 'src/db.ts': `import { Pool } from 'pg';\nexport const pool = new Pool({ max: 5 });\n` },
      at: ['src/db.ts:2 info'],
    },
  },
  clean: {
    'one in production, another in development': {
      files: {
        'package.json': manifest('next', '@prisma/client'),
        'src/db.js': `${client}let prisma;\nif (process.env.NODE_ENV === 'production') {\n  prisma = new PrismaClient();\n} else {\n  if (!global.prisma) global.prisma = new PrismaClient();\n  prisma = global.prisma;\n}\nexport default prisma;\n`,
        'src/other.js': `export const kind = process.env.A ? 1 : 2;\n`,
      },
    },
    'a command line, and a factory whose callers end what it gives': {
      files: {
        'package.json': manifest('knex', 'commander'),
        'db/cli.js': `import { program } from 'commander';\nimport knex from 'knex';\nfunction getDatabase() {\n  const db = knex({ client: 'pg' });\n  return db;\n}\nprogram.command('migrate').action(() => getDatabase().migrate.latest());\nprogram.parse();\n`,
        'src/db.js': `import knex from 'knex';\nexport function getDatabase() {\n  const db = knex({ client: 'pg' });\n  return db;\n}\n`,
        'src/report.js': `import { getDatabase } from './db.js';\nexport async function report() {\n  const db = getDatabase();\n  return db('orders').count().finally(() => db.destroy());\n}\n`,
      },
    },
    'clients of more than one database': {
      files: {
        'src/a.ts': `${client}export const prisma = new PrismaClient({ adapter: adapterFor(process.env.DATABASE_URL) });\nexport const replica = new PrismaClient({ adapter: adapterFor(process.env.DATABASE_URL_REPLICA) });\nconst address = process.env['REPORTS_URL'];\nexport const reports = new PrismaClient({ datasourceUrl: address });\n`,
      },
    },
    'closed again, and made when the process starts': {
      files: {
        'package.json': manifest('pg-promise'),
        'model/a.js': `const pgp = require('pg-promise')();\nmodule.exports.copy = async (name) => {\n  const db = pgp(process.env.URL);\n  await db.none('DELETE FROM a WHERE name = $1', [name]);\n  db.$pool.end();\n};\nmodule.exports.initTables = async () => {\n  const db = pgp(process.env.URL);\n  await db.none('DELETE FROM a');\n};\n`,
      },
    },
    'a database that the request names': {
      files: {
        'src/app.ts': `import mysql from 'mysql2/promise';\nimport express from 'express';\nconst app = express();\napp.post('/try', async (req, res) => {\n  const { host, user } = req.body;\n  const connection = await mysql.createConnection({ host, user });\n  await connection.end();\n  res.end();\n});\n`,
      },
    },
    'one at the top of a module': {
      files: { 'src/db.ts': `import { Pool } from 'pg';\nexport const pool = ${once};\n` },
    },
    'kept where Next loads anew': {
      files: {
        'package.json': manifest('next', '@prisma/client'),
        'src/db.ts': `${client}const kept = globalThis as { prisma?: PrismaClient };\nexport const prisma = kept.prisma ?? new PrismaClient();\nif (process.env.NODE_ENV !== 'production') kept.prisma = prisma;\n`,
      },
    },
    'made by the first who asks': {
      files: {
        'src/db.ts': `import { Pool } from 'pg';\nlet pool: Pool | undefined;\nexport function getPool() {\n  if (!pool) pool = ${once};\n  return pool;\n}\nlet other;\nexport const getOther = () => (other ??= ${once});\n`,
      },
    },
    'a class that holds one, a function that starts the app': {
      files: {
        'src/db.ts': `import { Pool } from 'pg';\nexport class Database {\n  private pool = ${once};\n}\nexport async function createApp() {\n  const pool = ${once};\n  return pool;\n}\n`,
      },
    },
    'Mongoose, which opens once however often it is asked': {
      files: {
        'src/app.ts': `import mongoose from 'mongoose';\nexport async function list(req, res) {\n  await mongoose.connect(process.env.URL);\n  res.json([]);\n}\n`,
      },
    },
    'a program that somebody starts by hand': {
      files: {
        'package.json': manifest('@prisma/client'),
        'clean.js': `const { PrismaClient } = require('@prisma/client');\nconst prisma = new PrismaClient();\nprisma.user.deleteMany({ where: { team: process.argv[2] } });\n`,
        'src/db.ts': `${client}export const prisma = new PrismaClient();\n`,
      },
    },
    'a test and a script': {
      files: {
        'scripts/seed.ts': `${client}const prisma = new PrismaClient();\n`,
        'src/db.ts': `${client}export const prisma = new PrismaClient();\n`,
      },
    },
    'Drizzle over the pool': {
      files: {
        'package.json': manifest('drizzle-orm', 'pg'),
        'src/db.ts': `import { drizzle } from 'drizzle-orm/node-postgres';\nexport const getDb = (pool) => {\n  return drizzle(pool);\n};\n`,
      },
    },
  },
});

test('counts the clients of one database', () => {
  const make = `${client}export const prisma = new PrismaClient();\n`;
  const said = (...paths: string[]): string[] =>
    examineTexts(Object.fromEntries(paths.map((path) => [path, make])), [poolLifecycle]).findings.map(
      ({ message }) => /^This is (.*?) PrismaClient/.exec(message)?.[1] ?? '',
    );
  expect(said('src/a.ts', 'src/b.ts')).toEqual(['the second']);
  expect(said('src/a.ts', 'src/b.ts', 'src/c.ts')).toEqual(['another', 'another']);
});

test.each([
  ['likely', {}],
  ['hint', { exports: { '.': './src/a.ts', './*': './src/*.ts' } }],
] as const)('is a %s where package.json says %o', (confidence, more) => {
  const make = `${client}export const prisma = new PrismaClient();\n`;
  const texts = { 'package.json': JSON.stringify({ name: 'shop', ...more }), 'src/a.ts': make, 'src/b.ts': make };
  expect(examineTexts(texts, [poolLifecycle]).findings.map((one) => one.confidence)).toEqual([confidence]);
});

test.each([
  ['Close it in a finally, or keep one for each address and use that one.', 'url'],
  ['Make it once, at the top of a module, and use that one.', 'process.env.URL'],
])('says: %s', (fix, url) => {
  const text = `import { DataSource } from 'typeorm';\nexport const tablesOf = async (url) => {\n  const source = new DataSource({ type: 'postgres', url: ${url} });\n  return await source.query('SELECT 1');\n};\n`;
  const { findings } = examineTexts({ 'package.json': manifest('typeorm', 'pg'), 'src/a.ts': text }, [poolLifecycle]);
  expect(findings.map((one) => one.fix)).toEqual([fix]);
});

test.each([
  ['certain', 'in a handler', "app.get('/posts', async (req, res) => {", '});'],
  [
    'hint',
    'in a function that nobody is seen to call often',
    'export async function getClient() {',
    '  return prisma;\n}',
  ],
] as const)('is %s: made %s', (confidence, _title, head, end) => {
  const text = `import express from 'express';\nimport { PrismaClient } from '@prisma/client';\nconst app = express();\n${head}\n  const prisma = new PrismaClient();\n${end}\n`;
  const texts = { 'package.json': manifest('express', '@prisma/client'), 'src/a.ts': text };
  expect(examineTexts(texts, [poolLifecycle]).findings.map((one) => one.confidence)).toEqual([confidence]);
});
