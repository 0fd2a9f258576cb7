import { describe, expect, test } from 'vitest';
import { isGuarded, taintOf } from '../../../src/doctor/flow/taint.ts';
import { manifest, type Texts } from '../rule.ts';
import { asked, askedOf, sourceOf } from '../source.ts';

const taint = (texts: Texts | string, path?: string): string => {
  const { source, node } = askedOf(texts, path);
  return taintOf(source, node);
};

/** A handler of Express with this body. */
const handler = (body: string): string => `export const f = async (req, res) => { ${body} }`;

describe("the client's words", () => {
  test.each([
    ['a part of the body', handler('$(req.body.name)')],
    ['a query', handler('$(req.query.q)')],
    ['a parameter of the path', handler('$(req.params.id)')],
    ['a header', handler('$(req.headers["x-id"])')],
    ['a header that is asked for', handler('$(req.get("x-id"))')],
    ['a cookie', handler('$(req.cookies.id)')],
    ['the URL', handler('$(req.originalUrl)')],
    ['a file of a form', handler('$(req.file.originalname)')],
    ['a part that is taken out', handler('const { name } = req.body; $(name)')],
    ['a part of what is taken out', handler('const { body: { user: { name } } } = req; $(name)')],
    ['a parameter that is taken apart', 'export const f = ({ body }, res) => $(body.name)'],
    ['a query of Hono', 'export const f = (c) => $(c.req.query("q"))'],
    ['the body of Hono', 'export const f = async (c) => { const body = await c.req.json(); $(body.x) }'],
    ['the body of Koa', 'export const f = (ctx) => $(ctx.request.body.x)'],
    ['the body of Lambda', 'export const f = async (event) => $(JSON.parse(event.body).x)'],
    [
      'the body of a web request',
      'export const f = async (request: NextRequest) => { const b = await request.json(); $(b.x) }',
    ],
    ['a search parameter', 'export const f = (request: NextRequest) => $(new URL(request.url).searchParams.get("q"))'],
    ['a parameter of Nest', "import { Query } from '@nestjs/common'; class A { f(@Query('q') q: string) { $(q) } }"],
    ['an argument of GraphQL', "import { Args } from '@nestjs/graphql'; class A { f(@Args('q') q: string) { $(q) } }"],
    ['a body as it comes in', handler("let b = ''; req.on('data', (part) => { b += part; }); $(JSON.parse(b).x)")],
    ['what the function gives to a name that nothing declares', handler('name = "x/" + req.body.name; $(name)')],
    ['an argument of an action', "'use server'; export async function f(form) { $(form.get('x')) }"],
  ])('%s', (_title, code) => expect(taint(code)).toBe('request'));
});

describe('they stay what they are', () => {
  test.each([
    ['in a variable', handler('const a = req.body.a; const b = a; $(b)')],
    ['in a variable that is written later', handler('let a = ""; if (x) a = req.query.a; $(a)')],
    ['in a template', handler('$(`x ${req.query.a} y`)')],
    ['in a sum', handler('$("x" + req.query.a)')],
    ['as a default', handler('$(req.query.a ?? "x")')],
    ['in a choice', handler('$(x ? "a" : req.query.a)')],
    ['in a list', handler('$(["a", req.query.a].join(" "))')],
    ['in a list that is filled', handler('const parts = []; parts.push(req.query.a); $(parts.join(","))')],
    ['in an object', handler('$({ a: 1, b: req.body.b })')],
    ['in a spread', handler('$({ ...req.body })')],
    ['through methods of strings', handler('$(req.query.a.trim().toLowerCase())')],
    ['through a path', `import path from 'path'; ${handler('$(path.join("/x", req.params.file))')}`],
    ['through a path without its module', `import { join } from 'path'; ${handler('$(join("/x", req.params.file))')}`],
    ['through JSON', handler('$(JSON.stringify(req.body))')],
    ['through a cast', handler('$((req.query.a as string)!)')],
    ['through String()', handler('$(String(req.query.a))')],
    ['in a callback', handler('req.body.items.map((item) => $(item.name))')],
    ['in a loop', handler('for (const item of req.body.items) $(item)')],
    ['in a function of the file', `function run(x) { $(x) } ${handler('run(req.body.x)')}`],
    ['through a function that gives it back', `const wrap = (x) => "a" + x; ${handler('$(wrap(req.body.x))')}`],
  ])('%s', (_title, code) => expect(taint(code)).toBe('request'));

  test('in a function of another file', () => {
    const texts = {
      'src/users.ts': 'export const find = (name) => $(name)',
      'src/routes.ts': `import { find } from './users'; ${handler('find(req.query.name)')}`,
    };
    expect(taint(texts, 'src/users.ts')).toBe('request');
  });
});

describe('they are harmless', () => {
  test.each([
    ['as a number', handler('$(Number(req.query.a))'), 'plain'],
    ['as a whole number', handler('$(parseInt(req.query.a, 10))'), 'plain'],
    ['with a sign before them', handler('$(+req.query.a)'), 'plain'],
    ['compared', handler('$(req.query.a === "x")'), 'plain'],
    ['by their length', handler('$(req.body.items.length)'), 'plain'],
    [
      'as a hash',
      `import { createHash } from 'node:crypto'; ${handler('$(createHash("sha256").update(req.body.x).digest("hex"))')}`,
      'plain',
    ],
    ['encoded', handler('$(encodeURIComponent(req.query.a))'), 'plain'],
    ['with all but letters taken out', handler('$(req.query.a.replace(/[^\\w-]/g, ""))'), 'plain'],
    ['behind a schema', handler('$(schema.parse(req.body).name)'), 'checked'],
    ['looked up in a table', handler('const table = { a: "x" }; $(table[req.query.a])'), 'constant'],
    [
      'as a number by a pipe of Nest',
      "import { Param, ParseIntPipe } from '@nestjs/common'; class A { f(@Param('id', ParseIntPipe) id: number) { $(id) } }",
      'plain',
    ],
    ['by their name, cleaned', `import { sanitize } from './own'; ${handler('$(sanitize(req.query.a))')}`, 'unknown'],
  ])('%s', (_title, code, expected) => expect(taint(code)).toBe(expected));

  test('as the input of a procedure, which a schema has let through', () => {
    expect(taint('export const r = publicProcedure.input(x).query(({ input }) => $(input.name))')).toBe('checked');
  });
  test('as a class that is validated', () => {
    const texts = {
      'package.json': manifest('@nestjs/common', 'class-validator'),
      'src/a.ts': "import { Body } from '@nestjs/common'; class A { f(@Body() dto: CreateDto) { $(dto.name) } }",
    };
    expect(taint(texts)).toBe('checked');
  });
});

describe('what is written here is constant, and what comes from elsewhere unknown', () => {
  test.each([
    ['a text', '$("x")', 'constant'],
    ['a sum of texts', 'const a = "x"; $(a + "y")', 'constant'],
    ['a template of texts', 'const a = "x"; $(`${a}y`)', 'constant'],
    ['the environment', '$(process.env.X)', 'constant'],
    ['the folder of the file', '$(__dirname)', 'constant'],
    ['a constant of another file', "import { TABLE } from './b'; $(TABLE)", 'constant'],
    ['a parameter', '((a) => $(a))', 'unknown'],
    ['a global', '$(window)', 'unknown'],
    ['what a module gives', "import { get } from 'x'; $(get())", 'unknown'],
    ['the user of a request, whom the server has put there', handler('$(req.user.id)'), 'unknown'],
    ['a value that points at itself', 'let a = b; let b = a; $(a)', 'constant'],
  ])('%s', (_title, code, expected) => expect(taint(code)).toBe(expected));
});

describe('a condition guards', () => {
  const guarded = (body: string): boolean => {
    const source = sourceOf(handler(body));
    const [node] = asked(source);
    if (!node) throw new Error('Nothing is asked about.');
    return isGuarded(source, node, node);
  };
  test.each([
    ['a list of what is allowed', 'const { to } = req.query; if (!allowed.includes(to)) return; $(to)', true],
    ['a pattern for the whole', 'const { to } = req.query; if (/^[a-z]+$/.test(to)) $(to)', true],
    ['a beginning', 'const { to } = req.query; if (!to.startsWith(root)) throw new Error(); $(to)', true],
    ['a choice', 'const { to } = req.query; x = allowed.has(to) ? $(to) : 1', true],
    ['a question before', 'const { to } = req.query; isAllowed(to) && $(to)', true],
    ['an assertion', 'const { to } = req.query; assertAllowed(to); $(to)', true],
    ['an equality', 'const { to } = req.query; if (to !== "x") return; $(to)', true],
    ['cases', 'const { to } = req.query; switch (to) { case "a": $(to) }', true],
    ['nothing, where there is none', 'const { to } = req.query; $(to)', false],
    ['nothing, where only its presence is asked', 'const { to } = req.query; if (!to) return; $(to)', false],
    [
      'nothing, where it is compared with nothing',
      'const { to } = req.query; if (to === undefined) return; $(to)',
      false,
    ],
    [
      'nothing, where another value is looked at',
      'const { to, by } = req.query; if (!allowed.includes(by)) return; $(to)',
      false,
    ],
    ['nothing, where it comes after', 'const { to } = req.query; $(to); if (!allowed.includes(to)) return;', false],
    ['nothing, where a part of it matches', 'const { to } = req.query; if (/http/.test(to)) $(to)', false],
    ['nothing, where the body goes on', 'const { to } = req.query; if (!allowed.includes(to)) log(); $(to)', false],
  ])('%s', (_title, body, expected) => expect(guarded(body)).toBe(expected));
});

test("a segment of a page's path has been read by Next, which leaves what separates segments encoded", () => {
  const page = 'export default function Page({ params }) { $(params.slug) }';
  const of = (dependency: string): string =>
    taint({ 'package.json': manifest(dependency), 'src/app/[slug]/page.tsx': page }, 'src/app/[slug]/page.tsx');
  expect(of('next')).toBe('checked');
});

test('where an uploaded file lies is no word of the client; what it was called is', () => {
  const of = (key: string): string =>
    taint(`const clean = (files) => files.forEach((file) => $(file.${key})); ${handler('clean(req.files)')}`);
  expect(of('path')).toBe('unknown');
  expect(of('originalname')).toBe('request');
});

test('what the caller has looked at is not taken for what was sent', () => {
  const called = (before: string): string =>
    taint(`function show(name) { $(name) } ${handler(`${before} show(req.query.name)`)}`);
  expect(called('')).toBe('request');
  expect(called('if (!names.includes(req.query.name)) return;')).toBe('unknown');
});

test('a name for module.exports is as good as itself', () => {
  const files = {
    'src/users.js': 'const users = module.exports;\nusers.pick = (req, res) => req.body.name;\n',
    'src/app.js': "const users = require('./users');\nexport const f = (req, res) => { $(users.pick(req, res)) };\n",
  };
  expect(taint(files, 'src/app.js')).toBe('request');
});

describe('a schema that leaves no text of the client’s choice', () => {
  const zod = "import { z } from 'zod';\n";
  test.each([
    [
      'in a procedure',
      `${zod}p.procedure.input(z.object({ by: z.enum(['a', 'b']) })).query(({ input }) => $(input.by))`,
    ],
    [
      'in the options of a procedure',
      `${zod}procedure.input(z.object({ by: z.string().uuid() })).query((opts) => $(opts.input.by))`,
    ],
    [
      'that is parsed',
      `${zod}const s = z.object({ by: z.number() }).strict(); ${handler('const { by } = s.parse(req.body); $(by)')}`,
    ],
    [
      'before a handler of Hono',
      `${zod}app.post('/', zValidator('json', z.object({ by: z.string().regex(/^a/) })), (c) => { const body = c.req.valid('json'); $(body.by) })`,
    ],
  ])('%s', (_title, code) => expect(taint(code)).toBe('plain'));

  test('in a class of Nest', () => {
    const of = (decorator: string): string =>
      taint(
        {
          'package.json': manifest('@nestjs/core', '@nestjs/common', 'class-validator'),
          'src/sort.ts': `export class Sort { ${decorator} by: string; }`,
          'src/a.ts':
            "import { Body } from '@nestjs/common'; import { Sort } from './sort'; class A { f(@Body() sort: Sort) { $(sort.by) } }",
        },
        'src/a.ts',
      );
    expect(of("@IsIn(['a', 'b'])")).toBe('plain');
    expect(of("@IsUrl({ host_whitelist: ['shop.example'] })")).toBe('plain');
    expect(of('@IsString() @IsSafeUrl()')).toBe('plain');
    expect(of('@IsString()')).toBe('checked');
  });

  test('a text stays one', () => {
    expect(taint(`${zod}procedure.input(z.object({ by: z.string().min(1) })).query(({ input }) => $(input.by))`)).toBe(
      'checked',
    );
  });
});

test('of an object that a function gives back, only what stands under the name', () => {
  const of = (key: string): string =>
    taint(
      `function find(name) { return { name, column: columns.find((one) => one.name === name).field }; } ${handler(`const { ${key} } = find(req.query.name); $(${key})`)}`,
    );
  expect(of('name')).toBe('request');
  expect(of('column')).toBe('unknown');
});

describe('an object that is given to a function', () => {
  const of = (key: string, before = ''): string =>
    taint(
      `function show(given) { $(given.${key}) } ${handler(`${before} const given = x ? { by: 'id', value: req.query.value } : undefined; show(given);`)}`,
    );
  test('holds under a name what stands there, in each that it may be', () => {
    expect(of('by')).toBe('constant');
    expect(of('value')).toBe('request');
  });
  test('is looked at part by part', () => {
    const called = (check: string): string =>
      taint(
        `function show(given) { $(given.name) } ${handler(`const given = req.body; if (!pattern.test(given.mail)) throw x; ${check} show(given);`)}`,
      );
    expect(called('')).toBe('request');
  });
});

describe('an argument of a resolver', () => {
  const files = (resolvers: string, ...dependencies: string[]): Texts => ({
    'package.json': manifest(...dependencies),
    'src/schema.graphql': 'enum Kind { A B }\ntype Query { users(name: String, first: Int, kind: Kind): [User] }',
    'src/resolvers.js': resolvers,
  });
  test.each([
    ['a text', '{ Query: { users: (parent, args) => $(args.name) } }', 'request'],
    ['a text behind a wrapper', '{ Query: { users: signedIn(async (parent, { name }) => $(name)) } }', 'request'],
    ['a number, by the schema', '{ Query: { users: (parent, args) => $(args.first) } }', 'plain'],
    ['a name of a list, by the schema', '{ Query: { users: (parent, { kind }) => $(kind) } }', 'plain'],
    ['the parent', '{ Query: { users: (parent, args) => $(parent.name) } }', 'unknown'],
    ['a method of anything else', '{ cache: { users: (parent, args) => $(args.name) } }', 'unknown'],
  ])('%s', (_title, resolvers, expected) =>
    expect(taint(files(`export const resolvers = ${resolvers}`, 'graphql'), 'src/resolvers.js')).toBe(expected),
  );
  test('is one of GraphQL where the project has it', () =>
    expect(
      taint(files('export const all = { Query: { users: (_, { name }) => $(name) } }', 'pg'), 'src/resolvers.js'),
    ).toBe('unknown'));
});
