import { corsCredentials } from '../../../../src/doctor/rules/sec/cors-credentials.ts';
import { manifest, ruleTest } from '../../rule.ts';

const app = `import express from 'express';\nimport cors from 'cors';\nconst app = express();\n`;

ruleTest(corsCredentials, {
  hits: {
    'origins that only begin with one of a list, or hold one': {
      files: {
        'src/app.ts': `${app}const shops = String(process.env.SHOPS).split(',');\napp.use(cors({ credentials: true, origin: (origin, done) => done(null, !origin || shops.some((shop) => origin.match(shop))) }));\n`,
        'src/admin.ts': `${app}app.use(cors({ credentials: true, origin(origin, done) { if (desks.find((desk) => origin.startsWith(desk))) done(null, true); else done(new Error('no')); } }));\n`,
      },
      at: ['src/admin.ts:4 warning', 'src/app.ts:5 warning'],
    },
    'a look whether there is an origin at all, in two functions': {
      files: {
        'src/app.ts': `${app}const open = (req, res) => {\n  if (req.get('origin') !== undefined) {\n    res.header('Access-Control-Allow-Origin', req.get('origin'));\n    res.header('Access-Control-Allow-Credentials', true);\n  }\n};\nconst again = (req, res) => {\n  if (req.headers.origin) {\n    res.header('Access-Control-Allow-Origin', req.headers.origin);\n    res.header('Access-Control-Allow-Credentials', 'true');\n  }\n};\n`,
      },
      at: ['src/app.ts:6'],
    },
    'any origin, sent back': {
      files: { 'src/app.ts': `${app}app.use(cors({ origin: true, credentials: true }));\n` },
      at: ['src/app.ts:4'],
    },
    'a function that lets all in, by a name': {
      files: {
        'src/app.js': `const cors = require('cors');\nconst options = { origin: (origin, callback) => callback(null, true), credentials: true };\napp.use(cors(options));\n`,
      },
      at: ['src/app.js:3'],
    },
    'headers by hand': {
      files: {
        'src/app.ts': `${app}app.use((req, res, next) => {\n  res.header('Access-Control-Allow-Origin', req.headers.origin);\n  res.header('Access-Control-Allow-Credentials', 'true');\n  next();\n});\n`,
      },
      at: ['src/app.ts:5'],
    },
    'Nest, Hono and Fastify': {
      files: {
        'package.json': manifest('@nestjs/core', 'hono', 'fastify', '@fastify/cors'),
        'src/hono.ts': `import { cors } from 'hono/cors';\napp.use(cors({ origin: (origin) => origin, credentials: true }));\n`,
        'src/main.ts': `app.enableCors({ origin: true, credentials: true });\n`,
        'src/server.ts': `import cors from '@fastify/cors';\nawait server.register(cors, { origin: /.*/, credentials: true });\n`,
      },
      at: ['src/hono.ts:2', 'src/main.ts:1', 'src/server.ts:2'],
    },
    'a star, which browsers refuse: a hint': {
      files: { 'src/app.ts': `${app}app.use(cors({ origin: '*', credentials: true }));\n` },
      at: ['src/app.ts:4 info'],
    },
    'a part of the origin decides, and a callback that always agrees': {
      files: {
        'src/a.ts': `${app}app.use(cors({ credentials: true, origin: (origin, done) => { if (!origin || origin.endsWith('shop.com')) done(null, true); else done(new Error('no')); } }));\napp.use(cors({ credentials: true, origin: /shop\\.com/ }));\n`,
        'src/b.ts': `${app}app.use(cors({ credentials: true, origin: (origin, done) => { if (!allowed.includes(origin)) console.warn(origin); done(null, true); } }));\n`,
      },
      at: ['src/a.ts:4 warning', 'src/a.ts:5 warning', 'src/b.ts:4'],
    },
    'a header that pages set themselves, and nothing that browsers send': {
      files: {
        'src/app.ts': `${app}app.use(cors({ origin: true, credentials: true }));\n`,
        'src/guard.ts': `export const guard = (req, res, next) => {\n  req.user = verify(req.headers.authorization.replace('Bearer ', ''));\n  next();\n};\n`,
      },
      at: ['src/app.ts:4 info'],
    },
    'a header, and cookies of a library that nobody imports and of a page’s language': {
      files: {
        'package.json': manifest('express', 'cors', 'cookie-parser', 'express-session'),
        'src/app.ts': `${app}app.use(cors({ origin: true, credentials: true }));\n`,
        'src/guard.ts': `// import { read } from 'next-auth';\nexport const guard = (req, res, next) => {\n  // basic checks\n  req.user = verify(req.headers.authorization.replace('Bearer ', ''));\n  next();\n};\nexport const ask = () => fetch(url, { headers: { Authorization: \`Basic \${key}\` } });\n`,
        'src/language.ts': `export const options = { order: ['cookie', 'localStorage'], lookupCookie: 'language' };\n`,
      },
      at: ['src/app.ts:4 info'],
    },
    'a header, and cookies that are taken apart and read by nobody': {
      files: {
        'src/app.ts': `${app}app.use(cors({ origin: true, credentials: true }));\n`,
        'src/parse.js': `const cookieParser = require('cookie-parser');\nmodule.exports = (app) => app.use(cookieParser());\n`,
        'src/guard.ts': `/* once: req.cookies.shop */\nexport const guard = (req, res, next) => {\n  // const token = req.cookies.shop;\n  req.user = verify(req.headers.authorization.replace('Bearer ', ''));\n  next();\n};\n`,
      },
      at: ['src/app.ts:4 info'],
    },
    'a header, and a password that the browser keeps': {
      files: {
        'src/app.ts': `${app}app.use(cors({ origin: true, credentials: true }));\n`,
        'src/guard.ts': `export const guard = (req, res, next) => {\n  const sent = req.headers.authorization;\n  req.user = sent.startsWith('Basic ') ? open(sent) : verify(sent);\n  next();\n};\n`,
      },
      at: ['src/app.ts:4'],
    },
    'a header, and a cookie as well': {
      files: {
        'src/app.ts': `${app}app.use(cors({ origin: true, credentials: true }));\n`,
        'src/guard.ts': `export const guard = (req, res, next) => {\n  req.user = verify(req.headers.authorization ?? req.cookies.shop);\n  next();\n};\n`,
      },
      at: ['src/app.ts:4'],
    },
    'a cookie that stays on its site': {
      files: {
        'src/app.ts': `${app}app.use(cors({ origin: true, credentials: true }));\n`,
        'src/login.ts': `export const login = (req, res) => res.cookie('shop', sign(req.body), { httpOnly: true, sameSite: 'strict' });\n`,
      },
      at: ['src/app.ts:4 warning'],
    },
    'a cookie for other sites': {
      files: {
        'src/app.ts': `${app}app.use(cors({ origin: true, credentials: true }));\n`,
        'src/login.ts': `export const login = (req, res) => res.cookie('shop', sign(req.body), { sameSite: isProduction ? 'none' : 'lax' });\n`,
      },
      at: ['src/app.ts:4'],
    },
    GraphQL: {
      files: {
        'src/app.module.ts': `import { GraphQLModule } from '@nestjs/graphql';\nexport const graphql = GraphQLModule.forRoot({ cors: { credentials: true, origin: true } });\n`,
        'src/apollo.ts': `import { ApolloServer } from 'apollo-server-express';\nconst server = new ApolloServer({ typeDefs });\nserver.applyMiddleware({ app, cors: { credentials: true, origin: true } });\n`,
        'src/graphql.ts': `import { GqlOptionsFactory } from '@nestjs/graphql';\nexport class GraphqlService implements GqlOptionsFactory {\n  async createGqlOptions() {\n    return { autoSchemaFile: true, cors: { credentials: true, origin: true } };\n  }\n}\n`,
      },
      at: ['src/apollo.ts:3', 'src/app.module.ts:2', 'src/graphql.ts:4'],
    },
    sockets: {
      files: {
        'src/io.ts': `import { Server } from 'socket.io';\nexport const io = new Server(http, { cors: { origin: true, credentials: true } });\n`,
        'src/main.ts': `import { NestFactory } from '@nestjs/core';\nconst app = await NestFactory.create(AppModule, { cors: { origin: true, credentials: true } });\n`,
        'src/gateway.ts': `import { WebSocketGateway } from '@nestjs/websockets';\n@WebSocketGateway({ cors: { origin: (origin, done) => done(null, true), credentials: true } })\nexport class Gateway {}\n`,
      },
      at: ['src/gateway.ts:2', 'src/io.ts:2', 'src/main.ts:2'],
    },
  },
  clean: {
    'the whole origin, by patterns of a list and by equality': {
      files: {
        'src/app.ts': `${app}const shops = [/^https:\\/\\/shop\\.com$/, /^https:\\/\\/desk\\.com$/];\napp.use(cors({ credentials: true, origin: (origin, done) => done(null, shops.some((shop) => origin.match(shop))) }));\n`,
        'src/admin.ts': `${app}app.use(cors({ credentials: true, origin: (origin, done) => done(null, desks.some((desk) => desk === origin)) }));\napp.use(cors({ credentials: true, origin: (origin, done) => done(null, desks.some((desk) => desk.includes(origin))) }));\n`,
      },
    },
    'GraphQL with a list, and options of something else': {
      files: {
        'src/graphql.ts': `import { GqlOptionsFactory } from '@nestjs/graphql';\nexport class GraphqlService implements GqlOptionsFactory {\n  async createGqlOptions() {\n    return { cors: { credentials: true, origin: ['https://shop.example'] } };\n  }\n  other() {\n    return { cors: { credentials: true, origin: true } };\n  }\n}\n`,
      },
    },
    'an origin that is compared with one of its own': {
      files: {
        'src/app.ts': `${app}app.use((req, res, next) => {\n  if (req.get('origin') === 'https://shop.example') {\n    res.header('Access-Control-Allow-Origin', req.get('origin'));\n    res.header('Access-Control-Allow-Credentials', 'true');\n  }\n  next();\n});\n`,
      },
    },
    'in development only': {
      files: {
        'src/main.ts': `if (config.get('PRODUCTION') === 'true') app.enableCors({ origin: origins, credentials: true });\nelse app.enableCors({ origin: true, credentials: true });\n`,
      },
    },
    'the whole origin, by a pattern and by an end with its dot': {
      files: {
        'src/app.ts': `${app}app.use(cors({ credentials: true, origin: /^https:\\/\\/(\\w+\\.)?shop\\.com$/ }));\napp.use(cors({ credentials: true, origin: (origin, done) => { if (origin.endsWith('.shop.com') || allowed.includes(origin)) done(null, true); else done(null, false); } }));\n`,
      },
    },
    'a list': {
      files: { 'src/app.ts': `${app}app.use(cors({ origin: ['https://shop.com'], credentials: true }));\n` },
    },
    'any origin without credentials': {
      files: { 'src/app.ts': `${app}app.use(cors());\napp.use(cors({ origin: true }));\n` },
    },
    'a function that compares': {
      files: {
        'src/app.ts': `${app}app.use(cors({ credentials: true, origin: (origin, callback) => { if (allowed.has(origin)) callback(null, true); else callback(new Error('no')); } }));\n`,
      },
    },
    'headers for an origin that was looked at': {
      files: {
        'src/app.ts': `${app}app.use((req, res, next) => {\n  const result = validate(req.headers.origin);\n  if (!result.ok) return res.sendStatus(403);\n  res.header('Access-Control-Allow-Origin', req.headers.origin);\n  res.header('Access-Control-Allow-Credentials', 'true');\n  next();\n});\n`,
      },
    },
  },
});
