import { nosqlOperator } from '../../../../src/doctor/rules/sec/nosql-operator.ts';
import { manifest, ruleTest } from '../../rule.ts';

const mongo = (handler: string, more: Record<string, string> = {}, ...others: string[]) => ({
  files: {
    'package.json': manifest('express@^5.1.0', 'mongoose', ...others),
    'src/user.js': `import mongoose from 'mongoose';\nexport const User = mongoose.model('User', new mongoose.Schema({ email: String, password: String }));\n`,
    'src/login.js': `import { User } from './user.js';\nexport async function login(req, res) {\n${handler}\n}\n`,
    ...more,
  },
});

ruleTest(nosqlOperator, {
  hits: {
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
      at: ['src/login.js:4'],
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
    texts: mongo(
      '  const email = String(req.body.email);\n  await User.findOne({ email });\n  await User.findOne({ email: req.body.email.toString() });\n  await User.findOne({ email: { $eq: req.body.email } });\n  await User.findOne({ _id: req.params.id });',
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
