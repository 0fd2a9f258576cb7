import { unboundedFind } from '../../../../src/doctor/rules/db/unbounded-find.ts';
import { manifest, ruleTest } from '../../rule.ts';

const prisma = { 'package.json': manifest('express', '@prisma/client') };

ruleTest(unboundedFind, {
  hits: {
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
  },
  clean: {
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
