import { corsCredentials } from '../../../../src/doctor/rules/sec/cors-credentials.ts';
import { manifest, ruleTest } from '../../rule.ts';

const app = `import express from 'express';\nimport cors from 'cors';\nconst app = express();\n`;

ruleTest(corsCredentials, {
  hits: {
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
    'a star, which browsers refuse': {
      files: { 'src/app.ts': `${app}app.use(cors({ origin: '*', credentials: true }));\n` },
      at: ['src/app.ts:4 warning'],
    },
  },
  clean: {
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
