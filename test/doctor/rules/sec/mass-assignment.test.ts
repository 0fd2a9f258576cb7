import { expect, test } from 'vitest';
import { massAssignment } from '../../../../src/doctor/rules/sec/mass-assignment.ts';
import { examineTexts, manifest, ruleTest } from '../../rule.ts';

const prisma = (handler: string) => ({
  files: {
    'package.json': manifest('express', '@prisma/client'),
    'src/users.ts': `import { PrismaClient } from '@prisma/client';\nconst prisma = new PrismaClient();\nexport async function save(req, res) {\n  ${handler}\n}\n`,
  },
});

/** A model of Mongoose with these fields, and a controller with this handler behind this guard. */
const notes = (fields: string, handler: string, guard = 'signedIn') => ({
  files: {
    'package.json': manifest('express', 'mongoose'),
    'src/note.js': `const mongoose = require('mongoose');\nconst noteSchema = new mongoose.Schema({ ${fields} }, { timestamps: true });\nmodule.exports = mongoose.model('Note', noteSchema);\n`,
    'src/notes.js': `const Note = require('./note');\nconst save = async (req, res) => {\n  ${handler}\n};\nmodule.exports = { save };\n`,
    'src/routes.js': `const router = require('express').Router();\nconst { save } = require('./notes');\nconst { signedIn, allow } = require('./guards');\nrouter.route('/').post([signedIn, ${guard}], save);\nmodule.exports = router;\n`,
  },
});
/** A handler that stores the body after this check, and this schema for it. */
const ofJoi = (check: string, schema: string) => {
  const { files } = notes(
    'text: String, writer: { type: mongoose.Types.ObjectId, ref: "User" }',
    `let body = req.body;\n  ${check}\n  body.total = 1;\n  res.json(await new Note(body).save());`,
  );
  return {
    files: {
      ...files,
      'src/notes.js': `const schema = require('./form');\n${files['src/notes.js']}`,
      'src/form.js': `const Joi = require('joi');\nconst form = ${schema};\nmodule.exports = form;\n`,
    },
  };
};
const refused = 'const { error } = schema.validate(body);\n  if (error) {\n    return res.status(400).end();\n  }';
/** A model of Sequelize with these fields, defined in a file of its own, and this that ties it to others. */
const songs = (fields: string, ties = '') => ({
  files: {
    'package.json': manifest('express', 'sequelize'),
    'src/database.js': `const { Sequelize } = require('sequelize');\nconst sequelize = new Sequelize('sqlite::memory:');\nfor (const define of [require('./song')]) define(sequelize);\nconst { song, user, album } = sequelize.models;\n${ties}\nmodule.exports = sequelize;\n`,
    'src/song.js': `const { DataTypes } = require('sequelize');\nmodule.exports = (sequelize) => {\n  sequelize.define('song', { id: { type: DataTypes.INTEGER, primaryKey: true }, ${fields} });\n};\n`,
    'src/songs.js': `const { models } = require('./database');\nconst save = async (req, res) => {\n  await models.song.create(req.body);\n  res.end();\n};\nmodule.exports = { save };\n`,
  },
});
const ofPrisma = (model: string) => {
  const app = prisma('await prisma.page.create({ data: req.body });');
  const schema = `model Page {\n  id Int @id\n  ${model}\n}\n\nmodel Account {\n  id Int @id\n}\n`;
  return { files: { ...app.files, 'prisma/schema.prisma': schema } };
};

/** A file of server actions with this one, on Drizzle. */
const action = (written: string) => ({
  files: {
    'package.json': manifest('next', 'drizzle-orm', 'zod'),
    'src/lib/actions.ts': `'use server';\nimport { db } from '@/db';\nimport { books } from '@/db/schema';\n${written}\n`,
  },
});

/** A handler that gives its body to a function of the project's own, behind a file that gathers such. */
const stored = (written: string, gathered = `import * as UserStore from './users';\nexport { UserStore };\n`) => ({
  files: {
    'package.json': manifest('express', 'sequelize'),
    'src/stores/users.ts': `import { User } from '../models/user';\nimport { stamp } from '../stamp';\nexport function create(user: any) {\n  ${written}\n}\n`,
    'src/stores/index.ts': gathered,
    'src/handler.ts': `import { UserStore } from './stores/index';\nexport async function save(req, res) {\n  res.json(await UserStore.create(req.body));\n}\n`,
  },
});

ruleTest(massAssignment, {
  hits: {
    'a part of the body that a model with a role takes': {
      ...notes(
        'text: String, role: String',
        'const fields = req.body.note;\n  await Note.findOneAndUpdate({ _id: req.user.id }, fields);',
      ),
      at: ['src/notes.js:4'],
    },
    'a status that others decide on': {
      ...notes(
        'text: String, status: { type: String, enum: ["Waiting", "Approved"] }',
        'await new Note({ ...req.body, writer: 1 }).save();',
      ),
      at: ['src/notes.js:3'],
    },
    'a field that the client chooses': {
      ...notes(
        'text: String',
        'Note.findOne({ _id: req.user.id }, (err, note) => {\n    note[req.body.key] = req.body.value;\n    note.save(() => res.end());\n  });',
      ),
      at: ['src/notes.js:4'],
    },
    'models that the app keeps': {
      files: {
        'package.json': manifest('express', 'sequelize'),
        'src/members.ts': `import type { Request, Response } from 'express';\nexport async function add(req: Request, res: Response) {\n  const { Member } = req.app.get('models');\n  await Member.update(req.body, { where: { id: req.params.id } });\n  res.json(await new Member(req.body).save());\n}\n`,
      },
      at: ['src/members.ts:4', 'src/members.ts:5'],
    },
    'a function of one’s own that writes all that it is given': {
      ...stored('return User.create({ ...user });'),
      at: ['src/handler.ts:3'],
    },
    'a function of one’s own that writes each of a list': {
      ...stored('return Promise.all(user.map((one) => User.create(one)));'),
      at: ['src/handler.ts:3'],
    },
    'a function of one’s own that hands on what it is given, to be written elsewhere': {
      ...stored('return stamp(user, { id: user.id });'),
      at: ['src/handler.ts:3'],
    },
    'a state that is no matter of who reads, and a class that keeps all that it is given': {
      files: {
        ...notes(
          'text: String, status: { type: String, enum: ["new", "paid"] }, writer: { type: mongoose.Types.ObjectId, ref: "User" }',
          'res.json(await Note.create(req.body));',
        ).files,
        'src/entry.js': `class Entry {\n  constructor(given) {\n    Object.assign(this, given);\n  }\n}\nmodule.exports = Entry;\n`,
        'src/entries.js': `const Entry = require('./entry');\nexports.keep = (req, res) => {\n  res.json(entries.keep(new Entry(req.body)));\n};\n`,
      },
      at: ['src/entries.js:3', 'src/notes.js:3'],
    },
    'what a client gives to a server action, whatever its type says': {
      ...action(
        'export async function addBook(input: NewBook) {\n  await db.insert(books).values({ ...input, cover: null });\n}',
      ),
      at: ['src/lib/actions.ts:5'],
    },
    'what a client gives to a server action that is exported later': {
      ...action(
        'async function change(id: string, book: Book) {\n  await db.update(books).set(book).where(eq(books.id, id));\n}\nexport { change };',
      ),
      at: ['src/lib/actions.ts:5'],
    },
    'a schema that lets other fields through': {
      ...ofJoi(refused, 'Joi.object({ text: Joi.string() }).unknown()'),
      at: ['src/notes.js:10'],
    },
    'a schema that nobody heeds': {
      ...ofJoi(
        'const { error } = schema.validate(body);\n  if (error) console.warn(error);',
        'Joi.object({ text: Joi.string() })',
      ),
      at: ['src/notes.js:8'],
    },
    'an owner that the server does not set, or sets only sometimes': {
      ...notes(
        'text: String, writer: { type: mongoose.Types.ObjectId, ref: "User" }',
        'if (req.query.mine) req.body.writer = req.user.id;\n  await Note.create(req.body);',
      ),
      at: ['src/notes.js:4'],
    },
    'a role behind an owner that is set, behind a guard that lets others in, too': {
      ...notes(
        'text: String, owner: String, role: String',
        'await Note.create({ ...req.body, owner: req.user.id });',
        'allow("seller", "admin")',
      ),
      at: ['src/notes.js:3'],
    },
    'a password that is written over': {
      ...notes('name: String, password: String', 'await Note.findByIdAndUpdate(req.params.id, req.body);'),
      at: ['src/notes.js:3'],
    },
    'a model of Sequelize in another file that has a role': {
      ...songs('name: { type: DataTypes.STRING }, role: DataTypes.STRING'),
      at: ['src/songs.js:3'],
    },
    'a model that belongs to a user': {
      ...songs('name: { type: DataTypes.STRING }', 'song.belongsTo(user);'),
      at: ['src/songs.js:3'],
    },
    'what only administrators come to, for a hint': {
      ...notes('text: String, owner: String', 'await Note.create(req.body);', 'allow("admin")'),
      at: ['src/notes.js:3'],
    },
    'a state that a form may have, for a hint': {
      ...notes('text: String, status: String', 'await Note.create(req.body);'),
      at: ['src/notes.js:3'],
    },
    'a relation of Prisma’s model': { ...ofPrisma('account Account @relation()'), at: ['src/users.ts:4'] },
    'what MikroORM assigns': {
      files: {
        'package.json': manifest('@nestjs/core', '@nestjs/common', '@mikro-orm/core'),
        'src/users.controller.ts': `import { Body, Controller, Put } from '@nestjs/common';\nimport { EntityManager, wrap } from '@mikro-orm/core';\n@Controller('users')\nexport class UsersController {\n  constructor(private readonly em: EntityManager) {}\n  @Put()\n  async update(@Body() body: any) {\n    const user = await this.em.findOne(User, 1);\n    wrap(user).assign({ ...body });\n    this.em.assign(user, body);\n  }\n}\n`,
      },
      at: ['src/users.controller.ts:9', 'src/users.controller.ts:10'],
    },
    'a pipe of Nest’s that lets other fields through, told of once': {
      files: {
        'package.json': manifest('@nestjs/core', '@nestjs/common', 'class-validator', 'typeorm'),
        'src/main.hmr.ts': `import { ValidationPipe } from '@nestjs/common';\napp.useGlobalPipes(new ValidationPipe());\n`,
        'src/main.ts': `import { NestFactory } from '@nestjs/core';\nimport { ValidationPipe } from '@nestjs/common';\nconst app = await NestFactory.create(AppModule);\napp.useGlobalPipes(new ValidationPipe({ transform: true }));\n`,
        'src/users.controller.ts': `import { Body, Controller, Post } from '@nestjs/common';\nimport { Repository } from 'typeorm';\nimport { CreateUser } from './create-user';\n@Controller('users')\nexport class UsersController {\n  constructor(private readonly users: Repository<User>) {}\n  @Post()\n  create(@Body() user: CreateUser) {\n    return this.users.save(user);\n  }\n  @Post('more')\n  more(@Body() user: CreateUser) {\n    return this.users.save({ ...user, active: true });\n  }\n}\n`,
      },
      at: ['src/main.ts:4 warning'],
    },
    'classes that no pipe looks at': {
      files: {
        'package.json': manifest('@nestjs/core', '@nestjs/common', 'class-validator', 'typeorm'),
        'src/main.ts': `import { NestFactory } from '@nestjs/core';\nconst app = await NestFactory.create(AppModule);\napp.enableCors();\n`,
        'src/users.controller.ts': `import { Body, Controller, Post } from '@nestjs/common';\nimport { Repository } from 'typeorm';\nimport { CreateUser } from './create-user';\n@Controller('users')\nexport class UsersController {\n  constructor(private readonly users: Repository<User>) {}\n  @Post()\n  create(@Body() user: CreateUser) {\n    return this.users.save(user);\n  }\n  @Post('more')\n  more(@Body() user: CreateUser) {\n    return this.users.save({ ...user, active: true });\n  }\n}\n`,
      },
      at: ['src/users.controller.ts:9', 'src/users.controller.ts:13'],
    },
    'each field of the body, one by one': {
      ...prisma(
        'const user = await prisma.user.find(req.params.id);\n  for (const key of Object.keys(req.body)) user[key] = req.body[key];\n  Object.keys(req.body).forEach((key) => { user[key] = req.body[key]; });\n  await user.save();',
      ),
      at: ['src/users.ts:5', 'src/users.ts:6'],
    },
    'a body that is parsed by hand': {
      ...prisma('await prisma.user.create({ data: JSON.parse(req.body) });'),
      at: ['src/users.ts:4'],
    },
    'Prisma’s data': {
      ...prisma('res.json(await prisma.user.update({ where: { id: req.params.id }, data: req.body }));'),
      at: ['src/users.ts:4'],
    },
    'a spread, behind what the server sets': {
      ...prisma('const { body } = req; await prisma.user.create({ data: { role: "user", ...body } });'),
      at: ['src/users.ts:4'],
    },
    'a model of Mongoose': {
      files: {
        'package.json': manifest('express', 'mongoose'),
        'src/users.js': `const User = require('./user');\nexports.create = async (req, res) => {\n  const user = new User(req.body);\n  await user.save();\n};\nexports.update = async (req, res) => {\n  await User.findByIdAndUpdate(req.params.id, { $set: req.body });\n};\n`,
        'src/user.js': `const mongoose = require('mongoose');\nmodule.exports = mongoose.model('User', new mongoose.Schema({}));\n`,
      },
      at: ['src/users.js:3', 'src/users.js:7'],
    },
    'a service that is given the body': {
      files: {
        'package.json': manifest('express', 'sequelize'),
        'src/user.service.ts': `import { User } from './models';\nexport class UserService {\n  create(data: object) {\n    return User.create(data);\n  }\n}\n`,
        'src/user.controller.ts': `import { UserService } from './user.service';\nconst userService = new UserService();\nexport const create = async (req, res) => res.json(await userService.create(req.body));\n`,
      },
      at: ['src/user.service.ts:4'],
    },
    'Drizzle on Hono': {
      files: {
        'package.json': manifest('hono', 'drizzle-orm'),
        'src/app.ts': `import { Hono } from 'hono';\nimport { db } from './db';\nconst app = new Hono();\napp.post('/users', async (c) => {\n  const body = await c.req.json();\n  return c.json(await db.insert(users).values(body));\n});\n`,
      },
      at: ['src/app.ts:6'],
    },
    'an entity that takes every field': {
      files: {
        'package.json': manifest('express', 'typeorm'),
        'src/app.ts': `export async function update(req, res) {\n  const user = await repository.findOneBy({ id: req.params.id });\n  Object.assign(user, req.body);\n  await repository.save(user);\n}\n`,
      },
      at: ['src/app.ts:3'],
    },
  },
  clean: {
    'a part of the body that may be one value': notes(
      'text: String, tags: [String]',
      'await Note.updateOne({ _id: req.user.id }, req.body.note);\n  await other.findOneAndUpdate({ _id: 1 }, req.body.other);',
    ),
    'an address, whose owner the server sets': notes(
      'city: String, state: String, created: Date, user: { type: mongoose.Types.ObjectId, ref: "User" }',
      'const note = new Note(req.body);\n  note.user = req.user;\n  await note.save();\n  await new Note({ ...req.body, user: req.user.id }).save();',
    ),
    'a field that is looked up, and a list': notes(
      'text: String',
      'const note = await Note.findOne({ _id: req.user.id });\n  if (!allowed.includes(req.body.key)) return res.end();\n  note[req.body.key] = req.body.value;\n  seen[req.body.key] = req.body.value;\n  await note.save();',
    ),
    'a function of a file that is exported as a whole, which names the fields': stored(
      'return User.create({ name: user.name });',
      `export * as UserStore from './users';\n`,
    ),
    'a function of one’s own that names the fields which it writes': stored(
      'const { name } = user;\n  return User.create({ name, email: user.email });',
    ),
    'what may be read by whom, and a time, beside an owner that is set before': notes(
      'text: String, status: { type: String, enum: ["public", "private"] }, writer: { type: mongoose.Types.ObjectId, ref: "User" }, createdAt: { type: Date, default: Date.now }',
      'req.body.writer = req.user.id;\n  res.json(await Note.create(req.body));',
    ),
    'a class of the project that is no model': {
      files: {
        'package.json': manifest('express', 'sequelize'),
        'src/round.js': `class Round {\n  constructor(given) {\n    this.name = given.name;\n  }\n}\nmodule.exports = Round;\n`,
        'src/rounds.js': `const Round = require('./round');\nexports.start = (req, res) => {\n  res.json(rounds.start(new Round(req.body)));\n};\n`,
      },
    },
    'what a schema has left of it in a server action': action(
      'export async function addBook(input: NewBook) {\n  const book = newBook.parse(input);\n  await db.insert(books).values({ ...book });\n}\nexport async function put(input: NewBook) {\n  input = newBook.parse(input);\n  await db.insert(books).values(input);\n}',
    ),
    'a function of such a file that no client can call': action(
      'async function keep(input: NewBook) {\n  await db.insert(books).values(input);\n}',
    ),
    'fields by name in a server action': action(
      'export async function addBook({ title }: NewBook, shelf: string) {\n  await db.insert(books).values({ title, shelf });\n}',
    ),
    'a schema that refuses other fields has let the body through': ofJoi(refused, 'Joi.object({ text: Joi.string() })'),
    'the same by a check that throws': ofJoi(
      'await schema.validateAsync(req.body);',
      'Joi.object().keys({ text: Joi.string() })',
    ),
    'a model of Sequelize in another file, with the fields of a form': songs(
      'name: { type: DataTypes.STRING, allowNull: false }',
      'album.hasMany(song); song.belongsTo(album);',
    ),
    'a model that has nothing but what a form has': notes(
      'name: { type: String, required: true }, password: { type: String, minlength: 6 }',
      'await Note.create({ ...req.body });',
    ),
    'a schema that is made without new': {
      files: {
        'package.json': manifest('express', 'mongoose'),
        'src/notes.js': `const mongoose = require('mongoose');\nconst Note = mongoose.model('Note', mongoose.Schema({ text: String }));\nexports.save = async (req, res) => res.json(await Note.create(req.body));\n`,
      },
    },
    'an owner that the server sets in the body': notes(
      'text: { type: String }, owner: { type: mongoose.Types.ObjectId, ref: "User" }',
      'req.body.owner = req.user.id;\n  await Note.create(req.body);',
    ),
    'an owner that the server sets behind the body': notes(
      'text: [String], owner: String',
      'await Note.create({ ...req.body, owner: req.user.id });',
    ),
    'a model of Prisma with a form’s fields': ofPrisma('title String'),
    'a pipe of Nest’s that leaves other fields out': {
      files: {
        'package.json': manifest('@nestjs/core', '@nestjs/common', 'class-validator', 'typeorm'),
        'src/main.ts': `import { NestFactory } from '@nestjs/core';\nimport { ValidationPipe } from '@nestjs/common';\nconst app = await NestFactory.create(AppModule);\napp.useGlobalPipes(new ValidationPipe({ whitelist: true }));\n`,
        'src/users.controller.ts': `import { Body, Controller, Post } from '@nestjs/common';\nimport { Repository } from 'typeorm';\nimport { CreateUser } from './create-user';\n@Controller('users')\nexport class UsersController {\n  constructor(private readonly users: Repository<User>) {}\n  @Post()\n  create(@Body() user: CreateUser) {\n    return this.users.save(user);\n  }\n  @Post('more')\n  more(@Body() user: CreateUser) {\n    return this.users.save({ ...user, active: true });\n  }\n}\n`,
      },
    },
    'each field of a list, and an address': prisma(
      'const user = await prisma.user.find(req.params.id);\n  const names = Object.keys(req.body);\n  const isFine = names.every((name) => writable.includes(name));\n  if (!isFine) return;\n  names.forEach((name) => { user[name] = req.body[name]; });\n  await user.save();\n  const target = new URL(req.body.url);',
    ),
    'fields by name': prisma(
      'const { name, email } = req.body; await prisma.user.create({ data: { name, email, role: "user" } });',
    ),
    'a parsed body': prisma('const data = createUser.parse(req.body); await prisma.user.create({ data });'),
    'a rest that somebody thought of': prisma(
      'const { role, ...fields } = req.body; await prisma.user.create({ data: fields });',
    ),
    'a body behind a validator': {
      files: {
        'package.json': manifest('express', 'mongoose'),
        'src/routes.js': `const router = require('express').Router();\nconst validate = require('./validate');\nconst users = require('./users');\nrouter.post('/', validate(users.schema), users.create);\n`,
        'src/users.js': `const User = require('./user');\nexports.create = async (req, res) => res.json(await User.create(req.body));\n`,
      },
    },
    'a DTO that Nest checks': {
      files: {
        'package.json': manifest('@nestjs/core', '@nestjs/common', 'typeorm', 'class-validator'),
        'src/users.controller.ts': `import { Body, Controller, Post } from '@nestjs/common';\nimport { CreateUser } from './create-user';\n@Controller('users')\nexport class UsersController {\n  constructor(private readonly usersRepository: Repository<User>) {}\n  @Post()\n  create(@Body() dto: CreateUser) {\n    return this.usersRepository.save(dto);\n  }\n}\n`,
      },
    },
    'what is no row': prisma(
      'const options = Object.assign({}, req.body); cache.set(req.body); const error = new ApiError(req.body);',
    ),
  },
});

test.each([
  ['an owner, for whom a guard lets through', 'owner: String', 'allow("seller")', 'likely'],
  ['an owner, for administrators alone', 'owner: String', 'allow("admin")', 'hint'],
  ['a state that a form may have', 'status: String', 'signedIn', 'hint'],
])('is as sure of %s as can be told', (_title, field, guard, confidence) => {
  const { files } = notes(`text: String, ${field}`, 'await Note.create(req.body);', guard);
  expect(examineTexts(files, [massAssignment]).findings.map((one) => one.confidence)).toEqual([confidence]);
});

test('is a hint behind a guard for administrators that the router uses above, and none below or of another path', () => {
  const of = (use: string, below = '') => {
    const { files } = notes('text: String, owner: String', 'await Note.create(req.body);');
    const routes = files['src/routes.js'].replace('router.route', `${use}\nrouter.route`);
    const all = { ...files, 'src/routes.js': routes.replace('module.exports', `${below}\nmodule.exports`) };
    return examineTexts(all, [massAssignment]).findings.map(({ confidence }) => confidence);
  };
  expect(of("router.use(signedIn, allow('admin'));")).toEqual(['hint']);
  expect(of("router.use('/all', allow('admin'));")).toEqual(['likely']);
  expect(of('', "router.use(allow('admin'));")).toEqual(['likely']);
});

test('is a hint where two functions may have looked at the body', () => {
  const of = (besides: string) => {
    const { files } = notes('text: String, owner: String', 'res.json(await next(req.body));');
    const more = `const last = (given) => {\n  ${besides}\n  return Note.create(given);\n};\nconst next = (given) => {\n  ${besides}\n  return last(given);\n};\n`;
    const all = { ...files, 'src/notes.js': files['src/notes.js'].replace('const save', `${more}const save`) };
    return examineTexts(all, [massAssignment]).findings.map(({ confidence }) => confidence);
  };
  expect(of('log(given);')).toEqual(['hint']);
  expect(of('')).toEqual(['likely']);
});

test('is a hint where the fields of the model are not known, unless it is of an account', () => {
  const of = (model: string) =>
    examineTexts(
      {
        'package.json': manifest('express', 'sequelize'),
        'src/rows.js': `import { ${model} } from './database.js';\nexport async function add(req, res) {\n  res.json(await ${model}.create(req.body));\n}\n`,
      },
      [massAssignment],
    ).findings.map(({ confidence }) => confidence);
  expect(of('Genre')).toEqual(['hint']);
  expect(of('User')).toEqual(['likely']);
});
