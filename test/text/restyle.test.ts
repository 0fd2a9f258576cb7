import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ts } from 'ts-morph';
import { expect, test } from 'vitest';
import { type CodeStyle, restyle } from '../../src/text/restyle.ts';
import { programs } from './programs.ts';

const plain: CodeStyle = { indent: '  ', quote: "'", semicolons: true, eol: '\n' };

test.each<[string, Partial<CodeStyle>, string, string]>([
  ['nothing', {}, "if (a) {\n  b('c');\n}\n", "if (a) {\n  b('c');\n}\n"],
  ['tabs', { indent: '\t' }, 'if (a) {\n  if (b) {\n    c();\n  }\n}\n', 'if (a) {\n\tif (b) {\n\t\tc();\n\t}\n}\n'],
  ['four spaces', { indent: '    ' }, 'if (a) {\n  b();\n}\n', 'if (a) {\n    b();\n}\n'],
  [
    'a doc comment',
    { indent: '\t' },
    'class A {\n  /**\n   * B.\n   */\n  c;\n}\n',
    'class A {\n\t/**\n\t * B.\n\t */\n\tc;\n}\n',
  ],
  [
    'a drawn comment',
    { indent: '\t' },
    '{\n  /*\n    a -> b\n      c\n  */\n  d;\n}\n',
    '{\n\t/*\n    a -> b\n      c\n  */\n\td;\n}\n',
  ],
  [
    'templates',
    { indent: '\t' },
    '{\n  a = `\n    b ${\n      c\n    } d\n  e`;\n}\n',
    '{\n\ta = `\n    b ${\n\t\t\tc\n\t\t} d\n  e`;\n}\n',
  ],
  ['CRLF', { eol: '\r\n' }, 'a;\nb;\n', 'a;\r\nb;\r\n'],
  [
    'double quotes',
    { quote: '"' },
    "import a from 'a';\nf('', 'b c', `d'`, /'/); // 'e'\n",
    'import a from "a";\nf("", "b c", `d\'`, /\'/); // \'e\'\n',
  ],
  [
    'quotes within quotes',
    { quote: '"' },
    "f('a\"b', 'c\\'d', 'e\\\\', '\\n');\n",
    'f(\'a"b\', "c\'d", "e\\\\", "\\n");\n',
  ],
  ['a directive', { quote: '"' }, "'use strict';\n", '"use strict";\n'],
  [
    'JSX attributes',
    { quote: '"' },
    "const a = <b c='d' e={'f'}>'g'</b>;\n",
    "const a = <b c='d' e={\"f\"}>'g'</b>;\n",
  ],
  [
    'no semicolons',
    { semicolons: false },
    "import a from 'a';\nconst b = 1;\nb();\nexport { b };\n",
    "import a from 'a'\nconst b = 1\nb()\nexport { b }\n",
  ],
  ['a comment behind', { semicolons: false }, 'a(); // b;\nc(); /* d */\n', 'a() // b;\nc() /* d */\n'],
  [
    'guards',
    { semicolons: false },
    'a();\n[b].c();\n(d)();\n`e`.f();\n/g/.h();\n+i;\n-j;\nk();\n',
    'a()\n;[b].c()\n;(d)()\n;`e`.f()\n;/g/.h()\n;+i\n;-j\nk()\n',
  ],
  [
    'loops',
    { semicolons: false },
    'for (;;) a();\nfor (let i = 0; i < 1; i++);\nwhile (b);\ndo c(); while (d);\n',
    'for (;;) a()\nfor (let i = 0; i < 1; i++);\nwhile (b);\ndo c(); while (d)\n',
  ],
  [
    'an if and its else',
    { semicolons: false },
    'if (a) b(); else c();\nif (a) b();\nelse c();\n',
    'if (a) b(); else c()\nif (a) b()\nelse c()\n',
  ],
  [
    'a block on one line',
    { semicolons: false },
    'function a() { b(); return; }\nc(() => { d(); });\n',
    'function a() { b(); return }\nc(() => { d() })\n',
  ],
  [
    'fields',
    { semicolons: false },
    'class A {\n  a = 1;\n  [b] = 2;\n  c;\n  *d() {}\n  static;\n  e() {}\n  get;\n  f;\n  g: string;\n}\n',
    'class A {\n  a = 1;\n  [b] = 2\n  c;\n  *d() {}\n  static;\n  e() {}\n  get;\n  f\n  g: string\n}\n',
  ],
  [
    'types',
    { semicolons: false },
    'type A = { a: 1; b: 2 };\ninterface B {\n  a: string;\n  (): void;\n  b(): C;\n  [k: string]: D;\n}\ndeclare function f(): void;\n',
    'type A = { a: 1; b: 2 }\ninterface B {\n  a: string;\n  (): void\n  b(): C;\n  [k: string]: D\n}\ndeclare function f(): void\n',
  ],
  [
    'returns',
    { semicolons: false },
    'function a() {\n  if (b) return;\n  (c)();\n  throw d;\n}\n',
    'function a() {\n  if (b) return\n  ;(c)()\n  throw d\n}\n',
  ],
])('writes %s', (_, style, text, expected) => {
  expect(restyle(text, { ...plain, ...style })).toBe(expected);
});

test('refuses a text that does not parse', () => {
  expect(() => restyle('const = 1', plain)).toThrow('syntax error');
});

/** A program without its layout, quotes and semicolons: every node's kind, and what names and literals say. */
function shape(text: string): string[] {
  const file = ts.createSourceFile('file.ts', text, ts.ScriptTarget.Latest, true, ts.ScriptKind.TS);
  const found: string[] = [];
  const visit = (node: ts.Node, depth: number): void => {
    if (ts.isEmptyStatement(node)) return;
    const said =
      ts.isIdentifier(node) ||
      ts.isLiteralExpression(node) ||
      ts.isTemplateHead(node) ||
      ts.isTemplateMiddle(node) ||
      ts.isTemplateTail(node);
    found.push(`${depth} ${ts.SyntaxKind[node.kind]} ${said ? node.text : ''}`);
    ts.forEachChild(node, (child) => visit(child, depth + 1));
  };
  visit(file, 0);
  return found;
}

const styles: CodeStyle[] = [
  { indent: '\t', quote: '"', semicolons: false, eol: '\r\n' },
  { indent: '    ', quote: '"', semicolons: true, eol: '\n' },
  { indent: '  ', quote: "'", semicolons: false, eol: '\n' },
];
const folder = join(import.meta.dirname, '../../src/text');
const sources: (readonly [string, string])[] = [
  ...Object.entries(programs).flatMap(([name, files]) =>
    Object.entries(files).map(([path, text]) => [`${name}/${path}`, text] as const),
  ),
  ...['commonjs.ts', 'path.ts', 'render.ts', 'restyle.ts', 'untype.ts'].map(
    (name) => [name, readFileSync(join(folder, name), 'utf8')] as const,
  ),
];

test.each(sources)('%s is the same program in every style', (_, text) => {
  const expected = shape(text);
  for (const style of styles) expect(shape(restyle(text, style))).toEqual(expected);
});
