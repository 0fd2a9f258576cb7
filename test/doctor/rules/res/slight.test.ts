import { expect, test } from 'vitest';
import type { Rule } from '../../../../src/doctor/rule.ts';
import { jobOptions } from '../../../../src/doctor/rules/job/options.ts';
import { floatingPromise } from '../../../../src/doctor/rules/res/floating-promise.ts';
import { noTimeout } from '../../../../src/doctor/rules/res/no-timeout.ts';
import { swallowedRejection } from '../../../../src/doctor/rules/res/swallowed-rejection.ts';
import { syncInHandler } from '../../../../src/doctor/rules/res/sync-in-handler.ts';
import { timerAsQueue } from '../../../../src/doctor/rules/res/timer-as-queue.ts';
import { together } from '../../../../src/doctor/together.ts';
import { examineTexts, manifest, type Texts } from '../../rule.ts';

const hashes = (text: string, from: string): string =>
  `import { compareSync, hashSync } from '${from}';\nimport { pbkdf2Sync } from 'node:crypto';\nexport const hash = (text: string, salt: string) => ${text};\n`;
const deriving = `import { scryptSync } from 'node:crypto';\nexport const keyOf = (text: string) => scryptSync(text, 'salt', 32);\n`;
const asks = `export const load = () => fetch('https://x.example');\n`;
const handling = (body: string): string =>
  `import express from 'express';\nimport { unlink } from 'node:fs/promises';\nconst app = express();\napp.post('/', async (req, res) => {\n${body}});\n`;
const looping = `export function move(users) {\n  users.forEach(async (user) => {\n    const posts = await postsOf(user);\n    posts.forEach(async (post) => {\n      await fetch(post.url);\n    });\n  });\n}\n`;
const queues = `import { Module } from '@nestjs/common';\nimport { BullModule } from '@nestjs/bullmq';\nimport { names } from './names.js';\n@Module({ imports: [BullModule.registerQueue({ name: names.mails })] })\nexport class MailModule {}\n`;
const reading = (fn: string): string =>
  `import express from 'express';\nimport { readFileSync } from 'node:fs';\nconst app = express();\napp.post('/', ${fn});\n`;

test.each<[string, Rule, Texts, string[]]>([
  [
    'a line behind others, all that is sent, one file of the program’s own that is copied, and one that is sent',
    syncInHandler,
    {
      'src/a.ts': `import express from 'express';\nimport path from 'node:path';\nimport { appendFileSync, copyFileSync } from 'node:fs';\nconst app = express();\napp.post('/', (req, res) => {\n  appendFileSync('trace.log', JSON.stringify(req.params) + '\\n');\n});\n`,
      'src/b.ts': `import express from 'express';\nimport path from 'node:path';\nimport { appendFileSync, copyFileSync } from 'node:fs';\nconst app = express();\napp.post('/', (req, res) => {\n  appendFileSync('upload.bin', req.body);\n});\n`,
      'src/c.ts': `import express from 'express';\nimport path from 'node:path';\nimport { appendFileSync, copyFileSync } from 'node:fs';\nconst app = express();\napp.post('/', (req, res) => {\n  copyFileSync(path.join(__dirname, 'a.css'), path.join(__dirname, '../data/a.css'));\n});\n`,
      'src/d.ts': `import express from 'express';\nimport path from 'node:path';\nimport { appendFileSync, copyFileSync } from 'node:fs';\nconst app = express();\napp.post('/', (req, res) => {\n  copyFileSync(req.file.path, path.join(__dirname, '../data/a.css'));\n});\n`,
    },
    ['src/a.ts:6 hint', 'src/b.ts:6 likely', 'src/c.ts:6 hint', 'src/d.ts:6 likely'],
  ],
  [
    'few rounds and a low cost, and those that are felt',
    syncInHandler,
    {
      'src/a.ts': hashes(`pbkdf2Sync(text, salt, 1000, 32, 'sha512')`, 'bcrypt'),
      'src/b.ts': hashes('hashSync(text, 4)', 'bcrypt'),
      'src/c.ts': hashes(`pbkdf2Sync(text, salt, 210_000, 32, 'sha512')`, 'bcrypt'),
      'src/d.ts': hashes('hashSync(text, 10)', 'bcrypt'),
    },
    ['src/a.ts:3 hint', 'src/b.ts:3 hint', 'src/c.ts:3 likely', 'src/d.ts:3 likely'],
  ],
  [
    'a key in a tool that is told what to do, and in a server that is',
    syncInHandler,
    { 'package.json': manifest('yargs'), 'src/a.ts': deriving },
    ['src/a.ts:2 hint'],
  ],
  [
    'a key in a server that reads arguments',
    syncInHandler,
    { 'package.json': manifest('yargs', 'express'), 'src/a.ts': deriving },
    ['src/a.ts:2 likely'],
  ],
  [
    'one file that the code names, below a folder that is not known, and one that it does not name',
    syncInHandler,
    {
      'src/a.ts': reading("(req, res) => res.send(readFileSync(`${folders.sql}/schema.sql`, 'utf8'))"),
      'src/b.ts': reading("(req, res) => res.send(readFileSync(`${folders.sql}/${req.query.name}.sql`, 'utf8'))"),
    },
    ['src/a.ts:4 hint', 'src/b.ts:4 likely'],
  ],
  [
    'a file beside queries that are synchronous too, and one in a function that waits',
    syncInHandler,
    {
      'package.json': manifest('express', 'better-sqlite3'),
      'src/a.ts': reading('(req, res) => res.send(readFileSync(files.get(req.params.id)))'),
      'src/b.ts': reading('async (req, res) => res.send(readFileSync(await pathOf(req.params.id)))'),
    },
    ['src/a.ts:4 hint', 'src/b.ts:4 likely'],
  ],
  [
    'a log, what is written of an upload, a copy of a folder, and a small file',
    syncInHandler,
    {
      'src/a.ts': reading("(req, res) => res.send(readFileSync(logFile(), 'utf8'))"),
      'src/b.ts': reading('(req, res) => writeFileSync(pathOf(1), req.file.buffer)').replace(
        'readFileSync',
        'writeFileSync',
      ),
      'src/c.ts': reading('(req, res) => cpSync(pathOf(1), pathOf(2))').replace('readFileSync', 'cpSync'),
      'src/d.ts': reading("(req, res) => res.send(readFileSync(pathOf(3), 'utf8'))"),
    },
    ['src/a.ts:4 likely', 'src/b.ts:4 likely', 'src/c.ts:4 likely', 'src/d.ts:4 hint'],
  ],
  [
    'a body that is read in pieces, and one that is read at once',
    noTimeout,
    {
      'src/a.ts': `export async function* lines(url) {\n  const response = await fetch(url);\n  const reader = response.body.getReader();\n  yield* linesOf(reader);\n}\n`,
      'src/b.ts': `export async function lines(url) {\n  const response = await fetch(url);\n  return (await response.text()).split('\\n');\n}\n`,
    },
    ['src/a.ts:2 hint', 'src/b.ts:2 likely'],
  ],
  [
    'the own server, asked before each page of Next, and beside it',
    noTimeout,
    {
      'package.json': manifest('next'),
      'src/middleware.ts': `const api = process.env.API_URL || 'http://localhost:8080';\nexport const middleware = async () => (await fetch(\`\${api}/settings\`)).json();\n`,
      'src/app/api/prices/route.ts': `import { prices } from '../../../prices';\nexport const GET = async () => Response.json(await prices());\n`,
      'src/prices.ts': `const api = process.env.API_URL || 'http://localhost:8080';\nexport const prices = async () => (await fetch(\`\${api}/prices\`)).json();\n`,
    },
    ['src/middleware.ts:2 hint', 'src/prices.ts:2 likely'],
  ],
  [
    'a file beside queries of a database that may be synchronous',
    syncInHandler,
    {
      'package.json': manifest('express', 'better-sqlite3', 'pg'),
      'src/a.ts': reading('(req, res) => res.send(readFileSync(files.get(req.params.id)))'),
    },
    ['src/a.ts:4 likely'],
  ],
  [
    'a call that a timer makes, and one that a handler makes as well',
    noTimeout,
    {
      'src/a.ts': `async function check() {\n  await fetch('https://x.example');\n}\nexport async function start() {\n  await check();\n  setInterval(check, 1000);\n}\n`,
      'src/b.ts': `import express from 'express';\nconst app = express();\nasync function check() {\n  await fetch('https://x.example');\n}\nsetInterval(check, 1000);\napp.get('/check', async (req, res) => res.json(await check()));\n`,
    },
    ['src/a.ts:2 hint', 'src/b.ts:4 likely'],
  ],
  [
    'a call that is sent and let go, and those that something waits for',
    noTimeout,
    {
      'src/a.ts': handling(`  fetch('https://x.example/seen').catch(console.error);\n  res.end();\n`),
      'src/b.ts': handling(
        `  fetch('https://x.example/seen').then((answer) => res.json(answer.status)).catch(next);\n`,
      ),
      'src/c.ts': handling(`  await fetch('https://x.example/seen').catch(console.error);\n  res.end();\n`),
    },
    ['src/a.ts:5 hint', 'src/b.ts:5 likely', 'src/c.ts:5 likely'],
  ],
  [
    'a call on the edge, and one of Node',
    noTimeout,
    {
      'src/app/api/a/route.ts': `export const runtime = 'edge';\nexport const GET = () => fetch('https://x.example');\n`,
      'src/app/api/b/route.ts': `export const runtime = 'nodejs';\nexport const GET = () => fetch('https://x.example');\n`,
    },
    ['src/app/api/a/route.ts:2 hint', 'src/app/api/b/route.ts:2 likely'],
  ],
  [
    'a request that was made elsewhere is nothing, and an address that is given',
    noTimeout,
    {
      'src/a.ts': `export const send: Fetcher = (input) => fetch(input);\nexport const pass = (input: Request) => fetch(input);\nexport const load = (address: URL) => fetch(address);\n`,
    },
    ['src/a.ts:3 likely'],
  ],
  [
    'a file that is thrown away once it was used, and a row that is',
    swallowedRejection,
    {
      'src/a.ts': handling(
        `  await load(req.body.path);\n  try {\n    if (req.body.kept) await unlink(req.body.path);\n    else await files.deleteFile(req.body.path);\n  } catch {}\n  res.end();\n`,
      ),
      'src/b.ts': handling(
        `  try {\n    await unlink(req.body.path);\n    await fetch('https://x.example/files', { method: 'DELETE' });\n  } catch {}\n  res.end();\n`,
      ),
      'src/c.ts': handling(`  try {\n    await unlink(req.body.path);\n  } catch {}\n`),
    },
    ['src/a.ts:9 hint', 'src/b.ts:8 likely', 'src/c.ts:7 likely'],
  ],
  [
    'work after the answer, and work that is planned for a day',
    timerAsQueue,
    {
      'src/a.ts': handling(
        `  setTimeout(async () => {\n    await fetch('https://x.example/index');\n  }, 0);\n  res.json({ message: 'done' });\n`,
      ),
      'src/b.ts': `import { scheduleJob } from 'node-schedule';\n${handling(`  scheduleJob(req.body.day, async () => {\n    await fetch('https://x.example/index');\n  });\n  res.end();\n`)}`,
    },
    ['src/a.ts:5 hint', 'src/b.ts:6 likely'],
  ],
  [
    'loops within loops of a script and of the server',
    floatingPromise,
    { 'migration-scripts/a.ts': looping, 'src/a.ts': looping },
    ['migration-scripts/a.ts:2 hint', 'src/a.ts:2 likely'],
  ],
  [
    'a queue whose worker clears away what is done, told once',
    jobOptions,
    {
      'package.json': manifest('@nestjs/core', '@nestjs/bullmq', 'bullmq'),
      'src/a.module.ts': queues,
      'src/b.module.ts': queues,
      'src/mails.ts': `import { Processor, WorkerHost } from '@nestjs/bullmq';\nimport { names } from './names.js';\n@Processor(names.mails, { removeOnComplete: { count: 100 } })\nexport class Mails extends WorkerHost {}\n`,
    },
    ['src/a.module.ts:4 hint'],
  ],
  [
    'a queue whose worker clears nothing away, told once',
    jobOptions,
    {
      'package.json': manifest('@nestjs/core', '@nestjs/bullmq', 'bullmq'),
      'src/a.module.ts': queues,
      'src/b.module.ts': queues,
      'src/mails.ts': `import { Processor, WorkerHost } from '@nestjs/bullmq';\nimport { names } from './names.js';\n@Processor(names.mails, { concurrency: 4 })\nexport class Mails extends WorkerHost {}\n`,
    },
    ['src/a.module.ts:4 likely'],
  ],
])('%s is told of as surely as it is worth mending', (_title, rule, texts, said) => {
  const { findings, failures } = examineTexts(texts, [rule]);
  expect(failures).toEqual([]);
  expect(together(findings).map(({ path, line, confidence }) => `${path}:${line} ${confidence}`)).toEqual(said);
});

test('a hash in JavaScript is told to go to a package that computes on another thread, and is given no await', () => {
  const texts = (from: string): Texts => ({
    'src/a.ts': `import bcrypt from '${from}';\nexport async function signIn(name: string, password: string) {\n  const user = await find(name);\n  return bcrypt.compareSync(password, user.hash);\n}\n`,
  });
  const [plain] = examineTexts(texts('bcryptjs'), [syncInHandler]).findings;
  const [native] = examineTexts(texts('bcrypt'), [syncInHandler]).findings;
  expect(plain?.fix).toMatch(/^Use the asynchronous form of bcrypt, .* on this one in both forms\.$/);
  expect(native?.fix).toBe('Use the asynchronous form: it computes on another thread.');
  expect([plain?.edits?.length ?? 0, (native?.edits?.length ?? 0) > 0]).toEqual([0, true]);
});

test.each([
  ['nothing depends on', {}, 'hint'],
  ['another depends on', { '@shop/vault': 'workspace:*' }, 'likely'],
])('a call of a package that %s is told of as surely as it is worth mending', (_title, dependencies, confidence) => {
  const texts: Texts = {
    'package.json': JSON.stringify({ name: 'shop' }),
    'apps/web/package.json': JSON.stringify({ name: 'web', dependencies }),
    'packages/vault/package.json': JSON.stringify({ name: '@shop/vault', main: 'src/index.ts' }),
    'packages/vault/src/index.ts': asks,
  };
  const { findings } = examineTexts(texts, [noTimeout], null, 'packages/vault');
  expect(findings.map((one) => one.confidence)).toEqual([confidence]);
});

test.each([
  ['docs', 'hint'],
  ['apps/docs', 'hint'],
  ['examples/two', 'hint'],
  ['services/docs', 'likely'],
])('a call of the application in %s is told of as surely as it is worth mending', (folder, confidence) => {
  const texts: Texts = { [`${folder}/package.json`]: manifest('next'), [`${folder}/load.ts`]: asks };
  const { findings } = examineTexts(texts, [noTimeout], null, folder);
  expect(findings.map((one) => one.confidence)).toEqual([confidence]);
});

test.each([
  ['pages alone need', { 'react-dom': '19' }, 'hint'],
  ['pages with the client of Hono need', { 'react-dom': '19', hono: '4' }, 'hint'],
  ['a server of Hono needs', { hono: '4' }, 'likely'],
  ['a server needs', { express: '5' }, 'likely'],
])('a timer of a package that %s is told of as surely as it is worth mending', (_title, needs, confidence) => {
  const texts: Texts = {
    'apps/one/package.json': JSON.stringify({ name: 'one', dependencies: { '@shop/sync': '*', ...needs } }),
    'packages/sync/package.json': JSON.stringify({ name: '@shop/sync', main: 'index.ts' }),
    'packages/sync/index.ts': `export const start = (store) =>\n  setInterval(async () => {\n    await store.sync();\n  }, 9000);\n`,
  };
  const { findings } = examineTexts(texts, [floatingPromise], null, 'packages/sync');
  expect(findings.map((one) => one.confidence)).toEqual([confidence]);
});
