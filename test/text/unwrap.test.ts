import { expect, test } from 'vitest';
import { unwrap } from '../../src/text/unwrap.ts';

const long = 'x'.repeat(60);

test.each([
  [
    'a parameter list',
    'function f(\n  a,\n  { b },\n) {\n  return a;\n}\n',
    'function f(a, { b }) {\n  return a;\n}\n',
  ],
  ['a list without a last comma', 'function f(\n  a,\n  b = 1\n) {}\n', 'function f(a, b = 1) {}\n'],
  ['a method', 'class A {\n  f(\n    a,\n  ) {}\n}\n', 'class A {\n  f(a) {}\n}\n'],
  ['the body of an arrow function', 'const f = (a) =>\n  a + 1;\n', 'const f = (a) => a + 1;\n'],
  ['both', 'const f = (\n  a,\n  b,\n) =>\n  a + b;\n', 'const f = (a, b) => a + b;\n'],
])('joins %s', (_, text, expected) => {
  expect(unwrap(text)).toBe(expected);
});

test.each([
  ['is too long', `function f(\n  ${long},\n  b${long},\n) {}\n`],
  ['would make its line too long', `const f${long} = (a) =>\n  ${long};\n`],
  ['has a comment', 'function f(\n  // why\n  a,\n) {}\n'],
  ['has a comment at its end', 'function f(\n  a, // why\n) {}\n'],
  ['is broken in itself', 'function f(\n  {\n    a,\n  },\n) {}\n'],
  ['is one of several arrows', 'const f =\n  (a) =>\n  (b) =>\n    a + b;\n'],
  ['has a comment before its body', 'const f = (a) =>\n  // why\n  a;\n'],
  ['has a body of several lines', 'const f = (a) =>\n  a\n    .b()\n    .c();\n'],
  ['is no list of parameters', 'f(\n  a,\n  b,\n);\n'],
])('leaves alone what %s', (_, text) => {
  expect(unwrap(text)).toBe(text);
});
