import { securityHeaders } from '../../../../src/doctor/rules/sec/security-headers.ts';
import { ruleTest } from '../../rule.ts';

const app = `import express from 'express';\nconst app = express();\n`;

ruleTest(securityHeaders, {
  hits: {
    'pages of a view engine': {
      files: {
        'src/app.ts': `${app}app.set('view engine', 'ejs');\napp.get('/', (req, res) => res.render('index'));\n`,
      },
      at: ['src/app.ts:2'],
    },
    'a built frontend': {
      files: {
        'server.js': `const express = require('express');\nconst app = express();\napp.use(express.static('public'));\n`,
      },
      at: ['server.js:2'],
    },
    'helmet in a comment only': {
      files: {
        'src/app.ts': `${app}// import helmet from 'helmet';\n/* app.use(helmet()); 'X-Frame-Options' */\napp.get('/', (req, res) => res.render('index'));\n`,
      },
      at: ['src/app.ts:2'],
    },
    'an API: a hint': {
      files: { 'src/app.ts': `${app}app.get('/', (req, res) => res.json({}));\n` },
      at: ['src/app.ts:2 info'],
    },
  },
  clean: {
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
