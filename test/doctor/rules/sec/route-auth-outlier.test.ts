import { routeAuthOutlier } from '../../../../src/doctor/rules/sec/route-auth-outlier.ts';
import { manifest, ruleTest } from '../../rule.ts';

const head = `import { Router } from 'express';\nconst router = Router();\n`;
const guarded = `router.post('/items', requireUser, create);\nrouter.put('/items/:id', requireUser, update);\nrouter.patch('/items/:id', requireUser, change);\n`;

/** Notes of members: anybody may make one who is signed in, and this is how they are changed; `above` is the file that mounts them. */
const notes = (changing: string, above: string, fields = 'writer: { type: mongoose.Types.ObjectId, ref: "User" }') => ({
  files: {
    'package.json': manifest('express', 'mongoose'),
    'src/note.js': `const mongoose = require('mongoose');\nmodule.exports = mongoose.model('Note', new mongoose.Schema({ text: String, ${fields} }));\n`,
    'src/notes.js': `const express = require('express');\nconst Note = require('./note');\nconst router = express.Router();\nrouter.post('/', requireUser, async (req, res) => res.json(await Note.create({ writer: req.user.id })));\n${changing}\nmodule.exports = router;\n`,
    'src/app.js': `const app = require('express')();\nconst notes = require('./notes');\nconst authRoutes = require('./auth');\napp.use(helmet({ frameguard: true }));\n${above}\n`,
  },
});
const change = `router.put('/:id', async (req, res) => res.json(await Note.findByIdAndUpdate(req.params.id, { text: req.body.text })));\nrouter.delete('/:id', async (req, res) => res.json(await Note.deleteOne({ _id: req.params.id })));`;

ruleTest(routeAuthOutlier, {
  hits: {
    'everybody’s rows, which anybody may change': {
      ...notes(change, `app.use('/auth', authRoutes);\napp.use('/notes', notes);`),
      at: ['src/notes.js:5 warning'],
    },
    'a server action that asks nobody, where another does': {
      files: {
        'package.json': manifest('next', 'drizzle-orm'),
        'src/actions/shops.ts': `'use server';\nimport { db } from '@/db';\nimport { auth } from '@/auth';\nexport async function closeShop(id: string) {\n  const { userId } = auth();\n  if (!userId) throw new Error('no');\n  await db.delete(shops).where(eq(shops.id, id));\n}\n`,
        'src/actions/goods.ts': `'use server';\nimport { db } from '@/db';\nexport async function dropGood(id: string) {\n  await db.delete(goods).where(eq(goods.id, id));\n}\nexport async function goodsOf(shop: string) {\n  return db.query.goods.findMany({ where: eq(goods.shop, shop), limit: 20 });\n}\n`,
      },
      at: ['src/actions/goods.ts:3'],
    },
    'one that was forgotten': {
      files: { 'src/items.ts': `${head}${guarded}router.delete('/items/:id', remove);\n` },
      at: ['src/items.ts:6'],
    },
    'one of a controller': {
      files: {
        'package.json': manifest('@nestjs/core', '@nestjs/common'),
        'src/items.controller.ts': `import { Controller, Delete, Patch, Post, Put, UseGuards } from '@nestjs/common';\n@Controller('items')\nexport class ItemsController {\n  @Post() @UseGuards(UserGuard) create() {}\n  @Put(':id') @UseGuards(UserGuard) update() {}\n  @Patch(':id') @UseGuards(UserGuard) change() {}\n  @Delete(':id')\n  remove() {}\n}\n`,
      },
      at: ['src/items.controller.ts:7'],
    },
    'a guard that was taken out': {
      files: {
        'src/items.ts': `${head}${guarded}// router.use(requireAuth);\nrouter.delete('/items/:id', requireUser, remove);\n`,
      },
      at: ['src/items.ts:6'],
    },
  },
  clean: {
    'rows that are changed behind a guard of the file that mounts them': notes(
      change,
      `app.use('/notes', requireUser, notes);`,
    ),
    'rows that nobody owns': notes(change, `app.use('/notes', notes);`, 'count: Number'),
    'rows that are found by who asks': notes(
      `router.delete('/:id', async (req, res) => res.json(await Note.deleteOne({ _id: req.params.id, writer: req.user.id })));`,
      `app.use('/notes', notes);`,
    ),
    'server actions of which none asks, and those that ask through a function of the project': {
      files: {
        'package.json': manifest('next', 'drizzle-orm'),
        'src/actions/goods.ts': `'use server';\nimport { db } from '@/db';\nimport { owner } from './owner';\nexport async function dropGood(id: string) {\n  await owner();\n  await db.delete(goods).where(eq(goods.id, id));\n}\nexport async function subscribe(address: string) {\n  await db.insert(readers).values({ address });\n}\n`,
        'src/actions/owner.ts': `import { auth } from '@/auth';\nexport const owner = async () => (await auth()) ?? fail();\n`,
      },
    },
    'what is for those who are not signed in': {
      files: {
        'src/items.ts': `${head}${guarded}router.post('/login', login);\nrouter.post('/webhooks/stripe', hook);\n`,
      },
    },
    'a guard above all': {
      files: { 'src/items.ts': `${head}router.use(requireUser);\n${guarded}router.delete('/items/:id', remove);\n` },
    },
    'a file where few are guarded': {
      files: {
        'src/items.ts': `${head}router.post('/a', requireUser, a);\nrouter.post('/b', b);\nrouter.post('/c', c);\n`,
      },
    },
    'a handler that asks itself': {
      files: {
        'src/items.ts': `${head}${guarded}router.delete('/items/:id', (req, res) => (req.user ? res.end() : res.sendStatus(401)));\n`,
      },
    },
  },
});
