import { expect, test } from 'vitest';
import { checkThenInsert } from '../../../../src/doctor/rules/db/check-then-insert.ts';
import { examineTexts, manifest, ruleTest, type Texts } from '../../rule.ts';

const prisma = { 'package.json': manifest('express', '@prisma/client') };
const register = (rest: string): string =>
  `import { prisma } from './db.js';\nexport async function register(req, res) {\n  const { email } = req.body;\n  const existing = await prisma.user.findUnique({ where: { email } });\n${rest}}\n`;

ruleTest(checkThenInsert, {
  hits: {
    'the id of what was found, a predicate around it, and methods of the class itself': {
      files: {
        'package.json': manifest('knex', '@prisma/client'),
        'src/a.js': `export async function put(knex, params) {\n  const existing = await knex('clients').where('address', params.address).first();\n  let id = existing?.id;\n  if (id) {\n    await knex('clients').where('id', id).update(params);\n  } else {\n    await knex('clients').insert(params);\n  }\n}\n`,
        'src/b.ts': `export async function join(prisma, email) {\n  const guest = await prisma.guest.findFirst({ where: { email } });\n  if (helper.isValid(guest)) throw new Error('taken');\n  await prisma.guest.create({ data: { email } });\n}\n`,
        'src/c.ts': `export class Subscriptions {\n  constructor(private readonly prisma: PrismaService) {}\n  findOne(form: string, app: string) {\n    return this.prisma.subscription.findFirst({ where: { form, app } });\n  }\n  create(data) {\n    return this.prisma.subscription.create({ data });\n  }\n  async put(form: string, app: string, data) {\n    const found = await this.findOne(form, app);\n    if (found) return found.id;\n    return this.create({ form, app, ...data });\n  }\n}\n`,
      },
      at: ['src/a.js:7', 'src/b.ts:4', 'src/c.ts:12'],
    },
    'a look in another file, and an insert in a transaction': {
      files: {
        'package.json': manifest('drizzle-orm', 'pg'),
        'src/schema.ts': `import { pgTable, text, uuid } from 'drizzle-orm/pg-core';\nexport const user = pgTable('user', { id: uuid().primaryKey(), email: text() });\n`,
        'src/look.ts': `import { eq } from 'drizzle-orm';\nimport { db } from './db.js';\nimport { user } from './schema.js';\nexport const getUserByEmail = async (email) => db.select().from(user).where(eq(user.email, email)).then(first);\n`,
        'src/a.ts': `import { db } from './db.js';\nimport { getUserByEmail } from './look.js';\nimport { user as user_ } from './schema.js';\nexport const join = async (email) => {\n  const existing = await getUserByEmail(email);\n  if (existing) throw new Error('taken');\n  return db.transaction(async (tx) => {\n    await tx.insert(user_).values({ email });\n  });\n};\n`,
      },
      at: ['src/a.ts:8'],
    },
    'entities that ask by themselves, and MikroORM’s persist': {
      files: {
        'package.json': manifest('typeorm', '@mikro-orm/core'),
        'src/member.ts': `import { BaseEntity, Entity } from 'typeorm';\nabstract class Base extends BaseEntity {}\n@Entity()\nexport class Member extends Base {}\n`,
        'src/a.ts': `import { Member } from './member.js';\nexport async function join(email) {\n  const found = await Member.findOne({ where: { email } });\n  if (found) throw new Error('taken');\n  await Member.create({ email }).save();\n}\n`,
        'src/b.ts': `export async function join(guests, em, email) {\n  const found = await this.guestRepository.findOne({ email });\n  if (found) throw new Error('taken');\n  const guest = this.guestRepository.create({ email });\n  await em.persistAndFlush(guest);\n}\n`,
      },
      at: ['src/a.ts:5', 'src/b.ts:5'],
    },
    'models in one object, and a model of Prisma in a field': {
      files: {
        'package.json': manifest('sequelize', '@prisma/client'),
        'src/c.ts': `import { DB } from './db.js';\nexport async function join(email) {\n  const found = await DB.Clients.findOne({ where: { email } });\n  if (found) throw new Error('taken');\n  await DB.Clients.create({ email });\n}\n`,
        'src/d.ts': `import { PrismaClient } from '@prisma/client';\nexport class Orders {\n  orders = new PrismaClient().order;\n  async add(number) {\n    const found = await this.orders.findFirst({ where: { number } });\n    if (found) throw new Error('taken');\n    await this.orders.create({ data: { number } });\n  }\n}\n`,
      },
      at: ['src/c.ts:5', 'src/d.ts:7'],
    },
    'many tables, told once at what costs most': {
      files: {
        ...prisma,
        'prisma/schema.prisma': ['Tag', 'Link', 'Member', 'List', 'Card']
          .map((name) => `model ${name} {\n  id Int @id\n  name String\n}\n`)
          .join(''),
        'src/make.ts': ['tag', 'link', 'member', 'list']
          .map(
            (name) =>
              `export async function ${name}(prisma, name) {\n  const found = await prisma.${name}.findFirst({ where: { name } });\n  if (!found) await prisma.${name}.create({ data: { name } });\n}\n`,
          )
          .concat(
            `export async function card(prisma, name) {\n  const found = await prisma.card.findFirst({ where: { name } });\n  if (!found) await prisma.card.create({ data: { name } });\n}\n`,
          )
          .join(''),
      },
      at: ['src/make.ts:3', 'src/make.ts:11'],
    },
    'a document that is saved, and callbacks': {
      files: {
        'package.json': manifest('mongoose', 'sequelize'),
        'src/a.js': `exports.a = async (req, res) => {\n  let user = await User.findOne({ email: req.body.email });\n  if (!user) {\n    user = new User({ email: req.body.email });\n  }\n  await user.save();\n  res.json(user);\n};\n`,
        'src/b.js': `exports.b = (email, done) => db.Member.findOne({ where: { email } }).then(function (member) {\n  if (member) {\n    return done(null, false);\n  } else {\n    db.Member.create({ email }).then((made) => done(null, made));\n  }\n});\n`,
        'src/c.js': `exports.c = (email, done) => Guest.findOne({ email }, (error, guest) => {\n  if (guest) return done(null, guest);\n  hash(email, (key) => Guest.create({ email, key }, done));\n});\n`,
      },
      at: ['src/a.js:4', 'src/b.js:5', 'src/c.js:3'],
    },
    'two places that make the same, told once': {
      files: {
        ...prisma,
        'src/auth.ts': `export async function a(prisma, email) {\n  const user = await prisma.user.findFirst({ where: { email } });\n  if (!user) await prisma.user.create({ data: { email } });\n}\nexport async function b(prisma, email) {\n  const user = await prisma.user.findFirst({ where: { email } });\n  if (!user) await prisma.user.create({ data: { email } });\n}\n`,
      },
      at: ['src/auth.ts:3'],
    },
    Supabase: {
      files: {
        'package.json': manifest('@supabase/supabase-js'),
        'src/a.ts': `export async function join(supabase, email) {\n  const { data: existing } = await supabase.from('members').select('id').eq('email', email).maybeSingle();\n  if (existing) throw new Error('taken');\n  await supabase.from('members').insert({ email });\n}\n`,
      },
      at: ['src/a.ts:4'],
    },
    'an account that may be there': {
      files: {
        ...prisma,
        'src/auth.ts': register(
          `  if (existing) return res.status(409).end();\n  const user = await prisma.user.create({ data: { email } });\n  res.json(user);\n`,
        ),
      },
      at: ['src/auth.ts:6 info'],
    },
    'made where it is not there, with Mongoose': {
      files: {
        'package.json': manifest('express', 'mongoose'),
        'controllers/auth.js': `const User = require('../models/user');\nexports.register = async (req, res) => {\n  let user = await User.findOne({ email: req.body.email });\n  if (!user) {\n    user = await User.create(req.body);\n  }\n  res.json(user);\n};\n`,
      },
      at: ['controllers/auth.js:5'],
    },
    'SQL of pg, in one transaction': {
      files: {
        'package.json': manifest('pg'),
        'src/a.ts': `export async function add(pool, email) {\n  const { rows } = await pool.query('SELECT id FROM users WHERE email = $1', [email]);\n  if (rows.length > 0) throw new Error('taken');\n  await pool.query('INSERT INTO users (email) VALUES ($1)', [email]);\n}\n`,
      },
      at: ['src/a.ts:4'],
    },
    'TypeORM in Nest': {
      files: {
        'package.json': manifest('typeorm', '@nestjs/core'),
        'src/users.service.ts': `export class UsersService {\n  async create(dto) {\n    const found = await this.usersRepository.findOne({ where: { email: dto.email } });\n    if (found) {\n      throw new ConflictException();\n    }\n    return this.usersRepository.save(dto);\n  }\n}\n`,
      },
      at: ['src/users.service.ts:7'],
    },
    'a static method that looks, and a service that makes': {
      files: {
        'package.json': manifest('express', 'mongoose'),
        'src/models/user.js': `const mongoose = require('mongoose');\nconst schema = new mongoose.Schema({});\nschema.statics.isEmailTaken = async function (email) { return !!(await this.findOne({ email })); };\nmodule.exports = mongoose.model('User', schema);\n`,
        'src/users.js': `const User = require('./models/user');\nconst findByEmail = (email) => User.findOne({ email });\nexports.create = async (body) => {\n  if (await findByEmail(body.email)) {\n    throw new Error('taken');\n  }\n  return User.create(body);\n};\n`,
      },
      at: ['src/users.js:7'],
    },
    'Drizzle’s relational query, in Hono': {
      files: {
        'package.json': manifest('hono', 'drizzle-orm'),
        'src/a.ts': `app.post('/x', async (c) => {\n  const existing = await db.query.users.findFirst({ where: eq(users.email, c.req.query('e')) });\n  if (existing) return c.json({}, 409);\n  await db.insert(users).values({ email: 'x' });\n  return c.json({});\n});\n`,
      },
      at: ['src/a.ts:4'],
    },
    'Drizzle, the first of a list': {
      files: {
        'package.json': manifest('drizzle-orm'),
        'src/a.ts': `export async function add(db, email) {\n  const [existing] = await db.select().from(users).where(eq(users.email, email)).limit(1);\n  if (existing) throw new Error('taken');\n  await db.insert(users).values({ email });\n}\n`,
      },
      at: ['src/a.ts:4'],
    },
  },
  clean: {
    'a predicate about something else, and what is asked for by its id': {
      files: {
        ...prisma,
        'src/b.ts': `export async function join(prisma, email, guests) {\n  const guest = await prisma.guest.findFirst({ where: { email } });\n  if (isEmpty(guests)) throw new Error('nobody');\n  await prisma.guest.create({ data: { email, by: guest.id } });\n}\n`,
        'src/c.ts': `export class Subscriptions {\n  constructor(private readonly prisma: PrismaService) {}\n  findOne(id: string) {\n    return this.prisma.subscription.findFirst({ where: { id } });\n  }\n  async put(id: string, data) {\n    const found = await this.findOne(id);\n    if (found) return found.id;\n    return this.prisma.subscription.create({ data });\n  }\n}\n`,
      },
    },
    'entities that are changed, and looked for by their id': {
      files: {
        'package.json': manifest('typeorm'),
        'src/member.ts': `import { BaseEntity, Entity } from 'typeorm';\n@Entity()\nexport class Member extends BaseEntity {}\n`,
        'src/a.ts': `import { Member } from './member.js';\nexport async function rename(email, name) {\n  const found = await Member.findOne({ where: { email } });\n  if (!found) throw new Error('unknown');\n  found.name = name;\n  await found.save();\n}\n`,
      },
    },
    'the first account, made when the module is loaded': {
      files: {
        'package.json': manifest('mongoose'),
        'src/db.js': `User.find({ name: 'admin' }).exec(function (error, users) {\n  if (users.length === 0) {\n    new User({ name: 'admin' }).save();\n  }\n});\n`,
      },
    },
    'the unique index’s refusal is caught': {
      files: {
        ...prisma,
        'src/auth.ts': register(
          `  if (existing) return res.sendStatus(409);\n  try {\n    await prisma.user.create({ data: { email } });\n  } catch {\n    res.sendStatus(409);\n  }\n`,
        ),
      },
    },
    'the isolation is said beside the callback': {
      files: {
        ...prisma,
        'src/a.ts': `export async function choose(prisma, name, viewId) {\n  await prisma.$transaction(async (tx) => {\n    const found = await tx.choice.findFirst({ where: { name } });\n    if (found) await tx.choice.update({ where: { id: found.id }, data: { viewId } });\n    else await tx.choice.create({ data: { name, viewId } });\n  }, { isolationLevel: 'Serializable' });\n}\n`,
      },
    },
    'a row that is locked, and a hook of a row just made': {
      files: {
        'package.json': manifest('sequelize'),
        'src/a.ts': `export async function join(teamId, userId, transaction) {\n  const found = await Membership.findOne({ where: { teamId, userId }, lock: transaction.LOCK.UPDATE, transaction });\n  if (!found) await Membership.create({ teamId, userId }, { transaction });\n}\nexport class Team {\n  static async onAfterCreate(team) {\n    const found = await Membership.findOne({ where: { teamId: team.id } });\n    if (!found) await Membership.create({ teamId: team.id });\n  }\n}\n`,
      },
    },
    'another question about the row': {
      files: {
        ...prisma,
        'src/a.ts': `export async function renew(prisma, hash) {\n  const token = await prisma.token.findFirst({ where: { hash } });\n  if (!token) throw new Error('unknown');\n  if (token.revoked) throw new Error('revoked');\n  return prisma.token.create({ data: { userId: token.userId } });\n}\n`,
      },
    },
    'the refusal is handled somewhere': {
      files: {
        ...prisma,
        'src/auth.ts': register(
          `  if (existing) return res.status(409).end();\n  res.json(await prisma.user.create({ data: { email } }));\n`,
        ),
        'src/errors.ts': `export const handle = (error, _req, res, _next) => res.status(error.code === 'P2002' ? 409 : 500).end();\n`,
      },
    },
    'an upsert': {
      files: {
        ...prisma,
        'src/auth.ts': register(
          `  if (existing) return res.status(409).end();\n  await prisma.user.upsert({ where: { email }, create: { email }, update: {} });\n`,
        ),
      },
    },
    'Drizzle, by the row’s own id': {
      files: {
        'package.json': manifest('drizzle-orm'),
        'src/a.ts': `export async function copy(db, id) {\n  const [page] = await db.select().from(pages).where(eq(pages.id, id));\n  if (!page) { await db.insert(pages).values({ id }); }\n}\n`,
      },
    },
    'another table': {
      files: {
        ...prisma,
        'src/auth.ts': register(
          `  if (!existing) throw new Error('unknown');\n  await prisma.session.create({ data: { userId: existing.id } });\n`,
        ),
      },
    },
    'what must be there': {
      files: {
        'package.json': manifest('typeorm'),
        'src/a.ts': `export class A {\n  async change(dto) {\n    const user = await this.usersRepository.findOne({ where: { email: dto.email } });\n    if (!user) throw new NotFoundException();\n    return this.usersRepository.save({ ...user, ...dto });\n  }\n}\n`,
      },
    },
    'a parent of one owner that is looked up by its id': {
      files: {
        ...prisma,
        'src/a.ts': `export async function run(prisma, parentId, shop) {\n  const parent = await prisma.run.findFirst({ where: { id: parentId, shop } });\n  if (!parent) return prisma.run.create({ data: { shop } });\n  return parent;\n}\n`,
      },
    },
    'a parent that is looked up by its id': {
      files: {
        ...prisma,
        'src/a.ts': `export async function copy(prisma, id) {\n  const page = await prisma.page.findUnique({ where: { id } });\n  if (page) { await prisma.page.create({ data: { title: page.title } }); }\n}\n`,
      },
    },
  },
});

const look = (ask: string): string =>
  `export async function join(db, email) {\n  const found = await ${ask};\n  if (found) throw new Error('taken');\n`;
const guest = 'db.guest.findFirst({ where: { email } })';
const schema = (key: string): string => `model Guest {\n  id Int @id\n  email String\n  team String\n  ${key}\n}\n`;

test.each<[string, Texts, string]>([
  [
    'Prisma’s @@unique',
    {
      'prisma/schema.prisma': schema('@@unique([email])'),
      'src/a.ts': `${look(guest)}  await db.guest.create({ data: { email } });\n}\n`,
    },
    'info hint',
  ],
  [
    'Prisma’s @@unique of more than is looked by',
    {
      'prisma/schema.prisma': schema('@@unique([team, email])'),
      'src/a.ts': `${look(guest)}  await db.guest.create({ data: { email } });\n}\n`,
    },
    'warning likely',
  ],
  [
    'a unique key, and a write before the insert',
    {
      'prisma/schema.prisma': schema('@@unique([email])'),
      'src/a.ts': `${look(guest)}  await db.token.delete({ where: { email } });\n  await db.guest.create({ data: { email } });\n}\n`,
    },
    'info hint',
  ],
  [
    'Drizzle’s unique column',
    {
      'src/schema.ts': `import { pgTable, text } from 'drizzle-orm/pg-core';\nexport const guests = pgTable('guests', {\n  name: text(),\n  email: text('email').notNull().unique(),\n});\n`,
      'src/a.ts': `${look('db.select().from(guests).where(eq(guests.email, email)).limit(1)').replace('const found', 'const [found]')}  await db.insert(guests).values({ email });\n}\n`,
    },
    'info hint',
  ],
  [
    'a write in the other branch is none before it',
    {
      'prisma/schema.prisma': schema('@@unique([email])'),
      'src/a.ts': `export async function join(db, email) {\n  const found = await ${guest};\n  if (found) {\n    await db.guest.updateMany({ where: { email }, data: { seen: true } });\n  } else {\n    await db.guest.create({ data: { email } });\n  }\n}\n`,
    },
    'info hint',
  ],
  [
    'a write before the insert, undone with it',
    {
      'prisma/schema.prisma': schema('@@unique([email])'),
      'src/a.ts': `export async function join(db, email) {\n  await db.$transaction(async (tx) => {\n    const found = await tx.guest.findFirst({ where: { email } });\n    if (found) throw new Error('taken');\n    await tx.token.delete({ where: { email } });\n    await tx.guest.create({ data: { email } });\n  });\n}\n`,
    },
    'info hint',
  ],
  [
    'SQL, and no schema anywhere',
    {
      'src/a.ts': `${look("db.query('SELECT id FROM guests WHERE email = $1', [email])")}  await db.query('INSERT INTO guests (email) VALUES ($1)', [email]);\n}\n`,
    },
    'warning likely',
  ],
  [
    'a set of members, which no unique key says',
    {
      'prisma/schema.prisma': schema(''),
      'src/a.ts': `${look('db.guest.findFirst({ where: { tables: { hasEvery: tables } } })')}  await db.guest.create({ data: { tables } });\n}\n`,
    },
    'warning hint',
  ],
  [
    'a range, which no unique key says',
    {
      'src/a.ts': `${look("db.query('SELECT id FROM stays WHERE room = $1 AND ends > $2', [room, from])")}  await db.query('INSERT INTO stays (room) VALUES ($1)', [room]);\n}\n`,
    },
    'warning hint',
  ],
  [
    'one row in all',
    {
      'prisma/schema.prisma': schema(''),
      'src/a.ts': `const host = generated();\nexport async function join(db, email) {\n  if (email === host) {\n    const found = await ${guest};\n    if (!found) await db.guest.create({ data: { email } });\n  }\n}\n`,
    },
    'warning hint',
  ],
  [
    'a row for each that is not empty',
    {
      'prisma/schema.prisma': schema(''),
      'src/a.ts': `export async function join(db, email, host) {\n  if (email === host) {\n    const found = await ${guest};\n    if (!found) await db.guest.create({ data: { email } });\n  }\n}\n`,
    },
    'warning likely',
  ],
  [
    'no word of the table',
    {
      'prisma/schema.prisma': schema('@@unique([email])').replace('Guest', 'Host'),
      'src/a.ts': `${look(guest)}  await db.guest.create({ data: { email } });\n}\n`,
    },
    'warning hint',
  ],
  [
    'a row that is open until it is settled',
    {
      'prisma/schema.prisma': schema('status String'),
      'src/a.ts': `${look("db.guest.findFirst({ where: { email, status: 'PENDING' } })")}  await db.guest.create({ data: { email, status: 'PENDING' } });\n}\n`,
    },
    'warning hint',
  ],
  [
    'a kind that is part of the key',
    {
      'prisma/schema.prisma': schema('kind String'),
      'src/a.ts': `${look("db.guest.findFirst({ where: { email, kind: 'PERSON' } })")}  await db.guest.create({ data: { email, kind: 'PERSON' } });\n}\n`,
    },
    'warning likely',
  ],
  [
    'a look that an option leaves out',
    {
      'prisma/schema.prisma': schema(''),
      'src/a.ts': `export async function join(db, email, options) {\n  if (!options.anew) {\n    const found = await ${guest};\n    if (found) return found;\n  }\n  return db.guest.create({ data: { email } });\n}\n`,
    },
    'warning hint',
  ],
  [
    'a look that needs its value',
    {
      'prisma/schema.prisma': schema(''),
      'src/a.ts': `export async function join(db, { email }) {\n  if (email) {\n    const found = await ${guest};\n    if (found) throw new Error('taken');\n  }\n  return db.guest.create({ data: { email } });\n}\n`,
    },
    'warning likely',
  ],
  [
    'a name that all others are asked for',
    {
      'prisma/schema.prisma': schema(''),
      'src/a.ts': `${look('db.guest.findFirst({ where: { email, id: { not: db.own } } })')}  await db.guest.create({ data: { email } });\n}\n`,
    },
    'warning likely',
  ],
  [
    'Typegoose’s unique property',
    {
      'src/guest.ts': `import { modelOptions, prop } from '@typegoose/typegoose';\n@modelOptions({ schemaOptions: { timestamps: true } })\nclass Guest {\n  @prop({ type: String, required: true, unique: true })\n  public email: string;\n}\nexport const GuestModel = getModelForClass(Guest);\n`,
      'src/a.ts': `${look('GuestModel.findOne({ email })')}  await GuestModel.create({ email });\n}\n`,
    },
    'info hint',
  ],
  [
    'an index of Nest’s Mongoose',
    {
      'src/guest.ts': `import { Prop, Schema } from '@nestjs/mongoose';\n@Schema({ timestamps: true })\nexport class GuestModel extends Document {\n  @Prop({ required: true })\n  email: string;\n}\nexport const GuestSchema = SchemaFactory.createForClass(GuestModel);\nGuestSchema.index({ email: 1 }, { unique: true });\n`,
      'src/a.ts': `${look('this.guestModel.findOne({ email })')}  await this.guestModel.create({ email });\n}\n`,
    },
    'info hint',
  ],
  [
    'TypeORM’s key',
    {
      'package.json': manifest('typeorm'),
      'src/guest.ts': `import { Column, Entity, PrimaryColumn } from 'typeorm';\n@Entity()\nexport class Guest {\n  @PrimaryColumn({ type: 'varchar' })\n  email: string;\n}\n`,
      'src/a.ts': `${look('this.guestRepository.findOneBy({ email })')}  await this.guestRepository.save({ email });\n}\n`,
    },
    'info hint',
  ],
  [
    'a constraint that is added later',
    {
      'migrations/1.sql': 'CREATE TABLE guests (id bigint, email text);\n',
      'migrations/2.sql': 'ALTER TABLE guests ADD CONSTRAINT guests_email UNIQUE (email);\n',
      'src/a.ts': `${look("db.query('SELECT id FROM guests WHERE email = $1', [email])")}  await db.query('INSERT INTO guests (email) VALUES ($1)', [email]);\n}\n`,
    },
    'info hint',
  ],
  [
    'Drizzle’s unique column of another name',
    {
      'src/schema.ts': `import { pgTable, text } from 'drizzle-orm/pg-core';\nexport const guests = pgTable('guests', {\n  name: text().unique(),\n  email: text('email').notNull(),\n});\n`,
      'src/a.ts': `${look('db.select().from(guests).where(eq(guests.email, email)).limit(1)').replace('const found', 'const [found]')}  await db.insert(guests).values({ email });\n}\n`,
    },
    'warning likely',
  ],
  [
    'Mongoose’s unique path',
    {
      'src/guest.js': `import mongoose from 'mongoose';\nconst schema = new mongoose.Schema({\n  email: {\n    type: String,\n    unique: true,\n  },\n});\nexport const Guest = mongoose.model('Guest', schema);\n`,
      'src/a.js': `import { Guest } from './guest.js';\n${look('Guest.findOne({ email })')}  await Guest.create({ email });\n}\n`,
    },
    'info hint',
  ],
  [
    'a constraint of a table that code makes',
    {
      'src/migrate.ts': `export const up = (pool) => pool.query(\`CREATE TABLE "guests" (\n  "id" bigint PRIMARY KEY,\n  "email" text NOT NULL,\n  CONSTRAINT "GUESTS_EMAIL" UNIQUE ("email")\n)\`);\n`,
      'src/a.ts': `${look("db.query('SELECT id FROM guests WHERE email = $1', [email])")}  await db.query('INSERT INTO guests (email) VALUES ($1)', [email]);\n}\n`,
    },
    'info hint',
  ],
  [
    'SQL’s unique index',
    {
      'db/1.sql':
        'CREATE TABLE guests (id int PRIMARY KEY, email text);\nCREATE UNIQUE INDEX guests_email ON guests (email);\n',
      'src/a.ts': `export async function add(pool, email) {\n  const { rows } = await pool.query('SELECT id FROM guests WHERE email = $1', [email]);\n  if (rows.length > 0) throw new Error('taken');\n  await pool.query('INSERT INTO guests (email) VALUES ($1)', [email]);\n}\n`,
    },
    'info hint',
  ],
  [
    'TypeORM’s unique column',
    {
      'package.json': manifest('typeorm'),
      'src/guest.ts': `import { Column, Entity } from 'typeorm';\n@Entity()\nexport class GuestEntity {\n  @Column({ nullable: true })\n  name: string;\n  @Column({ type: 'varchar', unique: true })\n  @IsEmail()\n  email!: string;\n}\n`,
      'src/a.ts': `${look('this.guestRepository.findOneBy({ email })')}  await this.guestRepository.save({ email });\n}\n`,
    },
    'info hint',
  ],
  [
    'TypeORM’s unique column of another entity of the file',
    {
      'package.json': manifest('typeorm'),
      'src/guest.ts': `import { Column, Entity } from 'typeorm';\n@Entity()\nexport class Guest {\n  @Column()\n  email: string;\n}\n@Entity()\nexport class Host {\n  @Column({ unique: true })\n  email: string;\n}\n`,
      'src/a.ts': `${look('this.guestRepository.findOneBy({ email })')}  await this.guestRepository.save({ email });\n}\n`,
    },
    'warning likely',
  ],
  [
    'Sequelize’s unique column',
    {
      'package.json': manifest('sequelize'),
      'src/guest.js': `module.exports = (sequelize, types) => sequelize.define('Guest', { email: { type: types.STRING, unique: true } });\n`,
      'src/a.ts': `${look('db.Guest.findOne({ where: { email } })')}  await db.Guest.create({ email });\n}\n`,
    },
    'info hint',
  ],
  [
    'Knex’s unique column',
    {
      'package.json': manifest('knex'),
      'migrations/1.js': `exports.up = (knex) => knex.schema.createTable('guests', (table) => {\n  table.increments();\n  table.string('email').notNullable().unique();\n});\n`,
      'src/a.ts': `export async function join(knex, email) {\n  const found = await knex('guests').where('email', email).first();\n  if (found) throw new Error('taken');\n  await knex('guests').insert({ email });\n}\n`,
    },
    'info hint',
  ],
])('what the schema says of the columns: %s', (_title, texts, said) => {
  const all = { 'package.json': manifest('@prisma/client', 'drizzle-orm', 'mongoose', 'pg'), ...texts };
  const { findings, failures } = examineTexts(all, [checkThenInsert]);
  expect(failures).toEqual([]);
  expect(findings.map(({ severity, confidence }) => `${severity} ${confidence}`)).toEqual([said]);
  expect(findings.some(({ message }) => /duplicate/.test(message))).toBe(said.startsWith('warning'));
});

const seats = (row: string): Texts => ({
  'package.json': manifest('@prisma/client'),
  'prisma/schema.prisma':
    'model Seat {\n  id Int @id\n  kind String\n  hall String\n  guest String\n  @@unique([kind, hall, guest])\n}\n',
  'src/a.ts': `export async function sit(db, hall, halls, guest, kind) {\n  const found = await db.seat.findFirst({ where: { guest, hall: { in: halls } } });\n  if (found) throw new Error('taken');\n  await db.seat.create({ data: ${row} });\n}\n`,
});

test.each([
  ['all of a key, the rest of it fixed', '{ guest, hall, kind: Kind.Guest }', 'info hint'],
  ['all of a key, the rest of it as the caller likes', '{ guest, hall, kind }', 'warning likely'],
  ['a part of a key', '{ guest, kind: Kind.Guest }', 'warning likely'],
])('asks whether the row that is written is there once: %s', (_title, row, said) => {
  const { findings, failures } = examineTexts(seats(row), [checkThenInsert]);
  expect(failures).toEqual([]);
  expect(findings.map(({ severity, confidence }) => `${severity} ${confidence}`)).toEqual([said]);
});

test.each([
  ['the row that was found', "if (guest.id === 1) throw new Error('owner');", 'guest', 0],
  ['the row that was found, with changes', "if (guest) throw new Error('taken');", '{ ...guest, name }', 0],
  ['the row that was found, merged', "if (guest) throw new Error('taken');", 'guests.merge(guest, { name })', 0],
  ['another row, whichever was found', "if (guest.id === 1) throw new Error('owner');", '{ email }', 0],
  ['a new row', "if (guest) throw new Error('taken');", '{ email }', 1],
])('tells a row that is saved again from a new one: %s', (_title, check, row, count) => {
  const files = {
    'package.json': manifest('typeorm'),
    'src/guest.ts': `import { Column, Entity } from 'typeorm';\n@Entity()\nexport class Guest {\n  @Column()\n  email: string;\n}\n`,
    'src/a.ts': `export async function join(email, name) {\n  const guest = await this.guestRepository.findOneBy({ email });\n  ${check}\n  await this.guestRepository.save(${row});\n}\n`,
  };
  const { findings, failures } = examineTexts(files, [checkThenInsert]);
  expect(failures).toEqual([]);
  expect(findings).toHaveLength(count);
});

test('reads the unique keys of a schema that another package of the workspace has', () => {
  const files = {
    'packages/db/package.json': JSON.stringify({ name: '@shop/db' }),
    'packages/db/prisma/schema.prisma': schema('@@unique([email])'),
    'apps/api/package.json': manifest('@prisma/client'),
    'apps/api/src/a.ts': `${look(guest)}  await db.guest.create({ data: { email } });\n}\n`,
  };
  expect(examineTexts(files, [checkThenInsert], null, 'apps/api').findings.map((one) => one.confidence)).toEqual([
    'hint',
  ]);
});

test.each([
  ['of what was made before it', '{ id: made.user.id, email }', 'hint'],
  ['of the request', '{ id: req.body.id, email }', 'likely'],
])('asks whose key the row is given: %s', (_title, row, confidence) => {
  const files = {
    'package.json': manifest('@prisma/client'),
    'prisma/schema.prisma': 'model User {\n  id String @id\n  email String\n}\n',
    'src/a.ts': `import { PrismaClient } from '@prisma/client';\nconst prisma = new PrismaClient();\nexport async function join(req, res) {\n  const { email } = req.body;\n  const found = await prisma.user.findFirst({ where: { email } });\n  if (found) return res.status(409).end();\n  const made = await accounts.createUser({ email });\n  const row = ${row};\n  await prisma.user.create({ data: row });\n  res.status(201).end();\n}\n`,
  };
  expect(examineTexts(files, [checkThenInsert]).findings.map((one) => one.confidence)).toEqual([confidence]);
});

test.each([
  ['the same function', 'await db.seat.create({ data: { hall, guest, kind } });', ['likely']],
  ['another one, which may fix the rest of the key', 'await createSeat(db, hall, guest);', ['hint']],
])('doubts a missing key where the row is made by another function: %s', (_title, makes, said) => {
  const text = `const createSeat = (db, hall, guest) => db.seat.create({ data: rowOf(hall, guest) });\nexport async function sit(db, hall, guest, kind) {\n  const found = await db.seat.count({ where: { guest, hall } });\n  if (!found) {\n    ${makes}\n  }\n}\n`;
  const { findings, failures } = examineTexts({ ...seats('{}'), 'src/a.ts': text }, [checkThenInsert]);
  expect(failures).toEqual([]);
  expect(findings.map((one) => one.confidence)).toEqual(said);
});

const inSql = (look: string): Texts => ({
  'package.json': manifest('pg'),
  'migrations/1.sql':
    'CREATE TABLE seat (\n  kind text,\n  hall int,\n  guest text,\n  UNIQUE (kind, hall, guest)\n);\n',
  'src/a.ts': `import { Pool } from 'pg';\nconst pool = new Pool();\nexport async function sit(hall, guest) {\n  const { rows } = await pool.query('SELECT 1 FROM seat WHERE ${look}', [hall, guest]);\n  if (rows.length > 0) return;\n  await pool.query('INSERT INTO seat (kind, hall, guest) VALUES ($3, $1, $2)', [hall, guest, kindOf(guest)]);\n}\n`,
});

test.each([
  ['what stands there', 'kind=2 AND hall=$1 AND guest=$2', 'info hint'],
  ['less than the key', 'hall=$1 AND guest=$2', 'warning likely'],
])('reads what SQL looks by, also where its value is written out: %s', (_title, look, said) => {
  const { findings, failures } = examineTexts(inSql(look), [checkThenInsert]);
  expect(failures).toEqual([]);
  expect(findings.map(({ severity, confidence }) => `${severity} ${confidence}`)).toEqual([said]);
});

test('leaves a row whose table is made with it: there is but one of its name', () => {
  const text = `export async function open(prisma, knex, name) {\n  const found = await prisma.sheet.findFirst({ where: { name } });\n  if (found) throw new Error('taken');\n  await prisma.sheet.create({ data: { name } });\n  await knex.schema.createTable(name, columns);\n}\n`;
  expect(examineTexts({ ...prisma, 'src/a.ts': text }, [checkThenInsert]).findings).toEqual([]);
});
