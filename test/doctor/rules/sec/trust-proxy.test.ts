import { trustProxy } from '../../../../src/doctor/rules/sec/trust-proxy.ts';
import { manifest, ruleTest } from '../../rule.ts';

const app = `import express from 'express';\nimport rateLimit from 'express-rate-limit';\nconst app = express();\n`;

ruleTest(trustProxy, {
  hits: {
    'a limiter of their own that counts by a function of its file where nobody says another': {
      files: {
        'src/limit.ts': `const byAddress = (c) => c.req.header('x-forwarded-for')?.split(',')[0] || 'unknown';\nexport function rateLimit(options) {\n  const { max, keyGenerator = byAddress } = options;\n  return (c, next) => (count(keyGenerator(c)) > max ? c.text('later', 429) : next());\n}\n`,
        'src/last.ts': `const byProxy = (c) => c.req.header('x-forwarded-for')?.split(',').at(-1) || 'unknown';\nexport function rateLimit({ max, keyGenerator = byProxy }) {\n  return (c, next) => (count(keyGenerator(c)) > max ? c.text('later', 429) : next());\n}\n`,
      },
      at: ['src/limit.ts:3'],
    },
    'of several entries the one that production starts': {
      files: {
        'package.json': JSON.stringify({
          dependencies: { express: '^5.1.0' },
          scripts: { 'start:prod': 'node dist/server.js' },
        }),
        'src/electron.ts': `${app}app.set('trust proxy', true);\n`,
        'src/server.ts': `${app}app.set('trust proxy', true);\napp.use(rateLimit());\n`,
      },
      at: ['src/server.ts:4'],
    },
    'of several entries none that is for development, where nothing says what starts': {
      files: {
        'src/app.dev.ts': `${app}app.set('trust proxy', true);\n`,
        'src/app.ts': `${app}app.set('trust proxy', true);\napp.use(rateLimit());\n`,
      },
      at: ['src/app.ts:4'],
    },
    'a limiter made by hand': {
      files: {
        'src/limit.js': `const limits = new Map();\nexport const limit = (req, res, next) => {\n  const ip = req.headers['x-forwarded-for'] || req.socket.remoteAddress;\n  const at = limits.get(ip) ?? [];\n  if (at.length > 100) return res.sendStatus(429);\n  limits.set(ip, [...at, Date.now()]);\n  next();\n};\n`,
      },
      at: ['src/limit.js:3'],
    },
    'every proxy is trusted, and a limiter counts by the address': {
      files: { 'src/app.ts': `${app}app.set('trust proxy', true);\napp.use(rateLimit());\n` },
      at: ['src/app.ts:4'],
    },
    'enabled, with no limiter but the address in use; a hint where nothing uses it': {
      files: {
        'src/app.js': `const app = require('express')();\napp.enable('trust proxy');\napp.get('/', (req, res) => res.send(req.ip));\n`,
      },
      at: ['src/app.js:2'],
    },
    'the socket’s own address, and a limiter that counts by what the platform’s edge writes': {
      files: {
        'src/app.ts': `${app}app.set('trust proxy', true);\napp.use(rateLimit({ keyGenerator: (req) => req.get('cf-connecting-ip') ?? req.ip }));\napp.get('/', (req, res) => res.send(req.socket.remoteAddress));\n`,
      },
      at: ['src/app.ts:4 info'],
    },
    'Fastify, where nothing uses the address': {
      files: {
        'package.json': manifest('fastify'),
        'src/app.ts': `import Fastify from 'fastify';\nconst app = Fastify({ logger: true, trustProxy: true });\n`,
      },
      at: ['src/app.ts:2 info'],
    },
    'Nest’s limiter, by its guard; a hint where only its module is there': {
      files: {
        'package.json': manifest('@nestjs/core', '@nestjs/throttler'),
        'src/main.ts': `import { NestFactory } from '@nestjs/core';\nconst app = await NestFactory.create(AppModule);\napp.enable('trust proxy');\n`,
        'src/app.module.ts': `import { ThrottlerGuard, ThrottlerModule } from '@nestjs/throttler';\nexport const parts = [ThrottlerModule.forRoot([]), { provide: APP_GUARD, useClass: ThrottlerGuard }];\n`,
      },
      at: ['src/main.ts:3'],
    },
    'Nest’s limiter without its guard': {
      files: {
        'package.json': manifest('@nestjs/core', '@nestjs/throttler'),
        'src/main.ts': `import { NestFactory } from '@nestjs/core';\nconst app = await NestFactory.create(AppModule);\napp.enable('trust proxy');\n`,
        'src/app.module.ts': `import { ThrottlerModule } from '@nestjs/throttler';\nexport const parts = [ThrottlerModule.forRoot([])];\n`,
      },
      at: ['src/main.ts:3 info'],
    },
    'a key that the client writes': {
      files: {
        'src/app.ts': `${app}app.use(rateLimit({ keyGenerator: (req) => req.headers['x-forwarded-for'] || req.ip }));\nasync function check(req) {\n  const ip = req.headers['x-forwarded-for'].split(',')[0];\n  await limiter.consume(ip);\n}\n`,
      },
      at: ['src/app.ts:4'],
    },
    'a key of its own, by the name that holds it': {
      files: {
        'src/check.ts': `async function check(req) {\n  const ip = req.headers['x-forwarded-for'].split(',')[0];\n  await limiter.consume(ip);\n}\n`,
      },
      at: ['src/check.ts:2'],
    },
    'Koa; a hint where somebody asks for it': {
      files: {
        'package.json': manifest('koa'),
        'src/app.ts': `import Koa from 'koa';\nconst app = new Koa();\napp.proxy = true;\napp.use((ctx) => log(ctx.ip));\n`,
      },
      at: ['src/app.ts:3'],
    },
    'a switch of who runs it': {
      files: { 'src/app.ts': `${app}if (config.TRUST_PROXY) app.set('trust proxy', true);\napp.use(rateLimit());\n` },
      at: ['src/app.ts:4 info'],
    },
  },
  clean: {
    'one by hand of Next, and a map of something else': {
      files: {
        'package.json': manifest('next'),
        'src/limit.js': `const limits = new Map();\nexport const limit = (req, res, next) => {\n  const ip = req.headers['x-forwarded-for'] || req.socket.remoteAddress;\n  const at = limits.get(ip) ?? [];\n  if (at.length > 100) return res.sendStatus(429);\n  limits.set(ip, [...at, Date.now()]);\n  next();\n};\n`,
        'src/seen.js': `export const seen = (req) => visitors.get(req.headers['x-forwarded-for']);\n`,
      },
    },
    'one proxy': { files: { 'src/app.ts': `${app}app.set('trust proxy', 1);\napp.use(rateLimit());\n` } },
    'the addresses of one’s own': {
      files: { 'src/app.ts': `${app}app.set('trust proxy', ['loopback', '10.0.0.0/8']);\napp.use(rateLimit());\n` },
    },
    'the header in a log, and the last of it as key': {
      files: {
        'src/app.ts': `${app}log.info(req.headers['x-forwarded-for']);\napp.use(rateLimit({ keyGenerator: (req) => req.headers['x-forwarded-for'].split(',').at(-1) }));\n`,
      },
    },
    'a platform that writes the header itself': {
      files: {
        'vercel.json': '{}',
        'src/limit.ts': `export const check = (req) => limiter.limit(req.headers.get('x-forwarded-for') ?? '');\n`,
      },
    },
  },
});
