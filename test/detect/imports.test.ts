import { describe, expect, it } from 'vitest';
import { importsOf, linksOf } from '../../src/detect/imports.ts';
import { parse } from '../../src/text/syntax.ts';

const files: readonly (readonly [title: string, path: string, text: string])[] = [
  ['every form of import', 'a.ts', `import 'z';\nimport a, { b as c } from 'x';\nimport * as all from '../all.ts';`],
  [
    'types alone',
    'a.ts',
    `import type { A } from 'a';\nimport type B from 'b';\nimport type * as C from 'c';\nexport type { D } from 'd';\nexport type * from 'e';`,
  ],
  [
    'types among values',
    'a.ts',
    `import { type A } from 'a';\nimport b, { type B } from 'b';\nexport { type C } from 'c';`,
  ],
  ['a value that is called type', 'a.ts', `import type from 'a';\nimport type, { b } from 'b';`],
  [
    'exports',
    'a.mjs',
    `export * from 'a';\nexport * as b from 'b';\nexport { c, d as e } from 'c';\nexport const f = 1;`,
  ],
  ['nothing named', 'a.ts', `import {} from 'a';\nexport {} from 'b';\nexport {};`],
  [
    'dynamic imports among declarations',
    'a.ts',
    "const a = await import('./a');\nimport b from 'b';\nconst c = () => import(`./c`);",
  ],
  ['dynamic imports that are computed', 'a.ts', `const a = await import(name);\nimport b from 'b';`],
  ['escapes in a dynamic import', 'a.ts', String.raw`const a = await import('\x61');`],
  ['a template with holes', 'a.ts', 'const a = await import(`./${name}`);'],
  [
    'require',
    'a.cjs',
    `const a = require('a');\nconst { b } = require('./b');\nmodule.exports = () => require('c').d;`,
  ],
  ['import equals', 'a.ts', `import a = require('a');\nimport b from 'b';`],
  ['a word of a text', 'a.ts', `import a from 'a';\nthrow new Error('you require more');`],
  ['a shebang', 'a.js', `#!/usr/bin/env node\nimport a from 'a';`],
  ['a script that returns', 'a.js', `if (done) return;\nconst a = require('a');`],
  ['JSX', 'a.tsx', `import a from 'a';\nexport default () => <a.b />;`],
];

describe('what a file loads, found without its tree', () => {
  it.each(files)('agrees with its tree: %s', (_title, path, text) => {
    const program = parse(text, path);
    const expected = program === null ? [] : importsOf(program);
    const short = ({ specifier, typeOnly }: { specifier: string; typeOnly: boolean }) => ({ specifier, typeOnly });
    expect(program).not.toBeNull();
    expect(linksOf(text, path).map(short)).toEqual(expected.map(short));
  });

  it('is nothing where a file has syntax errors', () => {
    expect(linksOf(`import a from 'a';\nconst = 1;`, 'a.ts')).toEqual([]);
  });
});
