import { expect, test } from 'vitest';
import { sqlInjection } from '../../../../src/doctor/rules/sec/sql-injection.ts';
import { examineTexts, manifest, ruleTest } from '../../rule.ts';

const pool = `import express from 'express';
import { Pool } from 'pg';
const app = express();
const pool = new Pool();
`;

ruleTest(sqlInjection, {
  hits: {
    'a column that a list of what the client sends holds, and one behind another name of the list': {
      files: {
        'src/app.ts': `${pool}app.get('/a', (req, res) => {\n  const { column, other, columns } = req.query;\n  let text = '';\n  if (columns.includes(column)) text = \`SELECT \${column} FROM songs\`;\n  pool.query(\`\${text} LIMIT 5\`);\n  let more = '';\n  if (['name', 'year'].includes(column)) more = \`SELECT \${other} FROM songs\`;\n  pool.query(\`\${more} LIMIT 5\`);\n});\n`,
      },
      at: ['src/app.ts:9', 'src/app.ts:12'],
    },
    'what a strategy of passport hands to the function that looks at it; of a token that was signed, less surely': {
      files: {
        'src/passport.js': `const { Strategy: LocalStrategy } = require('passport-local');\nconst { Pool } = require('pg');\nconst pool = new Pool();\nmodule.exports = new LocalStrategy(async (username, password, done) => {\n  const { rows } = await pool.query("SELECT * FROM users WHERE name = '" + username + "'");\n  done(null, rows[0]);\n});\n`,
        'src/signed.js': `const { Strategy } = require('passport-jwt');\nconst { Pool } = require('pg');\nconst pool = new Pool();\nmodule.exports = new Strategy({}, async (payload, done) => {\n  const { rows } = await pool.query("SELECT * FROM users WHERE id = '" + payload.sub + "'");\n  done(null, rows[0]);\n});\n`,
      },
      at: ['src/passport.js:5', 'src/signed.js:5 warning'],
    },
    'a function that is all its file gives, by another name': {
      files: {
        'src/model/login.js': `const pgp = require('pg-promise')();\nconst db = pgp(process.env.DATABASE_URL);\nfunction findLogin(name) {\n  return db.one("SELECT * FROM users WHERE name = '" + name + "'");\n}\nmodule.exports = findLogin;\n`,
        'src/routes.js': `const find = require('./model/login');\nmodule.exports = (app) => app.post('/login', async (req, res) => res.json(await find(req.body.name)));\n`,
      },
      at: ['src/model/login.js:4'],
    },
    'pg-promise, sqlite3 in its verbose form, sqlite and mssql': {
      files: {
        'src/stores.js': `const pgp = require('pg-promise')();\nconst sqlite3 = require('sqlite3').verbose();\nconst sqlite = require('sqlite');\nconst mssql = require('mssql');\nconst db = pgp(process.env.DATABASE_URL);\nconst file = new sqlite3.Database('shop.db');\nexports.list = async (req, res) => {\n  await db.any("SELECT * FROM users WHERE name = '" + req.query.name + "'");\n  file.all(\`SELECT * FROM users WHERE name LIKE '%\${req.query.name}%'\`);\n  const store = await sqlite.open({ filename: 'shop.db' });\n  await store.all('SELECT * FROM users WHERE id = ' + req.query.id);\n  await mssql.query(\`SELECT * FROM users WHERE name = '\${req.query.name}'\`);\n};\n`,
      },
      at: ['src/stores.js:8', 'src/stores.js:9', 'src/stores.js:11', 'src/stores.js:12'],
    },
    'a controller’s query that a service runs, and a GraphQL argument': {
      files: {
        'package.json': manifest('@nestjs/core', '@nestjs/common', '@nestjs/graphql', '@mikro-orm/core', 'typeorm'),
        'src/counts.controller.ts': `import { Controller, Get, Query } from '@nestjs/common';\nimport { CountsService } from './counts.service';\n@Controller('counts')\nexport class CountsController {\n  constructor(private readonly counts: CountsService) {}\n  @Get()\n  count(@Query('sql') sql: string) {\n    return this.counts.run(sql);\n  }\n}\n`,
        'src/counts.service.ts': `import { EntityManager } from '@mikro-orm/core';\nexport class CountsService {\n  constructor(private readonly em: EntityManager) {}\n  run(sql: string) {\n    return this.em.getConnection().execute(sql);\n  }\n}\n`,
        'src/counts.resolver.ts': `import { Args, Query, Resolver } from '@nestjs/graphql';\nimport { DataSource } from 'typeorm';\n@Resolver()\nexport class CountsResolver {\n  constructor(private readonly source: DataSource) {}\n  @Query(() => Number)\n  count(@Args('name') name: string) {\n    return this.source.query(\`SELECT count(*) FROM users WHERE name = '\${name}'\`);\n  }\n}\n`,
      },
      at: ['src/counts.controller.ts:8', 'src/counts.resolver.ts:8'],
    },
    'the connection that a Fastify instance carries': {
      files: {
        'package.json': manifest('fastify', '@fastify/postgres'),
        'src/app.ts': `import Fastify from 'fastify';\nconst app = Fastify();\napp.get('/users', async (request) => {\n  const { rows } = await app.pg.query(\`SELECT * FROM users WHERE name = '\${request.query.name}'\`);\n  return rows;\n});\n`,
      },
      at: ['src/app.ts:4'],
    },
    'a template with a query parameter': {
      files: {
        'src/app.ts': `${pool}app.get('/users', async (req, res) => {\n  const { name } = req.query;\n  res.json(await pool.query(\`SELECT * FROM users WHERE name = '\${name}'\`));\n});\n`,
      },
      at: ['src/app.ts:7'],
    },
    'a pool of another file, and text put together before': {
      files: {
        'src/db.ts': `import pg from 'pg';\nexport const database = new pg.Pool();\n`,
        'src/users.ts': `import { database as store } from './db.js';\nexport async function find(req, res) {\n  const text = 'SELECT * FROM users WHERE id = ' + req.params.id;\n  res.json(await store.query(text));\n}\n`,
      },
      at: ['src/users.ts:4'],
    },
    'Prisma’s unsafe query on what a schema let through': {
      files: {
        'package.json': manifest('next', '@prisma/client'),
        'src/app/api/users/route.ts': `import { PrismaClient } from '@prisma/client';\nconst prisma = new PrismaClient();\nexport async function POST(request: Request) {\n  const { sort } = schema.parse(await request.json());\n  return Response.json(await prisma.$queryRawUnsafe(\`SELECT * FROM users ORDER BY \${sort}\`));\n}\n`,
      },
      at: ['src/app/api/users/route.ts:5'],
    },
    'SQL that grows over several statements': {
      files: {
        'src/app.ts': `${pool}app.get('/users', async (req, res) => {\n  let text = 'SELECT * FROM users WHERE true';\n  if (req.query.name) {\n    text += \` AND name = '\${req.query.name}'\`;\n  }\n  res.json(await pool.query(text));\n});\n`,
      },
      at: ['src/app.ts:10'],
    },
    'conditions that are joined': {
      files: {
        'src/app.ts': `${pool}app.get('/users', async (req, res) => {\n  const parts = ['active'];\n  parts.push(\`name = '\${req.query.name}'\`);\n  res.json(await pool.query(\`SELECT * FROM users WHERE \${parts.join(' AND ')}\`));\n});\n`,
      },
      at: ['src/app.ts:8'],
    },
    'raw parts of query builders': {
      files: {
        'package.json': manifest('express', 'knex', 'typeorm', 'sequelize', 'drizzle-orm'),
        'src/find.ts': `import knex from 'knex';\nimport { sql } from 'drizzle-orm';\nimport { Sequelize } from 'sequelize';\nconst db = knex({});\nexport async function find(req, res) {\n  await db('users').whereRaw(\`name = '\${req.query.name}'\`);\n  await repo.createQueryBuilder('user').where(\`user.name = '\${req.query.name}'\`).getMany();\n  await User.findAll({ order: Sequelize.literal(\`\${req.query.sort} DESC\`) });\n  await store.execute(sql\`SELECT * FROM users ORDER BY \${sql.raw(\`\${req.query.sort}\`)}\`);\n}\n`,
      },
      at: ['src/find.ts:6', 'src/find.ts:7', 'src/find.ts:8', 'src/find.ts:9'],
    },
    'a repository that is given what the client sent': {
      files: {
        'src/users.repository.js': `const db = require('./db');\nasync function findByName(name) {\n  return db.query("SELECT * FROM users WHERE name = '" + name + "'");\n}\nmodule.exports = { findByName };\n`,
        'src/db.js': `const { Pool } = require('pg');\nconst pool = new Pool();\nmodule.exports = { query: (text, values) => pool.query(text, values) };\n`,
        'src/users.controller.js': `const users = require('./users.repository');\nexports.find = async (req, res) => {\n  res.json(await users.findByName(req.query.name));\n};\n`,
      },
      at: ['src/users.repository.js:3'],
    },
    'a text beside a date; a database as a whole is a hint': {
      files: {
        'src/parts.ts': `import { PrismaClient } from '@prisma/client';\nconst prisma = new PrismaClient();\nexport const list = (part) => prisma.$queryRawUnsafe(\`SELECT 1 FROM orders WHERE at > '\${part.from.toISOString()}' AND kind = '\${part.kind}'\`);\n`,
        'src/setup.ts': `import { Client } from 'pg';\nexport const exists = (client: Client, name: string) => client.query(\`SELECT datname FROM pg_database WHERE datname = '\${name}'\`);\n`,
      },
      at: ['src/parts.ts:3 warning', 'src/setup.ts:2 info'],
    },
    'a name of unknown origin between quotes: less sure': {
      files: {
        'src/find.ts': `import { Pool } from 'pg';\nconst pool = new Pool();\nexport const find = (name: string) => pool.query(\`SELECT * FROM users WHERE name = '\${name}'\`);\n`,
      },
      at: ['src/find.ts:3 warning'],
    },
    'a value of unknown origin: least sure': {
      files: {
        'src/find.ts': `import { Pool } from 'pg';\nconst pool = new Pool();\nexport const find = (table: string) => pool.query(\`SELECT * FROM \${table}\`);\n`,
      },
      at: ['src/find.ts:3 warning'],
    },
  },
  clean: {
    'a column of a list that is written out, asked where the text is put together': {
      files: {
        'src/app.ts': `${pool}const columns = ['name', 'year'];\napp.get('/a', (req, res) => {\n  const { column } = req.query;\n  let text = '';\n  if (columns.includes(column)) text = \`SELECT \${column} FROM songs\`;\n  else if (column === 'all') text = 'SELECT * FROM songs';\n  pool.query(\`\${text} LIMIT 5\`);\n});\n`,
      },
    },
    'a script that changes tables once': {
      files: {
        'code-migrations/7-rename.ts': `import { client } from './client';\nexport async function up() {\n  for (const row of await client.query('SELECT name FROM system.tables')) await client.query(\`SELECT * FROM events WHERE source = '\${row.name}'\`);\n}\n`,
      },
    },
    'a migration that goes through rows': {
      files: {
        'src/migrations/2-kinds.ts': `export async function up(queryRunner) {\n  for (const row of await queryRunner.query('SELECT id FROM users'))\n    await queryRunner.query(\`UPDATE users SET kind = 'a' WHERE id = '\${row.id}'\`);\n}\n`,
      },
    },
    'a bound of a partition, which is a date': {
      files: {
        'src/parts.ts': `import { PrismaClient } from '@prisma/client';\nconst prisma = new PrismaClient();\nexport const add = (part) => prisma.$executeRawUnsafe(\`CREATE TABLE orders_next PARTITION OF orders FOR VALUES FROM ('\${part.from.toISOString()}')\`);\n`,
      },
    },
    'values as parameters': {
      files: {
        'src/app.ts': `${pool}app.get('/users', async (req, res) => {\n  res.json(await pool.query('SELECT * FROM users WHERE name = $1', [req.query.name]));\n});\n`,
      },
    },
    'a tagged template': {
      files: {
        'src/app.ts': `import postgres from 'postgres';\nconst sql = postgres();\nexport async function find(req, res) {\n  res.json(await sql\`SELECT * FROM users WHERE id = \${req.params.id}\`);\n}\n`,
      },
    },
    'a number, a constant and a name of one’s own table': {
      files: {
        'src/app.ts': `${pool}const TABLE = 'users';\nconst columns = { name: 'name', age: 'age' };\napp.get('/users', async (req, res) => {\n  const limit = Number(req.query.limit);\n  res.json(await pool.query(\`SELECT * FROM \${TABLE} ORDER BY \${columns[req.query.sort]} LIMIT \${limit}\`));\n});\n`,
      },
    },
    'numbered parameters and joined constants': {
      files: {
        'src/app.ts': `${pool}app.get('/users', async (req, res) => {\n  const [parts, values] = [['true'], []];\n  const ids = req.query.ids;\n  const marks = ids.map((_, index) => \`$\${index + 1}\`).join(',');\n  const order = req.query.sort === 'desc' ? 'DESC' : 'ASC';\n  res.json(await pool.query(\`SELECT * FROM users WHERE id IN (\${marks}) ORDER BY id \${order}\`, ids));\n});\n`,
      },
    },
    'what only constants are given to': {
      files: {
        'src/count.ts': `import { Pool } from 'pg';\nconst pool = new Pool();\nconst count = (table: string) => pool.query(\`SELECT count(*) FROM \${table}\`);\nexport const counts = () => [count('users'), count('orders')];\n`,
      },
    },
    'Prisma’s tagged templates, and parts made safe': {
      files: {
        'package.json': manifest('express', '@prisma/client'),
        'src/app.ts': `import { Prisma, PrismaClient } from '@prisma/client';\nconst prisma = new PrismaClient();\nexport async function find(req, res) {\n  const where = Prisma.sql\`WHERE name = \${req.query.name}\`;\n  await prisma.$queryRaw(Prisma.sql\`SELECT * FROM users \${where}\`);\n  await prisma.$queryRaw\`SELECT * FROM users WHERE id = \${req.params.id}\`;\n  await prisma.$queryRawUnsafe('SELECT * FROM users WHERE id = $1', req.params.id);\n}\n`,
      },
    },
    'a query of no database': {
      files: { 'src/app.ts': `const element = document.query(\`from \${name}\`);\n` },
    },
  },
});

test.each([
  ['a parameter between quotes', `(name) => db.query(\`SELECT 1 FROM users WHERE name = '\${name}'\`)`, 'likely'],
  [
    'a part of one, between quotes that are written with a stroke',
    `(args) => {\n  const { name } = args;\n  return db.query('SELECT 1 FROM users WHERE name = \\'' + name + '\\'');\n}`,
    'likely',
  ],
  [
    'a list between quotes',
    `(names) => db.query(\`SELECT 1 FROM users WHERE name IN (\${names.map((name) => \`'\${name}'\`).join()})\`)`,
    'likely',
  ],
  [
    'a parameter beside a constant between quotes',
    `(table) => db.query(\`SELECT 1 FROM \${table} WHERE kind = '\${KIND}'\`)`,
    'hint',
  ],
  ['what was made safe', `(name) => db.query(\`SELECT 1 FROM users WHERE name = '\${escapeText(name)}'\`)`, 'hint'],
])('is as sure of %s as can be told', (_title, find, confidence) => {
  const files = {
    'src/find.js': `import { Pool } from 'pg';\nimport { KIND } from './kinds.js';\nimport { escapeText } from './text.js';\nconst db = new Pool();\nexport const find = ${find};\n`,
    'src/kinds.js': `export const KIND = 'chat';\n`,
  };
  expect(examineTexts(files, [sqlInjection]).findings.map((one) => one.confidence)).toEqual([confidence]);
});

test.each([
  ['a union of texts', `'open' | 'closed'`, 'hint'],
  ['a type that is such a union', 'State', 'hint'],
  ['the keys of a constant', 'Kind', 'hint'],
  ['an enum', 'Level', 'hint'],
  ['any text', 'string', 'likely'],
  ['a type that any text fits', 'Name', 'likely'],
])('is as sure of a parameter as its type leaves open: %s', (_title, type, confidence) => {
  const files = {
    'src/find.ts': `import { Pool } from 'pg';\nimport type { Kind, Level, Name, State } from './kinds';\nconst db = new Pool();\nexport const find = (kind: ${type}) => db.query(\`SELECT 1 FROM chats WHERE kind = '\${kind}'\`);\n`,
    'src/kinds.ts': `const kinds = { chat: 1 } as const;\nexport type Kind = keyof typeof kinds;\nexport enum Level { Low = 'low' }\nexport type State =\n  | 'open'\n  | 'closed';\nexport type Name = 'chat' | string;\n`,
  };
  expect(examineTexts(files, [sqlInjection]).findings.map((one) => one.confidence)).toEqual([confidence]);
});
