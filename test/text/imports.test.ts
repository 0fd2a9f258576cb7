import { describe, expect, test } from 'vitest';
import type { ImportExtension } from '../../src/model.ts';
import { fitImports, relativeImport } from '../../src/text/imports.ts';

const text = `import { a } from './a.js';
import type { B } from "../b/index.js";
import express from 'express.js';
import './side.js'; // from './comment.js'
import data from './data.json' with { type: 'json' };
export * from './index.js';
export { c } from '../index.js';
import d = require('./d.js');
type E = import('./e.js').E;
const f = await import('./f.js');
const g = require('./g/index.js');
const h = "import './h.js'";
const i = \`import './i.js' \${await import('./j.js')}\`;
const k = other('./k.js');
/* import './l.js' */
const m = /'.\\/m.js'/;
`;

const fitted = (a: string, index: string, folder: (path: string) => string): string =>
  text
    .replace("'./a.js'", `'./a${a}'`)
    .replace('"../b/index.js"', `"${folder('../b')}"`)
    .replace("'./side.js'", `'./side${a}'`)
    .replace("'./index.js'", `'./index${index}'`)
    .replace("'../index.js'", `'../index${index}'`)
    .replace("'./d.js'", `'./d${a}'`)
    .replace("'./e.js'", `'./e${a}'`)
    .replace("'./f.js'", `'./f${a}'`)
    .replace("'./g/index.js'", `'${folder('./g')}'`)
    .replace("'./j.js'", `'./j${a}'`);

test.each<[ImportExtension, string]>([
  ['.js', text],
  ['', fitted('', '', (path) => path)],
  ['.ts', fitted('.ts', '.ts', (path) => `${path}/index.ts`)],
  ['.mjs', fitted('.mjs', '.mjs', (path) => `${path}/index.mjs`)],
  ['.cjs', fitted('.cjs', '.cjs', (path) => `${path}/index.cjs`)],
])('fits every specifier to %j, and nothing else', (extension, expected) => {
  expect(fitImports(text, extension)).toBe(expected);
});

test('fits JSX', () => {
  expect(fitImports("import A from './a.js';\nexport const b = <A>import './c.js'</A>;\n", '')).toBe(
    "import A from './a';\nexport const b = <A>import './c.js'</A>;\n",
  );
});

test('refuses a text that does not parse', () => {
  expect(() => fitImports("import { from './a.js'", '')).toThrow('syntax error');
});

describe('relativeImport', () => {
  test.each<[string, string, ImportExtension, string]>([
    ['src/app.ts', 'src/webhooks/index.ts', '', './webhooks'],
    ['src/app.ts', 'src/webhooks/index.ts', '.js', './webhooks/index.js'],
    ['src/app.ts', 'src/webhooks/index.ts', '.ts', './webhooks/index.ts'],
    ['src/app.ts', 'src/index.ts', '', './index'],
    ['src/a/app.ts', 'src/index.ts', '', '../index'],
    ['src/a/app.ts', 'src/b/c.ts', '', '../b/c'],
    ['src/a/app.ts', 'lib/c.ts', '.js', '../../lib/c.js'],
    ['app.js', 'c.js', '.js', './c.js'],
    ['app.js', 'c.js', '', './c'],
    ['app.mjs', 'c.mjs', '.mjs', './c.mjs'],
    ['app.ts', 'c.mts', '.js', './c.mjs'],
    ['app.ts', 'c.tsx', '.js', './c.js'],
    ['app.ts', 'c.tsx', '.ts', './c.tsx'],
    ['app.ts', 'c.tsx', '', './c'],
    ['app.jsx', 'c.jsx', '', './c'],
    ['app.ts', 'data.json', '', './data.json'],
  ])('from %s to %s with %j is %s', (from, to, extension, expected) => {
    expect(relativeImport(from, to, extension)).toBe(expected);
  });
});
