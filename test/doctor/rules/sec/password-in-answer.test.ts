import { passwordInAnswer } from '../../../../src/doctor/rules/sec/password-in-answer.ts';
import { manifest, ruleTest } from '../../rule.ts';

const mongoose = (schema: string) => ({
  'package.json': manifest('express', 'mongoose'),
  'models/user.js': `const mongoose = require('mongoose');\nmongoose.set('strictQuery', false);\n\nconst userSchema = new mongoose.Schema({\n  email: { type: String, unique: true },\n  ${schema},\n});\n\nmodule.exports = mongoose.model('User', userSchema);\n`,
});
const open = mongoose('password: String');
const routes = (body: string): string =>
  `const express = require('express');\nconst User = require('../models/user');\n\nconst router = express.Router();\nrouter.get('/:id', async (req, res) => {\n${body}\n});\nmodule.exports = router;\n`;
const prisma = {
  'package.json': manifest('express', '@prisma/client'),
  'prisma/schema.prisma': `model User {\n  id Int @id\n  email String @unique\n  passwordHash String\n}\n\nmodel Link {\n  id Int @id\n  password String?\n}\n`,
};
const app = (body: string, client = 'new PrismaClient()'): string =>
  `import express from 'express';\nimport { PrismaClient } from '@prisma/client';\n\nconst prisma = ${client};\nconst app = express();\napp.get('/users', async (req, res) => {\n${body}\n});\n`;

ruleTest(passwordInAnswer, {
  hits: {
    'left out by the schema, and added by the query, or in the row that was just made': {
      files: {
        ...mongoose('password: { type: String, select: false }'),
        'routes/a.js': routes(
          "  const user = await User.findOne({ email: req.query.email }).select('+password +otp');\n  res.json({ user });",
        ),
        'routes/b.js': routes(
          '  const user = await User.create(req.body);\n  res.status(201).cookie("seen", "1").json({ ok: true, user });',
        ),
      },
      at: ['routes/a.js:7'],
    },
    'what a query calls back with': {
      files: {
        ...open,
        'routes/users.js': routes(
          '  User.find({ email: req.query.q }).exec((error, users) => {\n    if (error) return next(error);\n    res.send(users);\n  });',
        ),
      },
      at: ['routes/users.js:8 error'],
    },
    'all documents of Mongoose': {
      files: { ...open, 'routes/users.js': routes('  const users = await User.find({}).lean();\n  res.json(users);') },
      at: ['routes/users.js:7 error'],
    },
    'one, beside other things': {
      files: {
        ...open,
        'routes/users.js': routes(
          '  const user = await User.findById(req.params.id);\n  res.status(200).json({ message: "ok", data: { user } });',
        ),
      },
      at: ['routes/users.js:7'],
    },
    'a row of Prisma, through a function': {
      files: {
        ...prisma,
        'src/app.ts': app('  res.json(await allUsers());').concat(
          '\nasync function allUsers() {\n  return prisma.user.findMany({ where: { email: { not: "" } } });\n}\n',
        ),
      },
      at: ['src/app.ts:7 error'],
    },
  },
  clean: {
    'left out by the schema, and another field added, or made otherwise': {
      files: {
        ...mongoose('password: { type: String, select: false }'),
        'routes/a.js': routes("  res.json(await User.findById(req.params.id).select('+otp'));"),
        'routes/b.js': routes("  res.json(await User.findById(req.params.id).select('email -password'));"),
      },
    },
    'a page that is drawn of rows': {
      files: {
        ...open,
        'routes/users.js': routes("  const users = await User.find({});\n  res.render('users', { users });"),
      },
    },
    'a password that is written over in each row': {
      files: {
        ...open,
        'routes/users.js': routes(
          "  const users = await User.find({});\n  users.forEach((one) => {\n    one.password = '###';\n  });\n  res.json(users);",
        ),
      },
    },
    'columns are chosen': {
      files: {
        ...open,
        'routes/a.js': routes("  res.json(await User.find({}).select('email'));"),
        'routes/b.js': routes("  res.json(await User.find({}, 'email'));"),
        'routes/c.js': routes('  const count = await User.find({}).countDocuments();\n  res.json({ count });'),
      },
    },
    'left out by the schema': {
      files: {
        ...mongoose('password: { type: String, select: false }'),
        'routes/users.js': routes('  res.json(await User.find({}));'),
      },
    },
    'taken out before it is sent': {
      files: {
        ...open,
        'routes/a.js': routes(
          '  const user = await User.findById(req.params.id).lean();\n  delete user.password;\n  res.json(user);',
        ),
        'routes/b.js': routes('  const user = await User.findById(req.params.id);\n  res.json({ email: user.email });'),
      },
    },
    'Prisma chooses, or its client leaves out': {
      files: {
        ...prisma,
        'src/app.ts': app('  res.json(await prisma.user.findMany({ select: { email: true } }));'),
      },
    },
    'Prisma’s client leaves it out everywhere': {
      files: {
        ...prisma,
        'src/app.ts': app(
          '  res.json(await prisma.user.findMany());',
          'new PrismaClient({ omit: { user: { passwordHash: true } } })',
        ),
      },
    },
    'the password of a link': {
      files: { ...prisma, 'src/app.ts': app('  res.json(await prisma.link.findMany());') },
    },
  },
});
