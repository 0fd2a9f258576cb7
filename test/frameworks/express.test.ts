import { describe, expect, test } from 'vitest';
import { express } from '../../src/frameworks/express.ts';
import { hostOf } from './hosts.ts';
import { found, type Row } from './summary.ts';
import { wired } from './wired.ts';

const head = "import express from 'express';\n";
const created = 'after const app = express();';

const rows: Row[] = [
  [
    'a top-level const, before the first parser',
    {
      file: 'app.ts',
      app: 'app',
      first: created,
      raw: created,
      routes: "after app.use('/a', a);",
      obstacles: [],
      prefix: '',
      line: "app.use('/webhooks', webhooks);",
    },
    { 'app.ts': `${head}const app = express();\napp.use(express.json());\napp.use('/a', a);\napp.listen(3000);\n` },
  ],
  [
    'harmless logging and security stay in front, a parser does not',
    { first: created, raw: 'after app.use(helmet())', routes: 'before app.use(notFound)' },
    {
      'app.ts':
        `${head}import helmet from 'helmet'\nimport morgan from 'morgan'\nconst app = express()\nconst port = 3000\napp.set('trust proxy', 1)\nif (dev) app.use(morgan('dev'))\napp.use(helmet())\napp.use(cors())\napp.use(express.json())\napp.use('/a', a)\napp.use(notFound)\nexport default app\n`.replace(
          'const app = express()\n',
          'const app = express();\n',
        ),
    },
  ],
  [
    'var app = module.exports = express()',
    {
      file: 'index.js',
      app: 'app',
      raw: 'after var app = module.exports = express()',
      line: "app.use('/webhooks', webhooks);",
    },
    {
      'index.js': `var express = require('express')\nvar app = module.exports = express()\napp.use(express.json())\nif (!module.parent) app.listen(3000)\n`,
    },
  ],
  [
    "require('express')() whose module has no name",
    { app: 'server', raw: "after const server = require('express')();" },
    { 'a.js': `const server = require('express')();\nserver.use(require('body-parser').json());\nserver.listen(1);\n` },
  ],
  [
    'a namespace import and a typed const',
    { app: 'app', raw: 'after const app: express.Express = express();' },
    {
      'a.ts': `import * as express from 'express';\nconst app: express.Express = express();\napp.use(express.json());\napp.listen(1);\n`,
    },
  ],
  [
    'a factory in another file',
    { file: 'src/app.ts', app: 'api', raw: 'after const api = express();', routes: 'after api.get("/a", a);' },
    {
      'src/server.ts': `import { createApp } from './app';\nconst app = createApp();\napp.listen(1);\n`,
      'src/app.ts': `${head}export function createApp() {\n  const api = express();\n  api.use(express.json());\n  api.get("/a", a);\n  return api;\n}\n`,
    },
    'src/server.ts',
    { importExtension: '' },
  ],
  [
    'an async arrow factory exported by default',
    { file: 'app.ts', app: 'app', raw: created },
    {
      'main.ts': `import build from './app.js';\nbuild().then((it) => it.listen(1));\n`,
      'app.ts': `${head}const build = async () => {\n  const app = express();\n  await db();\n  app.use(express.json());\n  return app;\n};\nexport default build;\n`,
    },
  ],
  [
    'an async main',
    { app: 'app', raw: created, routes: 'after app.use(r);' },
    {
      'a.ts': `${head}async function main() {\n  await db();\n  const app = express();\n  app.use(express.json());\n  app.use(r);\n  const server = app.listen(1);\n}\nmain();\n`,
    },
  ],
  [
    'an exported async IIFE',
    { app: 'app', raw: created },
    {
      'a.ts': `${head}export const init = (async () => {\n  const app = express();\n  app.use(express.json());\n  app.listen(1);\n})();\n`,
    },
  ],
  [
    'a promise callback',
    { app: 'app', raw: created },
    {
      'a.js': `const express = require('express');\nconnect().then(() => {\n  const app = express();\n  app.use(express.json());\n  app.listen(1);\n});\n`,
    },
  ],
  [
    'a promise executor in an arrow',
    { app: 'app', raw: created },
    {
      'a.ts': `${head}export const start = () => new Promise((resolve) => {\n  const app = express();\n  app.use(express.json());\n  const s = app.listen(1, () => resolve(s));\n});\nstart();\n`,
    },
  ],
  [
    'a class with this.app over private methods',
    {
      file: 'src/app.ts',
      app: 'this.app',
      raw: 'after this.app = express();',
      routes: 'before this.errors();',
      line: "this.app.use('/webhooks', webhooks);",
    },
    {
      'src/server.ts': `import { App } from './app.js';\nconst app = new App();\napp.listen();\n`,
      'src/app.ts': `${head}export class App {\n\tprivate app: express.Application;\n\tconstructor() {\n\t\tthis.app = express();\n\t\tthis.port = 1;\n\t\tthis.middleware();\n\t\tthis.routes();\n\t\tthis.errors();\n\t}\n\tlisten() { this.app.listen(1); }\n\tprivate middleware() { this.app.use(express.json()); }\n\tprivate routes() { this.app.use('/a', a); }\n\tprivate errors() { this.app.use((err, req, res, next) => {}); }\n}\n`,
    },
  ],
  [
    'a class field, placed in the constructor',
    { app: 'this.app', raw: 'before this.config();' },
    {
      'a.ts': `${head}class Server {\n  public app = express();\n  constructor() {\n    this.config();\n  }\n  config() { this.app.use(express.json()); }\n}\nnew Server().app.listen(1);\n`,
    },
  ],
  [
    'a class field without a constructor is left to a person',
    { unplaced: /no constructor/ },
    {
      'a.ts': `${head}class Server {\n  app = express();\n  start() { this.app.listen(1); }\n}\nnew Server().start();\n`,
    },
  ],
  [
    'an app handed to functions in other files',
    { file: 'index.js', app: 'app', raw: 'after const app = express();', routes: null },
    {
      'index.js': `const express = require('express');\nconst app = express();\nrequire('./config/express')(app);\napp.listen(1);\n`,
      'config/express.js': `const express = require('express');\nmodule.exports = (server) => {\n  server.use(express.json());\n  server.use('/a', a);\n  server.use((req, res) => res.sendStatus(404));\n};\n`,
    },
  ],
  [
    'loaders that take { app }',
    { file: 'src/app.ts', app: 'app', raw: 'after const app = express();' },
    {
      'src/app.ts': `${head}import loaders from './loaders.js';\nasync function start() {\n  const app = express();\n  await loaders({ expressApp: app });\n  app.listen(1);\n}\nstart();\n`,
      'src/loaders.ts': `import web from './web.js';\nexport default async ({ expressApp }) => {\n  await web({ app: expressApp });\n};\n`,
      'src/web.ts': `${head}export default ({ app }) => {\n  app.use(express.json());\n  app.use((err, req, res, next) => {});\n};\n`,
    },
  ],
  [
    'harmless middleware in the chain: what comes first is a link before it',
    { first: 'chain express()', raw: 'after const app = express().use(helmet());' },
    {
      'a.ts': `${head}import helmet from 'helmet';\nconst app = express().use(helmet());\napp.use(express.json());\napp.listen(1);\n`,
    },
  ],
  [
    'one chained expression that ends in a 404 link',
    { file: 'a.js', raw: 'chain express()', routes: 'chain express()', line: ".use('/webhooks', webhooks)" },
    {
      'a.js': `const express = require('express');\nconst app = express()\n  .use(express.json())\n  .use('/a', a)\n  .use((req, res) => res.sendStatus(404));\nmodule.exports = app;\n`,
    },
  ],
  [
    'a chain that only listens',
    { raw: 'chain express()', app: '' },
    { 'a.js': `const express = require('express');\nconst server = express().use(express.json()).listen(3000);\n` },
  ],
  [
    'nested router apps made with the same call are not the app',
    { file: 'a.ts', app: 'app', raw: 'after const app = express(); #0'.replace(' #0', ''), obstacles: [] },
    {
      'a.ts': `${head}import { api } from './api.js';\nconst app = express();\nconst inner = express();\napp.use(express.json());\napp.use('/inner', inner);\napp.use('/api', api);\napp.listen(1);\n`,
      'api.ts': `${head}export const api = express();\napi.get('/', x);\n`,
    },
  ],
  [
    'commented code and template strings are not the app',
    { app: 'web', raw: 'after const web = express();' },
    {
      'a.ts': `${head}// const app = express();\nconst text = \`const app = express()\`;\nconst web = express();\nweb.listen(1);\n`,
    },
  ],
  [
    'a setup wizard beside the composed app is named as a rival',
    { app: 'app', raw: 'after const app = express();', obstacles: ['other'] },
    {
      'a.ts': `${head}if (!ready) {\n  const wizard = express();\n  wizard.get('/', page);\n  wizard.listen(1);\n}\nconst app = express();\napp.use('/a', a);\napp.listen(2);\n`,
    },
  ],
  [
    'two equal apps are not guessed between',
    { unplaced: /several apps are created \(a\.ts:2, a\.ts:3\)/ },
    {
      'a.ts': `${head}const one = express();\nconst two = express();\none.use('/a', a);\ntwo.use('/b', b);\none.listen(1);\ntwo.listen(2);\n`,
    },
  ],
  [
    'a serverless wrapper is named',
    { app: 'app', raw: 'after const app = express();', obstacles: ['proxy'] },
    {
      'a.ts': `${head}import serverless from 'serverless-http';\nconst app = express();\napp.use(express.json());\nexport const handler = serverless(app);\n`,
    },
  ],
  [
    'a platform that has read the body is named',
    { obstacles: ['body-parser'] },
    {
      'a.js': `const express = require('express');\nconst { onRequest } = require('firebase-functions/v2/https');\nconst app = express();\nexports.api = onRequest(app);\n`,
    },
  ],
  [
    'an app that another library creates',
    { unplaced: /created by routing-controllers/ },
    { 'a.ts': `import { createExpressServer } from 'routing-controllers';\ncreateExpressServer({}).listen(1);\n` },
  ],
  ['no entry', { unplaced: /process starts/ }, {}, null],
  ['an entry with a syntax error', { unplaced: /syntax error/ }, { 'a.ts': 'const = ;' }],
  [
    'an extensionless bin file that requires the app',
    {
      file: 'app.js',
      app: 'app',
      raw: 'after var app = express();',
      routes: 'before app.use(function (req, res, next) {',
    },
    {
      'bin/www': `#!/usr/bin/env node\nvar app = require('../app');\nvar http = require('http');\nvar server = http.createServer(app);\nserver.listen(1);\n`,
      'app.js':
        `var express = require('express');\nvar logger = require('morgan');\nvar app = express();\napp.set('views', 'x');\napp.use(cookieParser());\napp.use(express.json());\napp.use('/', indexRouter);\napp.use(function (req, res, next) {\n  next(createError(404));\n});\napp.use(function (err, req, res, next) {});\nmodule.exports = app;\n`.replace(
          "app.set('views', 'x');\n",
          '',
        ),
    },
  ],
  [
    'existing webhooks are named',
    { obstacles: ['existing-webhook', 'existing-webhook'] },
    {
      'a.ts': `${head}const app = express();\napp.post('/api/stripe/hook', h);\napp.use('/webhooks', w);\napp.listen(1);\n`,
    },
  ],
  [
    'our own wiring, as the lock knows it, is not an existing webhook, and harmless',
    { obstacles: [], raw: "after app.use('/webhooks', webhooks);" },
    {
      'a.ts': `${head}import { webhooks } from './src/webhooks/index.js';\nconst app = express();\napp.use('/webhooks', webhooks);\napp.listen(1);\n`,
      'src/webhooks/index.ts': `export const webhooks = 1;\n`,
      '.backend-skills/lock.json': '{"skills":{"webhook":{"files":[{"path":"src/webhooks/index.ts"}]}}}',
    },
  ],
  [
    'the app in several declarators of one statement',
    { app: 'app', raw: "after var express = require('express')" },
    {
      'a.js': `var express = require('express')\n  , app = express()\n  , port = 1\napp.use(express.json())\napp.listen(port)\n`,
    },
  ],
  [
    'an app mounted under another framework’s server',
    { app: 'app', obstacles: ['proxy'] },
    {
      'a.ts': `${head}import connect from 'connect';\nconst app = express();\nconst outer = connect();\nouter.use('/api', app);\nouter.listen(1);\n`,
    },
  ],
  [
    'an instance of a class exported by default',
    { file: 'server.ts', app: 'this.app', raw: 'after this.app = express();' },
    {
      'index.ts': `import server from './server';\nserver.start(3000);\n`,
      'server.ts': `${head}class Server {\n  app: express.Application;\n  constructor() {\n    this.app = express();\n    this.config();\n  }\n  config(): void { this.app.use(express.json()); }\n  start(p) { this.app.listen(p); }\n}\nexport default new Server();\n`,
    },
  ],
  [
    'one branch of a cluster',
    { app: 'app', raw: created, routes: 'after app.use(express.json());' },
    {
      'a.js': `const express = require('express');\nif (cluster.isMaster) {\n  cluster.fork();\n} else {\n  const app = express();\n  app.use(express.json());\n  app.listen(1);\n}\n`,
    },
  ],
  [
    'a database callback',
    { app: 'app', raw: created, routes: 'after routes(app, db);' },
    {
      'a.js': `const express = require('express');\nconnect(url, function (err, db) {\n  if (err) throw err;\n  const app = express();\n  app.use(express.json());\n  routes(app, db);\n  app.listen(1);\n});\n`,
    },
  ],
  [
    'a loader in a loader that adds parsers and error handlers: no place for routes',
    { file: 'src/app.ts', raw: created, routes: null },
    {
      'src/app.ts': `${head}async function start() {\n  const app = express();\n  await require('./loaders').default({ expressApp: app });\n  app.listen(1).on('error', (e) => {});\n}\nstart();\n`,
      'src/loaders/index.ts': `import web from './express';\nexport default async ({ expressApp }) => {\n  await web({ app: expressApp });\n};\n`,
      'src/loaders/express.ts': `${head}export default ({ app }: { app: express.Application }) => {\n  app.use(express.json());\n  app.use('/api', routes());\n  app.use((err, req, res, next) => {});\n};\n`,
    },
  ],
  [
    'a server that wraps the app before it is configured',
    { raw: created, routes: "after app.use('/graphql', cors(), express.json(), expressMiddleware(server));" },
    {
      'a.ts': `${head}import http from 'http';\nconst app = express();\nconst httpServer = http.createServer(app);\nawait server.start();\napp.use('/graphql', cors(), express.json(), expressMiddleware(server));\nhttpServer.listen(1);\n`,
    },
  ],
  [
    'a parser that skips one path, and a webhook of the host beside it',
    { raw: created, obstacles: ['existing-webhook'] },
    {
      'a.ts': `${head}const app = express();\napp.use((req, res, next) => {\n  if (req.originalUrl === '/webhook') next();\n  else express.json()(req, res, next);\n});\napp.post('/webhook', h);\napp.listen(1);\nexport { app };\n`,
    },
  ],
  [
    'a path that the host answers already is left to a person',
    { raw: created, obstacles: ['existing-webhook'], line: null },
    { 'a.ts': `${head}const app = express();\napp.use('/webhooks', hooks);\napp.listen(1);\n` },
  ],
  [
    'a name that means something else gets another one',
    { raw: created, line: "app.use('/webhooks', webhooksModule);" },
    {
      'a.ts': `${head}import webhooks from './old.js';\nconst app = express();\napp.use('/old', webhooks);\napp.listen(1);\n`,
      'old.ts': 'export default 1;\n',
    },
  ],
  [
    'an exported function whose app is required by an index file',
    { file: 'lib/express.js', app: 'app', raw: 'after var app = express();' },
    {
      'index.js': `module.exports = require('./lib/express')\n`,
      'lib/express.js': `'use strict'\nvar express = require('express')\nexports = module.exports = function () {\n  var app = express();\n  app.use(require('body-parser').json())\n  return app\n}\n`,
    },
  ],
];

test.each(rows)('%s', (_title, expected, files, entry, values) => {
  const host = hostOf('express', files, entry, values);
  const { unplaced, ...sure } = expected;
  const actual = found(express.locate(host), expected, host);
  if (unplaced) expect(actual.unplaced).toMatch(unplaced);
  else expect(actual).toEqual(sure);
});

describe.each(['first', 'raw', 'routes'] as const)('the %s slot', (slot) => {
  test.each(rows)('is wired, taken back and wired again: %s', (_title, _expected, files, entry, values) => {
    const host = hostOf('express', files, entry, values);
    const file = `src/webhooks/index.${host.profile.language.value}`;
    const after = wired(express, host, files, { slot, name: 'webhooks', file, mount: '/hooks' }) ?? files;
    expect(Object.keys(after).filter((path) => after[path] !== files[path]).length).toBeLessThanOrEqual(1);
  });
});
