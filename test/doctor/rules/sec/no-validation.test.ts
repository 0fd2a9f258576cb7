import { expect, test } from 'vitest';
import { noValidation } from '../../../../src/doctor/rules/sec/no-validation.ts';
import { examineTexts, manifest, ruleTest } from '../../rule.ts';

const express = (body: string) => ({
  files: {
    'src/users.js': `const router = require('express').Router();\nconst users = require('./store');\n${body}\n`,
  },
});
const nest = (main: string) => ({
  files: {
    'package.json': manifest('@nestjs/core', '@nestjs/common', 'class-validator'),
    'src/main.ts': main,
    'src/users.controller.ts': `import { Body, Controller, Post } from '@nestjs/common';\nimport { CreateUser } from './create-user';\n@Controller('users')\nexport class UsersController {\n  @Post()\n  create(@Body() user: CreateUser) {\n    return this.users.create(user);\n  }\n}\n`,
  },
});

/** A handler that makes a note from its body, and an app that answers what Mongoose finds wrong, or does not. */
const notes = (schema: string, answered: string) => ({
  files: {
    'package.json': manifest('express', 'mongoose'),
    'src/note.js': `const mongoose = require('mongoose');\nmodule.exports = mongoose.model('Note', new mongoose.Schema({ text: ${schema} }));\n`,
    'src/notes.js': `const router = require('express').Router();\nconst Note = require('./note');\nrouter.post('/', async (req, res) => {\n  const note = await Note.create({ text: req.body.text });\n  res.json(note);\n});\n`,
    'src/app.js': `const express = require('express');\nexpress().use((error, req, res, next) => ${answered});\n`,
  },
});
/** A handler that asks for its model by name, and answers the faults that saving it finds. */
const named = (status: number) => ({
  files: {
    'package.json': manifest('express', 'mongoose'),
    'src/note.js': `const mongoose = require('mongoose');\nconst NoteSchema = new mongoose.Schema({ text: { type: String, validate: [isShort, 'Too long'] } });\nmongoose.model('Note', NoteSchema);\n`,
    'src/notes.js': `const router = require('express').Router();\nconst mongoose = require('mongoose');\nconst Note = mongoose.model('Note');\nrouter.post('/', (req, res) => {\n  delete req.body.id;\n  const note = new Note(req.body);\n  note.save((err) => {\n    if (err) {\n      return res.status(${status}).end();\n    }\n    res.json(note);\n  });\n});\n`,
  },
});
const nestTypes = (types: string, ...packages: string[]) => ({
  files: {
    'package.json': manifest('@nestjs/core', '@nestjs/common', ...packages),
    'src/types.ts': types,
    'src/index.ts': `export * from './types';\n`,
    'src/notes.controller.ts': `import { Body, Controller, Post } from '@nestjs/common';\nimport type { NewNote } from './index';\n@Controller('notes')\nexport class NotesController {\n  @Post()\n  create(@Body() note: NewNote) {\n    return this.notes.create(note);\n  }\n}\n`,
  },
});
const nestBodies = (body: string, method: string) => ({
  files: {
    'package.json': manifest('@nestjs/core', '@nestjs/common', 'zod'),
    'src/notes.controller.ts': `import { Body, Controller, Post } from '@nestjs/common';\n@Controller('notes')\nexport class NotesController {\n  @Post()\n  create(${body}) {\n    ${method}\n  }\n}\n`,
  },
});

ruleTest(noValidation, {
  hits: {
    'a model that asks for nothing, or whose faults nobody answers': {
      ...notes('String', `res.status(error.name === 'ValidationError' ? 400 : 500).end()`),
      at: ['src/notes.js:4'],
    },
    'a model with validators whose faults are all the server’s': {
      ...notes('{ type: String, required: true }', 'res.status(500).end()'),
      at: ['src/notes.js:4'],
    },
    'a body of Nest’s without a class, that goes on as it came': {
      ...nestBodies('@Body() body: any', 'return this.notes.create(body);'),
      at: ['src/notes.controller.ts:5'],
    },
    'fields that go on as they came': {
      ...express(
        `router.post('/', async (req, res) => {\n  const { name, age } = req.body;\n  res.json(await users.create({ name, age }));\n});`,
      ),
      at: ['src/users.js:4'],
    },
    'a habit of many files: told once': {
      files: Object.fromEntries(
        [1, 2, 3, 4, 5, 6].map((number) => [
          `src/part${number}.js`,
          `const router = require('express').Router();\nrouter.post('/', async (req, res) => res.json(await users.create(req.body.name)));\n`,
        ]),
      ),
      at: ['src/part1.js:2'],
    },
    'several handlers of a file, told once': {
      files: {
        'src/users.controller.ts': `import type { Request, Response } from 'express';\nimport { users } from './store';\nexport const create = async (req: Request, res: Response) => res.json(await users.create(req.body.name));\nexport const rename = async (req: Request, res: Response) => res.json(await users.rename(req.params.id, req.body.name));\n`,
      },
      at: ['src/users.controller.ts:3'],
    },
    Next: {
      files: {
        'package.json': manifest('next'),
        'src/app/api/users/route.ts': `import { users } from '@/store';\nexport async function POST(request: Request) {\n  const { name } = await request.json();\n  return Response.json(await users.create({ name }));\n}\n`,
      },
      at: ['src/app/api/users/route.ts:3'],
    },
    'Fastify without a schema': {
      files: {
        'package.json': manifest('fastify'),
        'src/app.ts': `import Fastify from 'fastify';\nconst app = Fastify();\napp.post('/users', async (request, reply) => {\n  return users.create({ name: request.body.name });\n});\n`,
      },
      at: ['src/app.ts:4'],
    },
    'Nest without its pipe': { ...nest(`app.enableCors();\n`), at: ['src/users.controller.ts:6'] },
    'a handler that is handed with a schema to what only catches': {
      files: {
        'package.json': manifest('express', 'joi'),
        'src/guarded.ts': `export const guarded = (handler, options) => async (req, res, next) => {\n  res.on('error', next);\n  return handler(req, res, next);\n};\n`,
        'src/add.ts': `import Joi from 'joi';\nimport { guarded } from './guarded';\nconst bookForm = Joi.object({ name: Joi.string() });\nconst add = async (req, res) => {\n  const { name } = req.body;\n  res.json(await save(name));\n};\nexport default guarded(add, { check: { body: bookForm } });\n`,
      },
      at: ['src/add.ts:5'],
    },
  },
  clean: {
    'a handler that is handed with a schema to what checks': {
      files: {
        'package.json': manifest('express', 'joi'),
        'src/guarded.ts': `export const guarded = (handler, options) => async (req, res, next) => {\n  if (options.check.body.validate(req.body).error) return res.sendStatus(400);\n  return handler(req, res, next);\n};\n`,
        'src/add.ts': `import Joi from 'joi';\nimport { guarded } from './guarded';\nconst bookForm = Joi.object({ name: Joi.string() });\nconst add = async (req, res) => {\n  const { name } = req.body;\n  res.json(await save(name));\n};\nexport default guarded(add, { check: { body: bookForm } });\n`,
      },
    },
    'a check of another package of the workspace': {
      folder: 'apps/api',
      files: {
        'packages/forms/package.json': JSON.stringify({ name: '@shop/forms', main: './src/index.ts' }),
        'packages/forms/src/index.ts': `import { z } from 'zod';\nconst order = z.object({ name: z.string() });\nexport const readOrder = (body) => order.parse(body);\n`,
        'apps/api/package.json': manifest('express@^5.1.0', '@shop/forms'),
        'apps/api/src/app.ts': `import { readOrder } from '@shop/forms';\nimport express from 'express';\nconst app = express();\napp.post('/orders', async (req, res) => {\n  const order = readOrder(req.body);\n  const { note } = req.body;\n  res.json(await save(order, note));\n});\n`,
      },
    },
    'a model that asks for its fields, and an answer to what it misses': notes(
      '{ type: String, required: true }',
      `res.status(error.name === 'ValidationError' ? 400 : 500).end()`,
    ),
    'a body of Nest’s that the method gives to a schema': nestBodies(
      '@Body() body: unknown',
      'return this.notes.create(noteSchema.parse(body));',
    ),
    'a webhook, which another rule looks at': express(
      `router.post('/webhooks/payments', async (req, res) => {\n  await users.pay(req.body.order);\n  res.end();\n});`,
    ),
    'helpers that answer nothing, and fields that are asked for one after the other': express(
      `export const pick = (req) => req.body.name ?? null;\nexport function method(req, response, next) {\n  req.method = req.body._method;\n  next();\n}\nrouter.post('/', async (req, res) => {\n  const text = (req.body.text || '').slice(0, 300);\n  let error = null;\n  if (!text.trim()) {\n    error = 'missing';\n  } else {\n    await users.create(text);\n  }\n  res.json({ error });\n});`,
    ),
    'a schema in the handler, and one in a function that it calls': express(
      `const parse = (input) => schema.parse(input);\nrouter.post('/', async (req, res) => {\n  res.json(await users.create(userSchema.parse(req.body)));\n});\nrouter.put('/', async (req, res) => res.json(await users.update(parse(req.body))));`,
    ),
    'a schema on the route': {
      files: {
        'src/routes.js': `const router = require('express').Router();\nconst { validate } = require('./validate');\nconst controller = require('./users');\nrouter.post('/', validate(controller.rules), controller.create);\nrouter.post('/more', celebrate({}), (req, res) => res.json(req.body.name));\n`,
        'src/users.js': `exports.create = async (req, res) => res.json(await users.create(req.body));\n`,
      },
    },
    'fields that are asked for by hand': express(
      `router.post('/', async (req, res) => {\n  const { name } = req.body;\n  if (!name) return res.status(400).json({});\n  res.json(await users.create({ name }));\n});`,
    ),
    'a schema of a Fastify route': {
      files: {
        'package.json': manifest('fastify'),
        'src/app.ts': `import Fastify from 'fastify';\nconst app = Fastify();\napp.post('/users', { schema: { body: User } }, async (request) => users.create(request.body));\n`,
      },
    },
    'Nest’s pipe': nest(`app.useGlobalPipes(new ValidationPipe({ whitelist: true }));\n`),
    'a handler that reads no body': express(
      `router.get('/:id', async (req, res) => res.json(await users.find(req.params.id)));`,
    ),
  },
});

test.each([
  ['anybody', '', 'counted', 'likely'],
  ['whoever is signed in', '', 'requireUser', 'hint'],
  ['administrators alone', '', 'isAdmin', 'hint'],
  [
    'who sends a secret of the environment',
    'if (req.get("x-key") !== process.env.JOBS_KEY) throw new Error();',
    'log',
    'hint',
  ],
])('is as sure of a handler for %s as can be told', (_title, first, guard, confidence) => {
  const { files } = express(
    `const { execFile } = require('child_process');\nrouter.post('/', ${guard}, async (req, res) => {\n  ${first}\n  execFile('rename', [req.body.name], () => res.end());\n});`,
  );
  expect(examineTexts(files, [noValidation]).findings.map((one) => one.confidence)).toEqual([confidence]);
});

test.each([
  ['whose fields have rules', '{ type: String, required: true }', 'likely'],
  ['whose fields have rules, where its faults are caught', '{ type: String, required: true }', 'hint'],
  ['that asks for nothing, where its faults are caught', 'String', 'likely'],
])('is as sure of a model %s as can be told', (title, schema, confidence) => {
  const { files } = notes(schema, 'res.end()');
  const handler = `  try {\n    res.json(await Note.create({ text: req.body.text }));\n  } catch {\n    res.status(500).end();\n  }`;
  const text = title.includes('caught')
    ? files['src/notes.js'].replace(/ {2}const note[\s\S]*?json\(note\);/, handler)
    : files['src/notes.js'];
  const { findings } = examineTexts({ ...files, 'src/notes.js': text }, [noValidation]);
  expect(findings.map((one) => one.confidence)).toEqual([confidence]);
});

test.each([
  ['a model by its name whose rules check, where their faults are answered', named(422), 'hint'],
  ['a model by its name whose faults are the server’s', named(500), 'likely'],
  [
    'a body of a class of another file',
    nestTypes('export class NewNote {\n  @IsString() text = "";\n}', 'class-validator'),
    'likely',
  ],
  ['a body of a type of another file', nestTypes('export type NewNote = { text: string };', 'class-validator'), 'hint'],
  ['a body of a class where no package decorates', nestTypes('export class NewNote {\n  text = "";\n}'), 'hint'],
])('is as sure of %s as can be told', (_title, { files }, confidence) => {
  expect(examineTexts(files, [noValidation]).findings.map((one) => one.confidence)).toEqual([confidence]);
});

test('is sure of a body of a class of another package, which decorates it', () => {
  const files = {
    'packages/notes/package.json': JSON.stringify({
      name: '@shop/notes',
      main: './src/index.ts',
      dependencies: { 'class-validator': '^0.14.0' },
    }),
    'packages/notes/src/index.ts': `export class NewNote {\n  @IsString() text = "";\n}\n`,
    'apps/api/package.json': manifest('@nestjs/core', '@nestjs/common', '@shop/notes'),
    'apps/api/src/notes.controller.ts': `import { Body, Controller, Post } from '@nestjs/common';\nimport { NewNote } from '@shop/notes';\n@Controller('notes')\nexport class NotesController {\n  @Post()\n  create(@Body() note: NewNote) {\n    return this.notes.create(note);\n  }\n}\n`,
  };
  const { findings } = examineTexts(files, [noValidation], null, 'apps/api');
  expect(findings.map((one) => one.confidence)).toEqual(['likely']);
});

const told = (files: Record<string, string>) =>
  examineTexts(files, [noValidation]).findings.map(({ confidence, message }) => [
    confidence,
    / to (\S+) without/.exec(message)?.[1] ?? null,
  ]);

test.each([
  [
    'a query',
    'const { email } = req.body;\n  res.json(await db.user.create({ data: { email } }));',
    'db.user.create()',
  ],
  ['a query of a function', 'res.json(await keep(req.body.name.trim()));', 'db.user.create()'],
  [
    'a row that is made of it',
    'const user = new User({ name: req.body.name });\n  await user.save();\n  res.json(user);',
    'user.save()',
  ],
  [
    'an object that is kept',
    'const user = {};\n  user.name = req.body.name;\n  res.json(await db.user.create({ data: user }));',
    'db.user.create()',
  ],
  [
    'a row that was found',
    'const user = await core.users.find(req.params.id);\n  user.name = req.body.name;\n  await user.save();\n  res.end();',
    null,
  ],
  ['a hash', 'res.json(await bcrypt.hash(req.body.secret, 10));', 'bcrypt.hash()'],
  ['what is read elsewhere', 'res.json(await core.users.create(req.body.name));', null],
  ['what a template shows', 'res.locals.name = req.body.name;\n  res.render("name");', null],
  ['a number made of it', 'res.json(await db.user.create({ data: { age: Number(req.body.age) } }));', null],
  ['a text about it', 'res.send(`<b>${req.body.name}</b>`);', null],
])('is sure where a field goes into %s', (_title, body, taker) => {
  const text = `import { Router } from 'express';\nimport bcrypt from 'bcrypt';\nimport { PrismaClient } from '@prisma/client';\nimport { core, User } from 'core';\nconst db = new PrismaClient();\nconst keep = (name) => db.user.create({ data: { name } });\nexport const router = Router();\nrouter.post('/', async (req, res) => {\n  ${body}\n});\n`;
  expect(told({ 'package.json': manifest('express', 'bcrypt', '@prisma/client'), 'src/users.js': text })).toEqual([
    [taker === null ? 'hint' : 'likely', taker],
  ]);
});
