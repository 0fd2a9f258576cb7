import { describe, expect, it } from 'vitest';
import type { Op } from '../../src/model.ts';
import { addAll } from '../../src/patch/index.ts';
import { cost, parse, syntaxErrors } from '../../src/patch/source.ts';

const file = 'src/app.ts';
const anchor = { statement: 'const app = express();', position: 'after', nth: 0 } as const;
const ops: Op[] = [
  { op: 'import', file, from: './w.js', names: ['w'], style: 'esm' },
  { op: 'statement', file, text: "app.use('/w', w);", anchor },
];
const entry = `import express from 'express';\nconst app = express();\n${"app.get('/x', (req, res) => res.send('x'));\n".repeat(500)}`;

describe('Several ops on one file', () => {
  it('are told apart by what was there before', () => {
    const text = "import express from 'express';\nimport { w } from './w.js';\nconst app = express();\n";
    expect(addAll(text, ops, file)).toEqual({
      text: `${text}app.use('/w', w);\n`,
      ops: [
        { op: ops[0], standing: 'already' },
        { op: ops[1], standing: 'done' },
      ],
    });
  });

  it('are added all or none', () => {
    expect(addAll('run();\n', ops, file)).toEqual({
      refused: 'The statement `const app = express();` is not in the file.',
    });
  });

  it('are refused where the file would no longer parse', () => {
    const broken: Op = { op: 'statement', file, text: 'app.use(;', anchor };
    expect(addAll(entry, [broken], file)).toEqual({
      refused: 'src/app.ts would no longer parse with our lines in it.',
    });
  });

  it('are added to a file that had a syntax error before', () => {
    const result = addAll(`${entry}const = 1;\n`, ops, file);
    expect(result).toMatchObject({ text: expect.stringContaining("app.use('/w', w);") });
  });

  it('parse a long entry three times: before, between and after', () => {
    const text = `${entry}// measured\n`;
    const before = cost.characters;
    expect(addAll(text, ops, file)).not.toHaveProperty('refused');
    expect((cost.characters - before) / text.length).toBeLessThan(3.1);
    const after = cost.characters;
    addAll(text, ops, file);
    expect(cost.characters).toBe(after);
  });
});

describe('Syntax errors are counted', () => {
  it.each([
    ['a.ts', 'const a: string = <string>b;', 0],
    ['a.tsx', 'const a: X = <div>{b}</div>;', 0],
    ['a.jsx', 'const a = <div>{b}</div>;', 0],
    ['a.js', '@D() class A { @E() b() {} }', 0],
    ['a.ts', '@D() class A { constructor(@E() private b: C) {} }', 0],
    ['bin/www', '#!/usr/bin/env node\nrequire("a");', 0],
    ['a.mjs', '\uFEFF#!/usr/bin/env node\nawait a;', 0],
    ['a.ts', 'const = 1;', 1],
    ['a.tsx', 'const a = <div>;', 1],
  ])('in %s: %j', (path, text, least) => {
    expect(Math.min(syntaxErrors(text, path), 1)).toBe(least);
  });

  it('without parsing a text twice', () => {
    expect(parse('a();', 'a.ts').source).toBe(parse('a();', 'b.ts').source);
  });
});
