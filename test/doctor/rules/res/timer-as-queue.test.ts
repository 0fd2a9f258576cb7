import { timerAsQueue } from '../../../../src/doctor/rules/res/timer-as-queue.ts';
import { manifest, ruleTest } from '../../rule.ts';

const app = `import express from 'express';\nconst app = express();\n`;

ruleTest(timerAsQueue, {
  hits: {
    'a mail after the response': {
      files: {
        'src/a.ts': `${app}import { sendEmail } from './mail.js';\napp.post('/users', (req, res) => {\n  res.status(201).end();\n  setTimeout(() => sendEmail(req.body.email), 60_000);\n});\n`,
      },
      at: ['src/a.ts:6'],
    },
    'a job of cron that a request plans, by a service': {
      files: {
        'src/mails.ts': `import { CronJob } from 'cron';\nexport function plan(mail) {\n  const job = new CronJob(new Date(mail.date), () => {\n    sendMail(mail);\n  });\n  job.start();\n}\n`,
        'src/a.ts': `import express from 'express';\nimport { plan } from './mails.js';\nconst app = express();\napp.post('/mails', (req, res) => {\n  plan(req.body);\n  res.end();\n});\n`,
      },
      at: ['src/mails.ts:3'],
    },
    'setImmediate with a function of the project': {
      files: {
        'src/work.ts': `export async function convert() {\n  await fetch('https://convert.example', { method: 'POST' });\n}\n`,
        'src/a.ts': `${app}import { convert } from './work.js';\napp.post('/files', (req, res) => {\n  setImmediate(convert);\n  res.status(202).end();\n});\n`,
      },
      at: ['src/a.ts:5'],
    },
    'a schedule where no process lives': {
      files: {
        'package.json': manifest('hono'),
        'wrangler.toml': 'name = "shop"\nmain = "src/index.ts"\n',
        'src/index.ts': `import { Hono } from 'hono';\nconst app = new Hono();\nsetInterval(async () => { await fetch('https://poll.example'); }, 60_000);\napp.get('/', (c) => c.text(c.req.path));\nexport default app;\n`,
      },
      at: ['src/index.ts:3'],
    },
    'a delayed change of the database on Vercel': {
      files: {
        'package.json': manifest('next', '@prisma/client'),
        'vercel.json': '{}',
        'src/app/api/holds/route.ts': `import { prisma } from '@/prisma';\nexport async function POST() {\n  setTimeout(async () => { await prisma.hold.deleteMany({ where: { open: true } }); }, 900_000);\n  return new Response();\n}\n`,
      },
      at: ['src/app/api/holds/route.ts:3 error'],
    },
  },
  clean: {
    'a job of cron that starts with the process': {
      files: {
        'src/mails.ts': `import { CronJob } from 'cron';\nimport { scheduleJob } from 'node-schedule';\nexport function start() {\n  new CronJob('0 3 * * *', () => sendMail()).start();\n  scheduleJob('0 4 * * *', () => sendMail());\n}\nstart();\n`,
      },
    },
    'waiting, and a limit of time': {
      files: {
        'src/a.ts': `${app}app.get('/', async (req, res) => {\n  await new Promise((done) => setTimeout(done, 100));\n  const controller = new AbortController();\n  const timer = setTimeout(() => controller.abort(), 5000);\n  await fetch('https://x.example', { signal: controller.signal });\n  clearTimeout(timer);\n  res.end();\n});\n`,
      },
    },
    'a value that is set later, and a heartbeat': {
      files: {
        'src/a.ts': `${app}let open = true;\napp.get('/', (req, res) => {\n  setTimeout(() => { open = false; }, 100);\n  const beat = setInterval(() => res.write(': beat'), 15_000);\n  res.on('close', () => clearInterval(beat));\n});\n`,
      },
    },
    'retries that the request waits for': {
      files: {
        'src/a.ts': `${app}app.get('/', async (req, res) => {\n  await new Promise((done, fail) => setTimeout(() => fetch('https://x.example').then(done, fail), 100));\n  res.end();\n});\n`,
      },
    },
  },
});
