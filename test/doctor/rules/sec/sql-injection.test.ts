import { sqlInjection } from '../../../../src/doctor/rules/sec/sql-injection.ts';
import { manifest, ruleTest } from '../../rule.ts';

const pool = `import express from 'express';
import { Pool } from 'pg';
const app = express();
const pool = new Pool();
`;

ruleTest(sqlInjection, {
  hits: {
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
