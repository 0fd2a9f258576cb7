import { routeAuthOutlier } from '../../../../src/doctor/rules/sec/route-auth-outlier.ts';
import { manifest, ruleTest } from '../../rule.ts';

const head = `import { Router } from 'express';\nconst router = Router();\n`;
const guarded = `router.post('/items', requireUser, create);\nrouter.put('/items/:id', requireUser, update);\nrouter.patch('/items/:id', requireUser, change);\n`;

ruleTest(routeAuthOutlier, {
  hits: {
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
