import { describe, expect, test } from 'vitest';
import { annotationOf, bindingOf, constantOf, declaredIn, topLevel } from '../../../src/doctor/code/names.ts';
import { askedOf, sourceOf } from '../source.ts';

/** What the name in `$(…)` stands for, in short: 'parameter body.id', 'variable = 2', 'import pg#Pool'. */
function meaning(code: string): string | null {
  const { source, node } = askedOf(code);
  const binding = bindingOf(source, node);
  if (binding === null) return null;
  const { kind, path, init, writes, imported } = binding;
  const from = imported ? ` ${imported.from}#${imported.name}` : '';
  const way = path.length === 0 ? '' : ` .${path.map((one) => one ?? '?').join('.')}`;
  const value = init === null ? '' : ` = ${source.textOf(init)}`;
  return `${kind}${from}${way}${value}${writes.map((one) => ` then ${source.textOf(one)}`).join('')}`;
}

describe('a name stands for', () => {
  test.each([
    ['a global', '$(fetch)', null],
    ['a variable of the file', 'const a = 1; $(a)', 'variable = 1'],
    ['a variable of a block, not the one outside', 'const a = 1; { const a = 2; $(a) }', 'variable = 2'],
    ['the outer one behind the block', '{ const a = 2 } const a = 1; $(a)', 'variable = 1'],
    ['a `var`, which belongs to the function', 'function f() { { var a = 3 } $(a) }', 'variable = 3'],
    ['a `let` of a loop', 'for (let i = 0; i < 2; i++) $(i)', 'variable = 0'],
    ['each of a list', 'for (const { id } of rows) $(id)', 'variable .?.id = rows'],
    ['a part of an object', 'const { body: { id } } = req; $(id)', 'variable .body.id = req'],
    ['a part under another name', 'const { body: data } = req; $(data)', 'variable .body = req'],
    ['a part with a default', 'const { page = 1 } = req.query; $(page)', 'variable .page = req.query'],
    ['what is left of an object', 'const { id, ...rest } = req.body; $(rest)', 'variable = req.body'],
    ['a part of a list', 'const [first] = list; $(first)', 'variable .? = list'],
    ['a part with a computed name', 'const { [key]: value } = table; $(value)', 'variable .? = table'],
    ['a parameter', 'function f(a) { $(a) }', 'parameter'],
    ['a part of a parameter', '(({ body: { id } }) => $(id))', 'parameter .body.id'],
    ['a parameter with a default', '((a = 1) => $(a))', 'parameter'],
    ['the rest of the parameters', '((...all) => $(all))', 'parameter'],
    ['the parameter, not the variable outside', 'const a = 1; ((a) => $(a))', 'parameter'],
    ['a function', 'function f() {} $(f)', 'function'],
    ['a function used above its place', '$(f); function f() {}', 'function'],
    ['a function expression within itself', 'const g = function f() { $(f) }', 'function'],
    ['a class', 'class A {} $(A)', 'class'],
    ['an enum', 'enum A { B } $(A)', 'other'],
    ['a caught error', 'try {} catch (error) { $(error) }', 'catch'],
    ['a part of a caught error', 'try {} catch ({ message }) { $(message) }', 'catch .message'],
    ['an import', "import { Pool } from 'pg'; $(Pool)", 'import pg#Pool'],
    ['an import under another name', "import { Pool as P } from 'pg'; $(P)", 'import pg#Pool'],
    ['a default import', "import pg from 'pg'; $(pg)", 'import pg#default'],
    ['a module as a whole', "import * as pg from 'pg'; $(pg)", 'import pg#*'],
    ['an import of CommonJS in TypeScript', "import pg = require('pg'); $(pg)", 'import pg#*'],
    ['a value that is given another', 'let a = 1; a = 2; $(a)', 'variable = 1 then 2'],
    ['a value that is given one later only', 'let a; function f() { a = 2 } $(a)', 'variable then 2'],
    ['its own value, not what a namesake is given', 'let a = 1; { let a; a = 2 } $(a)', 'variable = 1'],
    ['a name beyond ASCII', 'const größe = 1; $(größe)', 'variable = 1'],
  ])('%s', (_title, code, expected) => expect(meaning(code)).toBe(expected));
});

test('a name is constant where it has one value, as a whole, for ever', () => {
  const constant = (code: string): string | null => {
    const { source, node } = askedOf(code);
    const value = constantOf(source, node);
    return value && source.textOf(value);
  };
  expect(constant("const a = 'x'; $(a)")).toBe("'x'");
  expect(constant("const a = ('x' as const); $(a)")).toBe("'x'");
  expect(constant("let a = 'x'; a = 'y'; $(a)")).toBeNull();
  expect(constant('const { a } = b; $(a)')).toBeNull();
  expect(constant('((a) => $(a))')).toBeNull();
});

test('the names of a scope are those that it declares', () => {
  const source = sourceOf('import a from "a"; const b = 1; function c(d) { const e = 1 } class F {}');
  expect([...topLevel(source).keys()]).toEqual(['a', 'b', 'c', 'F']);
  const inner = topLevel(source).get('c')?.declaration;
  expect(inner && declaredIn(source, inner).map(({ name }) => name)).toEqual(['d']);
});

test('a type is read from parameters and variables', () => {
  const typeOf = (code: string): string | null => {
    const { source, node } = askedOf(code);
    const binding = bindingOf(source, node);
    return binding && annotationOf(binding);
  };
  expect(typeOf('((a: Request) => $(a))')).toBe('Request');
  expect(typeOf('((a: express.Request = b) => $(a))')).toBe('express.Request');
  expect(typeOf('const a: Pool = make(); $(a)')).toBe('Pool');
  expect(typeOf('class A { constructor(private readonly a: Pool) { $(a) } }')).toBe('Pool');
  expect(typeOf('((a: string) => $(a))')).toBeNull();
  expect(typeOf('((a) => $(a))')).toBeNull();
});
