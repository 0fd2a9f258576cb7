import { errorLeak } from '../../../../src/doctor/rules/sec/error-leak.ts';
import { manifest, ruleTest } from '../../rule.ts';

const app = `import express from 'express';\nconst app = express();\n`;

ruleTest(errorLeak, {
  hits: {
    'a stack in what was put together before': {
      files: {
        'src/failed.ts': `export const failed = (error, req, res, next) => {\n  const payload = { type: error.name, stack: error.stack || null };\n  if (error instanceof Denied) payload.type = 'denied';\n  return res.status(500).json(payload);\n};\n`,
      },
      at: ['src/failed.ts:2'],
    },
    'what a function of one’s own calls back with, and what pages print of an error': {
      files: {
        'src/send.ts': `export const push = (req, res) => devices.push(req.body, (error) => {\n  if (error) return res.status(500).send(error);\n  res.end();\n});\n`,
        'src/failed.ts': `export const failed = (err, req, res, next) => {\n  res.status(500).render('failed', { title: 'Sorry', stack: err.stack });\n};\n`,
        'views/failed.hbs': '<h1>{{title}}</h1>\n<pre>{{stack}}</pre>\n',
      },
      at: ['src/failed.ts:2', 'src/send.ts:2 info'],
    },
    'an error handler of three that is called by hand, and an error as a text': {
      files: {
        'src/errors.ts': `import type { Request, Response } from 'express';\nexport const errorHandler = (err: Error, _req: Request, res: Response): void => {\n  res.status(500).json({ message: err.message });\n};\n`,
        'src/orders.ts': `import type { Request, Response } from 'express';\nimport { errorHandler } from './errors';\nexport const orders = (req: Request, res: Response) => list().then((all) => res.json(all), (err) => errorHandler(err, req, res));\n`,
        'src/metrics.ts': `import type { Request, Response } from 'express';\nexport function metrics(req: Request, res: Response) {\n  register.metrics().then((text) => res.end(text)).catch((error) => {\n    res.status(500).end(error.toString());\n  });\n}\n`,
      },
      at: ['src/errors.ts:3', 'src/metrics.ts:4 info'],
    },
    'a response that is made by hand, and what a server action gives back': {
      files: {
        'package.json': manifest('next'),
        'src/app/api/letters/route.ts': `export async function POST(request: Request) {\n  try {\n    return Response.json(await keep(await request.json()));\n  } catch (error) {\n    return new Response(error.message, { status: 500 });\n  }\n}\n`,
        'src/lib/actions.ts': `'use server';\nexport async function keep(letter: Letter) {\n  try {\n    return { data: await letters.keep(letter) };\n  } catch (err) {\n    return { data: null, error: getErrorMessage(err) };\n  }\n}\n`,
      },
      at: ['src/app/api/letters/route.ts:5 info', 'src/lib/actions.ts:6 info'],
    },
    'what a scraper reads of the process, as a hint, and what it reads of a table': {
      files: {
        'package.json': manifest('express', 'prom-client'),
        'src/metrics.ts': `import { register } from 'prom-client';\nexport const metrics = (req, res) =>\n  register.metrics().then((text) => res.end(text)).catch((e) => res.status(500).end(e.message));\n`,
        'src/rows.ts': `export const rows = (req, res) =>\n  db.query('SELECT 1').then((found) => res.json(found)).catch((e) => res.status(500).end(e.message));\n`,
      },
      at: ['src/metrics.ts:3 info', 'src/rows.ts:2'],
    },
    'what is said of another server, and behind a guard that turns others away, as hints': {
      files: {
        'package.json': manifest('express', 'http-proxy-middleware', 'pg'),
        'src/forward.ts': `import { createProxyMiddleware } from 'http-proxy-middleware';\nexport const forward = createProxyMiddleware({\n  target,\n  on: {\n    error: (err, req, res) => {\n      res.end(JSON.stringify({ error: err.message }));\n    },\n  },\n});\n`,
        'src/routes.ts': `import { Router } from 'express';\nimport copies from './copies';\nexport const router = Router();\nrouter.post('/copies', copies.only.bind(copies), copies.make.bind(copies));\nrouter.get('/copies', copies.mine.bind(copies), copies.list.bind(copies));\n`,
        'src/copies.ts': `class Copies {\n  only(req, res, next) {\n    if (!req.user.isAdmin) {\n      return res.sendStatus(403);\n    }\n    next();\n  }\n  mine(req, res, next) {\n    next();\n  }\n  async make(req, res) {\n    try {\n      await copy();\n    } catch (error) {\n      return res.status(500).send(\`No copy: \${error.message}\`);\n    }\n  }\n}\nexport default new Copies();\n`,
        'src/lists.ts': `export async function list(req, res) {\n  try {\n    await copies();\n  } catch (error) {\n    if (status >= 500 && quiet) return res.end();\n    return res.status(status).send(error.message);\n  }\n}\n`,
      },
      at: ['src/copies.ts:15 info', 'src/forward.ts:6 info', 'src/lists.ts:6 info'],
    },
    'a server without a database that looks at what the visitor names, as a hint': {
      files: {
        'src/look.ts': `export async function look(req, res) {\n  const { url } = req.query;\n  try {\n    res.json(await certificateOf(req.query.url));\n  } catch (error) {\n    res.status(500).json({ error: error.message });\n  }\n}\n`,
      },
      at: ['src/look.ts:6 info'],
    },
    'the stack of an error middleware': {
      files: {
        'src/app.ts': `${app}app.use((err, req, res, next) => {\n  res.status(err.status || 500).json({ message: 'failed', stack: err.stack });\n});\n`,
      },
      at: ['src/app.ts:4'],
    },
    'messages and whole errors of handlers': {
      files: {
        'src/users.ts': `export async function list(req, res) {\n  try {\n    res.json(await db.query('SELECT id FROM users'));\n  } catch (error) {\n    res.status(500).json({ error: error.message });\n  }\n}\nexport const one = (req, res) => User.findById(req.params.id, (err, user) => {\n  if (err) return res.send(err);\n  res.json(user);\n});\nexport const all = (req, res) => find().catch((err) => res.status(500).send('Failed: ' + err));\n`,
      },
      at: ['src/users.ts:5'],
    },
    'Next and Hono': {
      files: {
        'package.json': manifest('next', 'hono'),
        'src/app/api/users/route.ts': `import { NextResponse } from 'next/server';\nexport async function GET(request: Request) {\n  try {\n    return NextResponse.json(await find());\n  } catch (error) {\n    const message = error instanceof Error ? error.message : 'unknown';\n    return NextResponse.json({ message }, { status: 500 });\n  }\n}\n`,
        'src/hono.ts': `import { Hono } from 'hono';\nconst app = new Hono();\napp.get('/users', async (c) => {\n  try {\n    return c.json(await db.query('SELECT id FROM users WHERE name = $1', [c.req.query('q')]));\n  } catch (e) {\n    return c.json({ error: (e as Error).message }, 500);\n  }\n});\n`,
      },
      at: ['src/app/api/users/route.ts:6 info', 'src/hono.ts:7'],
    },
    'Koa’s body, and exceptions whose message is the answer': {
      files: {
        'package.json': manifest('koa', '@nestjs/core', '@nestjs/common', '@trpc/server'),
        'src/koa.ts': `export const list = async (ctx) => {\n  try {\n    ctx.body = await db.query('SELECT id FROM users WHERE name = $1', [ctx.query.q]);\n  } catch (err) {\n    ctx.status = 500;\n    ctx.body = { error: err.message };\n  }\n};\n`,
        'src/orders.service.ts': `import { HttpException, InternalServerErrorException } from '@nestjs/common';\nexport class Orders {\n  async find() {\n    try {\n      return await this.orders.find();\n    } catch (error) {\n      throw new InternalServerErrorException(error.message);\n    }\n  }\n}\n`,
        'src/router.ts': `import { TRPCError } from '@trpc/server';\nexport const list = async () => {\n  try {\n    return await find();\n  } catch (e) {\n    throw new TRPCError({ code: 'INTERNAL_SERVER_ERROR', message: String(e) });\n  }\n};\n`,
      },
      at: ['src/koa.ts:6', 'src/orders.service.ts:7 info', 'src/router.ts:6 info'],
    },
    'Hono’s own handler of errors': {
      files: {
        'package.json': manifest('hono'),
        'src/app.ts': `import { Hono } from 'hono';\nconst app = new Hono();\napp.onError((err, c) => c.json({ error: err.message, stack: err.stack }, 500));\n`,
      },
      at: ['src/app.ts:3'],
    },
    'the message by a function, and with the error’s own status': {
      files: {
        'package.json': manifest('express', '@nestjs/common'),
        'src/reviews.ts': `export const list = async (req, res) => {\n  try {\n    res.json(await db.query('SELECT id FROM reviews'));\n  } catch (err) {\n    res.status(500).json({ error: getErrorMessage(err) });\n  }\n};\n`,
        'src/users.ts': `import { HttpException } from '@nestjs/common';\nimport { users } from './tables';\nexport async function one(id) {\n  try {\n    return await users(id);\n  } catch (err) {\n    throw new HttpException(err.message, err.status);\n  }\n}\n`,
        'src/tables.ts': `export const users = async (id) => (await db.query('SELECT name FROM users WHERE id = $1', [id])).rows[0];\n`,
      },
      at: ['src/reviews.ts:5', 'src/users.ts:7'],
    },
    'a habit of many files: told once': {
      files: Object.fromEntries(
        [1, 2, 3, 4, 5, 6, 7, 8].map((number) => [
          `src/part${number}.ts`,
          `export const list = async (req, res) => {\n  try {\n    res.json(await db.query('SELECT id FROM parts'));\n  } catch (err) {\n    res.status(500).json({ error: err.message });\n  }\n};\n`,
        ]),
      ),
      at: ['src/part1.ts:5'],
    },
    'an error’s handler for development, for all': {
      files: {
        'src/app.js': `const errorhandler = require('errorhandler');\nconst app = require('express')();\napp.use(errorhandler());\n`,
      },
      at: ['src/app.js:3'],
    },
    'what asks nobody: a hint; and what asks a file': {
      files: {
        'src/filter.ts': `export const filter = (req, res) => {\n  try {\n    const kinds = JSON.parse(String(req.query.kinds));\n    return res.json(kinds.includes('a'));\n  } catch (e) {\n    return res.status(500).send(e);\n  }\n};\n`,
        'src/read.ts': `export const read = (req, res) => {\n  try {\n    res.send(fs.readFileSync(path));\n  } catch (e) {\n    res.status(500).send(e);\n  }\n};\n`,
      },
      at: ['src/filter.ts:6 info', 'src/read.ts:5'],
    },
    'behind a key of those who run it: a hint': {
      files: {
        'package.json': manifest('next'),
        'src/pages/api/admin/jobs.ts': `export default async function handler(req, res) {\n  try {\n    res.json(await run());\n  } catch (e) {\n    res.status(500).json({ error: e });\n  }\n}\n`,
      },
      at: ['src/pages/api/admin/jobs.ts:5 info'],
    },
  },
  clean: {
    'a stack that is taken out again': {
      files: {
        'src/failed.ts': `export const failed = (error, req, res, next) => {\n  const payload = { type: error.name, stack: error.stack };\n  if (!config.tells) delete payload.stack;\n  return res.status(500).json(payload);\n};\n`,
      },
    },
    'a page that does not print what it is given': {
      files: {
        'src/failed.ts': `export const failed = (err, req, res, next) => {\n  res.status(500).render('failed', { title: 'Sorry', stack: err.stack });\n};\n`,
        'views/failed.hbs': '<h1>{{title}}</h1>\n',
      },
    },
    'a fault of the server that left before': {
      files: {
        'src/find.ts': `export async function find(req, res) {\n  try {\n    res.json(await all());\n  } catch (err) {\n    const status = statusOf(err);\n    if (status >= 500) {\n      log(err);\n      return res.status(status).json({ message: 'It failed.' });\n    }\n    return res.status(status).json({ message: err.message });\n  }\n}\n`,
      },
    },
    'an error handler that Express takes for any other middleware, and what Node throws at': {
      files: {
        'src/errors.ts': `import type { Request, Response } from 'express';\nexport const errorHandler = (err: Error, _req: Request, res: Response): void => {\n  res.status(500).json({ message: err.message });\n};\n`,
        'src/metrics.ts': `import type { Request, Response } from 'express';\nexport function metrics(req: Request, res: Response) {\n  register.metrics().then((text) => res.end(text)).catch((error) => {\n    res.status(500).end(error);\n  });\n}\n`,
      },
    },
    'a response of a fault of the client, and functions that no client calls': {
      files: {
        'package.json': manifest('next'),
        'src/app/api/letters/route.ts': `export async function POST(request: Request) {\n  try {\n    return Response.json(await keep(await request.json()));\n  } catch (error) {\n    if (error instanceof NotKept) return new Response(error.message);\n    return new Response(error.message, { status: 422 });\n  }\n}\n`,
        'src/lib/actions.ts': `'use server';\nasync function keep(letter: Letter) {\n  try {\n    return { data: await letters.keep(letter) };\n  } catch (err) {\n    return { data: null, error: err.message };\n  }\n}\nexport async function save(letter: Letter) {\n  try {\n    return { data: await letters.keep(letter) };\n  } catch (err) {\n    return { error: err instanceof LetterError ? err.message : 'failed' };\n  }\n}\n`,
      },
    },
    'only those that are made to be read go on': {
      files: {
        'src/auth.js': `module.exports = async (ctx) => {\n  try {\n    await send(ctx.request.body);\n  } catch (err) {\n    if (!err.isBoom) return ctx.throw(err);\n    ctx.body = { message: err.message };\n  }\n};\n`,
      },
    },
    'an error that says of itself that anybody may read it': {
      files: {
        'src/app.ts': `${app}app.use((err, req, res, next) => {\n  res.status(err.status).json({ message: err.isPublic ? err.message : names[err.status] });\n});\n`,
      },
    },
    'what a middleware found wrong with the request, errors of one kind, and a client’s fault': {
      files: {
        'package.json': manifest('koa', '@nestjs/common'),
        'src/upload.ts': `export const add = (req, res, next) => upload(req, res, (err) => {\n  if (err) return res.status(500).json({ error: err.message });\n  next();\n});\n`,
        'src/authed.ts': `export async function call(req, res) {\n  try {\n    await authenticate(req);\n  } catch (error) {\n    const status = error.status ?? 401;\n    return res.status(status).json({ message: error.message });\n  }\n}\n`,
        'src/koa.ts': `export const one = async (ctx) => {\n  try {\n    ctx.body = parse(ctx.request.body);\n  } catch (err) {\n    ctx.status = 400;\n    ctx.body = { error: err.message };\n  }\n};\n`,
        'src/users.ts': `import { BadRequestException, InternalServerErrorException } from '@nestjs/common';\nexport function check(body) {\n  try {\n    return parse(body);\n  } catch (error) {\n    if (isOurs(error)) throw new BadRequestException(error.message);\n    throw new InternalServerErrorException('failed');\n  }\n}\n`,
        'src/invite.ts': `export const show = async (req, res) => {\n  try {\n    await verify(req.query);\n  } catch (e) {\n    return res.render('400', { error: e.message });\n  }\n};\n`,
        'src/dev-mailbox.ts': `export const list = async (req, res) => {\n  try {\n    res.json(await find());\n  } catch (e) {\n    res.status(500).json({ error: e.message });\n  }\n};\n`,
      },
    },
    'Fastify’s own way to fail': {
      files: {
        'package.json': manifest('fastify'),
        'src/a.ts':
          "import Fastify from 'fastify';\nconst app = Fastify();\napp.get('/x', async (request, reply) => {\n  try {\n    await find();\n  } catch (error) {\n    reply.code(500).send(error);\n  }\n});\n",
      },
    },
    'a text of one’s own': {
      files: {
        'src/app.ts': `${app}app.use((err, req, res, next) => {\n  log.error(err.stack);\n  res.status(500).json({ message: 'Something failed', id: req.id });\n});\n`,
      },
    },
    'in development only, and errors that are meant for the client': {
      files: {
        'src/app.ts': `${app}app.use((err, req, res, next) => {\n  if (err instanceof AppError) return res.status(err.status).json({ message: err.message });\n  res.status(500).json({ message: err.expose ? err.message : 'Failed', stack: process.env.NODE_ENV === 'development' ? err.stack : undefined });\n});\n`,
      },
    },
    'what the client did wrong': {
      files: {
        'src/users.ts': `export async function create(req, res) {\n  let body;\n  try {\n    body = parse(req.body);\n  } catch (error) {\n    return res.status(400).json({ message: error.message });\n  }\n  res.json(body);\n}\n`,
      },
    },
    'an answer of another server, and messages that are no errors': {
      files: {
        'src/chat.ts': `export const send = (req, res) => {\n  const e = { message: req.body.message };\n  res.json({ message: e.message });\n};\n`,
      },
    },
  },
});
