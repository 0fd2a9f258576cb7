import { describe, expect, it } from 'vitest';
import type { Op } from '../../src/model.ts';
import { add, drop } from '../../src/patch/index.ts';

const op = (statement: string, position: 'before' | 'after', nth = 0, text = 'ours();'): Op => ({
  op: 'statement',
  file: 'app.ts',
  text,
  anchor: { statement, position, nth },
});

describe('The place of a statement', () => {
  it.each([
    ['above the comments of its anchor', 'a();\n', '// @ts-expect-error\n/** b */ b();\n', op('b()', 'before')],
    ['below a comment set apart from its anchor', '// part two\n\n', '// b\nb();\n', op('b();', 'before')],
    ['below the comment behind its anchor', 'a(); // eslint-disable-line\n', '// b\nb();\n', op('a()', 'after')],
    ['below a long comment behind its anchor', 'a(); /* one\n two */\n', 'b();\n', op('a()', 'after')],
    ['beside the anchor it counts to', 'a();\nif (x) {\n  b();\n}\na();\n', 'c();\n', op('a()', 'after', 1)],
    ['below an anchor that was reformatted', "use(\n  'a',\n  b,\n);\n", '', op('use("a", b);', 'after')],
    ['below an anchor of many lines', 'use((x) => {\n  x();\n});\n', 'b();\n', op('use(x => { x() })', 'after')],
    [
      'above the first statement, below the banner',
      '#!/usr/bin/env node\n// MIT License\n',
      'a();\n',
      op('a()', 'before'),
    ],
  ])('is %s', (_title, above, under, given) => {
    const text = above + under;
    expect(add(text, given)).toEqual({ text: `${above}ours();\n${under}`, op: given });
    expect(drop(`${above}ours();\n${under}`, given)).toBe(text);
  });

  it.each([
    ['a callback', 'run(() => {\n    a();\n    b();\n});\n', 'run(() => {\n    a();\n    ours();\n    b();\n});\n'],
    ['a case', 'switch (x) {\n\tcase 1:\n\t\ta();\n}\n', 'switch (x) {\n\tcase 1:\n\t\ta();\n\t\tours();\n}\n'],
    ['a semicolon-first style', 'a()\n;[1].map(b)\nc()\nd()\n', 'a()\nours()\n;[1].map(b)\nc()\nd()\n'],
    ['code that would continue it', 'a();\n(b)();\nc()\nd()\ne()\n', 'a();\nours();\n(b)();\nc()\nd()\ne()\n'],
  ])('is at home in %s', (_title, text, expected) => {
    expect(add(text, op('a()', 'after'))).toMatchObject({ text: expected });
    expect(drop(expected, op('a()', 'after'))).toBe(text);
  });

  it("writes several lines in the host's quotes and steps, and leaves template literals alone", () => {
    const given = op('a()', 'after', 0, "use('/x', () => {\n  say(`\n  x`);\n});");
    const text = 'function f() {\n\ta("b")\n\ta()\n\treturn "c"\n}\n';
    const expected = 'function f() {\n\ta("b")\n\ta()\n\tuse("/x", () => {\n\t\tsay(`\n  x`)\n\t})\n\treturn "c"\n}\n';
    expect(add(text, given)).toMatchObject({ text: expected });
    expect(drop(expected, given)).toBe(text);
  });
});

describe('A statement is refused', () => {
  it.each([
    ['where the anchor is gone', 'b();\n', op('a()', 'after'), 'The statement `a()` is not in the file.'],
    ['where there are too few', 'a();\n', op('a()', 'after', 1), 'The statement `a()` is not in the file 2 times.'],
    ['beside code on the same line', 'a(); b();\n', op('a()', 'after'), '`a()` shares its line with other code.'],
    ['behind code on the same line', 'a(); b();\n', op('b()', 'after'), '`b()` shares its line with other code.'],
    ['in a block of one line', '{ a(); }\n', op('a()', 'before'), '`a()` shares its line with other code.'],
    [
      'as the body of an arrow',
      'const f = () => a();\n',
      op('a();', 'after'),
      '`a();` is part of an expression and not a statement of its own.',
    ],
    [
      'without a block',
      'if (x)\n  a();\n',
      op('a()', 'after'),
      '`a()` stands alone under a condition or a loop, without a block.',
    ],
    [
      'after a return',
      'function f() {\n  return a;\n}\n',
      op('return a', 'after'),
      'Nothing after `return a` is ever run.',
    ],
  ])('%s', (_title, text, given, refused) => {
    expect(add(text, given)).toEqual({ refused });
  });
});

describe('A statement of ours that the owner changed', () => {
  it.each([
    ['by a comment behind it', 'a();\nours(); // mine\n'],
    ['by an argument', 'a();\nours(1);\n'],
    ['by code on its line', 'a();\nours(); b();\n'],
  ])('%s stays', (_title, text) => {
    expect(drop(text, op('a()', 'after'))).toBe(text);
  });

  it('is dropped where it was moved to, and without its anchor', () => {
    expect(drop('b();\nours()\nc();\n', op('a()', 'after'))).toBe('b();\nc();\n');
  });

  it('is dropped nearest to its place where there are two', () => {
    expect(drop('ours();\nx();\na();\nours();\n', op('a()', 'after'))).toBe('ours();\nx();\na();\n');
  });
});
