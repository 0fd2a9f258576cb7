import { expect, test } from 'vitest';
import { edgeIncompatible } from '../../../../src/doctor/rules/cfg/edge-incompatible.ts';
import { envSchema } from '../../../../src/doctor/rules/cfg/env-schema.ts';
import { lockPath, writeLock } from '../../../../src/lock/lock.ts';
import { examineTexts, manifest, ruleTest } from '../../rule.ts';

const readers = (count: number): Record<string, string> =>
  Object.fromEntries(
    Array.from({ length: count }, (_, n) => [`src/file${n}.js`, `export const value = process.env.SETTING_${n};\n`]),
  );

/** The lock of a module that made the list of variables for one of its own. */
const begunByUs = {
  [lockPath]:
    writeLock({
      version: 1,
      skills: {
        ours: {
          version: '0.1.0',
          choices: {},
          stamp: '20260101000000',
          files: [],
          ops: [{ op: { op: 'line', file: '.env.example', text: 'OURS=', comment: null }, standing: 'done' }],
          steps: [],
          created: ['.env.example'],
        },
      },
      patched: {},
    }) ?? '',
};

ruleTest(envSchema, {
  hits: {
    'six files': { files: readers(6), at: ['src/file0.js:1'] },
    'a variable that is written down nowhere': {
      files: { 'src/a.js': `export const url = process.env.DATABASE_URL;\n`, '.env.example': 'OTHER=\n' },
      at: ['src/a.js:1 info'],
    },
    'a list that we began, and the project has gone on with': {
      files: {
        ...begunByUs,
        'src/a.js': `export const url = process.env.API_URL;\n`,
        '.env.example': 'OURS=\nOTHER=\n',
      },
      at: ['src/a.js:1 info'],
    },
    'taken apart': {
      files: {
        'src/a.js': `const { API_URL } = process.env;\nexport const url = process.env['API_URL'];\n`,
        '.env.example': '',
      },
      at: ['src/a.js:1 info'],
    },
    'what the program ends without': {
      files: {
        'src/a.js': `if (!process.env.API_URL) {\n  throw new Error('API_URL');\n}\nconst url = process.env.API_URL;\n`,
        '.env.example': '',
      },
      at: ['src/a.js:1 info'],
    },
    'a program in a folder': {
      folder: 'apps/api',
      files: {
        'apps/api/package.json': manifest('express'),
        ...Object.fromEntries(Object.entries(readers(7)).map(([path, text]) => [`apps/api/${path}`, text])),
      },
      at: ['src/file0.js:1'],
    },
    'several files, some with defaults': {
      files: { ...readers(6), 'src/z.js': `export const z = process.env.Z ?? 'z';\n` },
      at: ['src/file0.js:1'],
    },
  },
  clean: {
    'files that do without': {
      files: {
        '.env.example': '',
        ...Object.fromEntries(
          Object.entries({
            a: `process.env.A || 'a'`,
            b: `process.env.B === 'yes'`,
            c: `Number(process.env.C ?? 3)`,
            d: `process.env.D ? 1 : 2`,
            e: `process.env.E?.split(',')`,
            f: `!process.env.F`,
            g: `load(process.env.G && 1)`,
            h: `parseInt(process.env.H, 10) || 100`,
            i: `load(process.env.siteName)`,
            l: `tools.isTrue(process.env.L)`,
            m: `(() => {\n  switch (process.env.M) {\n    case 'mysql':\n      return 1;\n    default:\n      return 2;\n  }\n})()`,
          }).map(([name, code]) => [`src/${name}.js`, `export const ${name} = ${code};\n`]),
        ),
        'src/h.js': `const { H = 'h', I } = process.env;\nif (I) start(I);\nconst key = process.env.J;\nif (key) use(key);\nprocess.env.K = 'k';\n`,
      },
    },
    'what is put into pages when they are built': {
      files: { 'src/a.js': `export const url = process.env.NEXT_PUBLIC_URL;\n`, '.env.example': '' },
    },
    'a check of its own': {
      files: {
        ...readers(7),
        'src/env.js': `import { requireEnv } from './lib.js';\nrequireEnv('SETTING_1');\nprocess.env;\n`,
      },
    },
    'a library': { files: { ...readers(7), 'package.json': manifest('pg') } },
    'a package of parts for a framework, which programs around it import': {
      folder: 'libs/common',
      files: {
        'libs/common/package.json': JSON.stringify({
          name: 'common',
          types: 'dist/index.d.ts',
          scripts: { start: 'npm run watch:build' },
          dependencies: { '@nestjs/common': '^11', '@nestjs/core': '^11' },
        }),
        ...Object.fromEntries(Object.entries(readers(7)).map(([path, text]) => [`libs/common/${path}`, text])),
      },
    },
    'a second list': {
      files: {
        'src/a.js': `export const url = process.env.API_URL;\n`,
        '.env.example': 'A=\n',
        '.env.local.example': 'API_URL=\n',
      },
    },
    'a few files': { files: readers(3) },
    'a schema': { files: { ...readers(7), 'package.json': manifest('express', 'envalid') } },
    'a list of what we added only': {
      files: { ...begunByUs, 'src/a.js': `export const url = process.env.API_URL;\n`, '.env.example': 'OURS=\n' },
    },
    'what the platform sets': { files: { 'src/a.js': `export const port = process.env.PORT;\n`, '.env.example': '' } },
    'all written down': {
      files: { 'src/a.js': `export const url = process.env.API_URL;\n`, '.env.example': '# API_URL=\n' },
    },
  },
});

test.each<[string, string, string]>([
  ['likely', 'ends without', `if (!process.env.API_URL) throw new Error('API_URL');\n`],
  [
    'hint',
    'answers no request without',
    `export const pay = () => {\n  if (!process.env.API_URL) throw new Error('API_URL');\n};\n`,
  ],
  ['hint', 'passes on as it is', `start(process.env.API_URL);\n`],
])('a variable that is written down nowhere is %s where the program %s', (confidence, _title, text) => {
  const { findings } = examineTexts({ 'src/a.js': text, '.env.example': '' }, [envSchema]);
  expect(findings.map((found) => found.confidence)).toEqual([confidence]);
});

test('files that read variables as they are, and check none, are a hint', () => {
  const { findings } = examineTexts(readers(7), [envSchema]);
  expect(findings.map(({ confidence }) => confidence)).toEqual(['hint']);
});

const next = { 'package.json': manifest('next@^15', 'react') };

ruleTest(edgeIncompatible, {
  hits: {
    'a route on the edge': {
      files: {
        ...next,
        'app/api/x/route.ts': `import { readFile } from 'node:fs/promises';\nexport const runtime = 'edge';\nexport const GET = () => new Response();\n`,
      },
      at: ['app/api/x/route.ts:1'],
    },
    'the middleware, through a file': {
      files: {
        ...next,
        'middleware.ts': `import { user } from './lib/user';\nexport const middleware = user;\n`,
        'lib/user.ts': `import { Pool } from 'pg';\nexport const user = new Pool();\n`,
      },
      at: ['lib/user.ts:1'],
    },
    'a worker': {
      files: {
        'package.json': manifest('hono'),
        'wrangler.toml': 'main = "src/index.ts"\n',
        'src/index.ts': `import { spawn } from 'child_process';\nexport default { fetch: spawn };\n`,
      },
      at: ['src/index.ts:1'],
    },
  },
  clean: {
    'a route on Node': {
      files: {
        ...next,
        'app/api/x/route.ts': `import { readFile } from 'node:fs/promises';\nexport const GET = () => readFile('x');\n`,
      },
    },
    'a type': {
      files: {
        ...next,
        'app/api/x/route.ts': `import type { Pool } from 'pg';\nexport const runtime = 'edge';\nexport const GET = (p: Pool) => p;\n`,
      },
    },
    'a worker with Node’s modules': {
      files: {
        'package.json': manifest('hono'),
        'wrangler.toml': 'main = "src/index.ts"\ncompatibility_flags = ["nodejs_compat"]\n',
        'src/index.ts': `import { x } from 'node:fs';\nexport default x;\n`,
      },
    },
  },
});
