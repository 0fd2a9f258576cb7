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
    'a value of unknown origin: less sure': {
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
    'a query of no database': {
      files: { 'src/app.ts': `const element = document.query(\`from \${name}\`);\n` },
    },
  },
});
