import { expect, test } from 'vitest';
import { expressAsyncError } from '../../../../src/doctor/rules/res/express-async-error.ts';
import { together } from '../../../../src/doctor/together.ts';
import { examineTexts, manifest, ruleTest, type Texts } from '../../rule.ts';

const four = { 'package.json': manifest('express@^4.19.2') };
const router = `import { Router } from 'express';\nexport const router = Router();\n`;

ruleTest(expressAsyncError, {
  hits: {
    'layers of the router that are only read, and a validation that rejects': {
      files: {
        'package.json': manifest('express@^4.19.2', 'class-validator'),
        'src/list.ts': `export const list = (router) => router.stack.filter((layer) => layer.handle === undefined);\n`,
        'src/a.ts': `${router}import { validateOrReject } from 'class-validator';\nrouter.post('/', async (req, res) => {\n  await validateOrReject(req.body);\n  res.status(204).end();\n});\n`,
      },
      at: ['src/a.ts:4'],
    },
    'queries of Supabase that are told to throw': {
      files: {
        'package.json': manifest('express@^4.19.2', '@supabase/supabase-js'),
        'src/a.ts': `${router}import { createClient } from '@supabase/supabase-js';\nconst supabase = createClient('https://x.example', 'key');\nrouter.get('/', async (req, res) => {\n  const { data } = await supabase.from('rooms').select('*').throwOnError();\n  res.json(data);\n});\n`,
      },
      at: ['src/a.ts:5'],
    },
    'a handler written at its route': {
      files: {
        ...four,
        'src/users.ts': `${router}router.get('/users', async (req, res) => {\n  res.json(await load(req.query));\n});\n`,
      },
      at: ['src/users.ts:3'],
    },
    'a controller of another file, required': {
      files: {
        ...four,
        'src/routes.js': `const express = require('express');\nconst users = require('./users.controller');\nconst router = express.Router();\nrouter.route('/users').post(users.create);\nmodule.exports = router;\n`,
        'src/users.controller.js': `const create = async (req, res) => {\n  const user = await save(req.body);\n  res.status(201).send(user);\n};\nmodule.exports = { create };\n`,
      },
      at: ['src/users.controller.js:1'],
    },
    'a middleware that a factory gives back': {
      files: {
        ...four,
        'src/app.ts': `import express from 'express';\nimport { auth } from './auth.js';\nconst app = express();\napp.use(auth('admin'));\n`,
        'src/auth.ts': `export function auth(role) {\n  return async (req, res, next) => {\n    req.user = await verify(req.headers.authorization, role);\n    next();\n  };\n}\n`,
      },
      at: ['src/auth.ts:2'],
    },
    'a bound method of a class, once for two routes': {
      files: {
        ...four,
        'src/routes.ts': `${router}import { Users } from './users.js';\nconst users = new Users();\nrouter.get('/me', users.me.bind(users));\nrouter.get('/self', users.me.bind(users));\n`,
        'src/users.ts': `export class Users {\n  async me(req, res) {\n    const { id } = req.params;\n    if (!id) throw new Error('no id');\n    res.json({ id });\n  }\n}\n`,
      },
      at: ['src/users.ts:2'],
    },
    'a catch that throws again, and one around it that takes it': {
      files: {
        ...four,
        'src/a.ts': `${router}router.get('/a', async (req, res) => {\n  try {\n    res.json(await load());\n  } catch (error) {\n    console.error(error);\n    throw error;\n  }\n});\nrouter.get('/b', async (req, res, next) => {\n  try {\n    try {\n      res.json(await load());\n    } catch (error) {\n      throw new Error('b');\n    }\n  } catch (error) {\n    next(error);\n  }\n});\n`,
      },
      at: ['src/a.ts:3'],
    },
    'a try that has no catch': {
      files: {
        ...four,
        'src/a.ts': `${router}router.get('/', async (req, res) => {\n  try {\n    res.json(await load());\n  } finally {\n    done();\n  }\n});\n`,
      },
      at: ['src/a.ts:3'],
    },
    'a finally that does more than give back, and a catch that takes nothing': {
      files: {
        ...four,
        'src/a.ts': `${router}router.get('/a', async (req, res, next) => {\n  const client = await pool.connect();\n  try {\n    res.json(await load(client));\n  } catch (error) {\n    next(error);\n  } finally {\n    client.release();\n  }\n});\nrouter.get('/b', async (req, res, next) => {\n  try {\n    res.json(await load());\n  } catch (error) {\n    next(error);\n  } finally {\n    await audit(req.path);\n  }\n});\nrouter.get('/c', async (req, res) => {\n  const rooms = await load().catch();\n  res.json(rooms);\n});\n`,
      },
      at: ['src/a.ts:3', 'src/a.ts:13', 'src/a.ts:22'],
    },
    'all handlers of a file, told once': {
      files: {
        ...four,
        'src/a.ts': `${router}${['a', 'b', 'c', 'd'].map((path) => `router.get('/${path}', async (req, res) => {\n  res.json(await load('${path}'));\n});\n`).join('')}`,
      },
      at: ['src/a.ts:3'],
    },
    'a process that a listener keeps alive: the request alone is lost': {
      files: {
        ...four,
        'src/index.ts': `process.on('unhandledRejection', (reason) => logger.error(reason));\n`,
        'src/a.ts': `${router}router.get('/', async (req, res) => {\n  res.json(await load());\n});\n`,
      },
      at: ['src/a.ts:3 warning'],
    },
  },
  clean: {
    'a router that a function of the project gives to a package that waits for its handlers': {
      files: {
        ...four,
        'src/router.ts': `const waiting = require('async-express-decorator');\nimport { Router } from 'express';\nexport function newRouter(options) {\n  return waiting(Router(options));\n}\n`,
        'src/a.ts': `import { newRouter } from './router.js';\nconst router = newRouter();\nrouter.get('/', async (req, res) => {\n  res.json(await load());\n});\n`,
      },
    },
    'a router whose layers are each given a handler that catches': {
      files: {
        ...four,
        'src/a.ts': `${router}router.get('/', async (req, res) => {\n  res.json(await load());\n});\n`,
        'src/wrap.ts': `export const wrapAll = (router) => {\n  for (const layer of router.stack) {\n    if (layer.name === 'router') wrapAll(layer.handle);\n    else for (const one of layer.route?.stack ?? []) one.handle = caught(one.handle);\n  }\n};\n`,
      },
    },
    'an await that gives its errors back': {
      files: {
        'package.json': manifest('express@^4.19.2', 'class-validator'),
        'src/a.ts': `${router}import { validate } from 'class-validator';\nrouter.post('/', async (req, res) => {\n  const errors = await validate(req.body);\n  res.status(errors.length > 0 ? 400 : 204).end();\n});\n`,
      },
    },
    'queries of Supabase, which give their errors back': {
      files: {
        'package.json': manifest('express@^4.19.2', '@supabase/supabase-js'),
        'src/a.ts': `${router}import { createClient } from '@supabase/supabase-js';\nconst supabase = createClient('https://x.example', 'key');\nrouter.get('/', async (req, res) => {\n  const { data, error } = await supabase.from('rooms').select('*').eq('floor', req.query.floor).single();\n  res.status(error ? 500 : 200).json(data);\n});\n`,
      },
    },
    'an error that is given back beside the result': {
      files: {
        ...four,
        'src/a.ts': `${router}import { settle } from '@shop/settle';\nrouter.get('/', async (req, res) => {\n  const [error, rooms] = await settle(load(req.query));\n  res.status(error ? 500 : 200).json(rooms);\n});\n`,
      },
    },
    'pages that the server of Vite transforms': {
      files: {
        ...four,
        'src/a.ts': `${router}import type { ViteDevServer } from 'vite';\nexport function pages(vite: ViteDevServer) {\n  router.use(async (req, res) => {\n    res.send(await vite.transformIndexHtml(req.url, '<p>'));\n  });\n}\n`,
      },
    },
    'Express 5': {
      files: {
        'package.json': manifest('express@^5.1.0'),
        'src/a.ts': `${router}router.get('/', async (req, res) => {\n  res.json(await load());\n});\n`,
      },
    },
    'every await in a try': {
      files: {
        ...four,
        'src/a.ts': `${router}router.get('/', async (req, res, next) => {\n  try {\n    res.json(await load());\n  } catch (error) {\n    next(error);\n  }\n});\n`,
      },
    },
    'what the finally of a try that catches gives back': {
      files: {
        ...four,
        'src/a.ts': `${router}router.get('/', async (req, res, next) => {\n  let runner;\n  try {\n    runner = await connect();\n    res.json(await load(runner));\n  } catch (error) {\n    next(error);\n  } finally {\n    if (runner) await runner.release();\n  }\n});\n`,
      },
    },
    'numbers that the process keeps itself': {
      files: {
        ...four,
        'src/a.ts': `${router}import { register } from 'prom-client';\nrouter.get('/metrics', async (req, res) => {\n  res.send(await register.metrics());\n});\n`,
      },
    },
    'a wrapper': {
      files: {
        ...four,
        'src/a.ts': `${router}const wrap = (fn) => (req, res, next) => Promise.resolve(fn(req, res, next)).catch(next);\nconst create = wrap(async (req, res) => {\n  res.json(await save(req.body));\n});\nrouter.post('/', create);\nrouter.get('/', wrap(async (req, res) => {\n  res.json(await load());\n}));\n`,
      },
    },
    'a wrapper that is async itself and catches': {
      files: {
        ...four,
        'src/a.ts': `${router}const wrap = (fn) => async (req, res, next) => {\n  try {\n    await fn(req, res, next);\n  } catch (error) {\n    next(error);\n  }\n};\nrouter.get('/', wrap(async (req, res) => {\n  res.json(await load());\n}));\n`,
      },
    },
    'express-async-errors': {
      files: {
        ...four,
        'src/app.ts': `import 'express-async-errors';\nimport './a.js';\n`,
        'src/a.ts': `${router}router.get('/', async (req, res) => {\n  res.json(await load());\n});\n`,
      },
    },
    'each promise with its own catch': {
      files: {
        ...four,
        'src/a.ts': `${router}router.get('/', async (req, res, next) => {\n  const users = await load().catch(next);\n  if (users) res.json(users);\n});\n`,
      },
    },
    'a module that is loaded late, and a function that catches all of its own': {
      files: {
        ...four,
        'src/a.ts': `${router}async function count() {\n  try {\n    await fetch('https://stats.example');\n  } catch (error) {\n    console.error(error);\n  }\n}\nrouter.get('/', async (req, res) => {\n  const { page } = await import('./page.js');\n  await count();\n  res.send(page);\n});\n`,
      },
    },
    'several that catch all of their own, each by itself and by a list': {
      files: {
        ...four,
        'src/a.ts': `${router}async function settled(work: () => Promise<unknown>) {\n  try {\n    return await work();\n  } catch (error) {\n    return error;\n  }\n}\nrouter.get('/', async (req, res) => {\n  const [a, b] = await Promise.all([settled(() => load()), send().catch(() => null)]);\n  await Promise.all(all.map((one) => settled(one)));\n  res.json([a, b]);\n});\n`,
      },
    },
    'what keeps what is wrong with the request': {
      files: {
        ...four,
        'src/a.ts': `${router}import { body } from 'express-validator';\nrouter.post('/', async (req, res, next) => {\n  await Promise.all([body('name').isString(), body('age').isInt()].map((check) => check.run(req)));\n  next();\n});\n`,
      },
    },
    'a method of what is made there, by an interface': {
      files: {
        ...four,
        'src/mail.ts': `export class Mail implements Channel {\n  async send(text: string) {\n    try {\n      return await fetch('https://mail.example');\n    } catch {\n      return false;\n    }\n  }\n}\n`,
        'src/a.ts': `${router}import { Mail } from './mail.ts';\nconst tried = async (channel: Channel) => await channel.send('Hello');\nconst test = async (channel: Channel) => {\n  return { sent: await channel.send('Hello') };\n};\nrouter.get('/', async (req, res) => {\n  const mail = new Mail();\n  res.json(await test(mail));\n});\n`,
      },
    },
    'a route of development': {
      files: {
        ...four,
        'src/a.ts': `${router}if (process.env.NODE_ENV !== 'production') {\n  router.post('/reset', async (req, res) => {\n    await reset();\n    res.end();\n  });\n}\n`,
      },
    },
    'Fastify beside it': {
      files: {
        'package.json': manifest('fastify@^5', 'express@^4.0.0'),
        'src/a.ts': `import Fastify from 'fastify';\nconst app = Fastify();\napp.get('/', async (req, reply) => {\n  return await load();\n});\n`,
      },
    },
  },
});

/** The lines of findings as reports tell of them. */
const linesOf = (files: Texts): number[] =>
  together(examineTexts({ ...four, ...files }, [expressAsyncError]).findings).map(({ line }) => line ?? 0);

test('tells of a method of what is made there that rejects, and of a list of which one may', () => {
  const text = `${router}class Mail implements Channel {\n  async send(text: string) {\n    return { at: await fetch('https://mail.example') };\n  }\n}\nconst test = async (channel: Channel) => {\n  return { sent: await channel.send('Hello') };\n};\nrouter.get('/', async (req, res) => {\n  res.json(await test(new Mail()));\n});\nrouter.get('/all', async (req, res) => {\n  res.json(await Promise.all([load(), send().catch(() => null)]));\n});\n`;
  expect(linesOf({ 'src/a.ts': text })).toEqual([11, 14]);
});

test('tells of many handlers of a package as one, and of fewer by their files', () => {
  const handlers = (count: number): string =>
    router + `router.get('/', async (req, res) => {\n  res.json(await load());\n});\n`.repeat(count);
  const files = (count: number): Texts => ({
    'src/a.ts': handlers(count),
    'src/b.ts': handlers(3),
    'src/c.ts': handlers(3),
  });
  expect(linesOf(files(3))).toHaveLength(1);
  expect(linesOf(files(2))).toHaveLength(8);
});

test('handlers of a router that went through a package or function that is not known are a hint, of one that is mounted alone not', () => {
  const handler = `router.get('/', async (req, res) => {\n  res.json(await load());\n});\n`;
  const { findings } = examineTexts(
    {
      ...four,
      'src/router.ts': `import { decorate } from 'routes-kit';\nimport { Router } from 'express';\nexport const newRouter = () => {\n  const router = decorate(Router());\n  return router;\n};\n`,
      'src/plain.ts': `import { decorate } from 'routes-kit';\nimport { Router } from 'express';\nexport const plainRouter = () => {\n  const router = Router();\n  decorate(router);\n  return router;\n};\n`,
      'src/a.ts': `import { newRouter } from './router.js';\nexport const router = newRouter();\n${handler}`,
      'src/b.ts': `import { plainRouter } from './plain.js';\nexport const router = plainRouter();\n${handler}`,
    },
    [expressAsyncError],
  );
  expect(findings.map(({ path, confidence }) => `${path} ${confidence}`)).toEqual([
    'src/a.ts hint',
    'src/b.ts certain',
  ]);
});
