import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { ts } from 'ts-morph';
import { afterAll, describe, expect, test } from 'vitest';
import { toJavaScript } from '../../src/text/javascript.ts';
import { programs } from './programs.ts';

const esm = (text: string): string => toJavaScript(text, 'esm');
const cjs = (text: string): string => toJavaScript(text, 'cjs');

describe('types', () => {
  test.each([
    [
      'annotations',
      'const a: number = 1;\nlet b: string | null, c!: Map<string, { d: 1 }>;\n',
      'const a = 1;\nlet b, c;\n',
    ],
    [
      'a function',
      'export async function f<T extends X>(a: T, b?: string, ...c: T[]): Promise<T> {}\n',
      'export async function f(a, b, ...c) {}\n',
    ],
    ['a type guard', 'const is = (x: unknown): x is Date => true;\n', 'const is = (x) => true;\n'],
    ['a generic arrow', 'const id = async <T,>(x: T): Promise<T> => x;\n', 'const id = async (x) => x;\n'],
    [
      'a pattern',
      'function f({ a, b: { c } = d }: { a: string; b?: D } = {}): void {}\n',
      'function f({ a, b: { c } = d } = {}) {}\n',
    ],
    ['assertions', 'const a = b as C, d = <E>e, f = g!.h![0]!;\n', 'const a = b, d = e, f = g.h[0];\n'],
    ['an assertion in parentheses', 'const a = (b as C).d((e as F)!);\n', 'const a = b.d(e);\n'],
    [
      'an assertion over parentheses',
      'const a = (await b()) as C;\nf((x ?? y) as Z);\n',
      'const a = await b();\nf(x ?? y);\n',
    ],
    [
      'parentheses that are needed',
      'const a = (b?.c as D).e + (f + g as number) * 2 + ({ h } as I).h;\n',
      'const a = (b?.c).e + (f + g) * 2 + ({ h }).h;\n',
    ],
    ['an object an arrow returns', 'const f = () => ({ a: 1 }) as A;\n', 'const f = () => ({ a: 1 });\n'],
    ['a new of an assertion', 'const a = new (b() as C)();\n', 'const a = new (b())();\n'],
    ['satisfies and const', 'const a = { b: 1 } as const satisfies C;\n', 'const a = { b: 1 };\n'],
    [
      'a wrapped assertion',
      'const a = b(\n  c,\n) as unknown as Map<\n  string,\n  D\n>;\n',
      'const a = b(\n  c,\n);\n',
    ],
    ['an annotation behind a comment', 'let b // why\n  : C;\n', 'let b // why\n  ;\n'],
    [
      'type arguments',
      'const a = new Map<string, Set<B>>(), c = d<E>(f), g = h<I>`j`;\n',
      'const a = new Map(), c = d(f), g = h`j`;\n',
    ],
    [
      'a this parameter',
      'function f(this: A, b: B) {}\nfunction g(this: void) {}\n',
      'function f(b) {}\nfunction g() {}\n',
    ],
    ['a caught error', 'try {} catch (error: unknown) {}\n', 'try {} catch (error) {}\n'],
    [
      'what only looks like a type',
      'const a = `x as ${b as C}`; // as D\nconst e = /a as b!/, f = { g: h };\n',
      'const a = `x as ${b}`; // as D\nconst e = /a as b!/, f = { g: h };\n',
    ],
    ['comments beside types', 'f(a /* x */ as B, /* y */ c!); // z\n', 'f(a /* x */, /* y */ c); // z\n'],
    ['JSX', 'const a = <B<C> d={e as F}>{g!}</B>;\n', 'const a = <B d={e}>{g}</B>;\n'],
    ['CRLF', 'const a: A = 1;\r\n', 'const a = 1;\n'],
  ])('go from %s', (_, text, expected) => {
    expect(esm(text)).toBe(expected);
  });

  test.each([
    [
      'an interface between statements',
      'a();\n\n/** What. */\nexport interface I {\n  a: string;\n}\n\nb();\n',
      'a();\n\nb();\n',
    ],
    ['an alias with a trailing comment', 'a();\ntype A = 1; // one\nb();\n', 'a();\nb();\n'],
    ['types at the start', '// header\n\ntype A = 1;\n\ninterface B {}\n\nb();\n', '// header\n\nb();\n'],
    ['types at the end', 'b();\n\ntype A = 1;\n\ninterface B {}\n', 'b();\n'],
    ['neighbours without a blank line', 'a();\n\ntype A = 1;\ntype B = 2;\n\nb();\n', 'a();\n\nb();\n'],
    [
      'a type in a function',
      'function f() {\n  type A = 1;\n\n  a();\n\n  type B = 2;\n}\n',
      'function f() {\n  a();\n}\n',
    ],
    ['a type on a shared line', 'type A = 1; a();\n', 'a();\n'],
    ['nothing but types', '/** A. */\nexport type A = 1;\nexport type { B } from "./b.js";\n', ''],
    [
      'declarations of others',
      "a();\ndeclare const x: number;\ndeclare module 'y' {\n  interface Z {}\n}\nb();\n",
      'a();\nb();\n',
    ],
    [
      'overloads',
      '/** Doc. */\nexport function f(a: 1): 1;\n/** Two. */\nexport function f(a: 2): 2;\nexport function f(a: any) {}\n',
      '/** Doc. */\nexport function f(a) {}\n',
    ],
    [
      'overloads of a documented function',
      '/** One. */\nfunction f(a: 1): 1;\n/** All. */\nfunction f(a: any) {}\n',
      '/** All. */\nfunction f(a) {}\n',
    ],
    [
      'type imports',
      "import type { A } from 'a';\nimport { type B } from 'b';\nimport c, { type D } from 'c';\nimport { type E, f, type G } from 'e';\nimport 'h';\n",
      "import c from 'c';\nimport { f } from 'e';\nimport 'h';\n",
    ],
    ['wrapped imports', "import {\n  type A,\n  b,\n  type C,\n} from 'a';\n", "import {\n  b,\n} from 'a';\n"],
    ['type exports', "export type { A };\nexport { type B, c };\nexport type * from 'd';\n", 'export { c };\n'],
  ])('leave no gap after %s', (_, text, expected) => {
    expect(esm(text)).toBe(expected);
  });

  test('leave a class that a person would have written', () => {
    const text = `@Injectable()
export abstract class Store<T extends Item> extends Base<T> implements Reader<T>, Writer {
  [key: string]: unknown;
  private static readonly limit: number = 1;
  declare other: string;
  protected name?: string;
  readonly #items = new Map<string, T>();

  /** Reads. */
  abstract read(id: string): T;

  constructor(
    @Inject(A) private readonly a: A,
    public b = 2,
    c?: string,
  ) {
    super(c);
    this.run();
  }

  get(id: string): T;
  get(id: number): T;
  public override get(this: this, id: unknown): T {
    return this.#items.get(id as string)!;
  }
}
`;
    expect(esm(text)).toBe(`@Injectable()
export class Store extends Base {
  static limit = 1;
  name;
  #items = new Map();

  constructor(@Inject(A) a, b = 2, c) {
    super(c);
    this.a = a;
    this.b = b;
    this.run();
  }

  get(id) {
    return this.#items.get(id);
  }
}
`);
  });

  test.each([
    ['class A {\n  constructor(private a: B) {}\n}\n', 'class A {\n  constructor(a) {\n    this.a = a;\n  }\n}\n'],
    [
      'class A {\n\tconstructor(readonly a: B) {\n\t\tf();\n\t}\n}\n',
      'class A {\n\tconstructor(a) {\n\t\tthis.a = a;\n\t\tf();\n\t}\n}\n',
    ],
    ['class A { constructor(readonly a: B) { f(); } }\n', 'class A { constructor(a) { this.a = a; f(); } }\n'],
  ])('turn the parameter property of %j into an assignment', (text, expected) => {
    expect(esm(text)).toBe(expected);
  });

  test.each([
    ['enum A { B }', 'An enum'],
    ['const enum A { B }', 'An enum'],
    ['namespace A { export const b = 1; }', 'A namespace'],
    ["import a = require('a');", 'An import with "="'],
    ['export = a;', 'An export with "="'],
    ['const = 1', 'syntax error'],
  ])('refuse %s', (text, message) => {
    expect(() => esm(text)).toThrow(message);
  });
});

describe('CommonJS', () => {
  test.each([
    ["import 'a';\n", "require('a');\n"],
    ["import a from 'a';\n", "const a = require('a');\n"],
    ["import a from './a.js';\n", "const a = require('./a.js');\n"],
    ["import * as a from 'node:a';\n", "const a = require('node:a');\n"],
    ["import { a, b as c, 'd-e' as f } from './x.js';\n", "const { a, b: c, 'd-e': f } = require('./x.js');\n"],
    ["import {\n  a, // one\n  b as c,\n} from 'x';\n", "const {\n  a, // one\n  b: c,\n} = require('x');\n"],
    ["import a, { b } from 'x';\n", "const a = require('x');\nconst { b } = a;\n"],
    ["import a, * as b from 'x';\n", "const a = require('x');\nconst b = a;\n"],
    ["import { default as a } from 'x';\n", "const a = require('x');\n"],
    ["import { default as a, b } from 'x';\n", "const a = require('x');\nconst { b } = a;\n"],
    ["import a from './a.json' with { type: 'json' };\n", "const a = require('./a.json');\n"],
    [
      'export const a = 1;\nexport function b() {}\nexport class C {}\n',
      'const a = 1;\nfunction b() {}\nclass C {}\n\nmodule.exports = { a, b, C };\n',
    ],
    ['export const { a, b: [c] } = d;\n', 'const { a, b: [c] } = d;\n\nmodule.exports = { a, c };\n'],
    ['const a = 1;\n\nexport { a as b, a };\n', 'const a = 1;\n\nmodule.exports = { b: a, a };\n'],
    ["export { a } from './a.js';\n", "const { a } = require('./a.js');\n\nmodule.exports = { a };\n"],
    [
      "const a = 1;\nexport { a as b } from './a.js';\n",
      "const a = 1;\nconst { a: b } = require('./a.js');\n\nmodule.exports = { b };\n",
    ],
    ["export { default as a } from './a.js';\n", "module.exports = { a: require('./a.js') };\n"],
    ["export * as a from './a.js';\n", "module.exports = { a: require('./a.js') };\n"],
    ['export default a;\n', 'module.exports = a;\n'],
    ['export default function a() {}\n', 'function a() {}\n\nmodule.exports = a;\n'],
    ['export default class {}\n', 'module.exports = class {};\n'],
    ['export default a;\nexport const b = 1;\n', 'module.exports = a;\nconst b = 1;\n\nmodule.exports.b = b;\n'],
    ['export { a as default, b };\n', 'module.exports = a;\nmodule.exports.b = b;\n'],
    ['f(import.meta.dirname, import.meta.filename);\n', 'f(__dirname, __filename);\n'],
    ['const __dirname = dirname(fileURLToPath(import.meta.url));\nf(__dirname);\n', 'f(__dirname);\n'],
    [
      'const __filename = fileURLToPath(import.meta.url);\nconst __dirname = path.dirname(__filename);\nf(__dirname);\n',
      'f(__dirname);\n',
    ],
    ['const require = createRequire(import.meta.url);\nrequire(1);\n', 'require(1);\n'],
    ['new URL(a, import.meta.url);\n', "new URL(a, require('node:url').pathToFileURL(__filename).href);\n"],
    [
      "async function f() {\n  return await import('x');\n}\n",
      "async function f() {\n  return await import('x');\n}\n",
    ],
  ])('says %j', (text, expected) => {
    expect(cjs(text)).toBe(expected);
  });

  test('breaks a long list of exports', () => {
    const names = Array.from({ length: 12 }, (_, index) => `someLongName${index}`);
    expect(cjs(names.map((name) => `export const ${name} = 1;\n`).join(''))).toContain(
      `\n\nmodule.exports = {\n${names.map((name) => `  ${name},\n`).join('')}};\n`,
    );
  });

  test.each([
    ['a();\n', "'use strict';\n\na();\n"],
    ['#!/usr/bin/env node\na();\n', "#!/usr/bin/env node\n'use strict';\n\na();\n"],
    ["'use strict';\na();\n", "'use strict';\na();\n"],
  ])('begins %j with the directive where it is asked for', (text, expected) => {
    expect(toJavaScript(text, 'cjs', { strictDirective: true })).toBe(expected);
    expect(toJavaScript(text, 'esm', { strictDirective: true })).toBe(text);
  });

  test.each([
    ["export * from './a.js';", 'export *'],
    ['export let a = 1;', 'changes'],
    ['await a();', 'await'],
    ['const a = await b();', 'await'],
    ['for await (const a of b) {}', 'await'],
    ['import.meta.resolve(a);', 'import.meta.resolve'],
    ['const module = 1;', 'module'],
  ])('refuses %s', (text, message) => {
    expect(() => cjs(text)).toThrow(message);
  });
});

describe('the JavaScript of a program', () => {
  const folder = mkdtempSync(join(tmpdir(), 'javascript-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const compile = (text: string): string =>
    ts.transpileModule(text, {
      compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext, verbatimModuleSyntax: true },
    }).outputText;

  /** Writes the programs in one form and runs them all in one process. */
  function run(
    form: string,
    type: 'module' | 'commonjs',
    translate: (text: string) => string,
  ): Record<string, unknown> {
    const write = (path: string, text: string): void => {
      mkdirSync(dirname(join(folder, form, path)), { recursive: true });
      writeFileSync(join(folder, form, path), text);
    };
    write('package.json', JSON.stringify({ type }));
    for (const [name, files] of Object.entries(programs))
      for (const [path, text] of Object.entries(files)) write(`${name}/${path}.js`, translate(text));
    const calls = Object.keys(programs).map(
      (name) => `all[${JSON.stringify(name)}] = await (await import('./${name}/main.js')).run();`,
    );
    write('all.mjs', `const all = {};\n${calls.join('\n')}\nconsole.log(JSON.stringify(all));\n`);
    return JSON.parse(execFileSync(process.execPath, ['all.mjs'], { cwd: join(folder, form), encoding: 'utf8' }));
  }

  const expected = run('compiled', 'module', compile);

  test.each([
    ['esm', 'module', esm],
    ['cjs', 'commonjs', cjs],
  ] as const)('does in %s what the TypeScript does', (form, type, translate) => {
    expect(Object.keys(expected)).toEqual(Object.keys(programs));
    expect(run(form, type, translate)).toEqual(expected);
  });

  test.each(Object.entries(programs))(
    '%s has no double blank line or trailing space that the source has not',
    (_, files) => {
      for (const text of Object.values(files))
        for (const script of [esm(text), cjs(text)]) expect(script).not.toMatch(/\n\n\n|[ \t]\n|^\n|\n\n$/);
    },
  );
});
