import { expressErrorArity } from '../../../../src/doctor/rules/res/express-error-arity.ts';
import { manifest, ruleTest } from '../../rule.ts';

const express = { 'package.json': manifest('express') };
const app = `const express = require('express');\nconst app = express();\n`;

ruleTest(expressErrorArity, {
  hits: {
    'written where it is used': {
      files: {
        ...express,
        'app.js': `${app}app.use((err, req, res) => {\n  res.status(500).json({ error: 'Something failed' });\n});\n`,
      },
      at: ['app.js:3'],
    },
    'in a file of its own, with types': {
      files: {
        ...express,
        'src/errors.ts': `import type { Request, Response } from 'express';\n\nexport function errorHandler(error: Error, _req: Request, res: Response) {\n  res.status(500).send('Something failed');\n}\n`,
        'src/app.ts': `import express from 'express';\nimport { errorHandler } from './errors.js';\n\nexport const app = express();\napp.use(errorHandler);\n`,
      },
      at: ['src/errors.ts:3'],
    },
    'of a router that is given': {
      files: {
        ...express,
        'routes.js': `module.exports = (router) => {\n  router.use(function (err, req, res) {\n    res.sendStatus(500);\n  });\n};\n`,
      },
      at: ['routes.js:2'],
    },
  },
  clean: {
    'with all four': {
      files: { ...express, 'app.js': `${app}app.use((err, req, res, next) => {\n  res.status(500).end();\n});\n` },
    },
    'other middleware': {
      files: {
        ...express,
        'app.js': `${app}app.use((req, res, next) => next());\napp.use('/a', (req, res) => res.end());\n`,
      },
    },
    'a callback of another library': {
      files: {
        ...express,
        'app.js': `const pino = require('pino-http');\nconst logger = pino();\nlogger.use((err, req, res) => err.message);\n`,
      },
    },
  },
});
