import { gracefulShutdown } from '../../../../src/doctor/rules/ops/graceful-shutdown.ts';
import { manifest, ruleTest } from '../../rule.ts';

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
    'an app of another file': {
      files: {
        'src/app.ts': `${app}export default app;\n`,
        'src/server.ts': `import app from './app.js';\napp.listen(3000);\n`,
      },
      at: ['src/server.ts:2'],
    },
  },
  clean: {
    'a program of the command line': {
      files: {
        'package.json': JSON.stringify({ name: 'tunnel', bin: 'cli.js', dependencies: { commander: '*' } }),
        'cli.js': `import http from 'node:http';\nhttp.createServer(pass).listen(8080);\n`,
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
    'a test that listens': { files: { 'test/app.test.ts': `${app}app.listen(0);\n` } },
  },
});
