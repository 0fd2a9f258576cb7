import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { routesOf } from '../../src/doctor/routes/routes.ts';
import { rules } from '../../src/doctor/rules/index.ts';
import { examineTexts, manifest, type Texts } from './rule.ts';
import { sourceOf } from './source.ts';

const packages = [
  'express',
  'fastify',
  'hono',
  'koa',
  '@nestjs/common',
  'next',
  'pg',
  'ioredis',
  'bullmq',
  'ws',
  'zod',
];

const names = fc.constantFrom(
  'a',
  'b',
  'req',
  'res',
  'app',
  'db',
  'c',
  'ctx',
  'user',
  'token',
  'url',
  'body',
  'größe',
  '$',
);
const texts = fc.constantFrom(
  "'x'",
  "'/users/:id'",
  '`SELECT ${a}`',
  "'SELECT * FROM a'",
  '/x+/g',
  '1',
  'null',
  "''",
  '`${`${b}`}`',
);
const methods = fc.constantFrom(
  'get',
  'post',
  'query',
  'use',
  'map',
  'then',
  'json',
  'on',
  'set',
  'exec',
  'redirect',
  'listen',
);

const { expression, statement } = fc.letrec<{ expression: string; statement: string }>((tie) => {
  const inner = tie('expression');
  const list = fc.array(inner, { maxLength: 3 }).map((all) => all.join(', '));
  const body = fc.array(tie('statement'), { maxLength: 3 }).map((all) => `{ ${all.join('\n')} }`);
  return {
    expression: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      names,
      texts,
      fc.tuple(inner, methods, list).map(([on, method, given]) => `(${on}).${method}(${given})`),
      fc.tuple(names, list).map(([name, given]) => `new ${name}(${given})`),
      fc.tuple(names, names).map(([a, b]) => `${a}?.${b}`),
      fc.tuple(names, inner).map(([a, b]) => `${a}[${b}]`),
      fc.tuple(names, names, body).map(([a, b, inside]) => `(async (${a}, { ${b} = 1, ...rest }) => ${inside})`),
      fc
        .tuple(names, inner)
        .map(([a, b]) => `function ${a}() { return ${b} }`)
        .map((one) => `(${one})`),
      fc.tuple(names, inner).map(([a, b]) => `({ ${a}: ${b}, ...${a}, [${a}]: 1, get ${a}() { return this.${a} } })`),
      fc.tuple(inner, inner).map(([a, b]) => `(${a} ?? ${b})`),
      fc.tuple(inner, inner, inner).map(([a, b, d]) => `(${a} ? ${b} : ${d})`),
      fc.tuple(inner, inner).map(([a, b]) => `[${a}, , ...[${b}]]`),
      fc.tuple(names, inner).map(([a, b]) => `(${a} = ${b})`),
      fc.tuple(names, inner).map(([a, b]) => `${a}\`x\${${b}}\``),
      fc.constantFrom("require('pg')", "import('./b')", 'process.env.X', 'import.meta.url', "require('./a')"),
      inner.map((one) => `(${one} as any)!`),
    ),
    statement: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      inner.map((one) => `;${one};`),
      fc.tuple(names, inner).map(([a, b]) => `var ${a} = ${b};`),
      fc.tuple(names, names, inner).map(([a, b, d]) => `var { ${a}: [${b}], ...others } = ${d};`),
      fc.tuple(inner, body).map(([a, b]) => `if (${a}) ${b} else ;`),
      fc.tuple(names, inner, body).map(([a, b, d]) => `for (const ${a} of ${b}) ${d}`),
      fc.tuple(body, names, body).map(([a, b, d]) => `try ${a} catch (${b}) ${d}`),
      fc.tuple(inner, body).map(([a, b]) => `switch (${a}) { case 1: ${b} default: }`),
      fc
        .tuple(names, body)
        .map(
          ([a, b]) =>
            `var ${a} = class extends ${a} { #x = 1; static y; constructor(private readonly ${a}: any) { super(); this.x = ${a} } @Get() m(@Body() ${a}) ${b} static ${b} }`,
        ),
      fc.tuple(names, inner).map(([a, b]) => `label${a.length}: while (${b}) { break label${a.length} }`),
    ),
  };
});

const heads = fc.subarray([
  "import express from 'express';",
  "import { Pool } from 'pg';",
  "import * as own from './b';",
  "import def, { x as y } from './a';",
  "import { Body, Controller, Get } from '@nestjs/common';",
  "import Redis from 'ioredis';",
  "import { Queue, Worker } from 'bullmq';",
  "'use server';",
]);
const tails = fc.subarray([
  "export * from './b';",
  'export default app;',
  'export { db as x };',
  'module.exports.app = app;',
  'export async function GET() {}',
]);
const file = fc
  .tuple(heads, fc.array(statement, { maxLength: 6 }), fc.array(expression, { maxLength: 2 }), tails)
  .map(([head, statements, expressions, tail]) =>
    [...head, ...statements, ...expressions.map((one) => `;${one};`), ...tail].join('\n'),
  );

/** Words by which rules choose their files, so that all of them look. */
const speaking =
  '\n// exec eval fetch redirect cookie jwt crypto Math.random helmet cors origin SIGTERM listen multer rejectUnauthorized stack\n';

describe('whatever is written', () => {
  test('no rule fails', () => {
    fc.assert(
      fc.property(
        file,
        file,
        fc.constantFrom('src/a.ts', 'app/api/a/route.ts', 'pages/api/a.ts'),
        (one, other, path) => {
          const texts: Texts = {
            'package.json': manifest(...packages),
            [path]: one + speaking,
            'src/b.ts': other + speaking,
          };
          // What does not parse is told of as such; what does must not make a rule throw.
          expect(examineTexts(texts, rules).failures.filter((one) => !one.endsWith('could not be parsed.'))).toEqual(
            [],
          );
        },
      ),
      { numRuns: 150, interruptAfterTimeLimit: 15_000 },
    );
  });
  test('a variable that is made of itself', () => {
    const text = `import { Pool } from 'pg';\nconst db = new Pool();\nvar $ = $;\nexport function find(req) {\n  if ($ ? 1 : 2) db.query('SELECT ' + req.query.a);\n  if ($) db.query('SELECT ' + req.query.a);\n  if (!$ || $) fetch(req.query.a);\n}\n`;
    const { findings, failures } = examineTexts({ 'package.json': manifest(...packages), 'src/a.ts': text }, rules);
    expect(failures).toEqual([]);
    expect(findings.map(({ rule }) => rule)).toContain('sec/sql-injection');
  });
  test('variables that are made of each other', () => {
    const text = `var a = b.req, b = a;\nexport function find(c, res) {\n  var req = req.raw;\n  res.json(a.body.name, b.body.name, req.body.name, a);\n}\n`;
    const { failures } = examineTexts({ 'package.json': manifest('express'), 'src/a.ts': text }, rules);
    expect(failures).toEqual([]);
  });
  test('most of it is code, so that this says something', () => {
    const written = fc.sample(file, { numRuns: 100, seed: 7 });
    const read = written.filter((text) => examineTexts({ 'src/a.ts': text }, rules).failures.length === 0);
    expect(read.length).toBeGreaterThan(50);
  });
});

describe('no rule fails on', () => {
  const said = (texts: Texts) => examineTexts({ 'package.json': manifest(...packages), ...texts }, rules).failures;
  test.each<[string, Texts]>([
    [
      'files that import each other',
      {
        'src/a.ts': "export * from './b'; import { x } from './b'; x()",
        'src/b.ts': "export * from './a'; import { x } from './a'; x()",
      },
    ],
    ['a file that imports itself', { 'src/a.ts': "import a from './a'; export default a; a.query(`x ${a}`)" }],
    [
      'names of what every object has',
      {
        'src/a.ts':
          'constructor.toString(); const { __proto__, hasOwnProperty } = req.body; valueOf[toString](constructor)',
      },
    ],
    [
      'damaged files of other kinds',
      {
        Dockerfile: 'FROM',
        'k8s.yaml': '\t- : [',
        '.env': '=\n==',
        'prisma/schema.prisma': 'model {',
        '.github/workflows/ci.yml': 'jobs: [1, null]',
      },
    ],
    [
      'a manifest of other shapes',
      { 'package.json': '{ "dependencies": [1], "scripts": null, "engines": 3, "workspaces": {} }' },
    ],
    [
      'empty files of every kind',
      {
        'src/a.ts': '',
        Dockerfile: '',
        'a.yaml': '',
        '.env': '',
        'db/migrations/001_a.sql': '',
        'prisma/schema.prisma': '',
      },
    ],
    [
      'text that is not UTF-8',
      { 'src/a.ts': "const a = '\uFFFD\uFFFD'; eval(a)", '.env': '\uFFFD=\uFFFD', Dockerfile: '\uFFFD' },
    ],
    ['half of a pair', { 'src/a.ts': "const a = '\uD83D'; fetch(a)" }],
    [
      'lines that end as on Windows',
      {
        'src/a.ts':
          "import { Pool } from 'pg';\r\nexport const f = (req, res) => {\r\n  new Pool().query(`x ${req.body.x}`);\r\n};\r\n",
        Dockerfile: 'FROM node:20\r\nCMD npm start\r\n',
        '.env': 'A=1\r\n',
      },
    ],
  ])('%s', (_title, texts) => expect(said(texts)).toEqual([]));
});

test('5,000 routes in one file are all found, and looked at by every rule', () => {
  const route = (n: number) =>
    `app.post('/users${n}', auth, async (req, res) => {\n  const { id } = req.body;\n  res.json(await find${n % 7}(id, \`x\${id}\`));\n});\n`;
  const text = `import express from 'express';\nconst app = express();\n${Array.from({ length: 5_000 }, (_, n) => route(n)).join('')}`;
  expect(routesOf(sourceOf(text))).toHaveLength(5_000);
  expect(examineTexts({ 'src/a.ts': text }, rules).failures).toEqual([]);
});
