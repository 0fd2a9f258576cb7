import { massAssignment } from '../../../../src/doctor/rules/sec/mass-assignment.ts';
import { manifest, ruleTest } from '../../rule.ts';

const prisma = (handler: string) => ({
  files: {
    'package.json': manifest('express', '@prisma/client'),
    'src/users.ts': `import { PrismaClient } from '@prisma/client';\nconst prisma = new PrismaClient();\nexport async function save(req, res) {\n  ${handler}\n}\n`,
  },
});

ruleTest(massAssignment, {
  hits: {
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
