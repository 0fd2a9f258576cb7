import { expect, test } from 'vitest';
import { nosqlOperator } from '../../../../src/doctor/rules/sec/nosql-operator.ts';
import { examineTexts, manifest, ruleTest } from '../../rule.ts';

const mongo = (handler: string, more: Record<string, string> = {}, ...others: string[]) => ({
  files: {
    'package.json': manifest('express@^5.1.0', 'mongoose', ...others),
    'src/user.js': `import mongoose from 'mongoose';\nexport const User = mongoose.model('User', new mongoose.Schema({ email: String, password: String }));\n`,
    'src/login.js': `import { User } from './user.js';\nexport async function login(req, res) {\n${handler}\n}\n`,
    ...more,
  },
});

/** A handler in a list of its own, behind these. */
const listed = (before: string) =>
  mongo('', {
    'src/login.js': `import { body, validationResult } from 'express-validator';\nimport { User } from './user.js';\nexport const find = [\n  ${before},\n  (req, res) => {\n    const faults = validationResult(req);\n    if (!faults.isEmpty()) return res.status(400).end();\n    User.findOne({ email: req.body.email }).then((user) => res.json(user));\n  },\n];\n`,
  });

/** A handler behind validators of a route in another file. */
const routed = (checks: string, handler: string) => ({
  files: {
    ...mongo('').files,
    'package.json': manifest('express@^4.18.0', 'mongoose', 'express-validator'),
    'src/login.js': `import { validationResult } from 'express-validator';\nimport { User } from './user.js';\nconst answer = (req, res) => {\n  if (!validationResult(req).isEmpty()) return res.status(400).end();\n  User.findOne({ email: req.body.email, otp: req.body.otp }).then((user) => res.json(user));\n};\nexport const login = ${handler};\n`,
    'src/routes.js': `import { Router } from 'express';\nimport { body } from 'express-validator';\nimport { login } from './login.js';\nexport const router = Router();\nrouter.post('/login', [${checks}], login);\n`,
  },
});

ruleTest(nosqlOperator, {
  hits: {
    'a route whose path is where its file lies, without a schema of the body': {
      files: {
        'package.json': manifest('fastify', '@fastify/mongodb', '@sinclair/typebox'),
        'src/routes/todos/handler.ts': `export default async (app) => {\n  const todos = app.mongo.db.collection('todos');\n  app.put('', { config: {} }, async (request, reply) => {\n    await todos.updateOne({ version: request.body.version }, { $set: { done: true } });\n    return reply.send({});\n  });\n};\n`,
      },
      at: ['src/routes/todos/handler.ts:4'],
    },
    'validators that only ask whether a code is there': {
      ...routed("body('email').isEmail(), body('otp', 'none').not().isEmpty().withMessage('none')", 'answer'),
      at: ['src/login.js:5'],
    },
    'a value that an update of another field stands beside': {
      ...mongo(
        '  const { id, name } = req.body;\n  await User.updateOne({ _id: id, name }, { $set: { email: req.body.email } });',
      ),
      at: ['src/login.js:4'],
    },
    'another part of the query that is kept to the team, as a hint, and one whose team the client names': {
      files: {
        'package.json': manifest('express@^4.18.0', 'mongoose'),
        'src/board.js': `import mongoose from 'mongoose';\nexport const Board = mongoose.model('Board', new mongoose.Schema({ name: String, team: String }));\nexport const boardOf = (team, id) => Board.findOne({ _id: id, team });\n`,
        'src/own.js': `import { boardOf } from './board.js';\nexport async function own(req, res) {\n  const params = req.query;\n  const id = params.id;\n  res.json(await boardOf(req.user.team, id));\n}\n`,
        'src/free.js': `import { Board } from './board.js';\nexport async function free(req, res) {\n  res.json(await Board.findOne({ _id: req.body.id, team: req.body.team }));\n}\n`,
      },
      at: ['src/free.js:3 warning', 'src/own.js:5 warning'],
    },
    'a middleware that stands before the schema of its route': {
      files: {
        'package.json': manifest('express@^5.1.0', 'mongoose', 'zod'),
        'src/board.js': `import mongoose from 'mongoose';\nexport const Board = mongoose.model('Board', new mongoose.Schema({ name: String }));\n`,
        'src/routes.js': `import { Router } from 'express';\nimport { Board } from './board.js';\nimport { validateRequest } from './checks.js';\nexport const router = Router();\nasync function onlyOwn(req, res, next) {\n  if (!(await Board.findOne({ name: req.body.name }))) return res.status(404).end();\n  next();\n}\nrouter.post('/boards', onlyOwn, validateRequest({ body: schema }), add);\n`,
      },
      at: ['src/routes.js:6 warning'],
    },
    'small objects that are spread into a filter': {
      ...mongo(
        '  const { email, token } = req.body;\n  const one = token ? { token } : {};\n  await User.find({ ...one });\n  await User.find({ ...(email && { email }) });',
      ),
      at: ['src/login.js:5', 'src/login.js:6 warning'],
    },
    'fields of a form, which formidable reads from JSON as well': {
      ...mongo(
        '',
        {
          'src/login.js': `import formidable, { IncomingForm } from 'formidable';\nimport { User } from './user.js';\nexport const login = (req, res) => {\n  const form = new IncomingForm();\n  form.parse(req, async (err, fields, files) => {\n    const { email, password } = fields;\n    res.json(await User.findOne({ email, password }));\n  });\n};\nexport const renew = async (req, res) => {\n  const [fields] = await formidable().parse(req);\n  res.json(await User.findOne({ token: fields.token }));\n};\n`,
        },
        'formidable',
      ),
      at: ['src/login.js:7', 'src/login.js:12'],
    },
    'a number that another value must be': {
      ...mongo(
        '  const { ids, password } = req.body;\n  if (Number(ids[0])) await User.findOne({ password });\n  if (Number(req.body.page) || req.body.all) await User.findOne({ token: req.body.page });',
      ),
      at: ['src/login.js:4', 'src/login.js:5'],
    },
    'validators of another field, and one that lets objects through': {
      ...listed(`body('name').trim(), body('email').notEmpty()`),
      at: ['src/login.js:8 warning'],
    },
    'a login that hands its fields on in an object, and the listener of a socket': {
      ...mongo('', {
        'package.json': manifest('express@^5.1.0', 'mongoose', 'socket.io'),
        'src/login.js': `import { User } from './user.js';\nexport class Login {\n  start(req, res) {\n    const { email, password } = req.body;\n    const given = { email, password };\n    return this.finish(req, res, given);\n  }\n  async finish(req, res, given) {\n    const { email, password } = given;\n    res.json(await User.findOne({ email, password }));\n  }\n}\n`,
        'src/sockets.js': `import { User } from './user.js';\nexport const listen = (io) => io.on('connection', (socket) => {\n  socket.on('login', async ({ email, password }, done) => done(await User.findOne({ email, password })));\n});\n`,
      }),
      at: ['src/login.js:10', 'src/sockets.js:3'],
    },
    'a filter that is filled, the id itself, and the first stage of an aggregation': {
      ...mongo(
        '  const filter = {};\n  if (req.body.status) filter.status = req.body.status;\n  await User.find(filter);\n  await User.findByIdAndDelete(req.body.id);\n  await User.aggregate([{ $match: { email: req.body.email } }]);',
      ),
      at: ['src/login.js:5 warning', 'src/login.js:6', 'src/login.js:7 warning'],
    },
    'one value in two queries, told of once, where it writes': {
      ...mongo(
        '  const { email } = req.body;\n  await User.findOne({ email });\n  await User.updateOne({ email }, { seen: true });',
      ),
      at: ['src/login.js:5'],
    },
    'a field of the body in a filter': {
      ...mongo('  const user = await User.findOne({ email: req.body.email, password: req.body.password });'),
      at: ['src/login.js:3'],
    },
    'the body as the filter': { ...mongo('  res.json(await User.find(req.body));'), at: ['src/login.js:3'] },
    'a service that is given a field': {
      ...mongo('  const { email } = req.body;\n  res.json(await userService.getByEmail(email));', {
        'src/login.js': `import * as userService from './user.service.js';\nexport async function login(req, res) {\n  const { email } = req.body;\n  res.json(await userService.getByEmail(email));\n}\n`,
        'src/user.service.js': `import { User } from './user.js';\nexport const getByEmail = async (email) => User.findOne({ email });\n`,
      }),
      at: ['src/login.js:4 warning'],
    },
    'a collection of the driver, and Next’s body': {
      files: {
        'package.json': manifest('next', 'mongodb'),
        'src/app/api/login/route.ts': `import { MongoClient } from 'mongodb';\nconst client = new MongoClient('');\nexport async function POST(request: Request) {\n  const { token } = await request.json();\n  return Response.json(await client.db('a').collection('users').findOne({ token }));\n}\n`,
      },
      at: ['src/app/api/login/route.ts:5'],
    },
    'a program in $where': {
      ...mongo('  res.json(await User.find({ $where: `this.name == "${req.query.name}"` }));'),
      at: ['src/login.js:3'],
    },
  },
  clean: {
    'the schema of a route whose path is where its file lies': {
      files: {
        'package.json': manifest('fastify', '@fastify/mongodb', '@sinclair/typebox'),
        'src/routes/todos/handler.ts': `import { Type } from '@sinclair/typebox';\nexport default async (app) => {\n  const todos = app.mongo.db.collection('todos');\n  app.put('', { schema: { body: Type.Object({ version: Type.Number() }) } }, async (request, reply) => {\n    await todos.updateOne({ version: request.body.version }, { $set: { done: true } });\n    return reply.send({});\n  });\n};\n`,
      },
    },
    'validators that ask more of a code, or stand beside what may': routed(
      "body('otp').notEmpty().isNumeric()",
      'answer',
    ),
    'validators of one field, and what may check all': routed("body('otp').notEmpty(), checkSchema(schema)", 'answer'),
    'validators before handlers that are exported as a list': routed(
      "body('email').isEmail(), body('otp').isLength({ min: 6 })",
      '[(req, res, next) => User.findOne({ email: req.body.email }).then(() => next()), answer]',
    ),
    'a value that the same call writes to the field': mongo(
      '  const { product, isLiked } = req.body;\n  const update = { product, isLiked };\n  await User.findOneAndUpdate({ product: update.product }, update);\n  await User.updateOne({ email: req.body.email }, { $set: { email: req.body.email } });',
    ),
    'a middleware that stands behind the schema of its route': {
      files: {
        'package.json': manifest('express@^5.1.0', 'mongoose', 'zod'),
        'src/board.js': `import mongoose from 'mongoose';\nexport const Board = mongoose.model('Board', new mongoose.Schema({ name: String }));\n`,
        'src/routes.js': `import { Router } from 'express';\nimport { Board } from './board.js';\nimport { validateRequest } from './checks.js';\nexport const router = Router();\nasync function onlyOwn(req, res, next) {\n  if (!(await Board.findOne({ name: req.body.name }))) return res.status(404).end();\n  next();\n}\nrouter.post('/boards', validateRequest({ body: schema }), onlyOwn, add);\nrouter.put('/boards', validateRequest({ body: schema }), onlyOwn, change);\n`,
      },
    },
    'small objects of texts': mongo(
      '  const { email } = req.body;\n  const one = email ? { email: String(email) } : {};\n  await User.find({ ...one, ...(email && { seen: true }) });',
    ),
    'a parser of something else, and a file of a form': mongo(
      '',
      {
        'src/login.js': `import { IncomingForm } from 'formidable';\nimport { parse } from './words.js';\nimport { User } from './user.js';\nexport const login = (req, res) => {\n  parse(req, async (err, fields) => res.json(await User.findOne({ email: fields.email })));\n  new IncomingForm().parse(req, async (err, fields, files) => res.json(await User.findOne({ picture: files.picture.path })));\n};\n`,
      },
      'formidable',
    ),
    'validators in the list that the handler stands in': listed(`body('email').isEmail()`),
    'what makes a text of it in that list': listed(`body('name').notEmpty(), body('email').trim().notEmpty()`),
    'ids of the path, and a filter of texts that is filled': mongo(
      '  const filter = {};\n  filter.status = String(req.body.status);\n  filter.owner = req.params.owner;\n  await User.find(filter);\n  await User.findByIdAndDelete(req.params.id);',
    ),
    texts: mongo(
      '  const email = String(req.body.email);\n  await User.findOne({ email });\n  await User.findOne({ email: req.body.email.toString() });\n  await User.findOne({ email: { $eq: req.body.email } });\n  await User.findOne({ _id: req.params.id });',
    ),
    'what is reached with a number alone': mongo(
      '  const { ids, id } = req.body;\n  if (ids.length && Number(ids[0])) await User.findById(ids[0]);\n  const one = parseInt(id) ? await User.findById(id) : null;',
    ),
    'a body behind a schema': mongo('', {
      'src/login.js': `import { Router } from 'express';\nimport { User } from './user.js';\nimport { validate } from './validate.js';\nimport { loginSchema } from './schemas.js';\nconst router = Router();\nrouter.post('/login', validate(loginSchema), async (req, res) => {\n  res.json(await User.findOne({ email: req.body.email }));\n});\n`,
    }),
    'a parsed body, and a checked type': mongo(
      `  const { email } = schema.parse(req.body);\n  await User.findOne({ email });\n  if (typeof req.body.name !== 'string') return res.sendStatus(400);\n  await User.findOne({ name: req.body.name });`,
    ),
    'operators that are taken out of every request': mongo('  await User.findOne({ email: req.body.email });', {
      'src/app.js': `import express from 'express';\nimport mongoSanitize from 'express-mongo-sanitize';\nexpress().use(mongoSanitize());\n`,
    }),
    'the find of a list': mongo('  const one = names.find((name) => name === req.body.name);\n  res.json(one);'),
  },
});

test.each([
  ['a value that is always asked for', 'await User.find({ email: req.body.email });', 'likely', 'in the body'],
  [
    'an optional filter of a list',
    'const filter = {};\n  if (req.query.city) filter.city = req.query.city;\n  await User.find(filter);',
    'hint',
    'in the query',
  ],
  [
    'a list of one’s own rows',
    'const { city } = req.query;\n  await User.find({ owner: req.user.id, city });',
    'hint',
    'in the query',
  ],
  [
    'a secret in an optional filter',
    'const filter = {};\n  if (req.body.token) filter.token = req.body.token;\n  await User.findOne(filter);',
    'likely',
    'in the body',
  ],
])('is as sure of %s as can be told', (_title, handler, confidence, words) => {
  const files = { ...mongo(handler).files, 'package.json': manifest('express@^4.18.0', 'mongoose') };
  const { findings } = examineTexts(files, [nosqlOperator]);
  expect(findings.map((one) => [one.confidence, one.message.includes(words)])).toEqual([[confidence, true]]);
});

test('a read by what names no account is a hint, and one that many functions hand on', () => {
  const shown = (handler: string, more = {}) =>
    examineTexts(mongo(handler, more).files, [nosqlOperator]).findings.map(({ confidence }) => confidence);
  expect(shown('  res.json(await User.findOne({ slug: req.body.slug }));')).toEqual(['hint']);
  expect(shown('  res.json(await User.findOne({ email: req.body.email }));')).toEqual(['likely']);
  const found = '  const { slug } = req.body;\n  if (!(await User.findOne({ slug }))) return res.end();';
  expect(shown(`${found}\n  await User.updateOne({ slug }, { $inc: { seen: 1 } });`)).toEqual(['likely']);
  const more = (besides: string) => ({
    'src/last.js': `import { User } from './user.js';\nexport function last(email) {\n  ${besides}\n  return User.findOne({ email });\n}\nexport function next(email) {\n  ${besides}\n  return last(email);\n}\n`,
  });
  const files = (besides: string) => ({
    ...more(besides),
    'src/login.js': `import { next } from './last.js';\nexport async function login(req, res) {\n  res.json(await next(req.body.email));\n}\n`,
  });
  expect(shown('', files('log(email);'))).toEqual(['hint']);
  expect(shown('', files(''))).toEqual(['likely']);
});
