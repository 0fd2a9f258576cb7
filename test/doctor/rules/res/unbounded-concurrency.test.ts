import { expect, test } from 'vitest';
import { unboundedConcurrency } from '../../../../src/doctor/rules/res/unbounded-concurrency.ts';
import { examineTexts, manifest, ruleTest } from '../../rule.ts';

const app = `import express from 'express';\nconst app = express();\n`;
const prisma = `import { PrismaClient } from '@prisma/client';\nconst prisma = new PrismaClient();\n`;
const has = { 'package.json': manifest('express', '@prisma/client') };

ruleTest(unboundedConcurrency, {
  hits: {
    'what a loop puts into a list': {
      files: {
        'package.json': manifest('express', '@prisma/client', 'axios'),
        'src/a.ts': `import axios from 'axios';\nexport async function run(prisma) {\n  const hooks = await prisma.hook.findMany();\n  const sent = [];\n  for (const hook of hooks) sent.push(axios.post(hook.url, {}));\n  await Promise.all(sent);\n}\nexport async function again(prisma) {\n  const hooks = await prisma.hook.findMany();\n  const sent = [];\n  hooks.forEach((hook) => { sent.push(axios.post(hook.url, {})); });\n  await Promise.all(sent);\n}\n`,
      },
      at: ['src/a.ts:6', 'src/a.ts:12'],
    },
    'what another package of the workspace sends': {
      folder: 'apps/api',
      files: {
        'package.json': JSON.stringify({ name: 'shop', workspaces: ['apps/*', 'packages/*'] }),
        'packages/mails/package.json': JSON.stringify({
          name: '@shop/mails',
          exports: { '.': './dist/index.js', './sms': { import: './src/sms.ts' } },
          dependencies: { nodemailer: '*' },
        }),
        'packages/mails/src/index.ts': `export * from './send.js';\n`,
        'packages/mails/src/send.ts': `import nodemailer from 'nodemailer';\nconst transport = nodemailer.createTransport({});\nexport async function remind(user) {\n  await transport.sendMail({ to: user.email });\n}\n`,
        'packages/mails/src/sms.ts': `export const text = async (user) => { await fetch('https://sms.example', { body: user.phone }); };\n`,
        'apps/api/package.json': manifest('express', '@prisma/client', '@shop/mails'),
        'apps/api/src/a.ts': `import { remind } from '@shop/mails';\nimport { text } from '@shop/mails/sms';\nexport async function run(prisma) {\n  const users = await prisma.user.findMany();\n  await Promise.all(users.map((user) => remind(user)));\n  await Promise.all(users.map(text));\n}\n`,
      },
      at: ['src/a.ts:5', 'src/a.ts:6'],
    },
    'a request for each address that the client sends': {
      files: {
        'src/a.ts': `${app}app.post('/check', async (req, res) => {\n  const { urls } = req.body;\n  res.json(await Promise.all(urls.map(async (url) => (await fetch(url)).status)));\n});\n`,
      },
      at: ['src/a.ts:5'],
    },
    'a mail for each row': {
      files: {
        ...has,
        'src/a.ts': `${prisma}import { sendEmail } from './mail.js';\nexport async function remind() {\n  const users = await prisma.user.findMany({ where: { active: true } });\n  await Promise.all(users.map((user) => sendEmail(user.email)));\n}\n`,
      },
      at: ['src/a.ts:6'],
    },
    'all settled, of a function of the project': {
      files: {
        ...has,
        'src/sync.ts': `export async function sync(order) {\n  await fetch('https://erp.example', { method: 'PUT', body: order.id });\n}\n`,
        'src/a.ts': `${prisma}import { sync } from './sync.js';\nexport async function all() {\n  const orders = await prisma.order.findMany();\n  const work = orders.filter((one) => one.open).map((order) => sync(order));\n  await Promise.allSettled(work);\n}\n`,
      },
      at: ['src/a.ts:7'],
    },
  },
  clean: {
    'what a loop over few puts into a list, and what is waited for piece by piece': {
      files: {
        'package.json': manifest('express', '@prisma/client', 'axios'),
        'src/a.ts': `import axios from 'axios';\nexport async function run(prisma) {\n  const hooks = await prisma.hook.findMany({ take: 20 });\n  const sent = [];\n  for (const hook of hooks) sent.push(axios.post(hook.url, {}));\n  await Promise.all(sent);\n}\nexport async function both(prisma, a, b) {\n  const hooks = await prisma.hook.findMany();\n  const sent = [];\n  sent.push(axios.post(a), axios.post(b));\n  const names = [];\n  for (const hook of hooks) names.push(hook.name);\n  await Promise.all(sent);\n}\n`,
      },
    },
    'what another package of the workspace reckons': {
      folder: 'apps/api',
      files: {
        'packages/texts/package.json': JSON.stringify({ name: '@shop/texts', main: 'src/index.ts' }),
        'packages/texts/src/index.ts': `export async function shorten(text) { return text.slice(0, 20); }\n`,
        'apps/api/package.json': manifest('express', '@prisma/client', '@shop/texts'),
        'apps/api/src/a.ts': `import { shorten } from '@shop/texts';\nexport async function run(prisma) {\n  const users = await prisma.user.findMany();\n  return Promise.all(users.map((user) => shorten(user.name)));\n}\n`,
      },
    },
    'a limit in the work': {
      files: {
        'src/a.ts': `${app}import pLimit from 'p-limit';\nconst limit = pLimit(5);\napp.post('/check', async (req, res) => {\n  res.json(await Promise.all(req.body.urls.map((url) => limit(() => fetch(url)))));\n});\n`,
      },
    },
    'a list that is written down, and one that is cut': {
      files: {
        'src/a.ts': `${app}app.post('/check', async (req, res) => {\n  const services = ['a', 'b'];\n  await Promise.all(services.map((name) => fetch('https://' + name)));\n  await Promise.all(req.body.urls.slice(0, 10).map((url) => fetch(url)));\n});\n`,
      },
    },
    'a list that is counted first': {
      files: {
        'src/a.ts': `${app}const most = 10;\napp.post('/check', async (req, res) => {\n  if (req.body.urls.length > most) return res.status(400).end();\n  await Promise.all(req.body.urls.map((url) => fetch(url)));\n  res.end();\n});\n`,
      },
    },
    'rows of a page': {
      files: {
        ...has,
        'src/a.ts': `${prisma}export async function remind() {\n  const users = await prisma.user.findMany({ take: 20 });\n  await Promise.all(users.map((user) => fetch(user.hook)));\n}\n`,
      },
    },
    'work that stays in the process': {
      files: {
        'src/a.ts': `${app}app.post('/x', async (req, res) => {\n  res.json(await Promise.all(req.body.items.map(async (item) => item.id)));\n});\n`,
      },
    },
  },
});

test('is sure of what the client sends alone: how long a table will be nobody can see', () => {
  const files = {
    'package.json': manifest('express', '@prisma/client'),
    'src/a.ts': `${app}app.post('/x', async (req, res) => {\n  await Promise.all(req.body.hooks.map((hook) => fetch(hook)));\n  res.end();\n});\nexport async function run(prisma) {\n  const hooks = await prisma.hook.findMany();\n  await Promise.all(hooks.map((hook) => fetch(hook.url)));\n}\n`,
  };
  expect(examineTexts(files, [unboundedConcurrency]).findings.map((one) => one.confidence)).toEqual(['likely', 'hint']);
});
