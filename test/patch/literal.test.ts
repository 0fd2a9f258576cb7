import { describe, expect, it } from 'vitest';
import type { Op, Target } from '../../src/model.ts';
import { add, drop, has } from '../../src/patch/index.ts';

const file = 'app.ts';
const options: Target = { variable: 'options', path: [] };
const inPath = (...path: string[]): Target => ({ variable: 'options', path });
const property = (target: Target = options, value = 'true'): Op => ({
  op: 'property',
  file,
  target,
  key: 'raw',
  value,
});
const element = (target: Target = options, text = 'ours'): Op => ({ op: 'element', file, target, text });
const argument = (count: number, text = 'ours'): Op => ({
  op: 'argument',
  file,
  call: 'run',
  nth: 0,
  argument: count,
  text,
});

describe('An entry of a literal', () => {
  it.each([
    ['{ }', '{raw: true }', property()],
    ['{}', '{ raw: true }', property()],
    ['{ a }', '{ a, raw: true }', property()],
    ['{ a, }', '{ a, raw: true, }', property()],
    ['{a}', '{a, raw: true}', property()],
    ['{ ...rest }', '{ ...rest, raw: true }', property()],
    ['{ a: { b: {} } }', '{ a: { b: { raw: true } } }', property(inPath('a', 'b'))],
    ['{ a: {} } as const', '{ a: { raw: true } } as const', property(inPath('a'))],
    ["{ 'a': {} } satisfies X", "{ 'a': { raw: true } } satisfies X", property(inPath('a'))],
    ['{ // none\n}', '{ // none\n  raw: true\n}', property()],
    ['{\n  // none yet\n}', '{\n  // none yet\n  raw: true\n}', property()],
    ['{\n  a: 1 // one\n}', '{\n  a: 1, // one\n  raw: true\n}', property()],
    ['{\n  a: 1, // one\n  // end\n}', '{\n  a: 1, // one\n  raw: true,\n  // end\n}', property()],
    ['{\n    a: 1\n  , b: 2\n}', '{\n    a: 1\n  , b: 2,\n    raw: true\n}', property()],
    ['{ a: 1,\n  b: 2 }', '{ a: 1,\n  b: 2, raw: true }', property()],
    ['[]', '[ours]', element()],
    ['[ ]', '[ours ]', element()],
    ['[a, ...b]', '[a, ...b, ours]', element()],
    ['[{\n  a: 1\n}, {\n  b: 2\n}]', '[{\n  a: 1\n}, {\n  b: 2\n}, ours]', element()],
    ['[\n  {\n    a: 1\n  },\n]', '[\n  {\n    a: 1\n  },\n  ours,\n]', element()],
    ['[a, b,\n  c\n]', '[a, b,\n  c,\n  ours\n]', element()],
    ['{ list: [a /* one */] }', '{ list: [a, ours /* one */] }', element(inPath('list'))],
  ])('goes into %j', (literal, expected, op) => {
    const text = `const options = ${literal};\n`;
    expect(add(text, op)).toEqual({ text: `const options = ${expected};\n`, op });
    expect(drop(`const options = ${expected};\n`, op)).toBe(text);
  });

  it.each([
    ['{ raw: false }', property(), '`raw` is there already, as `raw: false`.'],
    ['{ raw() {} }', property(), '`raw` is there already, as `raw() {}`.'],
    ['make()', property(), 'The value of `options` is not a literal.'],
    ['[]', property(), 'The place for `raw` is not an object literal.'],
    ['{}', element(), 'The place for `ours` is not an array literal.'],
    ['{ a: 1 }', property(inPath('b')), 'The value of `options` has no `b`.'],
    [
      '{ ...a }',
      property(inPath('b')),
      'Whether the value of `options` has `b` cannot be told, because parts of it are spread or computed.',
    ],
    ['{ a: b }', property(inPath('a')), '`a` of the value of `options` is not a literal.'],
    ['{ a }', property(inPath('a')), '`a` of the value of `options` is written elsewhere and not in the literal.'],
    ['[]', property(inPath('a')), 'The value of `options` is not an object literal.'],
    ['{}, other = {}', property({ variable: 'third', path: [] }), 'There is no variable `third` with a value.'],
    ['{}; { const options = {}; }', property(), 'There are 2 variables called `options`.'],
    ['{}', property({ call: 'run', nth: 0, argument: 0, path: [] }), 'There is no call of `run` any more.'],
    ['run()', property({ call: 'run', nth: 0, argument: 0, path: [] }), 'Argument 1 of `run` is missing.'],
    ['{}', element({ decorator: 'Module', on: 'App', path: [] }), 'There is no class `App`.'],
    [
      '{}; @Module() class App {}',
      element({ decorator: 'Module', on: 'App', path: [] }),
      'The argument of `@Module` on `App` is missing.',
    ],
  ])('is refused by %j', (literal, op, refused) => {
    expect(add(`const options = ${literal};\n`, op)).toEqual({ refused });
  });

  it.each([
    ['a shorthand', '{ raw }', property(options, 'raw')],
    ['a quoted key', "{ 'raw': true }", property()],
    ['lines', '{\n  raw:\n    true,\n}', property()],
    ['an element in other quotes', '["a"]', element(options, "'a'")],
  ])('is known as %s', (_title, literal, op) => {
    expect(has(`const options = ${literal}`, op)).toBe(true);
  });

  it.each([
    ['has another value', '{ raw: false }', property()],
    ['has a comment behind it', '{\n  raw: true, // mine\n}', property()],
    ['has a comment before it', '{ a, /* mine */ raw: true }', property()],
    ['has a comment in it', '{ raw: /* mine */ true }', property(options, '/* ours */ true')],
  ])('stays where it %s', (_title, literal, op) => {
    expect(drop(`const options = ${literal};\n`, op)).toBe(`const options = ${literal};\n`);
  });
});

describe('An argument', () => {
  it.each([
    ['run()', 'run(ours)', argument(0)],
    ['run( )', 'run(ours )', argument(0)],
    ['run(a)', 'run(a, ours)', argument(1)],
    ['run(a,)', 'run(a, ours,)', argument(1)],
    ['run(a, {\n  b,\n})', 'run(a, {\n  b,\n}, ours)', argument(2)],
    ['run(\n  a, // one\n  b // two\n)', 'run(\n  a, // one\n  b, // two\n  ours\n)', argument(2)],
    ['run<X>(a)', 'run<X>(a, ours)', argument(1)],
  ])('goes into %j', (call, expected, op) => {
    expect(add(`${call};\n`, op)).toEqual({ text: `${expected};\n`, op });
    expect(drop(`${expected};\n`, op)).toBe(`${call};\n`);
  });

  it.each([
    ['run(a)', argument(0), '`run` is called with 1 arguments where 0 were expected.'],
    ['go(a)', argument(1), 'There is no call of `run` any more.'],
  ])('is refused by %j', (call, op, refused) => {
    expect(add(call, op)).toEqual({ refused });
  });
});

const link = (nth = 0): Op => ({ op: 'chain', file, text: ".route('/w', w)", root: 'new Hono()', nth });

describe('A link of a chain', () => {
  it.each([
    ['new Hono();', "new Hono().route('/w', w);", link()],
    ['new Hono().get(1);', "new Hono().route('/w', w).get(1);", link()],
    ['new Hono().\n  get(1);', "new Hono().route('/w', w).\n  get(1);", link()],
    ['new Hono() // app\n\t// one\n\t.get(1)', "new Hono() // app\n\t.route('/w', w)\n\t// one\n\t.get(1)", link()],
    ['f(new Hono(), new Hono());', "f(new Hono(), new Hono().route('/w', w));", link(1)],
  ])('goes into %j', (chain, expected, op) => {
    expect(add(`${chain}\n`, op)).toEqual({ text: `${expected}\n`, op });
    expect(drop(`${expected}\n`, op)).toBe(`${chain}\n`);
  });

  it('is dropped at the end of a chain, and what ends the statement stays', () => {
    expect(drop("const a = new Hono()\n  .get(1)\n  .route('/w', w);\n", link())).toBe(
      'const a = new Hono()\n  .get(1);\n',
    );
  });

  it('stays where its owner put a comment on it', () => {
    const text = "new Hono()\n  .route('/w', w) // mine\n  .get(1);\n";
    expect(drop(text, link())).toBe(text);
  });

  it.each([
    ['new Other()', link(), 'There is no `new Hono()` any more.'],
    ['new Hono', { ...link(), root: 'new Hono' }, '`new Hono` has no parentheses that a call could follow.'],
  ] as [string, Op, string][])('is refused by %j', (text, op, refused) => {
    expect(add(text, op)).toEqual({ refused });
  });
});
