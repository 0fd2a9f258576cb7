import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { detect } from '../../src/detect/index.ts';
import { frameworks } from '../../src/frameworks/index.ts';
import type { Host } from '../../src/model.ts';
import { surroundings, treeOf } from '../tree.ts';
import { type Expected, found } from './summary.ts';
import { wired } from './wired.ts';

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
    const source = profile.sourceFolder.value;
    const file = `${source === '' ? '' : `${source}/`}webhooks/index.${profile.language.value}`;
    const after = wired(room, host, files, { slot: 'raw', name: 'webhooks', file, mount: '/webhooks' });
    if (!after) throw new Error('there is a manual step');
    const changed = Object.keys(after).filter((path) => after[path] !== files[path]);
    expect(changed).toHaveLength('places' in site && site.places.raw?.kind === 'convention' ? 0 : 1);
    for (const path of changed) {
      const text = after[path] ?? '';
      const line = text.search(/\(["']\/webhooks["'], webhooks\)|register\(webhooks/);
      const parser = text.search(
        /\.use\((?:express\.)?json\(|bearerAuth\(\{|use\(csrf|register\(cors|config\/express|initializeMiddlewares\(\)|x-blocked|all\('\*'/,
      );
      expect(line).toBeGreaterThan(0);
      expect(parser).toBeGreaterThan(line);
    }
  });
});
