import { syncInHandler } from '../../../../src/doctor/rules/res/sync-in-handler.ts';
import { manifest, ruleTest } from '../../rule.ts';

const app = `import express from 'express';\nconst app = express();\n`;

ruleTest(syncInHandler, {
  hits: {
    'passwords that are hashed as a file is loaded, and for requests': {
      files: {
        'src/people.ts': `import bcrypt from 'bcryptjs';\n${app}const hashed = (text: string) => bcrypt.hashSync(text, 12);\nexport const first = hashed('ada');\napp.post('/people', (req, res) => res.json(hashed(req.body.password)));\n`,
      },
      at: ['src/people.ts:4'],
    },
    'unpacking in a server that a tool of Workers stands beside': {
      files: {
        'package.json': manifest('express@^5.1.0', 'wrangler'),
        'src/a.ts': `import express from 'express';\nimport { gunzipSync } from 'node:zlib';\nconst app = express();\napp.post('/', (req, res) => {\n  res.send(gunzipSync(req.body));\n});\n`,
      },
      at: ['src/a.ts:5'],
    },
    'what an address leaves out': {
      files: {
        'src/a.ts': `import { readFileSync } from 'node:fs';\n${app}app.get('/', (req, res) => {\n  res.send(req.query.text ?? readFileSync('page.html', 'utf8'));\n});\n`,
      },
      at: ['src/a.ts:5'],
    },
    'a hash in a handler': {
      files: {
        'src/a.ts': `import bcrypt from 'bcrypt';\n${app}app.post('/login', (req, res) => {\n  res.json(bcrypt.compareSync(req.body.password, find(req.body.name).hash));\n});\n`,
      },
      at: ['src/a.ts:5'],
    },
    'a file and a program in a controller of another file': {
      files: {
        'src/reports.js': `const fs = require('fs');\nconst { execSync } = require('child_process');\nexports.show = (req, res) => {\n  const page = fs.readFileSync('report.html', 'utf8');\n  res.send(page + execSync('uptime'));\n};\n`,
      },
      at: ['src/reports.js:4', 'src/reports.js:5'],
    },
    'a service that a handler calls': {
      files: {
        'src/auth.service.ts': `import { pbkdf2Sync } from 'node:crypto';\nexport const hashPassword = (text: string) => pbkdf2Sync(text, 'salt', 100000, 64, 'sha512');\n`,
        'src/auth.ts': `${app}import { hashPassword } from './auth.service.js';\napp.post('/users', (req, res) => {\n  res.json(hashPassword(req.body.password));\n});\n`,
      },
      at: ['src/auth.service.ts:2'],
    },
    'one remark for the hashes of a file': {
      files: {
        'src/users.ts': `import bcrypt from 'bcrypt';\nexport const hash = (text: string) => bcrypt.hashSync(text, 10);\nexport const same = (text: string, hashed: string) => bcrypt.compareSync(text, hashed);\n`,
      },
      at: ['src/users.ts:2'],
    },
    'one remark for the hashes of many files': {
      files: Object.fromEntries(
        ['a', 'b', 'c', 'd'].map((name) => [
          `src/${name}.ts`,
          `import bcrypt from 'bcrypt';\nexport const hash = (text: string) => bcrypt.hashSync(text, 10);\n`,
        ]),
      ),
      at: ['src/a.ts:2'],
    },
    'a route of Next': {
      files: {
        'package.json': manifest('next'),
        'src/app/api/terms/route.ts': `import { readFileSync } from 'fs';\nexport async function GET() {\n  return new Response(readFileSync('terms.md'));\n}\n`,
      },
      at: ['src/app/api/terms/route.ts:3'],
    },
  },
  clean: {
    'passwords that are hashed as a file is loaded': {
      files: {
        'src/sample.ts': `import bcrypt from 'bcryptjs';\nconst person = (name: string) => ({ name, password: bcrypt.hashSync(name, 12) });\nexport const people: unknown[] = [];\nfor (const name of ['ada', 'bo']) people.push(person(name));\n`,
      },
    },
    'a key that a service derives as the application starts': {
      files: {
        'package.json': manifest('@nestjs/core', '@nestjs/common'),
        'src/keys.service.ts': `import { Injectable } from '@nestjs/common';\nimport { scryptSync } from 'node:crypto';\n\n@Injectable()\nexport class KeysService {\n  private readonly key: Buffer;\n  constructor() {\n    this.key = scryptSync(process.env.KEY ?? '', 'salt', 32);\n  }\n}\n`,
      },
    },
    'unpacking on Cloudflare Workers, which have one thread': {
      files: {
        'package.json': manifest('hono'),
        'wrangler.toml': `name = "files"\nmain = "src/index.ts"\n`,
        'src/index.ts': `import { Hono } from 'hono';\nimport { gunzipSync } from 'node:zlib';\nconst app = new Hono();\napp.post('/', async (c) => {\n  return c.body(gunzipSync(Buffer.from(await c.req.arrayBuffer())));\n});\nexport default app;\n`,
      },
    },
    'unpacking in what the entry of a worker imports': {
      files: {
        'package.json': manifest('hono'),
        'workers/files.ts': `import { WorkerEntrypoint } from 'cloudflare:workers';\nimport { app } from '../src/app.js';\nexport default class extends WorkerEntrypoint {\n  fetch = (request) => app.fetch(request);\n}\n`,
        'src/app.ts': `import { Hono } from 'hono';\nimport { gunzipSync } from 'node:zlib';\nexport const app = new Hono();\napp.post('/', async (c) => {\n  return c.body(gunzipSync(Buffer.from(await c.req.arrayBuffer())));\n});\n`,
      },
    },
    'what a cache does not have yet': {
      files: {
        'src/a.ts': `import { readFileSync } from 'node:fs';\n${app}const pageCache = new Map();\napp.get('/', (req, res) => {\n  const page = pageCache.get(req.path) ?? render(readFileSync('page.html', 'utf8'));\n  pageCache.set(req.path, page);\n  res.send(page);\n});\n`,
      },
    },
    'the server of Vite': {
      files: {
        'src/a.ts': `import { readFileSync } from 'node:fs';\nimport type { ViteDevServer } from 'vite';\n${app}export function pages(vite: ViteDevServer) {\n  app.use(async (req, res) => {\n    res.send(await vite.transformIndexHtml(req.url, readFileSync('index.html', 'utf8')));\n  });\n}\n`,
      },
    },
    'what is read when the process starts': {
      files: {
        'src/a.ts': `import fs from 'node:fs';\n${app}const page = fs.readFileSync('page.html');\nconst load = () => fs.readFileSync('key.pem');\napp.listen({ key: load() });\napp.get('/', (req, res) => res.send(page));\n`,
      },
    },
    'what is read once and kept': {
      files: {
        'src/a.ts': `import fs from 'node:fs';\n${app}let page: Buffer | undefined;\napp.get('/', (req, res) => {\n  page ??= fs.readFileSync('page.html');\n  res.send(page);\n});\napp.get('/b', (req, res) => {\n  if (!page) {\n    page = fs.readFileSync('page.html');\n  }\n  res.send(page);\n});\n`,
      },
    },
    'a table of what was read, asked before': {
      files: {
        'src/a.ts': `import fs from 'node:fs';\n${app}const pages: Record<string, string> = {};\nconst views = new Map<string, string>();\nfunction page(name: string) {\n  if (pages[name]) return pages[name];\n  const text = fs.readFileSync(name + '.html', 'utf8');\n  pages[name] = text;\n  return text;\n}\nfunction view(name: string) {\n  const hit = views.get(name);\n  if (hit) return hit;\n  views.set(name, fs.readFileSync(name, 'utf8'));\n  return views.get(name);\n}\napp.get('/', (req, res) => res.send(page('a') + view('b')));\n`,
      },
    },
    'a route of development': {
      files: {
        'src/a.ts': `import fs from 'node:fs';\n${app}const isDev = process.argv.includes('--dev');\nif (isDev) {\n  app.post('/snapshot', (req, res) => {\n    fs.cpSync('a.db', 'b.db');\n    res.end();\n  });\n}\n`,
      },
    },
    'what runs as the server starts, and for a request too': {
      files: {
        'src/config.ts': `import fs from 'node:fs';\nexport function readConfig() {\n  return JSON.parse(fs.readFileSync('config.json', 'utf8'));\n}\n`,
        'src/a.ts': `${app}import { readConfig } from './config.js';\nasync function start() {\n  const { port } = readConfig();\n  app.get('/reload', (req, res) => res.json(readConfig()));\n  app.listen(port);\n}\nstart();\n`,
      },
    },
    'the asynchronous forms': {
      files: {
        'src/a.ts': `import bcrypt from 'bcrypt';\nimport { readFile } from 'node:fs/promises';\n${app}app.post('/', async (req, res) => {\n  res.json([await bcrypt.compare(req.body.a, 'b'), await readFile('x')]);\n});\n`,
      },
    },
    'a page that is built, and a function of the same name that is another': {
      files: {
        'package.json': manifest('next'),
        'src/app/blog/page.tsx': `import { readFileSync } from 'fs';\nexport default function Page({ params }) {\n  return readFileSync('post.md', 'utf8');\n}\n`,
        'src/app/api/x/route.ts': `import { readFileSync } from './memory.js';\nexport const GET = () => new Response(readFileSync('x'));\n`,
      },
    },
  },
});
