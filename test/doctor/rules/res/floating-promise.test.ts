import { floatingPromise } from '../../../../src/doctor/rules/res/floating-promise.ts';
import { manifest, ruleTest } from '../../rule.ts';

const app = `import express from 'express';\nconst app = express();\n`;
const mail = `export async function sendWelcome(to) {\n  await deliver(to);\n}\nexport async function track(name) {\n  try {\n    await fetch('https://stats.example/' + name);\n  } catch (error) {\n    console.error(error);\n  }\n}\n`;

ruleTest(floatingPromise, {
  hits: {
    'a chain that sends the answer itself, on Lambda': {
      files: {
        'package.json': manifest('express', 'serverless-http', '@types/aws-lambda'),
        'serverless.yml': 'service: shop\nprovider:\n  name: aws\n',
        'src/a.ts': `${app}app.get('/rates', async (req, res) => {\n  fetch('https://rates.example').then(async (answer) => {\n    res.json(await answer.json());\n  });\n});\n`,
        'src/b.ts': `${app}app.post('/seen', async (req, res) => {\n  fetch('https://stats.example').then((answer) => console.log(answer.status));\n  res.end();\n});\n`,
      },
      at: ['src/a.ts:4', 'src/b.ts:4 error'],
    },
    'a callback of a sign-in, and a document that is saved': {
      files: {
        'package.json': manifest('express', 'mongoose'),
        'src/user.ts': `import mongoose from 'mongoose';\nexport const User = mongoose.model('User', new mongoose.Schema({ name: String }));\n`,
        'src/a.ts': `import express from 'express';\nimport { User } from './user.js';\nconst app = express();\napp.post('/in', (req, res, next) => {\n  req.logIn(req.body, async (error) => {\n    if (error) return next(error);\n    res.json(await User.find({ name: req.body.name }));\n  });\n});\napp.post('/name', async (req, res) => {\n  const user = await User.findOne({ id: String(req.body.id) });\n  user.name = String(req.body.name);\n  user.save();\n  res.end();\n});\napp.post('/seen', async (req, res) => {\n  const user = await User.findById(String(req.body.id));\n  user.seen = true;\n  user.save();\n  res.end();\n});\n`,
      },
      at: ['src/a.ts:5', 'src/a.ts:13'],
    },
    'a listener by the name of its event, behind a room that is joined': {
      files: {
        'src/a.ts': `import { Events } from './events.js';\nimport { save } from './save.js';\nexport const chat = (socket) => {\n  socket.on('enter', async (room) => {\n    await socket.join(room);\n  });\n  socket.on(Events.MESSAGE, async (text) => {\n    await socket.join('a');\n    await save(text);\n  });\n};\n`,
      },
      at: ['src/a.ts:7'],
    },
    'an empty catch of a function whose catch throws again': {
      files: {
        'src/track.ts': `export async function track(name) {\n  try {\n    await fetch('https://x.example', { method: 'POST', body: name });\n  } catch (error) {\n    throw new Error('track');\n  }\n}\nexport async function signIn(req, res) {\n  track('in').catch();\n  res.end();\n}\n`,
      },
      at: ['src/track.ts:9'],
    },
    'an async function of another file': {
      files: {
        'src/mail.ts': mail,
        'src/a.ts': `${app}import { sendWelcome } from './mail.js';\napp.post('/users', async (req, res) => {\n  sendWelcome(req.body.email);\n  res.status(201).end();\n});\n`,
      },
      at: ['src/a.ts:5'],
    },
    'fetch, and a chain that nobody catches': {
      files: {
        'src/a.ts': `${app}app.post('/x', (req, res) => {\n  fetch('https://hook.example', { method: 'POST' });\n  fetch('https://hook.example').then((answer) => console.log(answer.status));\n  res.end();\n});\n`,
      },
      at: ['src/a.ts:4', 'src/a.ts:5'],
    },
    'the same function in many places, told once': {
      files: {
        'src/mail.ts': mail,
        'src/a.ts': `${app}import { sendWelcome } from './mail.js';\napp.post('/a', (req, res) => {\n  sendWelcome('a');\n  res.end();\n});\napp.post('/b', (req, res) => {\n  sendWelcome('b');\n  res.end();\n});\n`,
      },
      at: ['src/a.ts:5'],
    },
    'a mail that a service of the handler sends': {
      files: {
        'src/notify.ts': `import nodemailer from 'nodemailer';\nconst transport = nodemailer.createTransport({});\nexport async function invite(to: string) {\n  const token = await makeToken(to);\n  transport.sendMail({ to, text: token });\n}\n`,
        'src/a.ts': `${app}import { invite } from './notify.js';\napp.post('/invites', async (req, res) => {\n  await invite(req.body.email);\n  res.end();\n});\n`,
      },
      at: ['src/notify.ts:5'],
    },
    'a job that a service of the handler puts into a queue': {
      files: {
        'package.json': manifest('express', 'bull'),
        'src/mails.ts': `import type { Queue } from 'bull';\nexport class Mails {\n  constructor(private readonly queue: Queue) {}\n  async invite(to: string) {\n    const token = await makeToken(to);\n    this.queue.add({ to, token });\n  }\n}\n`,
        'src/a.ts': `${app}import { Mails } from './mails.js';\nconst mails = new Mails(queue);\napp.post('/invites', async (req, res) => {\n  await mails.invite(req.body.email);\n  res.end();\n});\n`,
        'src/b.ts': `${app}import { Queue } from 'bullmq';\nconst jobs = new Queue('jobs');\napp.post('/jobs', async (req, res) => {\n  jobs.add('run', { id: req.body.id });\n  res.end();\n});\n`,
      },
      at: ['src/b.ts:6', 'src/mails.ts:6'],
    },
    'chains that are given a name and forgotten, once for a file': {
      files: {
        'package.json': manifest('express', 'sequelize'),
        'src/a.js': `const express = require('express');\nconst app = express();\napp.get('/a', (req, res) => {\n  const page = fetch('https://a.example').then((answer) => res.json(answer));\n});\napp.get('/b', (req, res) => {\n  fetch('https://b.example').then((answer) => res.json(answer));\n});\n`,
      },
      at: ['src/a.js:4'],
    },
    'an async function for each of a list': {
      files: {
        'src/sync.ts': `export async function sync(orders) {\n  orders.forEach(async (order) => {\n    await fetch('https://erp.example', { method: 'PUT', body: order.id });\n  });\n  orders.map(async (order) => {\n    await order.save();\n  });\n}\n`,
      },
      at: ['src/sync.ts:2', 'src/sync.ts:5'],
    },
    'a timer and a listener that are async': {
      files: {
        'src/live.ts': `import { Server } from 'socket.io';\nconst io = new Server(3000);\nio.on('connection', (socket) => {\n  socket.on('say', async (text) => {\n    await store(text);\n  });\n});\nsetInterval(async () => {\n  await sweep();\n}, 60_000);\n`,
      },
      at: ['src/live.ts:4', 'src/live.ts:8'],
    },
    'a query that never runs': {
      files: {
        'package.json': manifest('express', '@prisma/client'),
        'src/a.ts': `${app}import { PrismaClient } from '@prisma/client';\nconst prisma = new PrismaClient();\napp.post('/x', async (req, res) => {\n  prisma.visit.create({ data: { path: req.path } });\n  res.end();\n});\n`,
      },
      at: ['src/a.ts:6 error'],
    },
    'a worker that is stopped when it has answered': {
      files: {
        'package.json': manifest('hono'),
        'wrangler.toml': 'name = "shop"\nmain = "src/index.ts"\n',
        'src/mail.ts': mail,
        'src/index.ts': `import { Hono } from 'hono';\nimport { track } from './mail';\nconst app = new Hono();\napp.post('/x', async (c) => {\n  track(c.req.path);\n  return c.text('ok');\n});\nexport default app;\n`,
      },
      at: ['src/index.ts:5 error'],
    },
    'work on Vercel in what vercel.json serves': {
      files: {
        'package.json': manifest('express'),
        'vercel.json': '{ "functions": { "api/*.js": { "maxDuration": 30 } } }',
        'api/mail.js': mail,
        'api/index.js': `${app}import { track } from './mail.js';\napp.get('/', (req, res) => {\n  track('view');\n  res.end();\n});\nexport default app;\n`,
      },
      at: ['api/index.js:5 error'],
    },
    'a function that is to send the answer, and that nobody waits for': {
      files: {
        'src/a.ts': `${app}async function feed(req, res) {\n  res.json(await fetch('https://feed.example/' + req.params.id));\n}\napp.get('/:id', (req, res) => {\n  feed(req, res);\n});\n`,
      },
      at: ['src/a.ts:7'],
    },
    'what a server imports that writes a page': {
      files: {
        'app/main.js': `import { listen } from './events.js';\nexport const page = () => '<script>window.location.hash = 1</script>';\nlisten();\n`,
        'app/events.js': `import { EventEmitter } from 'events';\nconst emitter = new EventEmitter();\nexport const listen = () =>\n  emitter.on('leave', async () => {\n    await leave(emitter);\n  });\n`,
      },
      at: ['app/events.js:4'],
    },
    'a catch that is given nothing': {
      files: {
        'src/a.js': `setInterval(() => {\n  store.sweep({ before: Date.now() }).catch();\n}, 30_000);\nexports.save = async (row) => {\n  try {\n    await store.save(row).catch();\n  } catch (error) {\n    console.error(error);\n  }\n};\n`,
      },
      at: ['src/a.js:2'],
    },
    'a timer that is given an async function by its name, or runs one': {
      files: {
        'src/sweep.ts': `export async function sweep() {\n  await fetch('https://x.example/sweep', { method: 'POST' });\n}\n`,
        'src/a.ts': `import { sweep } from './sweep.js';\nsetInterval(sweep, 60_000);\n`,
        'src/b.ts': `import { sweep } from './sweep.js';\nsetInterval(() => sweep(), 60_000);\n`,
        'src/c.ts': `import { sweep } from './sweep.js';\nsetInterval(() => {\n  sweep();\n}, 60_000);\n`,
      },
      at: ['src/a.ts:2', 'src/b.ts:2', 'src/c.ts:2'],
    },
    'a timer that gives back what it starts': {
      files: {
        'src/a.ts': `class Keys {\n  static start() {\n    setInterval(async () => Keys.check(), 60_000);\n    setInterval(async () => {\n      try {\n        return Keys.check();\n      } catch (error) {\n        console.error(error);\n      }\n    }, 60_000);\n  }\n  static async check() {\n    await store.read('keys');\n  }\n}\n`,
      },
      at: ['src/a.ts:3'],
    },
    'a listener that ends one of many': {
      files: {
        'src/calls.ts': `import { EventEmitter } from 'node:events';\nexport const socket = new EventEmitter();\nsocket.on('leave', async () => {\n  await endCall(socket.id);\n});\n`,
      },
      at: ['src/calls.ts:3'],
    },
  },
  clean: {
    'a callback that catches, one outside of handlers, and what is saved and waited for': {
      files: {
        'package.json': manifest('express', 'mongoose'),
        'src/user.ts': `import mongoose from 'mongoose';\nexport const User = mongoose.model('User', new mongoose.Schema({ name: String }));\n`,
        'src/a.ts': `import express from 'express';\nimport { readFile } from 'node:fs';\nimport { User } from './user.js';\nconst app = express();\nreadFile('a.txt', async (error, text) => {\n  await User.create({ name: text });\n});\napp.post('/in', (req, res, next) => {\n  req.logIn(req.body, async (error) => {\n    try {\n      res.json(await User.find({ name: req.body.name }));\n    } catch (failed) {\n      next(failed);\n    }\n  });\n});\napp.post('/name', async (req, res) => {\n  const user = await User.findOne({ id: String(req.body.id) });\n  await user.save();\n  const page = await draw();\n  page.save();\n  res.end();\n});\n`,
      },
    },
    'what catches all of its own, on Vercel by a file that is left over: an image and a queue run the server': {
      files: {
        'package.json': manifest('express', 'bullmq'),
        'vercel.json': '{ "builds": [{ "src": "src/a.ts", "use": "@vercel/node" }] }',
        'src/mail.ts': mail,
        'src/a.ts': `${app}import { track } from './mail.js';\napp.get('/', (req, res) => {\n  track('view');\n  res.end();\n});\n`,
      },
    },
    'a server of its own beside what vercel.json serves, and what sends the answer itself': {
      files: {
        'package.json': manifest('express'),
        'vercel.json': '{ "functions": { "api/*.js": { "maxDuration": 30 } } }',
        'src/mail.ts': mail,
        'src/a.ts': `${app}import { track } from './mail.js';\napp.get('/', (req, res) => {\n  track('view');\n  res.end();\n});\napp.listen(3000);\n`,
        'api/page.js': `const express = require('express');\nconst app = express();\nasync function page(res) {\n  try {\n    res.send(await load());\n  } catch (error) {\n    console.error(error);\n  }\n}\napp.get('/', (req, res) => {\n  page(res);\n});\nmodule.exports = app;\n`,
      },
    },
    'an empty catch of a function that catches all of its own': {
      files: {
        'src/track.ts': `export async function track(name) {\n  try {\n    await fetch('https://x.example', { method: 'POST', body: name });\n  } catch (error) {\n    return null;\n  }\n}\nexport async function signIn(req, res) {\n  track('in').catch();\n  res.end();\n}\n`,
      },
    },
    'a stream that is given back and fed meanwhile': {
      files: {
        'package.json': manifest('next', 'ai'),
        'vercel.json': '{}',
        'src/app/api/draft/route.ts': `import { drafts } from '@shop/drafts';\nexport async function POST(request: Request) {\n  const answer = drafts();\n  (async () => {\n    for await (const part of await load(request)) answer.update(part);\n    answer.done();\n  })();\n  return new Response(answer.value);\n}\n`,
      },
    },
    'a timer that gives back what catches all of its own, and a value with a catch': {
      files: {
        'src/a.ts': `class Keys {\n  static start() {\n    setInterval(async () => Keys.check(), 60_000);\n  }\n  static async check() {\n    try {\n      await store.read('keys');\n    } catch (error) {\n      console.error(error);\n    }\n  }\n}\nexport const shape = z.number().catch(0);\nexport const guard = net.catch();\n`,
      },
    },
    'a timer that is given what catches, and one that ends a wait': {
      files: {
        'src/sweep.ts': `export const sweep = async () => {\n  try {\n    await store.sweep();\n  } catch (error) {\n    console.error(error);\n  }\n};\nexport async function load() {\n  return store.load();\n}\n`,
        'src/a.ts': `import { load, sweep } from './sweep.js';\nsetInterval(sweep, 60_000);\nsetInterval(() => sweep(), 60_000);\nsetInterval(() => load().catch(console.error), 60_000);\nsetInterval(turn, 60_000);\nasync function turn() {\n  await mutex.runExclusive(() => sweep());\n}\nexport const wait = () => new Promise((resolve) => setTimeout(resolve, 5));\n`,
      },
    },
    'closing as the process stops': {
      files: {
        'src/live.ts': `import { EventEmitter } from 'node:events';\nexport const emitter = new EventEmitter();\nemitter.on('stopping', async () => {\n  await server.stop();\n  await pool.end();\n});\n`,
      },
    },
    'the key of a library': {
      files: {
        'src/a.ts': `${app}import mail from '@sendgrid/mail';\nimport axios from 'axios';\napp.post('/', async (req, res) => {\n  mail.setApiKey('key');\n  axios.create({ timeout: 1000 });\n  res.json(await mail.send({ to: req.body.to }).catch(() => null));\n});\n`,
      },
    },
    'what writes the stream that a worker answers with': {
      files: {
        'package.json': manifest('hono'),
        'wrangler.toml': 'name = "shop"\nmain = "src/a.ts"\n',
        'src/a.ts':
          "import { Hono } from 'hono';\nconst app = new Hono();\nasync function run(to) {\n  await fetch('https://a.example');\n}\napp.get('/x', async (c) => {\n  const { readable, writable } = new TransformStream();\n  run(writable);\n  return c.req.raw ? new Response(readable) : c.json(1);\n});\nexport default app;\n",
      },
    },
    'awaited, returned, caught, and thrown away on purpose': {
      files: {
        'src/mail.ts': mail,
        'src/a.ts': `${app}import { sendWelcome } from './mail.js';\napp.post('/users', async (req, res) => {\n  await sendWelcome(req.body.email);\n  sendWelcome('b').catch((error) => console.error(error));\n  void sendWelcome('c');\n  return sendWelcome('d');\n});\n`,
      },
    },
    'a chain that is awaited later': {
      files: {
        'src/a.ts': `${app}app.get('/a', async (req, res) => {\n  const page = fetch('https://a.example').then((answer) => answer.json());\n  res.json(await page);\n});\n`,
      },
    },
    'for each of a list, what waits for nothing or catches all of its own, and a map that is awaited': {
      files: {
        'src/sync.ts': `export async function sync(orders) {\n  orders.forEach((order) => order.close());\n  orders.forEach(async (order) => {\n    try {\n      await order.save();\n    } catch (error) {\n      console.error(error);\n    }\n  });\n  const all = orders.map(async (order) => order.load());\n  await Promise.all(all);\n}\n`,
      },
    },
    'a timer that catches, a stop of the process, and a listener of what waits for it': {
      files: {
        'src/live.ts': `setInterval(async () => {\n  try {\n    await sweep();\n  } catch (error) {\n    console.error(error);\n  }\n}, 60_000);\nprocess.on('SIGTERM', async () => {\n  await close();\n});\nbot.on('message', async (context) => {\n  await context.reply('hi');\n});\n`,
      },
    },
    'a timer that ends the process, and one of a page': {
      files: {
        'src/stop.ts': `export const stop = () =>\n  setTimeout(async () => {\n    await close();\n    process.exit(0);\n  }, 5000);\n`,
        'src/panel.tsx': `export const open = () => setTimeout(async () => {\n  await scroll();\n}, 100);\n`,
      },
    },
    'a client that gives errors back': {
      files: {
        'src/a.ts': `${app}import { Resend } from 'resend';\nconst resend = new Resend('key');\napp.post('/x', (req, res) => {\n  resend.emails.send({ to: req.body.email });\n  res.end();\n});\n`,
      },
    },
    'what waits for a function alone that catches all of its own': {
      files: {
        'src/mail.ts': `${mail}export async function count(name) {\n  await track(name);\n}\n`,
        'src/a.ts': `${app}import { count } from './mail.js';\napp.get('/', (req, res) => {\n  count('view');\n  res.end();\n});\n`,
      },
    },
    'a function that catches all of its own': {
      files: {
        'src/mail.ts': mail,
        'src/a.ts': `${app}import { track } from './mail.js';\napp.get('/', (req, res) => {\n  track('view');\n  res.end();\n});\n`,
      },
    },
    waitUntil: {
      files: {
        'package.json': manifest('hono'),
        'wrangler.toml': 'name = "shop"\nmain = "src/index.ts"\n',
        'src/mail.ts': mail,
        'src/index.ts': `import { Hono } from 'hono';\nimport { track } from './mail';\nconst app = new Hono();\napp.post('/x', async (c) => {\n  c.executionCtx.waitUntil(track(c.req.path));\n  return c.text('ok');\n});\nexport default app;\n`,
      },
    },
    'a callback, and a start that nobody waits for': {
      files: {
        'src/a.ts': `${app}import fs from 'node:fs';\nasync function main() {\n  await connect();\n}\nmain();\napp.get('/', (req, res) => {\n  fs.readFile('x', (error, text) => res.send(text));\n});\n`,
      },
    },
  },
});
