import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { detect } from '../../src/detect/index.ts';
import { frameworks } from '../../src/frameworks/index.ts';
import type { Host, Intent } from '../../src/model.ts';
import { addAll, drop } from '../../src/patch/index.ts';
import { surroundings, treeOf } from '../tree.ts';
import { type Expected, found } from './summary.ts';

const folder = join(import.meta.dirname, '../../fixtures');

function filesOf(at: string, under = ''): Record<string, string> {
  const files: Record<string, string> = {};
  for (const name of readdirSync(at)) {
    if (name === 'node_modules' || name === 'dist') continue;
    const path = join(at, name);
    if (statSync(path).isDirectory()) Object.assign(files, filesOf(path, `${under}${name}/`));
    else files[`${under}${name}`] = readFileSync(path, 'utf8');
  }
  return files;
}

const rows: [name: string, expected: Expected & { entry: string }][] = [
  [
    'express5-ts-esm',
    {
      entry: 'src/server.ts',
      file: 'src/app.ts',
      app: 'app',
      raw: 'after app.use(helmet());',
      routes: 'before app.use(notFound);',
      prefix: '',
      obstacles: [],
    },
  ],
  [
    'express4-js-cjs',
    {
      entry: 'bin/www',
      file: 'app.js',
      app: 'app',
      raw: 'after if (process.env.NODE_ENV !== "test") app.use(logger("dev"))',
      routes: 'before app.use(function (req, res, next) {',
      obstacles: [],
    },
  ],
  [
    'express-factory-ts',
    {
      entry: 'src/server.ts',
      file: 'src/app.ts',
      app: 'app',
      raw: "after app.set('trust proxy', 1);",
      routes: 'before app.use(errorHandler);',
      obstacles: [],
    },
  ],
  [
    'express-class-ts',
    {
      entry: 'src/server.ts',
      file: 'src/app.ts',
      app: 'this.app',
      raw: 'after this.app = express();',
      routes: 'before this.initializeErrorHandling();',
      obstacles: [],
    },
  ],
  [
    'express-loaders-js',
    {
      entry: 'index.js',
      file: 'index.js',
      app: 'app',
      raw: 'after const app = express();',
      routes: "before require('./config/errors')(app);",
      obstacles: [],
    },
  ],
  [
    'express-pool-ts',
    {
      entry: 'src/server.ts',
      file: 'src/app.ts',
      app: 'app',
      raw: "after app.use(pinoHttp({ enabled: process.env.NODE_ENV !== 'test' }));",
      routes: "after app.post('/echo', (request, response) => {",
      obstacles: [],
    },
  ],
  [
    'fastify5-ts-esm',
    {
      entry: 'src/server.ts',
      file: 'src/server.ts',
      app: 'app',
      raw: "after const app = Fastify({ logger: process.env.NODE_ENV !== 'test' });",
      routes: 'after await app.register(routes);',
      line: "await app.register(webhooks, { prefix: '/webhooks' });",
      obstacles: [],
    },
  ],
  ['fastify4-js-cjs', { entry: 'app.js', file: 'app.js', raw: 'convention', prefix: '', obstacles: [] }],
  [
    'fastify-plugins-ts',
    { entry: 'src/server.ts', file: 'src/server.ts', app: 'server', raw: 'convention', prefix: '', obstacles: [] },
  ],
  [
    'hono-node-ts',
    {
      entry: 'src/index.ts',
      file: 'src/app.ts',
      app: 'app',
      raw: 'after app.use("*", logger());',
      routes: 'after app.post("/echo", async (c) => c.json(Message.parse(await c.req.json())));',
      obstacles: [],
    },
  ],
  [
    'hono-chained-ts',
    { entry: 'src/server.ts', file: 'src/app.ts', raw: 'chain new Hono()', prefix: '', obstacles: [] },
  ],
  [
    'hono-workers-ts',
    {
      entry: 'src/index.ts',
      file: 'src/index.ts',
      app: 'app',
      raw: 'after const app = new Hono<{ Bindings: Bindings }>();',
      obstacles: [],
    },
  ],
  [
    'hono-js-esm',
    {
      entry: 'src/index.js',
      file: 'src/index.js',
      app: 'app',
      raw: 'after app.use(secureHeaders())',
      routes: "before app.all('*', (c) => c.json({ error: 'not found' }, 404))",
      obstacles: [],
    },
  ],
];

describe.each(rows)('%s', (name, { entry, ...expected }) => {
  const files = filesOf(join(folder, name));
  const tree = treeOf(files);
  const profile = detect(tree, surroundings());
  const host: Host = { tree, surroundings: surroundings(), profile };
  const room = frameworks[profile.framework.value ?? 'next'];
  const site = room.locate(host);

  test('is found and placed as written', () => {
    expect(profile.entry.value).toBe(entry);
    expect(found(site, expected, host)).toEqual(expected);
  });

  test('takes the wiring before its first body parser or guard, and gives every byte back', () => {
    const intent: Intent = {
      slot: 'raw',
      name: 'webhooks',
      file: `${profile.sourceFolder.value}/webhooks/index.${profile.language.value}`.replace(/^\//, ''),
      mount: '/webhooks',
    };
    const { ops, step } = room.wire(intent, site, host);
    expect(step).toBeNull();
    const isFolder = 'places' in site && site.places.raw?.kind === 'convention';
    expect(ops).toHaveLength(isFolder ? 0 : 2);
    for (const path of new Set(ops.map(({ file }) => file))) {
      const before = files[path] ?? '';
      const patched = addAll(before, ops, path);
      if ('refused' in patched) throw new Error(patched.refused);
      const line = patched.text.search(/\(["']\/webhooks["'], webhooks\)|register\(webhooks/);
      const parser = patched.text.search(
        /\.use\((?:express\.)?json\(|bearerAuth\(\{|use\(csrf|register\(cors|config\/express|initializeMiddlewares\(\)|x-blocked/,
      );
      expect(line).toBeGreaterThan(0);
      if (parser >= 0) expect(line).toBeLessThan(parser);
      const restored = [...patched.ops].reverse().reduce((text, { op }) => drop(text, op), patched.text);
      expect(restored).toBe(before);
      const again = { ...host, tree: treeOf({ ...files, [path]: patched.text }) };
      const second = room.wire(intent, room.locate(again), again);
      expect(addAll(patched.text, second.ops, path)).toMatchObject({ text: patched.text });
    }
  });
});
