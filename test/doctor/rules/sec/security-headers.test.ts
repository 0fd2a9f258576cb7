import { securityHeaders } from '../../../../src/doctor/rules/sec/security-headers.ts';
import { manifest, ruleTest } from '../../rule.ts';

const app = `import express from 'express';\nconst app = express();\n`;

ruleTest(securityHeaders, {
  hits: {
    'Nest with the pages of its documentation alone: a hint about cookies': {
      files: {
        'package.json': manifest('@nestjs/core', '@nestjs/common', '@nestjs/serve-static'),
        'src/auth.controller.ts': `@Controller('auth')\nexport class Auth {\n  @Post('login')\n  login(@Res() res) {\n    res.cookie('access_token', this.auth.give(), { httpOnly: true });\n  }\n}\n`,
        'src/app.module.ts': `import { ServeStaticModule } from '@nestjs/serve-static';\nexport const pages = ServeStaticModule.forRoot({ rootPath: join(__dirname, 'swagger-static') });\n`,
        'src/main.ts': `import { NestFactory } from '@nestjs/core';\nconst app = await NestFactory.create(AppModule);\nawait app.listen(3000);\n`,
      },
      at: ['src/main.ts:2 info'],
    },
    'of two apps the one that sets the cookie': {
      files: {
        'package.json': manifest('@nestjs/core'),
        'packages/mailer/src/main.ts': `import { NestFactory } from '@nestjs/core';\nconst app = await NestFactory.create(MailModule);\nawait app.listen(3001);\n`,
        'packages/shop/src/main.ts': `import { NestFactory } from '@nestjs/core';\nconst app = await NestFactory.create(ShopModule);\nawait app.listen(3000);\n`,
        'packages/shop/src/auth/auth.controller.ts': `export const enter = (req, response) => response.cookie('token', sign(req.body));\n`,
      },
      at: ['packages/shop/src/main.ts:2 info'],
    },
    'pages of a view engine': {
      files: {
        'src/app.ts': `${app}app.set('view engine', 'ejs');\napp.get('/', (req, res) => res.render('index'));\napp.post('/login', signIn);\n`,
      },
      at: ['src/app.ts:2'],
    },
    'a built frontend': {
      files: {
        'server.js': `const express = require('express');\nconst app = express();\napp.use(express.static('public'));\napp.get('/me', (req, res) => res.json(req.session.user));\n`,
        'public/index.html': '<h1>shop</h1><script src="/main.js"></script>',
      },
      at: ['server.js:2'],
    },
    'a view engine for e-mails, and one page without a script: a hint': {
      files: {
        'package.json': manifest('express', 'pug'),
        'public/index.html': '<h1>not found</h1>',
        'src/app.ts': `${app}app.set('view engine', 'pug');\napp.use(express.static('public'));\napp.post('/login', signIn);\napp.use((req, res) => res.sendFile(path.resolve('public/index.html')));\n`,
      },
      at: ['src/app.ts:2 info'],
    },
    'several pages that are sent': {
      files: {
        'src/app.ts': `${app}app.get('/', (req, res) => res.sendFile(home + '/index.html'));\napp.get('/login', (req, res) => res.sendFile(home + '/login.html'));\napp.post('/login', signIn);\n`,
      },
      at: ['src/app.ts:2'],
    },
    'helmet in a comment only': {
      files: {
        'package.json': manifest('express', 'pug'),
        'src/app.ts': `${app}// import helmet from 'helmet';\n/* app.use(helmet()); 'X-Frame-Options' */\napp.get('/', (req, res) => res.render('index'));\napp.post('/account/sign-in', enter);\n`,
      },
      at: ['src/app.ts:2'],
    },
    'a library that others mount: a hint': {
      files: {
        'package.json': JSON.stringify({ name: 'board', files: ['dist'], dependencies: { express: '*' } }),
        'src/app.ts': `${app}app.use(express.static('dist'));\napp.post('/login', signIn);\n`,
      },
      at: ['src/app.ts:2 info'],
    },
    'pages of Next: a hint': {
      files: {
        'package.json': manifest('next'),
        'next.config.js': `module.exports = { reactStrictMode: true };\n`,
        'src/app/page.tsx': `export default () => <p>shop</p>;\n`,
      },
      at: ['next.config.js info'],
    },
    'pages that know nobody: a hint': {
      files: { 'src/app.ts': `${app}app.use(express.static('dist'));\napp.post('/tasks', add);\n` },
      at: ['src/app.ts:2 info'],
    },
    'an API that draws by no view engine, and has no page in its folder: a hint': {
      files: {
        'public/logo.svg': '<svg/>',
        'src/app.ts': `${app}app.use(express.static('public'));\napp.get('/', (req, res) => res.render('index'));\napp.post('/login', signIn);\n`,
      },
      at: ['src/app.ts:2 info'],
    },
    'an API: a hint': {
      files: { 'src/app.ts': `${app}app.get('/', (req, res) => res.json({}));\n` },
      at: ['src/app.ts:2 info'],
    },
    'Fastify’s and Koa’s pages': {
      files: {
        'package.json': manifest('fastify', '@fastify/view'),
        'src/app.ts': `import Fastify from 'fastify';\nimport view from '@fastify/view';\nconst app = Fastify();\napp.register(view, { engine: { ejs } });\napp.get('/', (request, reply) => reply.view('index.ejs', request.session));\n`,
      },
      at: ['src/app.ts:3'],
    },
    'a page of Hono': {
      files: {
        'package.json': manifest('hono'),
        'src/index.ts': `import { Hono } from 'hono';\nconst app = new Hono();\napp.get('/', (c) => c.html('<h1>' + c.req.query('name')));\napp.post('/login', (c) => enter(c));\nexport default app;\n`,
      },
      at: ['src/index.ts:2'],
    },
    'Nest, with a cookie of a session': {
      files: {
        'package.json': manifest('@nestjs/core', '@nestjs/common'),
        'src/auth.controller.ts': `@Controller('auth')\nexport class Auth {\n  @Post('login')\n  login(@Res() res) {\n    res.cookie('access_token', this.auth.give(), { httpOnly: true });\n  }\n}\n`,
        'src/main.ts': `import { NestFactory } from '@nestjs/core';\nconst app = await NestFactory.create(AppModule);\nawait app.listen(3000);\n`,
      },
      at: ['src/main.ts:2 info'],
    },
  },
  clean: {
    'APIs of Hono, Fastify and Nest without cookies': {
      files: {
        'package.json': manifest('hono', 'fastify', '@nestjs/core'),
        'src/hono.ts': `import { Hono } from 'hono';\nexport const app = new Hono().get('/', (c) => c.json({ ok: c.req.query('q') }));\n`,
        'src/fastify.ts': `import Fastify from 'fastify';\nconst app = Fastify();\napp.get('/', async () => ({ ok: true }));\n`,
        'src/main.ts': `import { NestFactory } from '@nestjs/core';\nconst app = await NestFactory.create(AppModule);\n`,
      },
    },
    'the middlewares of Hono and Fastify': {
      files: {
        'package.json': manifest('hono', 'fastify', '@fastify/view'),
        'src/hono.ts': `import { Hono } from 'hono';\nimport { secureHeaders } from 'hono/secure-headers';\nconst app = new Hono();\napp.use(secureHeaders());\napp.get('/', (c) => c.html(c.req.path));\n`,
      },
    },
    helmet: {
      files: {
        'src/app.ts': `${app}import helmet from 'helmet';\napp.use(helmet());\napp.get('/', (req, res) => res.render('index'));\n`,
      },
    },
    'headers by hand, in another file': {
      files: {
        'src/app.ts': `${app}import { headers } from './headers.js';\napp.use(headers);\napp.use(express.static('public'));\n`,
        'src/headers.ts': `export const headers = (req, res, next) => {\n  res.setHeader('X-Content-Type-Options', 'nosniff');\n  next();\n};\n`,
      },
    },
    'the proxy sets them': {
      files: {
        'nginx.conf': 'add_header X-Frame-Options DENY;\n',
        'src/app.ts': `${app}app.get('/', (req, res) => res.render('index'));\n`,
      },
    },
    'an app of a test': { files: { 'test/app.test.ts': `${app}app.get('/', (req, res) => res.render('index'));\n` } },
  },
});
