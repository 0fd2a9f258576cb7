import { expect, test } from 'vitest';
import { detect } from '../../src/detect/index.ts';
import { surroundings, treeOf } from '../tree.ts';
import { express, expressApp, manifest, requiredApp } from './shapes.ts';

const app = requiredApp;
const scripts = (texts: Record<string, string>, more: object = {}) => manifest({ ...express, scripts: texts, ...more });

type Row = [title: string, files: Record<string, string>, entry: string | null, sourceFolder?: string];

const rows: Row[] = [
  ['the start script', { 'package.json': scripts({ start: 'node app.js' }), 'app.js': app }, 'app.js', ''],
  [
    'an extensionless bin/www',
    {
      'package.json': scripts({ start: 'node ./bin/www' }),
      'bin/www': "#!/usr/bin/env node\nvar app = require('../app');\n",
      'app.js': app,
      'routes/index.js': '',
    },
    'bin/www',
    '',
  ],
  [
    'main that only listens, the app in config/express.js',
    {
      'package.json': manifest({ ...express, main: 'index.js' }),
      'index.js': "require('./config/express').listen(1);",
      'config/express.js': app,
    },
    'index.js',
    '',
  ],
  [
    'dist mapped through outDir and rootDir',
    {
      'package.json': scripts({ start: 'node build/main.js' }),
      'tsconfig.json': '{"compilerOptions":{"outDir":"build","rootDir":"lib"}}',
      'lib/main.ts': expressApp,
    },
    'lib/main.ts',
  ],
  [
    'dist mapped by convention',
    {
      'package.json': scripts({ build: 'tsc', start: 'NODE_ENV=production node -r dotenv/config dist/server.js' }),
      'src/server.ts': expressApp,
    },
    'src/server.ts',
    'src',
  ],
  [
    'dist/src mapped',
    {
      'package.json': scripts({ start: 'node dist/src/index' }),
      'tsconfig.json': '{"compilerOptions":{"outDir":"./dist"}}',
      'src/index.ts': expressApp,
    },
    'src/index.ts',
    'src',
  ],
  [
    'a build that is there is not the source',
    { 'package.json': scripts({ start: 'node dist/server.js' }), 'dist/server.js': app, 'src/server.ts': expressApp },
    'src/server.ts',
  ],
  [
    'lib as JavaScript source',
    { 'package.json': scripts({ start: 'node lib/server.js' }), 'lib/server.js': app, 'src/server.js': '' },
    'lib/server.js',
    'lib',
  ],
  [
    'tsx watch with its flags',
    {
      'package.json': scripts({ dev: 'tsx watch --env-file .env --tsconfig ./t.json src/main.ts' }),
      'src/main.ts': expressApp,
    },
    'src/main.ts',
  ],
  [
    'node --watch as a switch',
    { 'package.json': scripts({ dev: 'node --watch --import tsx src/main.ts' }), 'src/main.ts': expressApp },
    'src/main.ts',
  ],
  [
    'nodemon that watches a folder and executes a command',
    {
      'package.json': scripts({
        dev: 'nodemon --watch src --ext ts --exec "ts-node -r tsconfig-paths/register ./src/app.ts"',
      }),
      'src/app.ts': expressApp,
      'src/index.ts': '',
    },
    'src/app.ts',
  ],
  [
    'nodemon by its own configuration',
    {
      'package.json': scripts({ dev: 'nodemon' }),
      'nodemon.json': '{"exec":"ts-node src/web.ts"}',
      'src/web.ts': expressApp,
    },
    'src/web.ts',
  ],
  [
    'cross-env and &&',
    {
      'package.json': scripts({
        start: 'npm run build && cross-env NODE_ENV=production node dist/app.js',
        build: 'tsc',
      }),
      'src/app.ts': expressApp,
    },
    'src/app.ts',
  ],
  [
    'scripts that name scripts',
    {
      'package.json': scripts({
        dev: 'concurrently -n web,api "npm:client" "npm run server"',
        client: 'vite',
        server: 'nodemon server/index.js',
      }),
      'server/index.js': app,
      'src/main.jsx': '',
    },
    'server/index.js',
    'server',
  ],
  [
    'a back end beside a front end',
    {
      'package.json': scripts({ start: 'react-scripts start', backend: 'node backend/src/index.js' }),
      'backend/src/index.js': app,
      'src/index.js': "import React from 'react';",
    },
    'backend/src/index.js',
    'backend/src',
  ],
  [
    'main from package.json',
    { 'package.json': manifest({ ...express, main: './lib/start' }), 'lib/start.js': app },
    'lib/start.js',
  ],
  [
    'a Dockerfile',
    {
      'package.json': manifest(express),
      Dockerfile:
        'FROM node:22-alpine\nWORKDIR /app\nCOPY . .\n# CMD ["node", "old.js"]\nCMD ["node", "dist/boot.js"]\n',
      'src/boot.ts': expressApp,
      'old.js': app,
    },
    'src/boot.ts',
  ],
  [
    'a Dockerfile that runs a script',
    {
      'package.json': scripts({ 'run:prod': 'node services/app.js' }),
      Dockerfile: 'FROM node\nENTRYPOINT npm run run:prod\n',
      'services/app.js': app,
    },
    'services/app.js',
  ],
  ['a Procfile', { 'package.json': manifest(express), Procfile: 'web: node web.js\n', 'web.js': app }, 'web.js'],
  [
    'a folder called express',
    { 'package.json': scripts({ start: 'node express/express.js' }), 'express/express.js': app },
    'express/express.js',
  ],
  [
    'the script that serves over one that only prepares',
    {
      'package.json': scripts({ start: 'node scripts/setup.js && node app.js' }),
      'scripts/setup.js': '',
      'app.js': app,
    },
    'app.js',
  ],
  [
    'a server over a Swagger script',
    { 'package.json': scripts({ swagger: 'node swagger.js', go: 'node app.js' }), 'swagger.js': app, 'app.js': app },
    'app.js',
  ],
  ['a usual name at last', { 'package.json': manifest(express), 'src/index.ts': expressApp }, 'src/index.ts'],
  ['nothing where there is nothing', { 'package.json': manifest(express), 'notes.js': app }, null, ''],
  [
    'Nest by nest-cli.json',
    {
      'package.json': manifest({ scripts: { start: 'nest start' }, dependencies: { '@nestjs/core': '^11.0.0' } }),
      'nest-cli.json': '{"sourceRoot":"source","entryFile":"boot"}',
      'source/boot.ts': "import { NestFactory } from '@nestjs/core';\nNestFactory.create(X);",
    },
    'source/boot.ts',
    'source',
  ],
  [
    'a project of a Nest monorepo',
    {
      'package.json': manifest({
        scripts: { start: 'nest start api --watch' },
        dependencies: { '@nestjs/core': '11' },
      }),
      'nest-cli.json':
        '{"sourceRoot":"apps/web/src","projects":{"api":{"type":"application","entryFile":"main","sourceRoot":"apps/api/src"}}}',
      'apps/api/src/main.ts': '',
      'apps/web/src/main.ts': '',
    },
    'apps/api/src/main.ts',
    'apps/api/src',
  ],
  [
    'wrangler.toml',
    {
      'package.json': manifest({ scripts: { dev: 'wrangler dev' }, dependencies: { hono: '4' } }),
      'wrangler.toml': 'name = "x"\nmain = "src/worker.ts" # entry\n[env.x]\nmain = "no.ts"\n',
      'src/worker.ts': "import { Hono } from 'hono';\nexport default new Hono();",
    },
    'src/worker.ts',
    'src',
  ],
  [
    'wrangler.jsonc',
    {
      'package.json': manifest({ dependencies: { hono: '4' } }),
      'wrangler.jsonc': '{ // c\n "main": "./src/index.tsx", }',
      'src/index.tsx': "import { Hono } from 'hono';\nexport default new Hono();",
    },
    'src/index.tsx',
    'src',
  ],
  [
    'the Fastify command line',
    {
      'package.json': manifest({ scripts: { start: 'fastify start -l info app.js' }, dependencies: { fastify: '5' } }),
      'app.js': 'module.exports = async function (fastify, opts) {};',
    },
    'app.js',
    '',
  ],
  [
    'a Serverless function',
    {
      'package.json': manifest(express),
      'serverless.yml': 'functions:\n  api:\n    handler: src/lambda.handler\n',
      'src/lambda.js': requiredApp,
    },
    'src/lambda.js',
    'src',
  ],
  [
    'vercel.json',
    {
      'package.json': manifest(express),
      'vercel.json': '{"builds":[{"src":"api/server.js","use":"@vercel/node"}]}',
      'api/server.js': app,
    },
    'api/server.js',
    'api',
  ],
  [
    'Next starts itself',
    {
      'package.json': manifest({ scripts: { dev: 'next dev' }, dependencies: { next: '16' } }),
      'src/app/page.tsx': '',
      'src/lib/db.ts': '',
    },
    null,
    'src/lib',
  ],
  [
    'Next without src',
    { 'package.json': manifest({ scripts: { dev: 'next dev' }, dependencies: { next: '16' } }), 'app/page.tsx': '' },
    null,
    '',
  ],
  [
    'an entry in the root with its code in src',
    {
      'package.json': scripts({ start: 'node index.js' }),
      'index.js': "require('./src/app');",
      'src/app.js': `${app}require('./routes');`,
      'src/routes.js': '',
    },
    'index.js',
    'src',
  ],
  [
    'bun',
    { 'package.json': scripts({ dev: 'bun run --hot src/index.ts' }), 'src/index.ts': expressApp },
    'src/index.ts',
    'src',
  ],
];

rows.push(
  [
    'a plugin of the Fastify command line over a server with a usual name',
    {
      'package.json': manifest({ scripts: { start: 'fastify start app.js' }, dependencies: { fastify: '5' } }),
      'app.js': 'module.exports = async () => {};',
      'server.js': "require('fastify')();",
    },
    'app.js',
    '',
  ],
  [
    'an application of Nx',
    {
      'package.json': manifest({ ...express, scripts: { start: 'nx serve api' } }),
      'nx.json': '{}',
      'apps/web/project.json': '{"targets":{"build":{"options":{"main":"apps/web/src/main.tsx"}}}}',
      'apps/web/src/main.tsx': '',
      'apps/api/project.json': '{"targets":{"build":{"options":{"main":"apps/api/src/main.ts"}}}}',
      'apps/api/src/main.ts': expressApp,
    },
    'apps/api/src/main.ts',
    'apps/api/src',
  ],
  [
    'two apps in one package: what the start script runs',
    {
      'package.json': manifest({
        scripts: { start: 'node express.js', wizard: 'node wizard.js' },
        dependencies: { express: '5', fastify: '5' },
      }),
      'express.js': app,
      'wizard.js': "require('fastify')();",
    },
    'express.js',
    '',
  ],
  [
    'a broken entry that the script names',
    { 'package.json': scripts({ start: 'node app.js' }), 'app.js': 'const = broken' },
    'app.js',
    '',
  ],
);

test.each(rows)('finds the entry and the source folder: %s', (_title, files, entry, sourceFolder) => {
  const profile = detect(treeOf(files), surroundings());
  expect(profile.entry.value).toBe(entry);
  if (sourceFolder !== undefined) expect(profile.sourceFolder.value).toBe(sourceFolder);
});

test('says by a low confidence that a name alone decided', () => {
  const { entry } = detect(treeOf({ 'package.json': manifest(express), 'src/index.ts': expressApp }), surroundings());
  expect(entry.evidence).toMatchObject({ confidence: 'guess', file: 'src/index.ts' });
});

test('names the script and its line, and the other entry as a rival', () => {
  const files = { 'package.json': scripts({ start: 'node a.js', dev: 'node b.js' }), 'a.js': app, 'b.js': app };
  const { entry } = detect(treeOf(files), surroundings());
  expect(entry.evidence).toEqual({
    file: 'package.json',
    line: 7,
    reason: 'script "start" runs `node a.js`',
    confidence: 'certain',
  });
  expect(entry.rivals.map(({ value }) => value)).toEqual(['b.js']);
});
