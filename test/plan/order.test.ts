import { expect, test } from 'vitest';
import { check } from '../../src/plan/check.ts';
import { surroundings, treeOf } from '../tree.ts';
import { added, ping, type Texts } from './project.ts';

const start = { express: 'express()', hono: 'new Hono()' };
const line = { express: "app.use('/ping', ping);", hono: "app.route('/ping', ping);" };
const imported = { express: "import express from 'express';", hono: "import { Hono } from 'hono';" };

/** A project with the module in it, whose app then is told these calls in this order; OURS is the module's line. */
function told(framework: 'express' | 'hono', slot: string, calls: readonly string[]): Texts {
  const app = `${imported[framework]}\n\nconst app = ${start[framework]};\nexport default app;\n`;
  const files = added(
    {
      'package.json': JSON.stringify({ type: 'module', main: 'app.ts', dependencies: { [framework]: '*' } }),
      'app.ts': app,
    },
    { ...ping, slot },
  );
  const without = (files['app.ts'] ?? '').replace(`${line[framework]}\n`, '');
  const body = calls.map((call) => call.replace('OURS', line[framework])).join('\n');
  return { ...files, 'app.ts': without.replace('export default', `${body}\nexport default`) };
}

const parser = 'app.use(express.json());';
const notFound = 'app.use((req, res) => { res.status(404).end(); });';

test.each([
  [
    'a raw line below a JSON parser',
    'express',
    'raw',
    [parser, 'OURS'],
    /below `app\.use\(express\.json\(\)\);` \(line 5\)/,
  ],
  [
    'a raw line below a parser of its own path',
    'express',
    'raw',
    ["app.use('/ping', express.json());", 'OURS'],
    /parsed/,
  ],
  ['a raw line below the not-found handler', 'express', 'raw', [notFound, 'OURS'], /answered before/],
  ['a line of routes below the not-found handler', 'express', 'routes', [parser, notFound, 'OURS'], /answered before/],
  ['a line below a handler that is called notFound', 'express', 'routes', ['app.use(notFound);', 'OURS'], /notFound/],
  [
    'a line below a catch-all of every method',
    'hono',
    'raw',
    ["app.all('*', (c) => c.text('no', 404));", 'OURS'],
    /all\('\*'/,
  ],
] as const)('check finds %s', async (_, framework, slot, calls, message) => {
  const found = await check({ tree: treeOf(told(framework, slot, calls)), surroundings: surroundings() }, [], {});
  expect(found).toMatchObject([
    { rule: 'wiring-order', severity: 'error', path: 'app.ts', message: expect.stringMatching(message) },
  ]);
});

test.each([
  [
    'a raw line above the parser, moved below other middleware',
    'express',
    'raw',
    ['app.use(helmet());', 'OURS', parser],
  ],
  ['a raw line below a parser of another path', 'express', 'raw', ["app.use('/api', express.json());", 'OURS']],
  ['a raw line below a parser that is only added at times', 'express', 'raw', [`if (old) ${parser}`, 'OURS']],
  ['a line of routes below a parser, where it belongs', 'express', 'routes', [parser, 'OURS']],
  [
    'a line below an error handler',
    'express',
    'routes',
    ['app.use((error, req, res, next) => { next(error); });', 'OURS'],
  ],
  [
    'a line below an error handler by a name',
    'express',
    'routes',
    ['function failed(e, req, res, next) { next(e); }', 'app.use(failed);', 'OURS'],
  ],
  ['a line below a catch-all of GET', 'express', 'routes', ["app.get('*', spa);", 'OURS']],
  [
    'a line below a middleware that says 404 and goes on',
    'express',
    'routes',
    ['app.use((req, res, next) => { if (old) res.status(404).end(); else next(); });', 'OURS'],
  ],
  ['a line below what gives requests on', 'hono', 'raw', ["app.all('*', async (c, next) => next());", 'OURS']],
  [
    'a line below the not-found handler, which Hono asks last',
    'hono',
    'routes',
    ["app.notFound((c) => c.text('no', 404));", 'OURS'],
  ],
] as const)('check says nothing of %s', async (_, framework, slot, calls) => {
  expect(await check({ tree: treeOf(told(framework, slot, calls)), surroundings: surroundings() }, [], {})).toEqual([]);
});
