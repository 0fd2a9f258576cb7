import { expect, test } from 'vitest';
import { bodyLimit } from '../../../../src/doctor/rules/sec/body-limit.ts';
import { examineTexts, manifest, ruleTest } from '../../rule.ts';

const express = (body: string) => ({
  files: { 'src/app.ts': `import express from 'express';\nconst app = express();\n${body}\n` },
});
const hono = (body: string) => ({
  files: {
    'package.json': JSON.stringify({ type: 'module', dependencies: { hono: '*', '@hono/node-server': '*' } }),
    'src/app.ts': `import { serve } from '@hono/node-server';\nimport { Hono } from 'hono';\nconst app = new Hono();\n${body}\nserve(app);\n`,
  },
});

ruleTest(bodyLimit, {
  hits: {
    'uploads where the platform refuses what is large: a hint': {
      files: {
        'package.json': manifest('express', 'multer', 'serverless-http'),
        'src/upload.ts': `import multer from 'multer';\nexport const upload = multer({ storage: multer.memoryStorage() });\n`,
      },
      at: ['src/upload.ts:2 info'],
    },
    'forms of any size by an old formidable': {
      files: {
        'package.json': manifest('express@^4.17.0', 'formidable@~1.0.17'),
        'src/app.js': `const formidable = require('formidable');\nexports.save = (req, res) => {\n  const form = new formidable.IncomingForm();\n  form.parse(req, () => res.end());\n};\n`,
      },
      at: ['src/app.js:3'],
    },
    'JSON of fifty megabytes': { ...express(`app.use(express.json({ limit: '50mb' }));`), at: ['src/app.ts:3'] },
    'parsers of one app that all hold too much: told once': {
      ...express(`app.use(express.json({ limit: '50mb' }));\napp.use(express.text({ limit: '80mb' }));`),
      at: ['src/app.ts:3'],
    },
    'uploads whose limit is another parser’s': {
      files: {
        'src/app.ts': `import multer from 'multer';\nconst options = { fileFilter: any };\nother.limits = { fileSize: 1000 };\nexport const upload = multer(options).single('file');\n`,
      },
      at: ['src/app.ts:4'],
    },
    'a limit of a constant': {
      files: {
        'src/app.ts': `import Fastify from 'fastify';\nconst LIMIT = 100 * 1024 * 1024;\nconst app = Fastify({ logger: true, bodyLimit: LIMIT });\n`,
      },
      at: ['src/app.ts:3'],
    },
    'uploads into memory': {
      ...express(`import multer from 'multer';\nconst upload = multer({ storage: multer.memoryStorage() });`),
      at: ['src/app.ts:4'],
    },
    'uploads onto the disk': {
      ...express(
        `import fileUpload from 'express-fileupload';\nimport multer from 'multer';\napp.use(fileUpload());\nconst upload = multer({ dest: 'uploads/' });`,
      ),
      at: ['src/app.ts:5', 'src/app.ts:6'],
    },
    'two uploads of one file, with the same end': {
      ...express(
        `import multer from 'multer';\nimport { storageFor } from './bucket.js';\nconst pictures = multer({ storage: storageFor('pictures') });\nconst sheets = multer({ storage: storageFor('sheets') });`,
      ),
      at: ['src/app.ts:5'],
    },
    'one parser for several storages: told once': {
      files: Object.fromEntries(
        ['bucket', 'disk'].map((name) => [
          `src/${name}.ts`,
          `import multer from 'multer';\nimport { storage } from './${name}-storage.js';\nexport const upload = () => multer({ ${name === 'disk' ? "dest: 'uploads'" : 'storage'} });\n`,
        ]),
      ),
      at: ['src/bucket.ts:3'],
    },
    'the same parser for other servers': {
      files: {
        'package.json': manifest('fastify', 'koa'),
        'src/a.ts': `import multer from 'fastify-multer';\nexport const upload = multer({ dest: 'uploads/' });\n`,
        'src/b.ts': `import parser from '@koa/multer';\nexport const upload = parser();\n`,
      },
      at: ['src/a.ts:2', 'src/b.ts:2'],
    },
    'a body that is put together by hand': {
      files: {
        'src/server.js': `const http = require('http');\nhttp.createServer((req, res) => {\n  let body = '';\n  req.on('data', (chunk) => { body += chunk; });\n  req.on('end', () => res.end(body));\n}).listen(3000);\n`,
      },
      at: ['src/server.js:4'],
    },
    'a form that a file reads which the app imports as well': {
      files: {
        ...hono(`import { form } from './form';\napp.post('/upload', form);`).files,
        'src/form.ts': `import type { Context } from 'hono';\nexport const form = (c: Context) => c.req.formData();\n`,
        'src/form.test.ts': `import { form } from './form';\ntest('reads', () => form(c));\n`,
      },
      at: ['src/form.ts:2'],
    },
    'a form on Hono and Node': {
      ...hono(`app.post('/upload', async (c) => c.json(await c.req.parseBody()));`),
      at: ['src/app.ts:4'],
    },
    'Next’s configuration of a route': {
      files: {
        'package.json': manifest('next'),
        'src/pages/api/upload.ts': `export const config = { api: { bodyParser: { sizeLimit: '500mb' } } };\nexport default function handler(req, res) {}\n`,
      },
      at: ['src/pages/api/upload.ts:1'],
    },
    'Nest’s interceptor, and a parser of its own': {
      files: {
        'package.json': manifest('@nestjs/core', '@nestjs/platform-express'),
        'src/files.controller.ts': `import { FileInterceptor } from '@nestjs/platform-express';\n@Controller('files')\nexport class Files {\n  @Post()\n  @UseInterceptors(FileInterceptor('file'))\n  add(@UploadedFile() file) {}\n}\n`,
        'src/main.ts': `app.useBodyParser('json', { limit: '200mb' });\n`,
      },
      at: ['src/files.controller.ts:5', 'src/main.ts:1'],
    },
    'Nest’s interceptor in a decorator of the project’s own': {
      files: {
        'package.json': manifest('@nestjs/core', '@nestjs/platform-express'),
        'src/api-file.ts': `import { FileInterceptor } from '@nestjs/platform-express';\nexport const ApiFile = (file) => applyDecorators(UseInterceptors(FileInterceptor(file.name)));\n`,
      },
      at: ['src/api-file.ts:2'],
    },
    'a parser for all, by its name': {
      ...express(`const parse = express.json({ limit: '50mb' });\napp.use(parse);`),
      at: ['src/app.ts:3'],
    },
    'Next: fifty megabytes that somebody chose for one route': {
      files: {
        'package.json': manifest('next'),
        'src/pages/api/upload.ts': `export const config = { api: { bodyParser: { sizeLimit: '50mb' } } };\n`,
      },
      at: ['src/pages/api/upload.ts:1 info'],
    },
  },
  clean: {
    'a parser of uploads that nobody takes': {
      files: {
        'src/app.ts': `import multer from 'multer';\nconst storage = multer.memoryStorage();\nmulter({ storage });\n`,
      },
    },
    'a form that a file reads which its test alone imports': {
      files: {
        ...hono('').files,
        'src/form.ts': `import type { Context } from 'hono';\nexport const form = (c: Context) => c.req.formData();\n`,
        'src/form.test.ts': `import { form } from './form';\ntest('reads', () => form(c));\n`,
      },
    },
    'a limit that is set on the options later': {
      files: {
        'src/app.ts': `import multer from 'multer';\nconst options: multer.Options = { fileFilter: any };\nif (!process.env.ANY_SIZE) options.limits = { fileSize: 1000 };\nexport const upload = multer(options).single('file');\n`,
      },
    },
    'forms with a limit': {
      files: {
        'package.json': manifest('express@^4.17.0', 'formidable@~1.0.17'),
        'src/app.js': `const formidable = require('formidable');\nexports.save = (req, res) => {\n  const form = new formidable.IncomingForm();\n  form.maxFileSize = 2 * 1024 * 1024;\n  form.parse(req, () => res.end());\n};\n`,
      },
    },
    'options that come from elsewhere': {
      files: {
        'package.json': manifest('@nestjs/core', '@nestjs/platform-express'),
        'src/api-file.ts': `import { FileInterceptor, AnyFilesInterceptor } from '@nestjs/platform-express';\nexport const ApiFile = (file) => applyDecorators(UseInterceptors(FileInterceptor(file.name, file.options)), UseInterceptors(AnyFilesInterceptor(file.options)));\n`,
      },
    },
    'a route that needs more': express(
      `app.post('/import', express.json({ limit: '50mb' }), run);\napp.use('/import', express.json({ limit: '50mb' }));\napp.use(['/posts'], (req, res, next) => express.json({ limit: '50mb' })(req, res, next));`,
    ),
    'Nest’s limits for all, and for one': {
      files: {
        'package.json': manifest('@nestjs/core', '@nestjs/platform-express'),
        'src/files.module.ts': `MulterModule.register({ limits: { fileSize: 1024 } });\n`,
        'src/files.controller.ts': `import { FileInterceptor } from '@nestjs/platform-express';\nexport class Files {\n  @UseInterceptors(FileInterceptor('file'))\n  add() {}\n}\n`,
      },
    },
    'a form without files': express(`import multer from 'multer';\napp.post('/form', multer().none(), save);`),
    'a form without files, by a name': express(
      `import multer from 'multer';\nconst upload = multer();\nexport const fields = (req, res, next) => upload.none()(req, res, next);`,
    ),
    'the parsers’ own limits, and a small one': express(
      `app.use(express.json());\napp.use('/big', express.json({ limit: '5mb' }));\napp.use(express.urlencoded({ extended: false }));`,
    ),
    'uploads with limits': express(
      `import multer from 'multer';\nconst upload = multer({ storage: multer.memoryStorage(), limits: { fileSize: 1024 * 1024 } });`,
    ),
    'a counted body': {
      files: {
        'src/server.js': `require('http').createServer((req, res) => {\n  let body = '';\n  req.on('data', (chunk) => {\n    body += chunk;\n    if (body.length > 1e6) req.destroy();\n  });\n});\n`,
      },
    },
    'a limit of Hono': hono(
      `import { bodyLimit } from 'hono/body-limit';\napp.use(bodyLimit({ maxSize: 1024 * 1024 }));\napp.post('/upload', async (c) => c.json(await c.req.parseBody()));`,
    ),
    'a limit of something else': express(`app.use(rateLimit({ limit: 100_000_000 }));`),
  },
});

test.each([
  ['fileUpload()', 'is held in memory'],
  ['fileUpload({ useTempFiles: false })', 'is held in memory'],
  ['fileUpload({ useTempFiles: true })', 'fills the disk'],
  ['multer({ storage: multer.memoryStorage() })', 'is held in memory'],
  ['multer({ storage: multer.diskStorage({}) })', 'fills the disk'],
  ["multer({ dest: 'uploads/' })", 'fills the disk'],
  ['multer({ storage: bucketStorage() })', 'fills whatever it goes to'],
  ["FileInterceptor('file')", 'is held in memory'],
  ["FileInterceptor('file', { storage: diskStorage({}) })", 'fills the disk'],
])('says where a file of any size goes: %s', (call, where) => {
  const imports = `import fileUpload from 'express-fileupload';\nimport multer from 'multer';\nimport { FileInterceptor } from '@nestjs/platform-express';\n`;
  const { findings } = examineTexts({ 'src/app.ts': `${imports}export const upload = ${call};\n` }, [bodyLimit]);
  expect(findings.map(({ message }) => message)).toEqual([expect.stringContaining(`one large upload ${where}`)]);
});
