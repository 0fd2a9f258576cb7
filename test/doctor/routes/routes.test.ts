import { describe, expect, test } from 'vitest';
import { routesOf } from '../../../src/doctor/routes/routes.ts';
import { manifest, type Texts } from '../rule.ts';
import { sourceOf } from '../source.ts';

/** The routes of a file, one line each: 'GET /users before: auth handler: list'. */
function routes(code: string, path = 'src/a.ts', others: Texts = {}): string[] {
  const source = sourceOf({ ...others, [path]: code }, path);
  return routesOf(source).map(({ method, path: way, before, handler }) => {
    const first = before.length === 0 ? '' : ` before: ${before.map((one) => source.textOf(one)).join(', ')}`;
    const last = handler ? ` handler: ${source.textOf(handler).slice(0, 12)}` : '';
    return `${method} ${way ?? '?'}${first}${last}`;
  });
}

const express = "import express from 'express'; const app = express();";

describe('on Express', () => {
  test.each<[string, string, string[]]>([
    ['an app', `${express} app.get('/', list)`, ['GET / handler: list']],
    [
      'a middleware before',
      `${express} app.post('/users', auth, validate(schema), create)`,
      ['POST /users before: auth, validate(schema) handler: create'],
    ],
    [
      'middlewares in a list',
      `${express} app.put('/u', [auth, limit], save)`,
      ['PUT /u before: auth, limit handler: save'],
    ],
    [
      'a router',
      "import { Router } from 'express'; const r = Router(); r.delete('/:id', drop)",
      ['DELETE /:id handler: drop'],
    ],
    [
      'a router of the module',
      "const express = require('express'); const r = express.Router(); r.get('/x', f)",
      ['GET /x handler: f'],
    ],
    [
      'a path with several methods',
      `${express} app.route('/users').get(list).post(auth, create)`,
      ['POST /users before: auth handler: create', 'GET /users handler: list'],
    ],
    [
      'a path of an app that is handed over',
      "export default (app) => { app.route('/x').get(auth, list) }",
      ['GET /x before: auth handler: list'],
    ],
    ['a pattern for a path', `${express} app.get(/^\\/x/, f)`, ['GET ? handler: f']],
    ['several paths', `${express} app.get(['/a', '/b'], f)`, ['GET /a handler: f']],
    ['a path with a variable part', `${express} app.get(\`/\${base}/x\`, f)`, ['GET /:_/x handler: f']],
    [
      'an app that is handed over',
      "export default (app) => { app.get('/x', (req, res) => res.end()) }",
      ['GET /x handler: (req, res) ='],
    ],
    ['no route: a setting', `${express} app.get('env')`, []],
    [
      'no route: a request that is sent',
      "import axios from 'axios'; axios.get('/users', () => 1); axios.post('/x', body)",
      [],
    ],
    ['no route: a map', 'const map = new Map(); map.get("x"); map.delete("/x")', []],
    ['no route: a client of tests', "agent.get('/x', done); request.post('/y', done)", []],
  ])('%s', (_title, code, expected) => expect(routes(code).sort()).toEqual([...expected].sort()));
});

describe('on Fastify', () => {
  const app = "import Fastify from 'fastify'; const app = Fastify();";
  test.each<[string, string, string[]]>([
    ['a short form', `${app} app.get('/x', async () => 1)`, ['GET /x handler: async () => ']],
    [
      'options and their hooks',
      `${app} app.post('/x', { preHandler: [auth, limit] }, save)`,
      ['POST /x before: auth, limit handler: save'],
    ],
    [
      'a handler within the options',
      `${app} app.get('/x', { handler: list, onRequest: auth })`,
      ['GET /x handler: list'],
    ],
    [
      'an object',
      `${app} app.route({ method: 'PUT', url: '/x', preValidation: check, handler: save })`,
      ['PUT /x before: check handler: save'],
    ],
    [
      'an object with several methods',
      `${app} app.route({ method: ['GET', 'HEAD'], url: '/x', handler })`,
      ['ALL /x handler: handler'],
    ],
    [
      'a plugin',
      "export default async function (fastify) { fastify.get('/x', async (request) => request.id) }",
      ['GET /x handler: async (reque'],
    ],
  ])('%s', (_title, code, expected) => expect(routes(code)).toEqual(expected));
});

describe('on Hono and Koa', () => {
  test.each<[string, string, string[]]>([
    [
      'Hono',
      "import { Hono } from 'hono'; const app = new Hono(); app.get('/x', auth, (c) => c.json(1))",
      ['GET /x before: auth handler: (c) => c.jso'],
    ],
    [
      'a chain',
      "import { Hono } from 'hono'; new Hono().get('/a', f).post('/b', g)",
      ['GET /a handler: f', 'POST /b handler: g'],
    ],
    [
      'a chain below a path',
      "import { Hono } from 'hono'; const a = new Hono().basePath('/v1').get('/a', f)",
      ['GET /a handler: f'],
    ],
    ['Koa', "import Router from '@koa/router'; const r = new Router(); r.del('/x', f)", ['DELETE /x handler: f']],
  ])('%s', (_title, code, expected) => expect(routes(code).sort()).toEqual([...expected].sort()));
});

describe('on Nest', () => {
  const common = "import { Controller, Get, Post, UseGuards, Version } from '@nestjs/common';";
  test.each<[string, string, string[]]>([
    [
      'a controller',
      `${common} @Controller('users') class A { @Get(':id') find() {} @Post() add() {} }`,
      [
        "GET /users/:id before: @Controller('users') handler: () {}",
        "POST /users before: @Controller('users') handler: () {}",
      ],
    ],
    [
      'a guard and a version',
      `${common} @Controller({ path: 'cats', version: '1' }) class A { @UseGuards(G) @Get() all() {} }`,
      ["GET /cats before: @Controller({ path: 'cats', version: '1' }), @UseGuards(G) handler: () {}"],
    ],
    [
      'no prefix',
      `${common} @Controller() class A { @Get('/health') health() {} }`,
      ['GET /health before: @Controller() handler: () {}'],
    ],
    ["no route: another package's decorator", "import { Get } from 'own'; class A { @Get() find() {} }", []],
  ])('%s', (_title, code, expected) => expect(routes(code)).toEqual(expected));
});

describe('on Next', () => {
  const next = { 'package.json': manifest('next@^16.0.0', 'react') };
  test.each<[string, string, string, string[]]>([
    [
      'functions of a route',
      'app/api/users/route.ts',
      'export async function GET() {} export const POST = async () => {}; export const dynamic = "x"',
      ['GET /api/users handler: async functi', 'POST /api/users handler: async () => '],
    ],
    [
      'a route with a parameter and a group',
      'src/app/(shop)/orders/[id]/route.ts',
      'export function DELETE() {}',
      ['DELETE /orders/:id handler: function DEL'],
    ],
    [
      'a page of the API',
      'pages/api/users/[id].ts',
      'export default function handler(req, res) {}',
      ['ALL /api/users/:id handler: function han'],
    ],
    [
      'a page of the API that names its function',
      'pages/api/index.ts',
      'const handler = (req, res) => {}; export default handler',
      ['ALL /api handler: (req, res) ='],
    ],
    ['no route: a page', 'app/users/page.tsx', 'export default function Page() {}', []],
    ['no route: elsewhere', 'src/lib/route-helpers.ts', 'export function GET() {}', []],
  ])('%s', (_title, path, code, expected) => expect(routes(code, path, next)).toEqual(expected));
});
