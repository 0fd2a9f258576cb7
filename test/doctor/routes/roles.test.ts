import { describe, expect, test } from 'vitest';
import { everyNode, isFunction } from '../../../src/doctor/code/source.ts';
import { handlerAround, rolesOf } from '../../../src/doctor/routes/roles.ts';
import { manifest, type Texts } from '../rule.ts';
import { askedOf, sourceOf } from '../source.ts';

/** What the parameters of the file's function hold that has the most of them; '-' for nothing. */
function roles(code: string, path = 'src/a.ts', others: Texts = {}): string {
  const source = sourceOf({ ...others, [path]: code }, path);
  const found: string[] = [];
  everyNode(source.program, (node) => {
    if (isFunction(node))
      found.push(
        rolesOf(source, node)
          .map((role) => role ?? '-')
          .join(' '),
      );
  });
  return found.find((one) => /[a-z]/.test(one)) ?? found[0] ?? 'no function';
}

describe('a function handles requests', () => {
  test.each([
    ['by its parameters', 'export const f = (req, res) => {}', 'request response'],
    ['with next', 'export function f(req, res, next) {}', 'request response -'],
    ['of errors', 'export function f(err, req, res, next) {}', '- request response -'],
    ['with underscores', 'export const f = (_req, res) => {}', 'request response'],
    ['of Fastify', 'export const f = async (request, reply) => {}', 'request response'],
    ['by its type', "import type { Request } from 'express'; export const f = (r: Request) => {}", 'request'],
    [
      'by a type in a namespace',
      "import * as express from 'express'; export const f = (r: express.Request, s: express.Response) => {}",
      'request response',
    ],
    ['of Next by its type', 'export const f = (r: NextRequest) => {}', 'request'],
    ['as a method', 'class A { create(req, res) {} }', 'request response'],
    ['by what it takes out', 'export const f = ({ body, params }, res) => {}', 'request response'],
    ['of Hono', 'export const f = (c) => c.json(c.req.query("x"))', 'context'],
    ['of Koa', 'export const f = async (ctx) => { ctx.body = ctx.request.body }', 'context'],
    ['of Lambda', 'export const f = async (event) => JSON.parse(event.body)', 'context'],
    [
      'of a route, by what it takes out',
      "import express from 'express'; express().get('/x', ({ user }) => user)",
      'request response',
    ],
  ])('%s', (_title, code, expected) => expect(roles(code)).toBe(expected));

  const nest = "import { Body, Param, Req } from '@nestjs/common';";
  test.each([
    [
      'in a controller',
      `${nest} class A { f(@Body() dto: Dto, @Param('id') id: string, @Req() req) {} }`,
      'data data request',
    ],
    ['as an action', "export async function f(form) { 'use server'; }", 'data'],
    ['in a file of actions', "'use server'; export async function f(form) {}", 'data'],
    ['as an action that is exported later', "'use server'; async function f(form) {} export { f }", 'data'],
    ['as a procedure', 'export const r = publicProcedure.input(x).query(({ input }) => input)', 'checked'],
  ])('%s', (_title, code, expected) => expect(roles(code)).toBe(expected));

  const next = { 'package.json': manifest('next@^16.0.0') };
  test.each([
    ['as a route of Next', 'app/x/route.ts', 'export function POST(r, { params }) {}', 'request context'],
    ['as a page of the API', 'pages/api/x.ts', 'export default function (a, b) {}', 'request response'],
    [
      'as a page, by its params',
      'app/x/page.tsx',
      'export default function Page({ params, searchParams }) {}',
      'context',
    ],
  ])('%s', (_title, path, code, expected) => expect(roles(code, path, next)).toBe(expected));
});

describe('a function handles no request', () => {
  test.each([
    ['that takes an item', 'export const f = (c) => c.id', '-'],
    ['that takes a context of its own', 'export const f = (ctx) => ctx.user', '-'],
    ['that takes an event of a bus', 'export const f = (event) => event.type', '-'],
    [
      'that takes a request of its own, with other things',
      'export const f = (req, options) => fetch(req.url, options)',
      '- -',
    ],
    ['that takes nothing', 'export const f = () => 1', ''],
    ['that takes two values', 'export const f = (a, b) => a - b', '- -'],
    ['in a class, without decorators', 'class A { f(body, id) {} }', '- -'],
    ['below `app/` without Next', 'export function Page({ params }) {}', '-'],
    ['in a file of actions, not exported', "'use server'; function f(form) {}", '-'],
    ['that queries a client', 'export const r = client.query((c) => c.name)', '-'],
  ])('%s', (_title, code, expected) => expect(roles(code)).toBe(expected));
});

test('the handler around a place is the nearest function that handles requests', () => {
  const around = (code: string): string | null => {
    const { source, node } = askedOf(code);
    const handler = handlerAround(source, node);
    return handler && source.textOf(handler).slice(0, 10);
  };
  expect(around('app.get("/", (req, res) => list.map((one) => $(one)))')).toBe('(req, res)');
  expect(around('const f = (one) => $(one)')).toBeNull();
  expect(around('$(1)')).toBeNull();
});
