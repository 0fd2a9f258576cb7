import { missingErrorListener } from '../../../../src/doctor/rules/res/missing-error-listener.ts';
import { ruleTest } from '../../rule.ts';

ruleTest(missingErrorListener, {
  hits: {
    'a pool of pg': {
      files: { 'src/db.ts': `import { Pool } from 'pg';\nexport const pool = new Pool({ max: 10 });\n` },
      at: ['src/db.ts:2'],
    },
    'a pool by its default export, and one of CommonJS': {
      files: {
        'src/a.ts': `import pg from 'pg';\nconst pool = new pg.Pool();\nexport const query = (text) => pool.query(text);\n`,
        'src/b.js': `const { Pool } = require('pg');\nmodule.exports = new Pool();\n`,
      },
      at: ['src/a.ts:2', 'src/b.js:2'],
    },
    'a client of Redis': {
      files: {
        'src/redis.ts': `import { createClient } from 'redis';\nexport const redis = createClient({ url: process.env.REDIS_URL });\nredis.on('ready', () => console.log('ready'));\nawait redis.connect();\n`,
      },
      at: ['src/redis.ts:2'],
    },
    'a file’s stream that is piped': {
      files: {
        'src/a.ts': `import fs from 'node:fs';\nexport const send = (req, res) => {\n  fs.createReadStream(req.params.name).pipe(res);\n  const stream = fs.createReadStream('x');\n  stream.pipe(res);\n};\n`,
      },
      at: ['src/a.ts:3 warning', 'src/a.ts:5 warning'],
    },
  },
  clean: {
    'a listener in the same file': {
      files: {
        'src/db.ts': `import { Pool } from 'pg';\nexport const pool = new Pool();\npool.on('error', (error) => console.error(error));\n`,
      },
    },
    'a listener where it is made, in a chain': {
      files: {
        'src/redis.ts': `import { createClient } from 'redis';\nexport const redis = await createClient()\n  .on('ready', () => {})\n  .on('error', (error) => console.error(error))\n  .connect();\n`,
      },
    },
    'a listener in another file': {
      files: {
        'src/db.ts': `import { Pool } from 'pg';\nexport const pool = new Pool();\n`,
        'src/index.ts': `import { pool } from './db.js';\npool.on('error', (error) => console.error(error));\n`,
      },
    },
    'a field of a class': {
      files: {
        'src/db.ts': `import { Pool } from 'pg';\nexport class Database {\n  constructor() {\n    this.pool = new Pool();\n    this.pool.on('error', console.error);\n  }\n}\n`,
      },
    },
    'pipeline, and a stream with its own listener': {
      files: {
        'src/a.ts': `import fs from 'node:fs';\nimport { pipeline } from 'node:stream/promises';\nexport const send = (req, res) => pipeline(fs.createReadStream('x'), res);\nexport const other = (req, res) => {\n  const stream = fs.createReadStream('x');\n  stream.on('error', () => res.destroy());\n  stream.pipe(res);\n};\n`,
      },
    },
    'ioredis, which only logs what nobody listens to': {
      files: { 'src/redis.ts': `import Redis from 'ioredis';\nexport const redis = new Redis();\n` },
    },
    'a pool of one function': {
      files: {
        'src/a.ts': `import { Pool } from 'pg';\nexport async function once() {\n  const pool = new Pool();\n  await pool.query('select 1');\n  await pool.end();\n}\n`,
      },
    },
  },
});
