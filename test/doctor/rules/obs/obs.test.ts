import { expect, test } from 'vitest';
import { labelCardinality } from '../../../../src/doctor/rules/obs/label-cardinality.ts';
import { logSecrets } from '../../../../src/doctor/rules/obs/log-secrets.ts';
import { otelLate } from '../../../../src/doctor/rules/obs/otel-late.ts';
import { publicMetrics } from '../../../../src/doctor/rules/obs/public-metrics.ts';
import { examineTexts, manifest, ruleTest } from '../../rule.ts';

ruleTest(logSecrets, {
  hits: {
    'a token that somebody has, though the console is replaced for what is slight': {
      files: {
        'src/quiet.ts': `console.debug = () => {};\n`,
        'src/socket.ts': `export const join = (message) => guests.find(message.accessToken, (err, guest) => {\n  if (err) return;\n  console.log('came', message.accessToken);\n});\n`,
      },
      at: ['src/socket.ts:3'],
    },
    'a link that lets in, with its token': {
      files: {
        'src/mail.ts': `export function sendReset(to: string, token: string) {\n  const link = \`\${site}/reset-password/\${token}\`;\n  console.log(link);\n}\nexport function sendWelcome(to: string, token: string) {\n  logger.info(\`sent \${site}/verify?token=\${token}\`);\n}\n`,
      },
      at: ['src/mail.ts:3', 'src/mail.ts:6'],
    },
    'the address of a database with its password': {
      files: {
        'src/db.ts': `const address = \`mongodb://\${db.user}:\${encodeURIComponent(db.password)}@\${db.host}\`;\nlogger.debug('open to ' + address);\n`,
      },
      at: ['src/db.ts:2'],
    },
    'a whole body where people are let in': {
      files: {
        'src/authController.js': 'export function update(req, res) {\n  console.error(req.body);\n}\n',
        'src/authorize.js': 'export function update(req, res) {\n  console.error(req.body);\n}\n',
      },
      at: ['src/authController.js:2', 'src/authorize.js:2'],
    },
    'a password': {
      files: { 'src/a.js': `export function login(password) {\n  console.log('login', password);\n}\n` },
      at: ['src/a.js:2'],
    },
    'all headers': {
      files: {
        'src/a.js': `export function handle(req, res) {\n  logger.info({ headers: req.headers }, 'request');\n}\n`,
      },
      at: ['src/a.js:2'],
    },
    'a token in a template': {
      files: { 'src/a.ts': `export function send(user: User) {\n  logger.debug(\`token \${user.accessToken}\`);\n}\n` },
      at: ['src/a.ts:2'],
    },
    'a body with a password in it': {
      files: {
        'src/auth.js': `export function login(req, res) {\n  const { password } = req.body;\n  console.log(JSON.stringify(req.body));\n}\n`,
      },
      at: ['src/auth.js:3'],
    },
    'the body of whatever fails, where passwords are kept': {
      files: {
        'package.json': manifest('express', 'bcrypt'),
        'src/failed.js': `export function failed(error, req, res, next) {\n  console.error(error, 'body:', req.body);\n  res.sendStatus(500);\n}\n`,
      },
      at: ['src/failed.js:2'],
    },
    'the same in two functions of a file, told once': {
      files: {
        'src/a.js': `export function login(password) {\n  console.log(password);\n}\nexport function change(password) {\n  console.log('change', password);\n}\n`,
      },
      at: ['src/a.js:2'],
    },
    'two of one function, told once': {
      files: {
        'src/a.js': `export function handle(req, res) {\n  logger.info(req.headers);\n  logger.info('%j', req.headers);\n}\n`,
      },
      at: ['src/a.js:2'],
    },
    'the first password of the first user, which is a hint': {
      files: {
        'src/a.js': `export function seed(password) {\n  logger.info(\`default user with \${password}\`);\n}\n`,
      },
      at: ['src/a.js:2'],
    },
  },
  clean: {
    'a console that production has silenced, and a token that was refused': {
      files: {
        'src/quiet.ts': `if (process.env.NODE_ENV === 'production') console.log = () => {};\n`,
        'src/enter.ts': `export const enter = (accessToken: string) => {\n  console.log(accessToken);\n};\n`,
        'src/socket.ts': `export const join = (message) => guests.find(message.accessToken, (err, guest) => {\n  if (err) {\n    console.warn('nobody has', message.accessToken);\n    return;\n  }\n  open(guest);\n});\n`,
      },
    },
    'a whole body of who writes books': {
      files: {
        'src/AuthorController.js': 'export function update(req, res) {\n  console.error(req.body);\n}\n',
        'src/authors.js': 'export function update(req, res) {\n  console.error(req.body);\n}\n',
      },
    },
    'links and texts with a token that lets nobody in, and what is made by a call': {
      files: {
        'src/mail.ts': `export function send(token: string, pushToken: string) {\n  const link = \`\${site}/share/\${token}\`;\n  console.log(link);\n  const push = \`/verify-device/\${pushToken}\`;\n  console.log(push);\n  const short = mask(\`/reset-password/\${token}\`);\n  console.log(short);\n  console.log(\`verify: \${token}\`.length);\n}\n`,
      },
    },
    'the body of whatever fails, where no passwords are kept': {
      files: {
        'src/failed.js': `export function failed(error, req, res, next) {\n  console.error(error, req.body);\n  res.sendStatus(500);\n}\n`,
      },
    },
    'a body whose fields are named': {
      files: {
        'src/signup.js': `export function invite(req, res) {\n  const { expiresAt, enabled } = req.body;\n  logger.error(req.body);\n}\n`,
      },
    },
    'on a developer’s machine': {
      files: {
        'src/a.js': `if (isDev) {\n  app.post('/hook', (req, res) => {\n    console.log(req.headers);\n  });\n}\n`,
      },
    },
    'to the person who typed the command': {
      files: { 'src/cli/setup.js': `export const show = (data) => console.log('Password: ' + data.password);\n` },
    },
    'an id': {
      files: { 'src/a.js': `export function login(user, password) {\n  console.log('login', user.id);\n}\n` },
    },
    'the word alone': { files: { 'src/a.js': `console.log('the password was changed');\n` } },
    'a logger that hides it': {
      files: {
        'src/logger.js': `export default pino({ redact: ['password'] });\n`,
        'src/a.js': `export const f = (password) => console.log(password);\n`,
      },
    },
    'whether there is one': {
      files: {
        'src/a.js': `export const f = (password) => console.log('given', password.length, Boolean(password));\n`,
      },
    },
  },
});

const prometheus = { 'package.json': manifest('express@^5', 'prom-client') };
const metrics = `import express from 'express';\nimport { register } from 'prom-client';\nconst app = express();\n`;

ruleTest(publicMetrics, {
  hits: {
    'on the app': {
      files: {
        ...prometheus,
        'src/app.js': `${metrics}app.get('/metrics', async (req, res) => res.end(await register.metrics()));\n`,
      },
      at: ['src/app.js:4'],
    },
    'on a router': {
      files: {
        ...prometheus,
        'src/routes.js': `import { Router } from 'express';\nimport client from 'prom-client';\nexport const router = Router();\nrouter.get('/internal/metrics', async (req, res) => res.end(await client.register.metrics()));\n`,
      },
      at: ['src/routes.js:4'],
    },
    'with a function of another place': {
      files: {
        ...prometheus,
        'src/app.js': `${metrics}const send = async (req, res) => res.end(await register.metrics());\napp.get('/metrics', send);\n`,
      },
      at: ['src/app.js:5'],
    },
    'under the collector’s name': {
      files: {
        ...prometheus,
        'src/app.js': `${metrics}app.get('/prometheus', async (req, res) => res.end(await register.metrics()));\n`,
      },
      at: ['src/app.js:4'],
    },
  },
  clean: {
    'one that is not there': {
      files: {
        ...prometheus,
        'src/proxy.js': `import { Router } from 'express';\nexport const router = Router();\nrouter.get('/prometheus', async (req, res) => res.sendStatus(await new Promise(notThere)));\n`,
      },
    },
    'behind a guard': {
      files: {
        ...prometheus,
        'src/app.js': `${metrics}app.get('/metrics', requireAuth, async (req, res) => res.end(await register.metrics()));\n`,
      },
    },
    'that asks for a token': {
      files: {
        ...prometheus,
        'src/app.js': `${metrics}app.get('/metrics', async (req, res) => {\n  if (req.get('authorization') !== expected) return res.sendStatus(401);\n  res.end(await register.metrics());\n});\n`,
      },
    },
    'a server of its own': {
      files: {
        ...prometheus,
        'src/metrics-server.js': `${metrics}app.get('/metrics', async (req, res) => res.end(await register.metrics()));\napp.listen(9100);\n`,
      },
    },
    'of the business': {
      files: { 'src/app.js': `import express from 'express';\nconst app = express();\napp.get('/metrics', report);\n` },
    },
  },
});

const counter = `import { Counter } from 'prom-client';\nconst requests = new Counter({ name: 'r', help: 'r', labelNames: ['path'] });\n`;

ruleTest(labelCardinality, {
  hits: {
    'the whole path': {
      files: {
        'src/a.js': `${counter}export const count = (req, res, next) => {\n  requests.inc({ path: req.path });\n};\n`,
      },
      at: ['src/a.js:4'],
    },
    'the URL, by labels()': {
      files: {
        'src/a.js': `${counter}export const count = (req, res, next) => {\n  requests.labels(req.method, req.originalUrl).inc();\n};\n`,
      },
      at: ['src/a.js:4'],
    },
    'a user': {
      files: { 'src/a.js': `${counter}export const count = (userId) => requests.inc({ userId });\n` },
      at: ['src/a.js:3'],
    },
  },
  clean: {
    'the pattern of the route': {
      files: {
        'src/a.js': `${counter}export const count = (req, res, next) => requests.inc({ path: req.route?.path });\n`,
      },
    },
    'the method and the status': {
      files: {
        'src/a.js': `${counter}export const count = (req, res, next) => requests.inc({ method: req.method, status: res.statusCode });\n`,
      },
    },
    'a name of one’s own': {
      files: { 'src/a.js': `${counter}export const count = () => requests.inc({ job: 'daily' });\n` },
    },
  },
});

const sdk = `import { NodeSDK } from '@opentelemetry/sdk-node';\n`;
const start = 'const sdk = new NodeSDK();\nsdk.start();\n';

ruleTest(otelLate, {
  hits: {
    'beside the app': {
      files: { 'src/app.js': `${sdk}import express from 'express';\n${start}` },
      at: ['src/app.js:4'],
    },
    'an import below it, which still runs first': {
      files: { 'src/app.js': `${sdk}${start}import pg from 'pg';\n` },
      at: ['src/app.js:3'],
    },
    'a require above it': {
      files: {
        'src/app.cjs': `const { NodeSDK } = require('@opentelemetry/sdk-node');\nconst pg = require('pg');\nnew NodeSDK().start();\n`,
      },
      at: ['src/app.cjs:3'],
    },
  },
  clean: {
    'a file of its own': { files: { 'src/instrumentation.js': `${sdk}${start}` } },
    'what Node has itself, which is mended in place': {
      files: { 'src/tracing.ts': `import { Agent } from 'node:http';\n${sdk}${start}` },
    },
    'a require below it': {
      files: {
        'src/app.cjs': `const { NodeSDK } = require('@opentelemetry/sdk-node');\nnew NodeSDK().start();\nconst pg = require('pg');\n`,
      },
    },
    'an import that is waited for': { files: { 'src/main.js': `${sdk}${start}await import('express');\n` } },
  },
});

test('a finding names all that an object holds, and what a text holds once', () => {
  const { findings } = examineTexts(
    {
      'src/a.js': `export function fail(error, req, res, next) {\n  logger.error(error.message, { headers: req.headers, stack: error.stack, apiKey: req.apiKey });\n}\n`,
      'src/b.js': `export function mail(resetToken) {\n  const link = \`\${base}/password/reset/\${resetToken}\`;\n  const text = \`Your link is \${link}\`;\n  console.log('mail', text);\n}\n`,
    },
    [logSecrets],
  );
  expect(findings.map(({ message }) => message)).toEqual([
    'req.headers and req.apiKey go to the log as they are.',
    'text, which holds resetToken, goes to the log as it is.',
  ]);
});
