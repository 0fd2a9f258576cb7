import { errorLeak } from '../../../../src/doctor/rules/sec/error-leak.ts';
import { manifest, ruleTest } from '../../rule.ts';

const app = `import express from 'express';\nconst app = express();\n`;

ruleTest(errorLeak, {
  hits: {
    'the stack of an error middleware': {
      files: {
        'src/app.ts': `${app}app.use((err, req, res, next) => {\n  res.status(err.status || 500).json({ message: 'failed', stack: err.stack });\n});\n`,
      },
      at: ['src/app.ts:4'],
    },
    'messages and whole errors of handlers': {
      files: {
        'src/users.ts': `export async function list(req, res) {\n  try {\n    res.json(await find());\n  } catch (error) {\n    res.status(500).json({ error: error.message });\n  }\n}\nexport const one = (req, res) => User.findById(req.params.id, (err, user) => {\n  if (err) return res.send(err);\n  res.json(user);\n});\nexport const all = (req, res) => find().catch((err) => res.status(500).send('Failed: ' + err));\n`,
      },
      at: ['src/users.ts:5', 'src/users.ts:9'],
    },
    'Next and Hono': {
      files: {
        'package.json': manifest('next', 'hono'),
        'src/app/api/users/route.ts': `import { NextResponse } from 'next/server';\nexport async function GET(request: Request) {\n  try {\n    return NextResponse.json(await find());\n  } catch (error) {\n    const message = error instanceof Error ? error.message : 'unknown';\n    return NextResponse.json({ message }, { status: 500 });\n  }\n}\n`,
        'src/hono.ts': `import { Hono } from 'hono';\nconst app = new Hono();\napp.get('/users', async (c) => {\n  try {\n    return c.json(await find(c.req.query('q')));\n  } catch (e) {\n    return c.json({ error: (e as Error).message }, 500);\n  }\n});\n`,
      },
      at: ['src/app/api/users/route.ts:6', 'src/hono.ts:7'],
    },
  },
  clean: {
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
