import type { Op } from '../../src/model.ts';

/** One way of writing a file, as a function over a plain one (LF, two spaces, semicolons, single quotes). */
export const styles: Record<string, (text: string) => string> = {
  'as it is': (text) => text,
  'with CRLF': (text) => text.replaceAll('\n', '\r\n'),
  'with mixed line endings': (text) => {
    let line = 0;
    return text.replace(/\n/g, () => (line++ % 2 === 0 ? '\r\n' : '\n'));
  },
  'with a byte order mark': (text) => `\uFEFF${text}`,
  'with tabs': (text) => text.replace(/^( {2})+/gm, (indent) => '\t'.repeat(indent.length / 2)),
  'with four spaces': (text) => text.replace(/^( {2})+/gm, (indent) => indent + indent),
  'without semicolons': (text) => text.replace(/;(?= *(?:\/\/.*)?$)/gm, ''),
  'with double quotes': (text) => text.replaceAll("'", '"'),
  'without a final newline': (text) => text.replace(/\n$/, ''),
  'with CRLF and no final newline': (text) => text.replace(/\n$/, '').replaceAll('\n', '\r\n'),
  'with a comment on every line': (text) =>
    text
      .replace(/(;|,|\{|\[|\()$/gm, '$1 // eslint-disable-line')
      .replace(/^( *)(const|import|app|this|export)/gm, '$1// about it\n$1$2'),
  'with block comments': (text) =>
    text.replace(/;$/gm, '; /* done */').replace(/^( *)(const|import|app)/gm, '$1/** What. */\n$1$2'),
  'with a shebang': (text) => `#!/usr/bin/env node\n${text}`,
  'with a shebang and a byte order mark': (text) => `\uFEFF#!/usr/bin/env node\r\n${text}`,
  'in strict mode': (text) => `'use strict';\n\n${text}`,
  'with a banner': (text) => `/*!\n * Shop server, MIT licence\n */\n\n${text}`,
  'with a banner in line comments': (text) => `// Copyright Shop Ltd.\n// All rights reserved.\n${text}`,
  'with a pragma': (text) => `// @ts-nocheck\n/* eslint-disable no-console */\n${text}`,
  'with blank lines': (text) => `\n\n${text.replaceAll('\n', '\n\n')}\n`,
};

const esm = `import express from 'express';
import { orders } from './orders.js';

const app = express();
app.use(express.json());
app.use('/orders', orders);

export { app };
`;

const cjs = `const express = require('express');
require('dotenv').config();
const { orders } = require('./orders');

const app = express();
app.use(express.json());
module.exports = app;
`;

const nested = `import express from 'express';

export class Server {
  start() {
    if (process.env.READY) {
      this.app = express();
      this.app.use(express.json());
    }
  }
}
`;

const hono = `import { Hono } from 'hono';

const app = new Hono()
  .get('/a', (c) => c.text('a'))
  .get('/b', (c) => c.text('b'));

export const other = new Hono().get('/', (c) => c.text('x'));
`;

const nest = `import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';

@Module({
  imports: [Orders],
  providers: [],
})
export class AppModule {}

@Module({
  imports: [
    Orders,
    Users.forRoot({ a: 1 }),
  ],
})
export class OtherModule {}

async function bootstrap() {
  const app = await NestFactory.create(AppModule);
  const second = await NestFactory.create(
    OtherModule,
    { logger: false }
  );
  await app.listen(3000);
}
const options = {};
const list = [
];
const wide = {
  a: 1,
  // the last
  b: 2
};
bootstrap();
`;

const page = `import { Layout } from './layout';

export function Page() {
  const title = 'Hello';
  return <Layout title="a">It's {title}</Layout>;
}
`;

const on = (statement: string, position: 'before' | 'after') => ({ statement, position, nth: 0 });
const file = 'src/app.ts';

/** An op and the plain file that it goes to. */
export const codeCases: [name: string, host: string, op: Op][] = [
  ['an import', esm, { op: 'import', file, from: './webhooks/index.js', names: ['webhooks'], style: 'esm' }],
  ['an import of two names', esm, { op: 'import', file, from: './orders.js', names: ['a', 'b'], style: 'esm' }],
  ['a require', cjs, { op: 'import', file: 'app.js', from: './webhooks', names: ['webhooks'], style: 'cjs' }],
  [
    'an import into a file without one',
    'const a = 1;\nrun(a);\n',
    { op: 'import', file, from: './w', names: ['w'], style: 'esm' },
  ],
  [
    'a require into a file without one',
    'const a = 1;\n',
    { op: 'import', file: 'a.js', from: './w', names: ['w'], style: 'cjs' },
  ],
  ['an import into an empty file', '', { op: 'import', file, from: './w', names: ['w'], style: 'esm' }],
  ['an import into a JSX file', page, { op: 'import', file: 'p.tsx', from: './w', names: ['w'], style: 'esm' }],
  [
    'a statement after another',
    esm,
    { op: 'statement', file, text: "app.use('/webhooks', webhooks);", anchor: on('const app = express();', 'after') },
  ],
  [
    'a statement before another',
    esm,
    { op: 'statement', file, text: "app.use('/webhooks', webhooks);", anchor: on('app.use(express.json())', 'before') },
  ],
  [
    'a statement at the end',
    cjs,
    { op: 'statement', file: 'app.js', text: 'after(app);', anchor: on('module.exports = app;', 'after') },
  ],
  [
    'a statement before the first',
    'run();\n',
    { op: 'statement', file, text: 'first();', anchor: on('run()', 'before') },
  ],
  [
    'a statement in a method',
    nested,
    {
      op: 'statement',
      file,
      text: "this.app.use('/webhooks', webhooks);",
      anchor: on('this.app = express();', 'after'),
    },
  ],
  [
    'several lines',
    nested,
    {
      op: 'statement',
      file,
      text: "// Raw bytes first.\nthis.app.use('/w', (req) => {\n  req.raw = true; // yes\n  next();\n});\nthis.done();",
      anchor: on('this.app.use(express.json());', 'before'),
    },
  ],
  [
    'a statement in a component',
    page,
    { op: 'statement', file: 'p.jsx', text: "track('x');", anchor: on("const title = 'Hello';", 'after') },
  ],
  ['a link of a chain', hono, { op: 'chain', file, text: ".route('/webhooks', webhooks)", root: 'new Hono()', nth: 0 }],
  [
    'a link on one line',
    hono,
    { op: 'chain', file, text: ".route('/webhooks', webhooks)", root: 'new Hono()', nth: 1 },
  ],
  [
    'an argument',
    nest,
    { op: 'argument', file, call: 'NestFactory.create', nth: 0, argument: 1, text: '{ rawBody: true }' },
  ],
  [
    'an argument on its own line',
    nest,
    { op: 'argument', file, call: 'NestFactory.create', nth: 1, argument: 2, text: '{ rawBody: true }' },
  ],
  ['the first argument', nest, { op: 'argument', file, call: 'bootstrap', nth: 0, argument: 0, text: "'x'" }],
  [
    'a property',
    nest,
    {
      op: 'property',
      file,
      key: 'rawBody',
      value: 'true',
      target: { call: 'NestFactory.create', nth: 1, argument: 1, path: [] },
    },
  ],
  [
    'a property of an empty object',
    nest,
    { op: 'property', file, key: 'b', value: 'b', target: { variable: 'options', path: [] } },
  ],
  [
    'a property on its own line',
    nest,
    { op: 'property', file, key: 'c', value: "z.string().min(1, 'no')", target: { variable: 'wide', path: [] } },
  ],
  [
    'a property of several lines',
    nest,
    { op: 'property', file, key: 'c', value: '{\n  d: 1,\n}', target: { variable: 'wide', path: [] } },
  ],
  [
    'an element on one line',
    nest,
    { op: 'element', file, text: 'Webhooks', target: { decorator: 'Module', on: 'AppModule', path: ['imports'] } },
  ],
  [
    'an element of an empty array',
    nest,
    { op: 'element', file, text: 'Webhooks', target: { decorator: 'Module', on: 'AppModule', path: ['providers'] } },
  ],
  [
    'an element on its own line',
    nest,
    {
      op: 'element',
      file,
      text: "Webhooks.forRoot({ a: 'b' })",
      target: { decorator: 'Module', on: 'OtherModule', path: ['imports'] },
    },
  ],
  [
    'an element of an empty array of lines',
    nest,
    { op: 'element', file, text: 'one', target: { variable: 'list', path: [] } },
  ],
];

const manifest = `{
  "name": "shop",
  "scripts": {
    "start": "node ."
  },
  "empty": {},
  "files": ["dist"],
  "dependencies": {
    "express": "^5.0.0",
    "zod": "^4.0.0"
  }
}
`;

export const jsonCases: [name: string, host: string, op: Op][] = [
  [
    'a dependency in its place',
    manifest,
    { op: 'json', file: 'package.json', path: ['dependencies', 'redis'], value: '^6.0.0' },
  ],
  ['a first dependency', manifest, { op: 'json', file: 'package.json', path: ['dependencies', 'a'], value: '^6.0.0' }],
  ['a last dependency', manifest, { op: 'json', file: 'package.json', path: ['dependencies', 'zzz'], value: '^6.0.0' }],
  ['a script', manifest, { op: 'json', file: 'package.json', path: ['scripts', 'test'], value: 'vitest' }],
  [
    'a value in objects not there',
    manifest,
    { op: 'json', file: 'package.json', path: ['pnpm', 'overrides', 'a'], value: { b: [1] } },
  ],
  [
    'a value in an empty object',
    manifest,
    { op: 'json', file: 'package.json', path: ['empty', 'deep', 'a'], value: true },
  ],
  ['an element', manifest, { op: 'json', file: 'package.json', path: ['files', '-'], value: 'lib' }],
  [
    'an element of an array not there',
    manifest,
    { op: 'json', file: 'package.json', path: ['keywords', '-'], value: 'x' },
  ],
  ['a value in an empty file', '{}\n', { op: 'json', file: 'package.json', path: ['a', 'b'], value: 1 }],
  [
    'a value in an object of blanks',
    '{ "a": {\n}, "b": { } }\n',
    { op: 'json', file: 'package.json', path: ['b', 'c'], value: 1 },
  ],
  [
    'a value in minified JSON',
    '{"a":{"b":1},"c":[]}',
    { op: 'json', file: 'package.json', path: ['a', 'd'], value: { e: 1 } },
  ],
  [
    'an element in minified JSON',
    '{"a":{"b":1},"c":[]}',
    { op: 'json', file: 'package.json', path: ['c', '-'], value: { e: 1 } },
  ],
  [
    'a tsconfig option',
    '// ours\n{\n  "compilerOptions": {\n    "strict": true, // always\n    /* last */ "noEmit": true // yes\n    // end\n  },\n}\n',
    { op: 'json', file: 'tsconfig.json', path: ['compilerOptions', 'types'], value: ['node'] },
  ],
];

export const lineCases: [name: string, host: string, op: Op][] = [
  ['a variable', 'A=1\n# B=2\n', { op: 'line', file: '.env', text: 'B=', comment: 'The second.' }],
  ['a line without a comment', 'node_modules\n', { op: 'line', file: '.gitignore', text: '.env', comment: null }],
  ['a line in an empty file', '', { op: 'line', file: '.env', text: 'B=', comment: '# Two\n# lines' }],
];
