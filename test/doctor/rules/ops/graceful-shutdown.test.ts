import { expect, test } from 'vitest';
import { gracefulShutdown } from '../../../../src/doctor/rules/ops/graceful-shutdown.ts';
import { examineTexts, manifest, ruleTest } from '../../rule.ts';

const app = `import express from 'express';\nconst app = express();\n`;

ruleTest(gracefulShutdown, {
  hits: {
    'two of one process, told once': {
      files: {
        'src/server.ts': `${app}app.listen(3000);\n`,
        'src/tls.ts': `import https from 'node:https';\nhttps.createServer(options, app).listen(443);\n`,
      },
      at: ['src/server.ts:3'],
    },
    'Nest without its hooks': {
      files: {
        'package.json': manifest('@nestjs/core'),
        'src/main.ts': `import { NestFactory } from '@nestjs/core';\nimport { AppModule } from './app.module.js';\nasync function bootstrap() {\n  const app = await NestFactory.create(AppModule);\n  await app.listen(3000);\n}\nbootstrap();\n`,
      },
      at: ['src/main.ts:5'],
    },
    'Nest with hooks that nobody calls': {
      files: {
        'package.json': manifest('@nestjs/core'),
        'src/store.service.ts': `export class Store {\n  async enableShutdownHooks(app) {\n    this.$on('beforeExit', () => app.close());\n  }\n}\n`,
        'src/main.ts': `import { NestFactory } from '@nestjs/core';\nconst app = await NestFactory.create(AppModule);\nawait app.listen(3000);\n`,
      },
      at: ['src/main.ts:3'],
    },
    'Express that only listens': { files: { 'src/server.ts': `${app}app.listen(3000);\n` }, at: ['src/server.ts:3'] },
    'Fastify of a function': {
      files: {
        'package.json': manifest('fastify'),
        'src/server.ts': `import Fastify from 'fastify';\nasync function main() {\n  const server = Fastify();\n  await server.listen({ port: 3000 });\n}\nmain();\n`,
      },
      at: ['src/server.ts:4'],
    },
    'the one that the image starts, not that of developers': {
      files: {
        Dockerfile: 'FROM node:24\nCMD ["node", "server/bin/live.js"]\n',
        'server/bin/develop.js': `${app}app.listen(8080);\n`,
        'server/bin/live.js': `${app}app.listen(80);\n`,
      },
      at: ['server/bin/live.js:3'],
    },
    'a server that answers probes beside other routes': {
      files: { 'src/server.ts': `${app}app.get('/healthz', ok);\napp.get('/orders', list);\napp.listen(3000);\n` },
      at: ['src/server.ts:5'],
    },
    'an app of another file': {
      files: {
        'src/app.ts': `${app}export default app;\n`,
        'src/server.ts': `import app from './app.js';\napp.listen(3000);\n`,
      },
      at: ['src/server.ts:2'],
    },
    'an app that a function of another file makes, also one that waits': {
      files: {
        'src/app.ts': `import express from 'express';\nexport default () => {\n  const app = express();\n  return app;\n};\n`,
        'src/server.ts': `import createApp from './app.js';\nconst app = createApp();\napp.listen(3000);\n`,
        'src/tls.ts': `import createApp from './app.js';\nasync function main() {\n  const app = await createApp();\n  app.listen(3001);\n}\nmain();\n`,
      },
      at: ['src/server.ts:3'],
    },
    'a server in an image, with a vercel.json beside it': {
      files: {
        'package.json': manifest('express'),
        'vercel.json': '{ "version": 2 }',
        Dockerfile: 'FROM node:24\nCOPY . .\nCMD ["node", "src/server.js"]\n',
        'src/server.js': `const app = require('express')();\napp.listen(3000);\n`,
      },
      at: ['src/server.js:2'],
    },
  },
  clean: {
    'a package that ends the server': {
      files: {
        'src/server.js': `const express = require('express');\nconst end = require('express-graceful-shutdown');\nconst app = express();\nconst server = app.listen(3000);\napp.use(end(server));\n`,
      },
    },
    'what a function makes that only looks like one': {
      files: {
        'src/bus.ts': `export const createBus = () => ({ listen: (topic) => topic });\n`,
        'src/server.ts': `import { createBus } from './bus.js';\nconst bus = createBus();\nbus.listen('orders');\n`,
      },
    },
    'a program of the command line': {
      files: {
        'package.json': JSON.stringify({ name: 'tunnel', bin: 'cli.js', dependencies: { commander: '*' } }),
        'cli.js': `import http from 'node:http';\nhttp.createServer(pass).listen(8080);\n`,
      },
    },
    'a program of a desktop': {
      files: {
        'package.json': manifest('express', 'electron'),
        'src/bridge.js': `${app}app.listen(4100);\n`,
      },
    },
    'a server that is a part of the program': {
      files: { 'src/proxy.js': `import http from 'node:http';\nhttp.createServer(pass).listen(0, '127.0.0.1');\n` },
    },
    'SIGTERM handled in another file': {
      files: {
        'src/server.ts': `${app}import { stop } from './stop.js';\nstop(app.listen(3000));\n`,
        'src/stop.ts': `export const stop = (server) => process.on('SIGTERM', () => server.close());\n`,
      },
    },
    'Nest’s own hooks': {
      files: {
        'package.json': manifest('@nestjs/core'),
        'src/main.ts': `import { NestFactory } from '@nestjs/core';\nimport { AppModule } from './app.module.js';\nconst app = await NestFactory.create(AppModule);\napp.enableShutdownHooks();\nawait app.listen(3000);\n`,
      },
    },
    'a library that listens as it is told': {
      files: {
        'lib/app.js': `import http from 'node:http';\nexport class App {\n  listen(...args) {\n    return http.createServer(this.handle).listen(...args);\n  }\n}\n`,
      },
    },
    'a little server for probes alone': {
      files: {
        'src/alive.js': `${app}app.get('/healthz', (req, res) => res.send('OK'));\napp.listen(5566);\n`,
      },
    },
    'a test that listens': { files: { 'test/app.test.ts': `${app}app.listen(0);\n` } },
  },
});

const inFolder = (folder: string, texts: Readonly<Record<string, string>>): string[] =>
  examineTexts(
    {
      [`${folder}/package.json`]: JSON.stringify({
        name: 'front-desk',
        scripts: { start: 'node dist/main.js' },
        dependencies: { express: '^5' },
      }),
      [`${folder}/src/main.ts`]: `${app}app.listen(3000);\n`,
      ...texts,
    },
    [gracefulShutdown],
    null,
    folder,
  ).findings.map(({ confidence }) => confidence);

test.each<[string, string]>([
  ['hint', 'test-stack/mock-mail'],
  ['hint', 'tools/fake_mail'],
  ['likely', 'apps/latest-mail'],
  ['likely', 'apps/contest'],
])('a server is told of as %s in %s', (confidence, folder) => {
  expect(inFolder(folder, {})).toEqual([confidence]);
});

test.each<[string, string, Readonly<Record<string, string>>]>([
  ['likely', 'where nothing around a package deploys anything', {}],
  ['likely', 'where compose brings what it talks to', { 'compose.yaml': 'services:\n  db:\n    image: postgres:17\n' }],
  ['likely', 'where an image copies its folder', { Dockerfile: 'FROM node:24\nCOPY apps/desk ./apps/desk\n' }],
  [
    'likely',
    'where an image starts it by its name',
    { Dockerfile: 'FROM node:24\nCMD pnpm --filter=front-desk start\n' },
  ],
  [
    'hint',
    'where images are of other packages',
    { 'apps/desk-api/Dockerfile': 'FROM node:24\nCOPY apps/desk-api .\n' },
  ],
])('%s: %s', (confidence, _title, texts) => {
  expect(inFolder('apps/desk', texts)).toEqual([confidence]);
});

test.each<[string, string, Readonly<Record<string, string>>]>([
  ['hint', 'cross-env NODE_ENV=development node app.js', {}],
  ['likely', 'cross-env NODE_ENV=development node app.js', { Dockerfile: 'FROM node:24\nCMD ["node", "app.js"]\n' }],
  ['likely', 'cross-env NODE_ENV=production node app.js', {}],
])('is %s where a script starts it with `%s`', (confidence, start, texts) => {
  const own = { 'package.json': JSON.stringify({ scripts: { start }, dependencies: { express: '^5' } }) };
  const { findings } = examineTexts({ ...own, 'app.js': `${app}app.listen(3000);\n`, ...texts }, [gracefulShutdown]);
  expect(findings.map((one) => one.confidence)).toEqual([confidence]);
});

test.each<[string, string]>([
  ['hint', '{ node /srv/apps/reader/index.js; } &\nnode /srv/apps/shop/index.js\n'],
  ['hint', 'PORT=1 node apps/reader/index.js &\nwait\n'],
  ['likely', 'node apps/reader/index.js\n'],
  ['likely', 'node apps/proof-reader/index.js &\nexec node apps/reader/index.js\n'],
])('a server is %s where a script has `%s`', (confidence, script) => {
  const texts = {
    'apps/reader/package.json': JSON.stringify({
      scripts: { start: 'node index.js' },
      dependencies: { express: '^5' },
    }),
    'apps/reader/index.js': `${app}app.listen(3000);\n`,
    'images/Dockerfile': 'FROM node:24\nCOPY apps/reader apps/reader\nCMD ["sh", "start.sh"]\n',
    'images/start.sh': `#!/bin/sh\n${script}`,
  };
  const { findings } = examineTexts(texts, [gracefulShutdown], null, 'apps/reader');
  expect(findings.map((one) => one.confidence)).toEqual([confidence]);
});
