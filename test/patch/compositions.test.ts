import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Op } from '../../src/model.ts';
import { add, addAll, drop, has } from '../../src/patch/index.ts';
import { syntaxErrors } from '../../src/patch/source.ts';
import { styles } from './hosts.ts';

const file = 'src/app.ts';

const heads = [
  '#!/usr/bin/env node\n',
  '/*! licence */\n',
  "'use strict';\n",
  '// @ts-check\n',
  '\n',
  '// about the next\n',
  '',
];
const imports = [
  "import a from 'a'; // first\n",
  "import {\n  b,\n  type C,\n} from 'b';\n",
  "import * as d from 'd'; /* long\n  comment */\n",
  "// prettier-ignore\nimport   e   from 'e';\n",
  "const f = require('f');\n",
  "const g = require('g')('g');\n",
  "import 'h'; import 'i';\n",
];
const bodies = [
  'const app = make();\n',
  '// @ts-expect-error: untyped\napp.use(one()); // eslint-disable-line\n',
  'app.use(two);\n\n',
  'function late() {\n  app.use(one());\n  return app;\n}\n',
  ';[1, 2].forEach(run);\n',
  '`a\n  b\nc`.trim();\n',
  '/**\n * What.\n */\nexport const x = [\n  1, // one\n  2\n];\n',
  'const options = { a: 1, b: { c: [] } };\n',
  'const chained = new Hono()\n  // the first\n  .get(1)\n  .get(2);\n',
  'switch (x) {\n  case 1:\n    app.listen();\n    break;\n  default:\n}\n',
  '(async () => { await app.listen(3000); })();\n',
];

const parts = (from: readonly string[], most: number) =>
  fc.array(fc.constantFrom(...from), { maxLength: most }).map((chosen) => chosen.join(''));
const host = fc
  .tuple(
    fc.constantFrom(...heads),
    fc.constantFrom(...heads.slice(1)),
    parts(imports, 3),
    parts(bodies, 6),
    parts(imports, 1),
    fc.constantFrom(...Object.values(styles)),
    fc.constantFrom(...Object.values(styles)),
  )
  .map(([first, second, top, body, low, write, again]) => {
    const plain = `${top}${body}${low}`;
    return again(write(plain.startsWith('#!') ? plain : first + second + plain));
  });

const beside = (statement: string, position: 'before' | 'after', nth = 0) => ({ statement, position, nth });
const codeOps: Op[] = [
  { op: 'import', file, from: './w.js', names: ['w'], style: 'esm' },
  { op: 'import', file, from: './v.js', names: ['v', 'u'], style: 'cjs' },
  { op: 'import', file, from: 'b', names: ['other'], style: 'esm' },
  { op: 'statement', file, text: "app.use('/w', w);", anchor: beside('const app = make()', 'after') },
  { op: 'statement', file, text: '// First.\nprepare({\n  a: 1,\n});', anchor: beside('app.use(one());', 'before') },
  { op: 'statement', file, text: 'inner();', anchor: beside('app.use(one());', 'before', 1) },
  { op: 'statement', file, text: "['x'].map(run);", anchor: beside('app.use(two);', 'after') },
  { op: 'statement', file, text: 'second();', anchor: beside('app.use(two);', 'after') },
  { op: 'statement', file, text: 'listening();', anchor: beside('app.listen();', 'after') },
  { op: 'chain', file, text: '.route(1)', root: 'new Hono()', nth: 0 },
  { op: 'chain', file, text: '.route(2)', root: 'new Hono()', nth: 0 },
  { op: 'argument', file, call: 'make', nth: 0, argument: 0, text: '{ a: 1 }' },
  { op: 'property', file, key: 'z', value: 'z', target: { call: 'make', nth: 0, argument: 0, path: [] } },
  { op: 'property', file, key: 'y', value: "'y'", target: { variable: 'options', path: ['b'] } },
  { op: 'property', file, key: 'x', value: '1', target: { variable: 'options', path: ['b'] } },
  { op: 'element', file, text: 'x', target: { variable: 'options', path: ['b', 'c'] } },
  { op: 'element', file, text: 'y', target: { variable: 'options', path: ['b', 'c'] } },
  { op: 'element', file, text: '3', target: { variable: 'x', path: [] } },
  { op: 'element', file, text: '4', target: { variable: 'x', path: [] } },
];

const jsonParts = [
  '{}',
  '{ }',
  '{\n}',
  '{"a":1}',
  '{\n  "a": 1\n}',
  '{\n\t"dependencies": {},\n\t"list": []\n}\n',
  '{ "scripts": { "x": "y" } }',
];
const jsonOps: Op[] = [
  ['dependencies', 'm'],
  ['dependencies', 'b'],
  ['scripts', 'go'],
  ['list', '-'],
  ['deep', 'er', 'one'],
  ['deep', 'er', 'two'],
].map((path) => ({ op: 'json', file: 'package.json', path, value: path.join('.') }));

const lineOps: Op[] = [
  { op: 'line', file: '.env', text: 'A=1', comment: 'One.' },
  { op: 'line', file: '.env', text: 'B=', comment: null },
  { op: 'line', file: '.env', text: 'C=x', comment: 'One.' },
];

/** Adds what can be added, then drops it in another order. */
function thereAndBack(text: string, ops: readonly Op[], order: readonly Op[]): string {
  let now = text;
  const done = new Map<Op, Op>();
  for (const op of ops) {
    const result = has(now, op) ? null : add(now, op);
    if (!result || 'refused' in result) continue;
    now = result.text;
    done.set(op, result.op);
    expect(has(now, result.op)).toBe(true);
  }
  if (done.size > 0 && ops[0]?.file === file)
    expect(syntaxErrors(now, file)).toBeLessThanOrEqual(syntaxErrors(text, file));
  for (const op of order) {
    const recorded = done.get(op);
    if (recorded) now = drop(now, recorded);
  }
  return now;
}

const shuffled = (ops: readonly Op[]) => fc.shuffledSubarray([...ops], { minLength: ops.length });

describe('Any number of ops, dropped in any order, leave no trace', () => {
  it('in code', { timeout: 60_000 }, () => {
    fc.assert(
      fc.property(host, fc.shuffledSubarray(codeOps, { minLength: 1 }), shuffled(codeOps), (text, ops, order) => {
        // Without its host, an op that stands in another op's lines goes with them.
        const nested = ops.filter((op) => !(op.op === 'property' && 'call' in op.target));
        expect(thereAndBack(text, nested, order)).toBe(text);
        expect(thereAndBack(text, ops, [...ops].reverse())).toBe(text);
      }),
      { numRuns: 250, seed: 7 },
    );
  });

  it('in JSON', { timeout: 60_000 }, () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...jsonParts),
        shuffled(jsonOps),
        shuffled(jsonOps),
        fc.boolean(),
        (plain, ops, order, crlf) => {
          const text = crlf ? plain.replaceAll('\n', '\r\n') : plain;
          const result = addAll(text, ops, 'package.json');
          if ('refused' in result) throw new Error(result.refused);
          expect(JSON.parse(result.text)).toMatchObject({ deep: { er: { one: 'deep.er.one' } } });
          const recorded = order.map((op) => result.ops[ops.indexOf(op)]?.op ?? op);
          expect(recorded.reduce((now, op) => drop(now, op), result.text)).toBe(text);
        },
      ),
      { numRuns: 200, seed: 7 },
    );
  });

  it('in a text file', () => {
    const text = fc.constantFrom('', 'X=1', 'X=1\n', 'X=1\r\nY=2', '\uFEFFX=1\n\n', '# One.\n', '\n');
    fc.assert(
      fc.property(text, shuffled(lineOps), shuffled(lineOps), (start, ops, order) => {
        expect(thereAndBack(start, ops, order)).toBe(start);
      }),
      { numRuns: 200, seed: 7 },
    );
  });
});
