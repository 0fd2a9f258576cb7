import { ssrf } from '../../../../src/doctor/rules/sec/ssrf.ts';
import { manifest, ruleTest } from '../../rule.ts';

const handler = (body: string, head = '') => ({
  files: { 'src/handler.ts': `${head}\nexport async function handle(req, res) {\n  ${body}\n}\n` },
});

ruleTest(ssrf, {
  hits: {
    'an address that becomes the client’s afterwards, and a host behind a scheme': {
      ...handler(
        "let endpoint = 'https://node.example.com';\n  if (req.query.url) endpoint = req.query.url;\n  await fetch(endpoint);",
      ),
      at: ['src/handler.ts:5'],
    },
    'options by a name, whose address is the client’s': {
      files: {
        'src/asking.ts': `export const ask = ({ endpoint, code }) => fetch(endpoint, { method: 'POST', body: code });\n`,
        'src/handler.ts': `import { ask } from './asking';\nexport async function handle(req, res) {\n  const options = { code: req.query.code, endpoint: req.query.url };\n  res.send(await ask(options));\n}\n`,
      },
      at: ['src/handler.ts:4'],
    },
    'options that are passed on, with an address of the client’s': {
      files: {
        'src/asking.ts': `import axios from 'axios';\nexport const ask = (options: object) => axios.request(options);\n`,
        'src/handler.ts': `import { ask } from './asking';\nexport async function handle(req, res) {\n  res.send(await ask({ method: 'get', params: { code: req.query.code }, url: req.query.url }));\n}\n`,
      },
      at: ['src/handler.ts:3'],
    },
    'the address of a server of their own, which administrators set, as a hint; by anybody, and without a setting': {
      files: Object.fromEntries(
        [
          ['own', 'admin', '?? process.env.MODELS_URL'],
          ['anybody', 'member', '?? process.env.MODELS_URL'],
          ['free', 'admin', ''],
        ].map(([name, role, setting]) => [
          `src/${name}.js`,
          `import express from 'express';\nimport { allow } from './guards.js';\nexport const app = express();\nconst modelsOf${name} = (given) => {\n  const address = given ${setting};\n  return fetch(\`\${address}/tags\`);\n};\napp.post('/models', allow('${role}'), async (req, res) => res.json(await modelsOf${name}(req.body.url)));\n`,
        ]),
      ),
      at: ['src/anybody.js:8', 'src/free.js:8', 'src/own.js:8 info'],
    },
    'one address that a function asks twice': {
      ...handler('await fetch(`${req.body.url}/a`);\n  await fetch(`${req.body.url}/b`);'),
      at: ['src/handler.ts:3'],
    },
    'a client with settings of its own, and an address that only starts like one': {
      ...handler(
        `if (!req.body.url.startsWith('http')) return;\n  await client.get(req.body.url);`,
        `import axios from 'axios';\nconst client = axios.create({ timeout: 5000 });`,
      ),
      at: ['src/handler.ts:5'],
    },
    'what only those who hold a secret of the environment may ask: a hint': {
      files: {
        'src/convert.ts': `export default async (req, res) => {\n  const token = req.headers.authorization?.split(' ')[1];\n  if (token !== process.env.WORKER_API_KEY) {\n    res.status(401).end();\n    return;\n  }\n  res.send(await (await fetch(req.body.url)).text());\n};\n`,
        'src/open.ts': `export default async (req, res) => {\n  if (process.env.WORKER_API_KEY !== undefined) return;\n  if (req.headers.authorization !== process.env.WORKER_API_KEY) console.warn('somebody else');\n  res.send(await (await fetch(req.body.url)).text());\n};\n`,
      },
      at: ['src/convert.ts:7 info', 'src/open.ts:4'],
    },
    'fetch of a field': { ...handler('const answer = await fetch(req.body.url);'), at: ['src/handler.ts:3'] },
    'a host of the client behind a scheme': {
      ...handler(
        'const { host } = req.query; await axios.get(`https://${host}/status`);',
        `import axios from 'axios';`,
      ),
      at: ['src/handler.ts:3'],
    },
    'options with a url': {
      ...handler(
        `await axios({ method: 'get', url: req.body.image, responseType: 'stream' });`,
        `const axios = require('axios');`,
      ),
      at: ['src/handler.ts:3'],
    },
    'a function that asks, told where the client’s URL is given to it': {
      files: {
        'src/preview.ts': `export async function preview(url: string) {\n  const page = await fetch(url);\n  return page.text();\n}\n`,
        'src/app.ts': `import express from 'express';\nimport { preview } from './preview';\nconst app = express();\napp.get('/preview', async (req, res) => {\n  res.send(await preview(req.query.url));\n});\n`,
      },
      at: ['src/app.ts:5'],
    },
    'Next’s search parameters': {
      files: {
        'package.json': manifest('next'),
        'src/app/api/image/route.ts': `export async function GET(request: Request) {\n  const { searchParams } = new URL(request.url);\n  const url = searchParams.get('url');\n  if (!url) return new Response(null, { status: 400 });\n  return fetch(url);\n}\n`,
      },
      at: ['src/app/api/image/route.ts:5'],
    },
  },
  clean: {
    'an address that is written there, to which a path is added': {
      ...handler(
        "let endpoint = 'https://node.example.com';\n  if (req.params.path) endpoint += '/' + req.params.path;\n  await fetch(endpoint);",
      ),
    },
    'options by a name, whose address is written there': {
      files: {
        'src/asking.ts': `export const ask = ({ endpoint, code }) => fetch(endpoint, { method: 'POST', body: code });\n`,
        'src/handler.ts': `import { ask } from './asking';\nexport async function handle(req, res) {\n  const options = { code: req.query.code, endpoint: 'https://api.example.com/token' };\n  res.send(await ask(options));\n}\n`,
      },
    },
    'options that are passed on, with an address that is written there': {
      files: {
        'src/asking.ts': `import axios from 'axios';\nexport const ask = (options: object) => axios.request(options);\n`,
        'src/handler.ts': `import { ask } from './asking';\nexport async function handle(req, res) {\n  res.send(await ask({ method: 'get', params: { code: req.query.code }, url: 'https://api.example.com/token' }));\n}\n`,
      },
    },
    'the answer of a check': handler(
      'const answer = checkAddress(req.body.url);\n  if (!answer.ok) return;\n  await fetch(req.body.url);',
      `import { checkAddress } from './addresses';`,
    ),
    'a parsed form of the address that is asked': handler(
      `let parsed;\n  try { parsed = new URL(req.body.url); } catch { return; }\n  const isOurs = parsed.origin === 'https://files.example.com' && parsed.pathname.startsWith('/public/');\n  if (!isOurs) return;\n  await fetch(req.body.url);`,
    ),
    'a client that refuses private addresses': handler(
      `await fetch(req.body.url, { dispatcher: publicOnlyDispatcher });`,
      `import { publicOnlyDispatcher } from './public-only';`,
    ),
    'a function that is there for addresses of others': {
      files: {
        'src/handler.ts': `import fetch from 'node-fetch';\nimport { proxyAgent } from './proxy';\nexport const handle = async (req, res) => res.send(await askUntrusted(req.body.url));\nconst askUntrusted = (url) => fetch(url, { agent: proxyAgent });\n`,
      },
    },
    'a path below a known host': handler(
      'await fetch(`https://api.example.com/users/${req.params.id}`); await fetch(`${process.env.API_URL}/x?q=${req.query.q}`); await fetch(BASE + req.params.id);',
      `const BASE = 'https://a.example/';`,
    ),
    'a host of a list': handler(
      `const url = new URL(req.body.url);\n  if (!allowed.has(url.hostname)) return res.sendStatus(400);\n  await fetch(url);`,
    ),
    'an address that a function of one’s own checked': handler(
      'await assertPublicUrl(req.body.url);\n  await fetch(req.body.url);',
      `import { assertPublicUrl } from './net';`,
    ),
    'this server itself': handler('await fetch(`${req.protocol}://${req.get("host")}/health`);'),
    'the client’s words in the body': handler(
      `await fetch('https://hooks.example/x', { method: 'POST', body: req.body.text });`,
    ),
  },
});
