import { describe, expect, it } from 'vitest';
import type { ModuleSystem, Op } from '../../src/model.ts';
import { add, drop, has } from '../../src/patch/index.ts';

const op = (file: string, style: ModuleSystem, names = ['w']): Op => ({
  op: 'import',
  file,
  from: './w',
  names,
  style,
});

function added(text: string, given: Op): string {
  const result = add(text, given);
  if ('refused' in result) throw new Error(result.refused);
  expect(drop(result.text, given)).toBe(text);
  return result.text;
}

const esm = "import { w } from './w';\n";
const cjs = "const { w } = require('./w');\n";

describe('The place of an import', () => {
  it.each([
    ['below imports that come after code', "import a from 'a';\nrun();\nimport b from 'b';\n", '', esm],
    ['below an import of several lines', "import {\n  a,\n} from 'a';\n", 'run();\n', esm],
    ['below code that shares the line of the last import', "import a from 'a'; run(\n  1,\n);\n", 'stop();\n', esm],
    ['below a comment that starts behind the last import', "import a from 'a'; /* one\n two */\n", 'run();\n', esm],
    [
      'above a comment that belongs to the next statement',
      "import a from 'a';\n",
      '// @ts-expect-error\nrun();\n',
      esm,
    ],
    ['below a directive', "'use client';\n", 'run();\n', esm],
    [
      'below a banner and above what belongs to the statement',
      '/** Shop. */\n\n',
      '// prettier-ignore\nrun( );\n',
      esm,
    ],
    ['below a licence that touches the code', '/* MIT License */\n', '/** Runs. */\nrun();\n', esm],
    ['above a comment on the first statement', '', '// eslint-disable-next-line\nrun();\n', esm],
    ['below the last import assignment', "import a = require('a');\n", 'run();\n', esm],
    ['in a file of comments only', '// nothing yet\n', '', esm],
  ])('is %s', (_title, above, under, line) => {
    expect(added(above + under, op('app.ts', 'esm'))).toBe(above + line + under);
  });

  it.each([
    [
      'below the first block of requires',
      "const a = require('a');\nconst b = require('b').c;\n",
      "const app = a();\nconst d = require('d');\n",
    ],
    [
      'below a required call and a bare require',
      "const debug = require('debug')('shop');\nrequire('dotenv').config();\n",
      'run();\n',
    ],
    [
      'above an app made by a require',
      "require('dotenv').config();\n",
      "const app = require('express')();\nconst b = require('b');\n",
    ],
    [
      'above an app made by a require with calls chained to it',
      "const a = require('a');\n",
      "const app = require('fastify')({ logger: true })\n  .get('/', a)\n  .get('/b', a);\n",
    ],
    [
      'above an app made in the same declaration',
      "'use strict';\n",
      "var express = require('express'), app = express();\n",
    ],
    ['below the directive where nothing is required', "'use strict';\n", 'module.exports = 1;\n'],
  ])('is, for a require, %s', (_title, above, under) => {
    expect(added(above + under, op('app.js', 'cjs'))).toBe(above + cjs + under);
  });

  it('is written as an import where the file imports', () => {
    const text = "import a = require('a');\n";
    expect(added(text, op('app.ts', 'cjs'))).toBe(text + esm);
  });

  it('stays above a semicolon that opens the next line', () => {
    const apart = "const a = require('a')\n\n;(async () => { await a() })()\nrun()\n";
    expect(added(apart, op('app.js', 'cjs'))).toBe(apart.replace("'a')\n", "'a')\nconst { w } = require('./w')\n"));
  });

  it("follows the host's braces", () => {
    const text = "import {a} from 'a';\n";
    expect(added(text, op('app.ts', 'esm', ['w', 'v']))).toBe(`${text}import {w, v} from './w';\n`);
  });
});

describe('An import that is there', () => {
  it.each([
    ['among other names', "import x, { v, w } from './w';\n"],
    ['by a require', "const { w, v } = require('./w');\n"],
    ['over several lines', "import {\n  w,\n} from './w'\n"],
  ])('is known %s', (_title, text) => {
    expect(has(text, op('app.ts', 'esm'))).toBe(true);
    expect(add(text, op('app.ts', 'esm'))).toMatchObject({ text });
  });

  it.each([
    ['a type', "import type { w } from './w';\n"],
    ['the name as another', "import { w as v } from './w';\n"],
    ['another module', "import { w } from './x';\n"],
    ['a comment', "// import { w } from './w';\n"],
  ])('is not %s', (_title, text) => {
    expect(has(text, op('app.ts', 'esm'))).toBe(false);
    added(text, op('app.ts', 'esm'));
  });

  it.each([
    ['has another name in it', "import { w, v } from './w';\n"],
    ['has a comment on it', "import { w } from './w'; // mine\n"],
    ['has a comment in it', "import {\n  // mine\n  w,\n} from './w';\n"],
    ['shares its line', "import { w } from './w'; run();\n"],
  ])('stays where it %s', (_title, text) => {
    expect(drop(text, op('app.ts', 'esm'))).toBe(text);
  });

  it('may bind a name as another', () => {
    const text = "const a = require('a');\n";
    expect(added(text, op('app.js', 'cjs', ['w as v']))).toBe(`${text}const { w: v } = require('./w');\n`);
  });
});
