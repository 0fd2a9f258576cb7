import { expect, test } from 'vitest';
import { pathTraversal } from '../../../../src/doctor/rules/sec/path-traversal.ts';
import { examineTexts, manifest, ruleTest } from '../../rule.ts';

const handler = (body: string, head = `import fs from 'node:fs';\nimport path from 'node:path';`) => ({
  files: { 'src/handler.ts': `${head}\nexport async function handle(req, res) {\n  ${body}\n}\n` },
});

ruleTest(pathTraversal, {
  hits: {
    'a name that another, which was looked at, takes the place of where it is missing': {
      files: {
        'src/image.js': `import fs from 'node:fs/promises';\nimport path from 'node:path';\nexport async function read(name, other) {\n  if (other.includes('..')) throw new Error('Not here');\n  if (!name) name = other;\n  return await fs.readFile(path.join('images', name));\n}\n`,
        'src/handler.js': `import { read } from './image';\nexport async function handle(req, res) {\n  res.send(await read(req.query.name, 'none.png'));\n}\n`,
      },
      at: ['src/image.js:6'],
    },
    'a name that is written again from what nobody has looked at': {
      files: {
        'src/image.js': `import fs from 'node:fs/promises';\nimport path from 'node:path';\nexport async function read(name) {\n  const plain = name.replace(/\\\\/g, '/');\n  if (plain.length > 90) throw new Error('Not here');\n  name = plain;\n  return await fs.readFile(path.join('images', name));\n}\n`,
        'src/handler.js': `import { read } from './image';\nexport async function handle(req, res) {\n  res.send(await read(req.query.name));\n}\n`,
      },
      at: ['src/image.js:7'],
    },
    'a name that a pattern matches, which takes a slash': {
      ...handler(
        `const { name } = req.params;\n  if (!parts(name)) return res.sendStatus(404);\n  const file = path.join('notes', name);\n  res.end(fs.readFileSync(file));`,
        `import fs from 'node:fs';\nimport path from 'node:path';\nconst parts = (name) => {\n  const found = name.match(/^note-(.+)$/);\n  return found ? found[1] : null;\n};`,
      ),
      at: ['src/handler.ts:11'],
    },
    'another name beside an id that was looked up': {
      ...handler(
        `const note = await prisma.note.findUnique({ where: { id: req.params.id } });\n  if (!note) return res.sendStatus(404);\n  res.end(fs.readFileSync(path.join('notes', req.params.id, req.query.part)));`,
      ),
      at: ['src/handler.ts:6'],
    },
    'an id that is looked up, and nobody asks what was found': {
      ...handler(
        `const note = await prisma.note.findUnique({ where: { id: req.params.id } });\n  log(note);\n  res.end(fs.readFileSync(path.join('notes', req.params.id)));`,
      ),
      at: ['src/handler.ts:6'],
    },
    'an id where the look-up of it has failed': {
      ...handler(
        `const { id } = req.params;\n  const file = path.join('notes', id);\n  try {\n    await Note.findOneOrFail({ where: { id } });\n  } catch {\n    fs.unlinkSync(file);\n  }`,
      ),
      at: ['src/handler.ts:9'],
    },
    'a slug that was looked up: who wrote it chose its letters': {
      ...handler(
        `const { slug } = req.params;\n  const page = await Page.findOne({ where: { slug } });\n  if (!page) return res.sendStatus(404);\n  res.end(fs.readFileSync(path.join('pages', slug)));`,
      ),
      at: ['src/handler.ts:7'],
    },
    'a replacement that leaves slashes': {
      ...handler(`res.end(fs.readFileSync(path.join('notes', req.query.name.replace(/[^a-z0-9./]/g, '_'))));`),
      at: ['src/handler.ts:4'],
    },
    'a name glued to the start of another: a folder of that name has to stand there': {
      ...handler(`fs.unlinkSync(\`./exports/note_\${req.params.id}.pdf\`);`),
      at: ['src/handler.ts:4 warning'],
    },
    'a field of an object that is spread from what the client sends': {
      ...handler(`const note = { ...req.body, at: 1 };\n  fs.unlinkSync(path.join('notes', note.name));`),
      at: ['src/handler.ts:5'],
    },
    'a file behind a middleware that is named for what it asks of a header': {
      files: {
        'src/asks.js': `const validateToken = (req, res, next) => (known.has(req.headers.authorization) ? next() : res.sendStatus(401));\nmodule.exports = { validateToken };\n`,
        'src/files.js': `const path = require('path');\nmodule.exports = {\n  load: (req, res) => res.download(path.resolve('files', req.body.name)),\n};\n`,
        'src/routes.js': `const router = require('express').Router();\nconst files = require('./files');\nconst { validateToken } = require('./asks');\nrouter.route('/files').post(validateToken, files.load);\nmodule.exports = router;\n`,
      },
      at: ['src/files.js:3'],
    },
    'an archive of a library that makes no names relative yet': {
      files: {
        'package.json': manifest('jszip@3.7.1'),
        'src/restore.js': `import fs from 'node:fs/promises';\nimport path from 'node:path';\nimport JSZip from 'jszip';\nexport async function restore(data) {\n  const { files } = await JSZip.loadAsync(data);\n  for (const file of Object.values(files)) await fs.writeFile(path.join('out', file.name), await file.async('nodebuffer'));\n}\n`,
      },
      at: ['src/restore.js:6'],
    },
    'files of one kind only': {
      ...handler(`res.send(fs.readFileSync(path.join('notes', \`\${req.query.name}.md\`)));`),
      at: ['src/handler.ts:4 warning'],
    },
    'a start that says nothing, and a file that only has to exist': {
      ...handler(
        `const name = req.query.name;\n  if (name.startsWith('/')) return res.end();\n  if (!fs.existsSync(path.join('files', name))) return res.end();\n  fs.createReadStream(path.join('files', name)).pipe(res);`,
      ),
      at: ['src/handler.ts:7'],
    },
    'a path that a function without its module’s name joins': {
      ...handler(
        `await unlink(join(process.env.FILES, req.body.key));`,
        `import { unlink } from 'node:fs/promises';\nimport { join } from 'node:path';`,
      ),
      at: ['src/handler.ts:4'],
    },
    'a view of the client’s choice': {
      ...handler(`res.render('pages/' + req.params.page);`, `import fs from 'node:fs';`),
      at: ['src/handler.ts:3 warning'],
    },
    'a view that a function of one’s own reads': {
      files: {
        'src/handler.ts': `import express, { type Request, type Response } from 'express';\nconst viewFor = (req: Request) => {\n  const kept = req.cookies.view;\n  if (kept) return kept;\n  return 'large';\n};\nexport function show(req: Request, res: Response) {\n  res.render(viewFor(req));\n}\n`,
      },
      at: ['src/handler.ts:8 warning'],
    },
    'a name joined to a folder': {
      ...handler(`fs.readFile(path.join('files', req.params.name), (error, data) => res.end(data));`),
      at: ['src/handler.ts:4'],
    },
    'a file that is sent': {
      ...handler(`const file = path.resolve('reports', req.query.file);\n  res.sendFile(file);`),
      at: ['src/handler.ts:5'],
    },
    'a service that reads what a controller gives it': {
      files: {
        'src/reports.service.ts': `import { readFile } from 'fs/promises';\nexport class ReportsService {\n  read(name: string) {\n    return readFile(\`./reports/\${name}\`, 'utf8');\n  }\n}\n`,
        'src/reports.controller.ts': `import { ReportsService } from './reports.service';\nconst reportsService = new ReportsService();\nexport const show = async (req, res) => {\n  res.send(await reportsService.read(req.params.name));\n};\n`,
      },
      at: ['src/reports.service.ts:4'],
    },
    'a name of an uploaded file in Next': {
      files: {
        'package.json': manifest('next'),
        'src/app/api/upload/route.ts': `import { writeFile } from 'fs/promises';\nimport path from 'path';\nexport async function POST(request: Request) {\n  const data = await request.formData();\n  const image = data.get('image') as File;\n  await writeFile(path.join('public', image.name), Buffer.from(await image.arrayBuffer()));\n  return Response.json({});\n}\n`,
      },
      at: ['src/app/api/upload/route.ts:6'],
    },
    'an archive that is unpacked by hand': {
      ...handler(
        `const zip = await unzipper.Open.buffer(data);\n  for (const entry of zip.files) fs.createWriteStream('out/' + entry.path);`,
        `import fs from 'fs';\nimport unzipper from 'unzipper';`,
      ),
      at: ['src/handler.ts:5'],
    },
    'a page of the server for development, and one that is also served in production': {
      files: {
        'src/develop.ts': `import fs from 'node:fs';\nexport const pages = (vite) => async (req, res) => {\n  const text = fs.readFileSync('pages' + req.path, 'utf8');\n  res.send(await vite.transformIndexHtml(req.path, text));\n};\n`,
        'src/serve.ts': `import fs from 'node:fs';\nexport const pages = (vite) => async (req, res) => {\n  const text = fs.readFileSync('pages' + req.path, 'utf8');\n  res.send(isProduction ? text : await vite.transformIndexHtml(req.path, text));\n};\n`,
      },
      at: ['src/develop.ts:3 info', 'src/serve.ts:3'],
    },
    'options of a view': { ...handler(`res.render('page', { ...req.body });`), at: ['src/handler.ts:4'] },
  },
  clean: {
    'a name that is written again from what was looked at': {
      files: {
        'src/image.js': `import fs from 'node:fs/promises';\nimport path from 'node:path';\nexport async function read(name) {\n  const plain = name.replace(/\\\\/g, '/');\n  if (plain.includes('..')) throw new Error('Not here');\n  name = plain;\n  return await fs.readFile(path.join('images', name));\n}\n`,
        'src/handler.js': `import { read } from './image';\nexport async function handle(req, res) {\n  res.send(await read(req.query.name));\n}\n`,
      },
    },
    'a name that a pattern of letters and digits matches': handler(
      `const { name } = req.params;\n  if (!parts(name)) return res.sendStatus(404);\n  const file = path.join('notes', name);\n  res.end(fs.readFileSync(file));`,
      `import fs from 'node:fs';\nimport path from 'node:path';\nconst parts = (name) => {\n  const found = name.match(/^note-([a-f0-9-]{36})\\.(\\w+)$/);\n  return found ? found[1] : null;\n};`,
    ),
    'an id that a query has found, or thrown': {
      files: {
        'src/export.js': `import fs from 'node:fs';\nfunction drop(file) {\n  fs.unlinkSync(file);\n}\nexport default async function run(req) {\n  const noteId = req.params.noteId;\n  const file = \`./out/note-\${noteId}.pdf\`;\n  const query = new Parse.Query('Note');\n  query.include('Author');\n  const note = await query.get(noteId, { useMasterKey: true });\n  fs.writeFileSync(file, note.get('text'));\n  drop(file);\n}\n`,
      },
    },
    'an id that a record was found by': handler(
      `const { id } = req.params;\n  const note = await prisma.note.findFirst({ where: { id, ownerId: req.user.id } });\n  if (!note || note.isGone) return res.sendStatus(404);\n  res.end(fs.readFileSync(path.join('notes', id)));`,
    ),
    'an id in the branch of those that were found': handler(
      `const [note] = await db.select().from(notes).where(eq(notes.id, req.params.id));\n  if (note) res.end(fs.readFileSync(path.join('notes', req.params.id)));`,
    ),
    'a name without slashes': handler(
      `const name = req.query.name.replace(/[^a-zA-Z0-9._-]/g, '_').toLowerCase();\n  res.end(fs.readFileSync(path.join('notes', name)));`,
    ),
    'what stands behind the last dot': handler(
      `const ending = req.query.name.split('.').pop() ?? '';\n  fs.writeFileSync(path.join('notes', \`1.\${ending}\`), 'x');`,
    ),
    'a field of a record that is spread into another object': {
      files: {
        'src/export.js': `import fs from 'node:fs';\nimport path from 'node:path';\nfunction keep(note) {\n  fs.writeFileSync(path.join('out', note.id), note.text);\n}\nexport async function run(req, res) {\n  const found = await notes.newest();\n  const note = { ...found, text: req.body.text };\n  if (req.body.sure) note.sure = true;\n  keep(note);\n}\n`,
      },
    },
    'a key that the object of a caller does not have': {
      files: {
        'src/send.js': `import fs from 'node:fs';\nexport function send(params) {\n  return fs.readFileSync(params.file || 'out/empty.pdf');\n}\n`,
        'src/routes.js': `import { send } from './send.js';\nexport function run(req, res) {\n  const params = { to: req.body.to };\n  res.end(send(params));\n}\n`,
      },
    },
    'an ending of the client behind a name of the server': {
      files: {
        'src/save.js': `const fs = require('node:fs');\nconst path = require('node:path');\nexports.save = (req, res) => fs.unlinkSync('./images/' + Date.now() + path.extname(req.body.name));\n`,
      },
    },
    'a view that a function of one’s own chooses among two': {
      files: {
        'src/handler.ts': `import express, { type Request, type Response } from 'express';\nconst viewFor = (req: Request) => {\n  const kept = req.cookies.view;\n  if (kept === 'small' || kept === 'large') return kept;\n  return 'large';\n};\nfunction skinFor(req: Request): 'dark' | 'light' {\n  return req.cookies.skin;\n}\nexport function show(req: Request, res: Response) {\n  res.render(viewFor(req));\n  res.render(skinFor(req));\n}\n`,
      },
    },
    'an archive whose names the library makes relative': {
      files: {
        'package.json': manifest('jszip@^3.10.1'),
        'src/restore.js': `import fs from 'node:fs/promises';\nimport path from 'node:path';\nimport JSZip from 'jszip';\nexport async function restore(data) {\n  const { files } = await JSZip.loadAsync(data);\n  for (const file of Object.values(files)) await fs.writeFile(path.join('out', file.name), await file.async('nodebuffer'));\n}\n`,
      },
    },
    'another form of the path that is asked': handler(
      `const file = path.resolve('files', req.query.name);\n  const rest = path.relative('files', file);\n  if (rest.startsWith('..') || path.isAbsolute(rest)) return res.end();\n  fs.createReadStream(file).pipe(res);`,
    ),
    'the last part of a path': handler(
      `fs.createReadStream(path.join('files', path.basename(req.params.name))).pipe(res);`,
    ),
    'a resolved path that stays below the folder': handler(
      `const file = path.resolve(root, req.params.name);\n  if (!file.startsWith(root + path.sep)) return res.sendStatus(400);\n  res.sendFile(file);`,
    ),
    'a root that Express keeps to': handler(`res.sendFile(req.params.name, { root: '/srv/files' });`),
    'where the upload parser put the file': handler(
      `fs.unlink(req.file.path, () => {}); fs.rename(req.file.path, path.join('done', req.file.filename), () => {});`,
    ),
    'a number, an id from the database and a value of a view': handler(
      `fs.readFileSync(\`pages/\${Number(req.params.page)}.json\`);\n  const row = await find(req.params.id);\n  fs.readFileSync(path.join('files', row.path));\n  res.render('page', { name: req.body.name });`,
    ),
    'a name of a list': handler(
      `if (!names.includes(req.params.name)) return res.sendStatus(404);\n  res.sendFile(path.resolve('pages', req.params.name));`,
    ),
  },
});

test.each([
  ['asks a header', `known.has(req.headers.authorization) ? next() : res.sendStatus(401)`, 'likely'],
  ['looks at the body', `known.has(req.body.name) ? next() : res.sendStatus(400)`, 'hint'],
])('is as sure of a path behind a middleware that %s as can be told', (_title, body, confidence) => {
  const files = {
    'src/routes.js': `const path = require('path');\nconst router = require('express').Router();\nconst validateRequest = (req, res, next) => { ${body}; };\nrouter.post('/files', validateRequest, (req, res) => res.download(path.resolve('files', req.body.name)));\nmodule.exports = router;\n`,
  };
  expect(examineTexts(files, [pathTraversal]).findings.map((one) => one.confidence)).toEqual([confidence]);
});
