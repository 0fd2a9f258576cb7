import { describe, expect, test } from 'vitest';
import { mayBeDeep } from '../../src/text/depth.ts';
import { parse, parses } from '../../src/text/syntax.ts';

/** Ways to nest code, each `n` levels deep. Read by the native parser, the first ones end the process. */
const shapes: Readonly<Record<string, (n: number) => string>> = {
  parentheses: (n) => `x = ${'('.repeat(n)}1${')'.repeat(n)}`,
  lists: (n) => `x = ${'['.repeat(n)}${']'.repeat(n)}`,
  blocks: (n) => '{'.repeat(n) + '}'.repeat(n),
  objects: (n) => `x = ${'{ a: '.repeat(n)}1${'}'.repeat(n)}`,
  functions: (n) => `${'function a() { '.repeat(n)}${'}'.repeat(n)}`,
  'arrow functions': (n) => `x = ${'a => '.repeat(n)}1`,
  'chosen values': (n) => `x = ${'a ? b : '.repeat(n)}c`,
  'else if': (n) => `${'if (a) {} else '.repeat(n)}{}`,
  'if behind if': (n) => `${'if (a)\n'.repeat(n)};`,
  'loops in loops': (n) => `${'do '.repeat(n)};${'while(a)'.repeat(n)}`,
  assignments: (n) => `${'a='.repeat(n)}1`,
  templates: (n) => `x = ${'`${'.repeat(n)}1${'}`'.repeat(n)}`,
  sums: (n) => `x = ${'1 + '.repeat(n)}1`,
  negations: (n) => `x = ${'!'.repeat(n)}a`,
  'members of members': (n) => `a${'.b'.repeat(n)}`,
  'calls of calls': (n) => `a${'()'.repeat(n)}`,
  patterns: (n) => `const ${'{ a: '.repeat(n)}b${'}'.repeat(n)} = c`,
  JSX: (n) => `x = ${'<a>'.repeat(n)}${'</a>'.repeat(n)}`,
  'defaults of parameters': (n) => `${'((a='.repeat(n)}1${')=>a)'.repeat(n)}`,
};

describe('code that is nested', () => {
  test.each(Object.entries(shapes))('20,000 levels deep is not read: %s', (_name, shape) => {
    expect(mayBeDeep(shape(20_000))).toBe(true);
    expect(parse(shape(20_000), 'a.jsx')).toBeNull();
  });
  test.each(Object.entries(shapes))('100 levels deep is read: %s', (_name, shape) => {
    expect(mayBeDeep(shape(100))).toBe(false);
    expect(parse(shape(100), 'a.jsx')).not.toBeNull();
  });
  test('is told to be so by what only asks for syntax errors', () => {
    expect(parses(shapes.blocks?.(20_000) ?? '', 'ts')).toBe(false);
    expect(parses(shapes.blocks?.(20) ?? '', 'ts')).toBe(true);
  });
});

describe('code that only looks nested', () => {
  test.each([
    ['many statements', 'const a = b ? c : d;\n'.repeat(20_000)],
    ['many functions without semicolons', 'function a() {\n  return b.c.d\n}\n'.repeat(20_000)],
    ['many conditions', 'if (a) {\n  b()\n} else {\n  c()\n}\n'.repeat(5_000)],
  ])('costs no second look: %s', (_name, text) => expect(mayBeDeep(text)).toBe(false));

  test('is read after a second look', () => {
    const text = `const drawing = '${'M10-5-3-2.5('.repeat(2_000)}'`;
    expect(mayBeDeep(text)).toBe(true);
    expect(parse(text, 'a.ts')).not.toBeNull();
  });
});
