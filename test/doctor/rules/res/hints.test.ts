import { expect, test } from 'vitest';
import type { Rule } from '../../../../src/doctor/rule.ts';
import { jobOptions } from '../../../../src/doctor/rules/job/options.ts';
import { floatingPromise } from '../../../../src/doctor/rules/res/floating-promise.ts';
import { missingErrorListener } from '../../../../src/doctor/rules/res/missing-error-listener.ts';
import { noTimeout } from '../../../../src/doctor/rules/res/no-timeout.ts';
import { retryNonIdempotent } from '../../../../src/doctor/rules/res/retry-non-idempotent.ts';
import { swallowedRejection } from '../../../../src/doctor/rules/res/swallowed-rejection.ts';
import { syncInHandler } from '../../../../src/doctor/rules/res/sync-in-handler.ts';
import { examineTexts, manifest, type Texts } from '../../rule.ts';

const emits = `import { EventEmitter } from 'events';\nconst emitter = new EventEmitter();\nexport const listen = () =>\n  emitter.on('leave', async () => {\n    await leave(emitter);\n  });\n`;
const reads = `import express from 'express';\nimport path from 'node:path';\nimport { readdirSync, readFileSync, writeFileSync } from 'node:fs';\nconst app = express();\n`;
const asks = `export const load = () => fetch('https://x.example');\n`;

test.each<[string, Rule, Texts, string[]]>([
  [
    'a client whose base is given to pages, and one whose base servers alone know',
    noTimeout,
    {
      'src/shown.ts': `const baseUrl = process.env.NEXT_PUBLIC_API;\nexport const rows = async () => (await fetch(\`\${baseUrl}/rows\`)).json();\n`,
      'src/known.ts': `const baseUrl = process.env.API;\nexport const rows = async () => (await fetch(\`\${baseUrl}/rows\`)).json();\n`,
    },
    ['src/known.ts:2 likely', 'src/shown.ts:2 hint'],
  ],
  [
    'a function of a file that is imported, of which nobody asks for it, and one that all is given on with',
    noTimeout,
    {
      'src/rates.ts': `export const rates = async () => (await fetch('https://x.example/a')).json();\nexport const names = async () => (await fetch('https://x.example/b')).json();\n`,
      'src/prices.ts': `export const prices = async () => (await fetch('https://x.example/c')).json();\n`,
      'src/a.ts': `import { rates } from './rates.js';\nexport * from './prices.js';\nimport { Mails } from './mails.js';\nexport const kinds = [new Mails()];\nexport const all = async () => [await rates()];\n`,
      'src/mails.ts': `export class Mails extends Kind {\n  async mention() {\n    return (await fetch('https://x.example/d')).json();\n  }\n}\nexport const parts = { ask: async () => (await fetch('https://x.example/e')).json() };\n`,
    },
    [
      'src/mails.ts:3 likely',
      'src/mails.ts:6 likely',
      'src/prices.ts:1 likely',
      'src/rates.ts:1 likely',
      'src/rates.ts:2 hint',
    ],
  ],
  [
    'a POST that is retried through another function, and one that stands in the loop',
    retryNonIdempotent,
    {
      'src/pay.ts': `import axios from 'axios';\nexport async function pay(order: string) {\n  return axios.post('https://pay.example/charges', { order });\n}\n`,
      'src/a.ts': `import { pay } from './pay.js';\nimport { withRetry } from './retry.js';\nexport const charge = (order: string) => withRetry(async () => pay(order));\n`,
      'src/b.ts': `import axios from 'axios';\nexport async function order(item: string) {\n  for (let attempt = 0; attempt < 3; attempt++) {\n    try {\n      return await axios.post('https://erp.example/orders', { item });\n    } catch (error) {\n      console.error(error);\n    }\n  }\n}\n`,
    },
    ['src/a.ts:3 hint', 'src/b.ts:3 likely'],
  ],
  [
    'a request in a function that all callers let go, and in one that somebody waits for',
    noTimeout,
    {
      'src/store.ts': `export async function update(key: string) {\n  return fetch('https://x.example/' + key, { method: 'POST' });\n}\n`,
      'src/rates.ts': `export async function rates(key: string) {\n  return fetch('https://x.example/' + key, { method: 'POST' });\n}\n`,
      'src/a.ts': `import { rates } from './rates.js';\nimport { update } from './store.js';\nexport const set = (key: string) => {\n  void update(key).then((answer) => console.log(answer.ok));\n  void rates(key).then((answer) => console.log(answer.ok));\n};\nexport const get = async (key: string) => (await rates(key)).json();\n`,
    },
    ['src/rates.ts:2 likely', 'src/store.ts:2 hint'],
  ],
  [
    'a catch that only logs behind what was given the response, and behind what was not',
    swallowedRejection,
    {
      'src/a.ts': `import express from 'express';\nconst app = express();\napp.get('/a', async (req, res) => {\n  try {\n    const call = { req, res };\n    await allow(call, 'orders');\n    res.status(200).end();\n  } catch (error) {\n    console.error(error);\n  }\n});\napp.get('/b', async (req, res) => {\n  try {\n    const call = { req };\n    await allow(call, 'orders');\n    res.status(200).end();\n  } catch (error) {\n    console.error(error);\n  }\n});\n`,
    },
    ['src/a.ts:8 hint', 'src/a.ts:17 likely'],
  ],
  [
    'a file that a function of a handler reads, a list of files that is written down, and a file that was sent',
    syncInHandler,
    {
      'src/a.ts': `${reads}const pages = (name) => readFileSync(name);\napp.get('/pages/:name', (req, res) => res.send(pages(req.params.name)));\n`,
      'src/b.ts': `${reads}const names = ['a.css', 'b.css'];\napp.get('/all', (req, res) => res.send(names.map((name) => readFileSync(path.join('/data', name))).join()));\n`,
      'src/c.ts': `${reads}app.post('/sent', (req, res) => res.send(String(readFileSync(req.file.path).length)));\n`,
    },
    ['src/a.ts:5 hint', 'src/b.ts:6 hint', 'src/c.ts:5 likely'],
  ],
  [
    'a pool of a check that no program leads to, beside that of the server',
    missingErrorListener,
    {
      'package.json': JSON.stringify({
        scripts: { start: 'node dist/server.js', check: 'tsx src/checks/rows.ts', shop: 'tsx src/setup.ts' },
      }),
      'src/server.ts': `import { pool } from './pool.js';\nawait pool.query('SELECT 1');\n`,
      'src/pool.ts': `import { Pool } from 'pg';\nexport const pool = new Pool();\n`,
      'src/checks/rows.ts': `import { Pool } from 'pg';\nexport const rows = new Pool();\n`,
      'src/old.ts': `import { Pool } from 'pg';\nexport const old = new Pool();\n`,
      'src/install.ts': `import prompts from 'prompts';\nimport { Pool } from 'pg';\nexport async function install() {\n  const pool = new Pool(await prompts([]));\n  await pool.query('SELECT 1');\n}\n`,
      'src/setup.ts': `import { install } from './install.js';\nimport './server.js';\nawait install();\n`,
    },
    ['src/checks/rows.ts:2 hint', 'src/install.ts:4 hint', 'src/old.ts:2 hint', 'src/pool.ts:2 likely'],
  ],
  [
    'a client that is kept, one that is made for one piece of work, and what tests alone make',
    missingErrorListener,
    {
      'src/field.ts': `import { createClient } from 'redis';\nexport class Cache {\n  constructor() {\n    this.client = createClient();\n  }\n}\n`,
      'src/factory.ts': `import { createClient } from 'redis';\nexport const provider = { provide: 'cache', useFactory: async () => {\n  const client = createClient();\n  return new Store(client);\n} };\n`,
      'src/made.ts': `import { Pool } from 'pg';\nexport function open() {\n  return new Wrapped({ pool: new Pool() });\n}\nexport function openForTests() {\n  return new Wrapped({ pool: new Pool() });\n}\n`,
      'src/server.ts': `import './ask.js';\nimport './factory.js';\nimport './field.js';\nimport './work.js';\nimport { open } from './made.js';\nexport const db = open();\n`,
      'src/work.ts': `import { createClient } from 'redis';\nexport async function sum(url: string) {\n  const client = createClient({ url });\n  return add(await client.get('a'));\n}\n`,
      'src/ask.ts': `import { get } from 'node:http';\nexport const ask = () => get('http://x.example', (answer) => answer.resume());\n`,
    },
    [
      'src/ask.ts:2 hint',
      'src/factory.ts:3 likely',
      'src/field.ts:4 likely',
      'src/made.ts:3 likely',
      'src/made.ts:6 hint',
      'src/work.ts:3 hint',
    ],
  ],
  [
    'retries of every method by a file that posts nothing, and by one that does',
    retryNonIdempotent,
    {
      'src/a.ts': `import axios from 'axios';\nimport axiosRetry from 'axios-retry';\naxiosRetry(axios, { retryCondition: () => true });\nexport const load = (url: string) => axios.get(url);\n`,
      'src/b.ts': `import axios from 'axios';\nimport axiosRetry from 'axios-retry';\naxiosRetry(axios, { retryCondition: () => true });\nexport const order = (item: string) => axios.post('https://erp.example/orders', { item });\n`,
    },
    ['src/a.ts:3 hint', 'src/b.ts:3 likely'],
  ],
  [
    'a hash that only what makes examples asks for, one whose callers nobody is known to call, and one that a handler leads to',
    syncInHandler,
    {
      'src/examples.ts': `import bcrypt from 'bcrypt';\nexport class Secret {\n  static of(text: string) {\n    return bcrypt.hashSync(text, 12);\n  }\n  static random() {\n    return Secret.of('example');\n  }\n}\n`,
      'src/code.ts': `import bcrypt from 'bcrypt';\nexport class Code {\n  static of(text: string) {\n    return bcrypt.hashSync(text, 12);\n  }\n  static sent() {\n    return Code.of('code');\n  }\n}\n`,
      'src/hash.ts': `import bcrypt from 'bcrypt';\nexport const hash = (text: string) => bcrypt.hashSync(text, 12);\n`,
      'src/users.ts': `import express from 'express';\nimport { Secret } from './examples.js';\nimport { Code } from './code.js';\nimport { hash } from './hash.js';\nconst app = express();\nexport const kinds = { Secret, Code };\napp.post('/users', (req, res) => res.json(hash(req.body.password)));\n`,
    },
    ['src/code.ts:4 likely', 'src/examples.ts:4 hint', 'src/hash.ts:2 likely'],
  ],
  [
    'a request of a worker, which holds no process',
    noTimeout,
    {
      'package.json': manifest('hono', 'wrangler'),
      'wrangler.toml': 'name = "shop"\nmain = "src/index.ts"\n',
      'src/index.ts': `import { Hono } from 'hono';\nconst app = new Hono();\napp.get('/', async (c) => c.json(await (await fetch('https://x.example')).json()));\nexport default app;\n`,
    },
    ['src/index.ts:3 hint'],
  ],
  [
    'a request of Nest that an interceptor of all ends, by its class and by a factory',
    noTimeout,
    {
      'package.json': manifest('@nestjs/core', '@nestjs/axios'),
      'src/limit.ts': `import { timeout } from 'rxjs/operators';\nexport class Limit implements NestInterceptor {\n  intercept(context, next) {\n    return next.handle().pipe(timeout(9000));\n  }\n}\n`,
      'src/app.module.ts': `import { APP_INTERCEPTOR } from '@nestjs/core';\nimport { Limit } from './limit';\n@Module({ providers: [{ provide: APP_INTERCEPTOR, useFactory: () => new Limit() }] })\nexport class AppModule {}\n`,
      'src/rates.service.ts': `import { HttpService } from '@nestjs/axios';\nexport class Rates {\n  constructor(private readonly http: HttpService) {}\n  load() {\n    return this.http.get('https://x.example');\n  }\n}\n`,
    },
    ['src/rates.service.ts:5 hint'],
  ],
  [
    'a method of something injectable that nothing calls, beside one that is called',
    noTimeout,
    {
      'package.json': manifest('@nestjs/core', '@nestjs/axios'),
      'src/rates.service.ts': `import { HttpService } from '@nestjs/axios';\n@Injectable()\nexport class Rates {\n  constructor(private readonly http: HttpService) {}\n  loadAll() {\n    return this.http.get('https://x.example');\n  }\n}\n`,
      'src/names.service.ts': `import { HttpService } from '@nestjs/axios';\n@Injectable()\nexport class Names {\n  constructor(private readonly http: HttpService) {}\n  loadNames() {\n    return this.http.get('https://x.example');\n  }\n}\n`,
      'src/names.controller.ts': `export class NamesController {\n  all() {\n    return this.names.loadNames();\n  }\n}\n`,
    },
    ['src/names.service.ts:6 likely', 'src/rates.service.ts:6 hint'],
  ],
  [
    'a program for the command line, pages that no server draws, and a socket of the machine',
    noTimeout,
    {
      'src/ask.js': `const http = require('http');\nconst [, , code] = process.argv;\nif (!code) process.exit(1);\nhttp.get('http://x.example/' + code, (res) => res.on('end', () => process.exit(0)));\n`,
      'web/nuxt.config.js': `export default {\n  ssr: false,\n};\n`,
      'web/plugins/news.js': `import axios from 'axios';\nexport const news = () => axios.get('https://x.example/news');\n`,
      'drawn/nuxt.config.js': `export default {\n  ssr: true,\n};\n`,
      'drawn/plugins/news.js': `import axios from 'axios';\nexport const news = () => axios.get('https://x.example/news');\n`,
      'src/docker.ts': `import axios from 'axios';\nexport const list = () => axios.get('http://docker/list', { socketPath: '/var/run/docker.sock' });\n`,
    },
    ['drawn/plugins/news.js:2 likely', 'src/ask.js:4 hint', 'src/docker.ts:2 hint', 'web/plugins/news.js:2 hint'],
  ],
  [
    'one file that is removed, and a folder',
    syncInHandler,
    {
      'src/one.ts': `import express from 'express';\nimport { rmSync } from 'node:fs';\nconst app = express();\napp.post('/', (req, res) => {\n  rmSync(req.file.path);\n  res.end();\n});\n`,
      'src/two.ts': `import express from 'express';\nimport { rmSync } from 'node:fs';\nconst app = express();\napp.post('/', (req, res) => {\n  rmSync(req.file.path, { recursive: true });\n  res.end();\n});\n`,
    },
    ['src/one.ts:5 hint', 'src/two.ts:5 likely'],
  ],
  [
    'a handler that nothing imports, beside others that are',
    syncInHandler,
    {
      'package.json': JSON.stringify({ scripts: { start: 'node src/routes.js' }, dependencies: { express: '5.0.0' } }),
      'src/routes.js': `const express = require('express');\nconst { list } = require('./controllers/list');\nconst router = express.Router();\nrouter.get('/', list);\nmodule.exports = router;\n`,
      'src/controllers/list.js': `const { readFileSync } = require('fs');\nexports.list = (req, res) => {\n  res.send(readFileSync(req.query.name));\n};\n`,
      'src/controllers/setup.js': `const { readFileSync } = require('fs');\nexports.setup = (req, res) => {\n  res.send(readFileSync(req.query.name));\n};\n`,
    },
    ['src/controllers/list.js:3 likely', 'src/controllers/setup.js:3 hint'],
  ],
  [
    'what a page of Vite starts, and a server beside it',
    noTimeout,
    {
      'package.json': JSON.stringify({ dependencies: { vue: '*', vite: '*', pg: '*' } }),
      'index.html': `<div id="app"></div><script type="module" src="/src/main.ts"></script>\n`,
      'src/load.ts': asks,
      'functions/load.ts': asks,
    },
    ['functions/load.ts:1 likely', 'src/load.ts:1 hint'],
  ],
  [
    'a listener that the start of a page imports',
    floatingPromise,
    {
      'app/main.js': `import { listen } from './events.js';\nif (window.location.hash === '') listen();\n`,
      'app/events.js': emits,
    },
    ['app/events.js:4 hint'],
  ],
  [
    'a listener that a server imports',
    floatingPromise,
    { 'app/main.js': `import { listen } from './events.js';\nlisten();\n`, 'app/events.js': emits },
    ['app/events.js:4 likely'],
  ],
  [
    'a listener of a program for the command line',
    floatingPromise,
    {
      'package.json': JSON.stringify({ name: 'shop', bin: './a.js', dependencies: { commander: '1' } }),
      'src/a.js': `import { listen } from './events.js';\nlisten();\n`,
      'src/events.js': emits,
    },
    ['src/events.js:4 hint'],
  ],
  [
    'a listener of a process that takes what is rejected',
    floatingPromise,
    {
      'app/main.js': `import { listen } from './events.js';\nprocess.on('unhandledRejection', console.error);\nlisten();\n`,
      'app/events.js': emits,
    },
    ['app/events.js:4 hint'],
  ],
  [
    'a call of a program for the command line that listens to a tunnel',
    noTimeout,
    {
      'package.json': JSON.stringify({ name: 'shop', bin: './a.js', dependencies: { commander: '1', ws: '8' } }),
      'src/a.ts': asks,
    },
    ['src/a.ts:1 hint'],
  ],
  [
    'a call of a server that has a program for the command line',
    noTimeout,
    {
      'package.json': JSON.stringify({ name: 'shop', bin: './a.js', dependencies: { commander: '1', express: '5' } }),
      'src/a.ts': asks,
    },
    ['src/a.ts:1 likely'],
  ],
  [
    'a call of what a package’s own script runs, and of a page beside it',
    noTimeout,
    {
      'package.json': JSON.stringify({
        name: 'shop',
        scripts: { start: 'node app.js', 'drop-team': 'node --env-file .env drop.js', mails: 'node mails.js' },
        dependencies: { express: '5' },
      }),
      'app.js': `require('express')().listen(80);\nrequire('./rates.js').load().then(draw);\n`,
      'rates.js': `exports.load = () => fetch('https://x.example');\n`,
      'drop.js': `process.on('exit', () => 0);\nfetch('https://x.example').then(() => process.exit(0));\n`,
      'mails.js': `process.on('exit', () => 0);\nprocess.on('message', () => fetch('https://x.example'));\n`,
    },
    ['drop.js:2 hint', 'mails.js:2 likely', 'rates.js:1 likely'],
  ],
  [
    'a call of a package that nobody asks and nobody imports',
    noTimeout,
    {
      'package.json': JSON.stringify({ name: '@shop/snapshot', scripts: { apply: 'tsx src/index.ts', lint: 'biome' } }),
      'src/index.ts': `import { load } from './a.js';\nawait load();\n`,
      'src/a.ts': asks,
    },
    ['src/a.ts:1 hint'],
  ],
  [
    'a call of this machine',
    noTimeout,
    {
      'src/a.ts': `const port = 80;\nexport const up = () => fetch(\`http://localhost:\${port}/health\`);\nexport const down = () => fetch('https://localhost.example');\n`,
    },
    ['src/a.ts:2 hint', 'src/a.ts:3 likely'],
  ],
  [
    'a pool in a process that goes on whatever is thrown',
    missingErrorListener,
    {
      'src/db.ts': `import { Pool } from 'pg';\nexport const pool = new Pool();\n`,
      'src/index.ts': `process.on('uncaughtException', (error) => console.error(error));\n`,
    },
    ['src/db.ts:2 hint'],
  ],
  [
    'a pool in a process that ends in order',
    missingErrorListener,
    {
      'src/db.ts': `import { Pool } from 'pg';\nexport const pool = new Pool();\n`,
      'src/index.ts': `import './db.js';\nprocess.on('uncaughtException', () => process.exit(1));\n`,
    },
    ['src/db.ts:2 likely'],
  ],
  [
    'a file that is read into a parser, one into the answer of a handler, and one for nobody that is known',
    missingErrorListener,
    {
      'src/a.ts': `import fs from 'node:fs';\nexport const parse = (parser, name) => fs.createReadStream(name).pipe(parser);\nexport const send = (req, res) => fs.createReadStream(req.params.name).pipe(res);\nexport const show = (res, name) => fs.createReadStream(name).pipe(res);\n`,
    },
    ['src/a.ts:2 hint', 'src/a.ts:3 likely', 'src/a.ts:4 hint'],
  ],
  [
    'a message sent again that is made of what the caller gives, and one of pieces',
    retryNonIdempotent,
    {
      'src/a.ts': `import axios from 'axios';\nconst made = (mail) => JSON.stringify(mail);\nexport async function send(mail) {\n  const body = made(mail);\n  for (let attempt = 0; attempt < 3; attempt++) {\n    try {\n      return await axios.post('https://x.example/hook', body);\n    } catch (error) {\n      console.error(error);\n    }\n  }\n}\n`,
      'src/b.ts': `import axios from 'axios';\nexport async function send(mail) {\n  for (let attempt = 0; attempt < 3; attempt++) {\n    try {\n      return await axios.post('https://x.example/hook', { to: mail.to, text: mail.text });\n    } catch (error) {\n      console.error(error);\n    }\n  }\n}\n`,
      'src/c.ts': `import axios from 'axios';\nasync function send(mail) {\n  for (let attempt = 0; attempt < 3; attempt++) {\n    try {\n      return await axios.post('https://x.example/hook', mail);\n    } catch (error) {\n      console.error(error);\n    }\n  }\n}\nexport const greet = (to) => send({ to, text: 'hello' });\n`,
    },
    ['src/a.ts:5 hint', 'src/b.ts:3 likely', 'src/c.ts:3 likely'],
  ],
  [
    'one file of the program’s own',
    syncInHandler,
    {
      'src/a.ts': `${reads}const page = path.join(__dirname, 'page.html');\napp.get('/a', (req, res) => {\n  res.send(readFileSync(page));\n});\napp.get('/b', (req, res) => {\n  res.send(readFileSync(\`\${__dirname}/forms/\${req.query.form}.json\`));\n});\nfor (const form of forms) app.get(form, (req, res) => res.send(readFileSync('forms/' + form + '.json')));\nconst text = (name) => readFileSync(path.resolve('mails', name));\napp.get('/c', (req, res) => {\n  res.send(text('hello.txt'));\n});\n`,
    },
    ['src/a.ts:7 hint', 'src/a.ts:10 hint', 'src/a.ts:12 hint', 'src/a.ts:13 hint'],
  ],
  [
    'a file that people laid there, one that is given, one that is written, and many',
    syncInHandler,
    {
      'src/a.ts': `${reads}app.get('/a', (req, res) => {\n  res.send(readFileSync(path.join(__dirname, 'uploads', req.query.name)));\n});\napp.get('/b', (req, res) => {\n  res.send(readFileSync(res.locals.file));\n});\napp.get('/c', (req, res) => {\n  writeFileSync('count.txt', '1');\n  res.end();\n});\napp.get('/d', (req, res) => {\n  res.json(readdirSync('pages').map((name) => readFileSync('pages/' + name, 'utf8')));\n});\n`,
    },
    ['src/a.ts:6 likely', 'src/a.ts:9 likely', 'src/a.ts:12 hint', 'src/a.ts:16 hint', 'src/a.ts:16 likely'],
  ],
  [
    'packing what is written down, and what is sent',
    syncInHandler,
    {
      'src/a.ts': `import express from 'express';\nimport { gzipSync } from 'node:zlib';\nconst app = express();\nconst map = \`<urlset></urlset>\`;\napp.get('/map', (req, res) => {\n  res.send(gzipSync(Buffer.from(map)));\n});\napp.post('/pack', (req, res) => {\n  res.send(gzipSync(Buffer.from(req.body.text)));\n});\n`,
    },
    ['src/a.ts:6 hint', 'src/a.ts:9 likely'],
  ],
  [
    'a queue whose jobs are kept as somebody said, and one without any word',
    jobOptions,
    {
      'src/a.ts': `import { Queue } from 'bullmq';\nexport const mails = new Queue('mails', { connection: { host: 'redis' }, defaultJobOptions: { removeOnComplete: true, removeOnFail: true } });\n`,
      'src/b.ts': `import { Queue } from 'bullmq';\nexport const mails = new Queue('mails', { connection: { host: 'redis' } });\n`,
    },
    ['src/a.ts:2 hint', 'src/b.ts:2 likely'],
  ],
])('%s is told of as surely as it is known', (_title, rule, texts, said) => {
  const { findings, failures } = examineTexts(texts, [rule]);
  expect(failures).toEqual([]);
  expect(findings.map(({ path, line, confidence }) => `${path}:${line} ${confidence}`)).toEqual(said);
});
