import { describe, expect, it, test } from 'vitest';
import { nativeParser, plainParser } from '../../src/text/parsers.ts';
import {
  dialectOf,
  dotted,
  isCall,
  isNew,
  lineOf,
  literal,
  parse,
  parses,
  propertyOf,
  requiredBy,
  type Syntax,
  textOf,
  unwrap,
  walk,
  withoutShebang,
} from '../../src/text/syntax.ts';
import { facts } from './facts.ts';

const samples: Record<string, string> = {
  'bin/www': "#!/usr/bin/env node\nvar app = require('../app');\nreturn app.listen(3000, () => {});\n",
  'jsx.js': "import React from 'react';\nexport default () => <div onClick={() => go('x')}>é😀</div>;\n",
  'cjs.cjs': "'use strict';\nvar express = require('express')();\nmodule.exports = exports = express;\n",
  'esm.mjs':
    "import a, { b as c } from './a.js';\nexport * from './b.js';\nexport { x as default };\nawait import('./d.js');\n",
  'bom.ts': "\uFEFFimport type { A } from './a';\nconst app = express() as unknown as A;\r\nexport { app };\n",
  'types.ts':
    "enum E { A }\nabstract class S<T> extends B<T> implements I { private app: A = new A<T>();\n  constructor(private readonly x: X, @Inject() y?: Y) { super(); }\n  @Get('x') get(): void { this.app?.use!(x as any)?.(1); } }\nexport = S;\nimport fs = require('fs');\ndeclare module 'x' { interface Y { z: 1 } }\nfoo<string>(<any>1, a satisfies B);\n",
  'module.mts':
    'export const db: Db = drizzle<typeof schema>(pool, { schema });\nexport default (({ app }) => app) satisfies F;\n',
  'nest.ts':
    '@Module({ imports: [ConfigModule.forRoot({ isGlobal: true }), ...more] })\nexport class AppModule {}\nvoid (async () => { const app = await NestFactory.create<X>(AppModule, { rawBody: true }); })();\n',
  'hono.tsx':
    "const app = new Hono<{ Bindings: E }>().basePath('/api').get('/', (c) => c.html(<p>{`a${b}`}</p>));\nexport type App = typeof app;\n",
  'odd.js': 'async () => { label: for await (const x of y) { 1n; /re/g; `a`; a?.b?.[c]?.(); a ??= b ** c; } }',
};

describe('parse', () => {
  test.each(Object.entries(samples))('reads %s alike with both parsers', (path, text) => {
    const [native, plain] = [nativeParser(), plainParser()].map((parser) =>
      parser.read(withoutShebang(text), dialectOf(path)),
    );
    if (!native || !plain) throw new Error(`one parser refuses it: ${native ? 'plain' : 'native'}`);
    expect(facts(plain)).toEqual(facts(native));
    expect([parses(text, dialectOf(path)), plainParser().accepts(withoutShebang(text), dialectOf(path))]).toEqual([
      true,
      true,
    ]);
  });

  test.each([nativeParser(), plainParser()])(
    'has a list of decorators for classes and their members, also an empty one: parser %#',
    (parser) => {
      const program = parser.read('class A { b = 1; c() {} } const D = class {};', 'jsx');
      if (!program) throw new Error('not parsed');
      const lists: [string, number][] = [];
      walk(program, (node) => {
        if (/^Class(Declaration|Expression)$|Definition$/.test(node.type))
          lists.push([node.type, 'decorators' in node && Array.isArray(node.decorators) ? node.decorators.length : -1]);
      });
      expect(lists.sort()).toEqual([
        ['ClassDeclaration', 0],
        ['ClassExpression', 0],
        ['MethodDefinition', 0],
        ['PropertyDefinition', 0],
      ]);
    },
  );

  test.each([
    ['a.js', 'const = 1'],
    ['a.ts', 'class {'],
    ['a.js', 'let x: string = 1'],
  ])('gives null for a syntax error in %s: %s', (path, text) => {
    expect(parse(text, path)).toBeNull();
    expect(plainParser().read(text, dialectOf(path))).toBeNull();
    expect([parses(text, dialectOf(path)), plainParser().accepts(text, dialectOf(path))]).toEqual([false, false]);
  });

  it('remembers a result by its text and language', () => {
    expect(parse('f()', 'a.ts')).toBe(parse('f()', 'b.ts'));
    expect(parse('f<T>(x)', 'a.ts')?.body[0]).not.toEqual(parse('f<T>(x)', 'a.js')?.body[0]);
  });

  test.each(Object.entries(samples))('keeps offsets in the text as given for %s', (path, text) => {
    const program = parse(text, path);
    if (!program) throw new Error('not parsed');
    const wrong: string[] = [];
    walk(program, (node) => {
      if (node.type !== 'Identifier' || ('decorators' in node && node.decorators?.length)) return;
      if (!text.startsWith(node.name, node.start)) wrong.push(node.name);
    });
    expect(wrong).toEqual([]);
  });
});

/** The expression of a one-statement file. */
function expression(text: string): Syntax {
  const statement = parse(text, 'a.ts')?.body[0];
  if (statement?.type !== 'ExpressionStatement') throw new Error(`no expression: ${text}`);
  return statement.expression;
}

describe('reading a tree', () => {
  test.each([
    ['a.b.c', 'a.b.c'],
    ['this.app', 'this.app'],
    ['this.#app', 'this.#app'],
    ["a['b'].c", 'a.b.c'],
    ['a!.b?.c', 'a.b.c'],
    ['(a as B).c', 'a.c'],
    ['a[b]', null],
    ['f().a', null],
  ])('dotted(%s) is %s', (text, expected) => expect(dotted(expression(text))).toBe(expected));

  test.each([
    ["'a'", 'a'],
    ['`a`', 'a'],
    ['`a${b}`', undefined],
    ['1', 1],
    ['true', true],
    ['null', null],
    ['/a/', undefined],
    ['1n', undefined],
    ['a', undefined],
    ["'a' as const", 'a'],
  ])('literal(%s) is %s', (text, expected) => expect(literal(expression(`x = ${text}`.slice(4)))).toBe(expected));

  test.each([
    ["require('x')", 'x'],
    ["import('x')", 'x'],
    ['import(x)', null],
    ["load('x')", null],
  ])('requiredBy(%s) is %s', (text, expected) => expect(requiredBy(expression(text))).toBe(expected));

  it('tells calls from constructions, by name or any', () => {
    expect([isCall(expression('app.use(x)'), 'app.use'), isCall(expression('app.use(x)'), 'app.get')]).toEqual([
      true,
      false,
    ]);
    expect([
      isNew(expression('new Hono()'), 'Hono'),
      isNew(expression('Hono()')),
      isCall(expression('Hono()')),
    ]).toEqual([true, false, true]);
  });

  it('finds a property by its plain or quoted name, not by a computed one', () => {
    const object = unwrap(expression("({ a: 1, 'b-c': 2, [d]: 3, ...e } as const)"));
    if (object.type !== 'ObjectExpression') throw new Error(object.type);
    expect(['a', 'b-c', 'd', 'e'].map((key) => propertyOf(object, key)?.type)).toEqual([
      'Literal',
      'Literal',
      undefined,
      undefined,
    ]);
  });

  it('walks in source order, with parents, and skips what it is told to', () => {
    const text = '@D() class A { m() { x(function () { y(); }); } }\nz();';
    const program = parse(text, 'a.ts');
    const calls: string[] = [];
    if (program)
      walk(program, (node, parents) => {
        if (node.type === 'FunctionExpression' && parents.at(-1)?.type === 'CallExpression') return 'skip';
        return isCall(node) && calls.push(textOf(text, node).slice(0, 2));
      });
    expect(calls).toEqual(['D(', 'x(', 'z(']);
  });

  it('counts lines from 1, whatever ends them', () => {
    expect(['a\r\nb\nc', 'a', '\n'].map((text) => lineOf(text, text.length))).toEqual([3, 1, 2]);
    expect([0, 2, 3, 5].map((offset) => lineOf('a\r\nb\nc', offset))).toEqual([1, 1, 2, 3]);
  });
});
