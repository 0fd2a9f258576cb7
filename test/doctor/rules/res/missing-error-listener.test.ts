import { missingErrorListener } from '../../../../src/doctor/rules/res/missing-error-listener.ts';
import { ruleTest } from '../../rule.ts';

ruleTest(missingErrorListener, {
  hits: {
    'a client that others import, though its file can close it': {
      files: {
        'src/client.ts': `import { Client } from 'pg';\nexport const client = new Client();\nexport const stop = () => client.end();\n`,
        'src/rows.ts': `import { client } from './client.js';\nexport const rows = () => client.query('SELECT 1');\n`,
      },
      at: ['src/client.ts:2'],
    },
    'a client of an object that one of two closes': {
      files: {
        'src/two.ts': `import { Client } from 'pg';\nconst parts = { open: (url) => new Client(url) };\nexport async function first(url, own = parts) {\n  const client = own.open(url);\n  await client.end();\n}\nexport async function second(url, own = parts) {\n  const other = own.open(url);\n  return other.query('SELECT 1');\n}\n`,
      },
      at: ['src/two.ts:2'],
    },
    'what one function makes for two, told once': {
      files: {
        'src/store.ts': `import { Client } from 'pg';\nasync function open(url) {\n  const client = new Client(url);\n  await client.connect();\n  return client;\n}\nfunction made() {\n  return new Client();\n}\nexport async function read() {\n  const client = made();\n  return client.query('SELECT 1');\n}\nexport async function write() {\n  const client = made();\n  return client.query('SELECT 2');\n}\n`,
      },
      at: ['src/store.ts:3', 'src/store.ts:11'],
    },
    'a stream that is piped when it is open, while another is listened to': {
      files: {
        'src/a.ts': `import { createReadStream } from 'node:fs';\nexport const send = (res, other) => {\n  const file = createReadStream('a.txt');\n  file.on('open', () => {\n    file.pipe(res);\n  });\n  other.on('error', () => res.destroy());\n};\n`,
      },
      at: ['src/a.ts:5 warning'],
    },
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
    'one of two files that make the same': {
      files: {
        'src/cache.ts': `import { createClient } from 'redis';\nexport class Cache {\n  client = createClient();\n  constructor() {\n    this.client.on('error', console.error);\n  }\n}\n`,
        'src/events.ts': `import { createClient } from 'redis';\nexport const publisher = () => createClient();\n`,
      },
      at: ['src/events.ts:2'],
    },
    'a function that makes one, where one of its callers does not listen': {
      files: {
        'src/redis.ts': `import { createClient } from 'redis';\nexport const connect = () => createClient({ url: process.env.REDIS_URL });\n`,
        'src/a.ts': `import { connect } from './redis.js';\nexport class Told {\n  constructor() {\n    this.told = connect();\n    this.told.on('error', console.error);\n  }\n}\n`,
        'src/b.ts': `import { connect } from './redis.js';\nexport class Deaf {\n  constructor() {\n    this.deaf = connect();\n  }\n}\n`,
      },
      at: ['src/b.ts:4'],
    },
    'sockets that clients open': {
      files: {
        'src/live.ts': `import { WebSocketServer } from 'ws';\nexport function live(server) {\n  const wss = new WebSocketServer({ noServer: true });\n  const rooms = new Set();\n  server.on('upgrade', (req, socket, head) => wss.handleUpgrade(req, socket, head, (ws) => wss.emit('connection', ws, req)));\n  wss.on('connection', (ws, req) => {\n    rooms.add(ws);\n    greet(ws);\n    ws.on('message', (text) => ws.send(text));\n  });\n}\nfunction greet(client) {\n  client.send('hello');\n}\n`,
      },
      at: ['src/live.ts:6'],
    },
    'a socket to another server': {
      files: {
        'src/feed.ts': `import WebSocket from 'ws';\nexport const feed = new WebSocket('wss://feed.example');\nfeed.on('message', (text) => console.log(text));\n`,
      },
      at: ['src/feed.ts:2'],
    },
    'a connection of MySQL that is kept, and a request that cannot be sent': {
      files: {
        'src/db.js': `const mysql = require('mysql');\nconst connection = mysql.createConnection({ host: 'db' });\nmodule.exports = connection;\n`,
        'src/a.js': `const https = require('https');\nexports.rates = (done) => {\n  https.get('https://x.example', { timeout: 500 }, (res) => res.on('end', done));\n};\n`,
      },
      at: ['src/a.js:3', 'src/db.js:2'],
    },
  },
  clean: {
    'a client that is listened to where it is made, and required as what that file exports': {
      files: {
        'src/redis.js': `import { createClient } from 'redis';\nconst client = createClient();\nclient.on('error', console.error);\nexport default client;\n`,
        'src/server.js': `const cache = require('./redis');\nmodule.exports = cache;\n`,
      },
    },
    'requests that a server sends itself while somebody develops': {
      files: {
        'src/pages.ts': `import { get } from 'node:http';\nexport const savePages = (url: string) => {\n  get(url, (answer) => answer.resume());\n};\n`,
        'src/main.ts': `import { savePages } from './pages.js';\nif (config.get('IS_DEV')) savePages('http://localhost');\n`,
      },
    },
    'a client that is closed by who asks an object for it, and one that is closed in the end whatever happens': {
      files: {
        'src/change.ts': `import { Client } from 'pg';\nconst runtime = () => ({ open: (url) => new Client(url) });\nexport async function change(url, parts = runtime()) {\n  const client = parts.open(url);\n  try {\n    await client.query('ALTER TABLE a ADD b int');\n  } finally {\n    await client.end();\n  }\n}\n`,
        'src/look.ts': `import { Client } from 'pg';\nexport async function look(url) {\n  let client;\n  try {\n    client = new Client(url);\n    return await client.query('SELECT 1');\n  } finally {\n    await client?.end();\n  }\n}\n`,
      },
    },
    'a client of a file that runs to its end': {
      files: {
        'src/fill.ts': `import { Client } from 'pg';\nexport const client = new Client();\nconst fill = async () => {\n  await client.connect();\n  await client.query('INSERT INTO a VALUES (1)');\n  await client.end();\n};\nfill();\n`,
      },
    },
    'a stream that is piped when it is open, and listened to beside': {
      files: {
        'src/a.ts': `import { createReadStream } from 'node:fs';\nexport const send = (res) => {\n  const file = createReadStream('a.txt');\n  file.on('open', () => {\n    file.pipe(res);\n  });\n  file.on('error', () => res.destroy());\n};\n`,
      },
    },
    'what a method makes and another is handed': {
      files: {
        'src/limits.ts': `import { createClient } from 'redis';\nexport class Limits {\n  private make() {\n    return createClient({ url: this.url });\n  }\n  private watch(store) {\n    store.on('error', console.error);\n  }\n  async start() {\n    const store = this.make();\n    this.watch(store);\n    await store.connect();\n  }\n}\n`,
      },
    },
    'a file that a function of the project looked for': {
      files: {
        'src/a.ts': `import fs from 'node:fs';\nexport class Images {\n  async send(path, res) {\n    if (await this._isFileExists(path)) fs.createReadStream(path).pipe(res);\n  }\n}\n`,
      },
    },
    'sockets of clients that are listened to, there or by what they are handed to': {
      files: {
        'src/a.ts': `import { WebSocketServer } from 'ws';\nconst wss = new WebSocketServer({ port: 80 });\nwss.on('connection', (ws) => {\n  ws.on('error', console.error);\n  ws.send('hello');\n});\n`,
        'src/b.ts': `import { WebSocketServer } from 'ws';\nconst wss = new WebSocketServer({ port: 81 });\nwss.on('connection', (ws) => watch(ws));\nfunction watch(socket) {\n  socket.on('error', console.error);\n}\n`,
        'src/c.ts': `import { WebSocketServer } from 'ws';\nimport { wrap } from 'wrapper';\nconst wss = new WebSocketServer({ port: 82 });\nwss.on('connection', (ws) => wrap(ws));\n`,
        'src/d.ts': `import { WebSocketServer } from 'ws';\nimport { applyWSSHandler } from '@trpc/server/adapters/ws';\nconst wss = new WebSocketServer({ port: 83 });\napplyWSSHandler({ wss, router });\nwss.on('connection', (ws) => ws.send('hello'));\n`,
      },
    },
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
    'a client that is made in one of several ways': {
      files: {
        'src/redis.js': `const { createClient, createCluster } = require('redis');\nexports.connect = (options) => {\n  let client;\n  if (options.nodes) client = createCluster(options);\n  else client = createClient(options);\n  client.on('error', console.error);\n  return client;\n};\n`,
      },
    },
    'a pool that an adapter of Prisma listens to': {
      files: {
        'src/db.ts': `import { Pool } from 'pg';\nimport { PrismaPg } from '@prisma/adapter-pg';\nconst pool = new Pool();\nexport const adapter = new PrismaPg(pool);\n`,
      },
    },
    'requests with their listener, chained and by name': {
      files: {
        'src/a.js': `const https = require('https');\nexports.a = (done) => https.get('https://x.example', done).on('error', done);\nexports.b = (done) => {\n  const request = https.request('https://x.example', done);\n  request.on('error', done);\n  request.end();\n};\n`,
      },
    },
    'sockets with onerror and with addEventListener': {
      files: {
        'src/a.ts': `import WebSocket from 'ws';\nconst feed = new WebSocket('wss://a.example');\nfeed.onerror = console.error;\n`,
        'src/b.ts': `import WebSocket from 'ws';\nconst feed = new WebSocket('wss://b.example');\nfeed.addEventListener('error', console.error);\n`,
      },
    },
    'a pool of one function': {
      files: {
        'src/a.ts': `import { Pool } from 'pg';\nexport async function once() {\n  const pool = new Pool();\n  await pool.query('select 1');\n  await pool.end();\n}\n`,
      },
    },
  },
});
