import { describe, expect, test } from 'vitest';
import { hono } from '../../src/frameworks/hono.ts';
import { hostOf } from './hosts.ts';
import { found, type Row } from './summary.ts';
import { wired } from './wired.ts';

const head = "import { Hono } from 'hono';\n";
const created = 'after const app = new Hono();';

const rows: Row[] = [
  [
    'a plain app served by the node server',
    {
      file: 'src/index.ts',
      app: 'app',
      first: created,
      raw: created,
      routes: "after app.get('/', h);",
      line: "app.route('/webhooks', webhooks);",
      prefix: '',
      obstacles: [],
    },
    {
      'src/index.ts': `import { serve } from '@hono/node-server';\n${head}const app = new Hono();\napp.use('*', auth);\napp.get('/', h);\nserve({ fetch: app.fetch, port: 1 });\n`,
    },
  ],
  [
    'logging first, guards after',
    { raw: "after app.use('*', logger());", routes: 'before app.all("*", spa);' },
    {
      'a.ts': `${head}import { logger } from 'hono/logger';\nimport { csrf } from 'hono/csrf';\nconst app = new Hono<{ Bindings: Env }>();\napp.use('*', logger());\napp.use(csrf());\napp.get('/', h);\napp.all("*", spa);\nexport default app;\n`,
    },
  ],
  [
    'a chained app with an exported type: a statement where only routes are chained',
    {
      app: 'app',
      first: 'chain new Hono()',
      raw: "after const app = new Hono().get('/a', a).post('/b', b);",
      line: "app.route('/webhooks', webhooks);",
    },
    {
      'a.ts': `${head}const app = new Hono().get('/a', a).post('/b', b);\nexport type AppType = typeof app;\nexport default app;\n`,
    },
  ],
  [
    'a chained app with a guard in the chain: a link behind the creation',
    { raw: "chain new Hono().basePath('/api')", prefix: '/api', line: ".route('/webhooks', webhooks)" },
    {
      'a.ts': `${head}const app = new Hono().basePath('/api').use(jwt({ secret })).get('/a', a);\nexport type AppType = typeof app;\nexport default app;\n`,
    },
  ],
  [
    'a chain with a catch-all',
    { raw: 'chain new Hono()' },
    {
      'a.ts': `${head}export const app = new Hono()\n  .get('/a', a)\n  .get('*', spa);\nexport default { fetch: app.fetch };\n`,
    },
  ],
  [
    'an exported chain without a name',
    { raw: 'chain new Hono()', app: '' },
    { 'a.js': `${head}export default new Hono().get('/a', a);\n` },
  ],
  [
    'a base path on a plain app',
    { raw: "after const app = new Hono().basePath('/api/v1');", prefix: '/api/v1' },
    { 'a.ts': `${head}const app = new Hono().basePath('/api/v1');\napp.get('/', h);\nexport default app;\n` },
  ],
  [
    'a handler exported as GET only',
    { obstacles: ['not-exported'], prefix: '/api' },
    {
      'a.ts': `${head}import { handle } from 'hono/vercel';\nconst app = new Hono().basePath('/api');\nexport const GET = handle(app);\n`,
    },
  ],
  [
    'a handler exported as GET and POST',
    { obstacles: [], app: 'app' },
    {
      'a.ts': `${head}import { handle } from 'hono/vercel';\nconst app = new Hono();\nconst handler = handle(app);\nexport { handler as GET, handler as POST };\n`,
    },
  ],
  [
    'a base path that is computed',
    { obstacles: ['other'], prefix: '' },
    { 'a.ts': `${head}const app = new Hono().basePath(base);\nexport default app;\n` },
  ],
  [
    'routes collected in an array and mounted in turn',
    { file: 'app.ts', app: 'app', raw: created, obstacles: [] },
    {
      'app.ts': `${head}import tasks from './tasks.js';\nimport users from './users.js';\nconst app = new Hono();\nconst routes = [tasks, users];\nroutes.forEach((route) => app.route('/', route));\nexport default app;\n`,
      'tasks.ts': `${head}const router = new Hono();\nrouter.get('/t', t);\nexport default router;\n`,
      'users.ts': `${head}export default new Hono().get('/u', u);\n`,
    },
  ],
  [
    'a wrapper around the app',
    { app: 'app', raw: created },
    {
      'a.ts': `${head}import { fromHono } from 'chanfana';\nconst app = new Hono();\nconst openapi = fromHono(app);\nopenapi.get('/a', A);\nexport default app;\n`,
    },
  ],
  [
    'a factory behind a factory',
    { file: 'lib/create-app.ts', app: 'app', raw: 'after const app = createRouter();' },
    {
      'index.ts': `import { serve } from '@hono/node-server';\nimport app from './app.js';\nserve({ fetch: app.fetch });\n`,
      'app.ts': `import createApp from './lib/create-app.js';\nimport index from './routes/index.js';\nconst app = createApp();\n[index].forEach((route) => app.route('/', route));\nexport default app;\n`,
      'routes/index.ts': `import { createRouter } from '../lib/create-app.js';\nconst router = createRouter().openapi(route, h);\nexport default router;\n`,
      'lib/create-app.ts': `import { OpenAPIHono } from '@hono/zod-openapi';\nexport function createRouter() {\n  return new OpenAPIHono<Bindings>({ strict: false });\n}\nexport default function createApp() {\n  const app = createRouter();\n  app.use(serveEmojiFavicon('x'));\n  app.notFound(notFound);\n  return app;\n}\n`,
    },
  ],
  [
    'createFactory().createApp()',
    { app: 'app', raw: 'after const app = factory.createApp();' },
    {
      'a.ts': `import { createFactory } from 'hono/factory';\nconst factory = createFactory<Env>();\nconst app = factory.createApp();\napp.use(auth);\nexport default app;\n`,
    },
  ],
  [
    'a class that extends Hono',
    { app: 'this', raw: 'after super();', line: "this.route('/webhooks', webhooks);" },
    {
      'a.ts': `${head}export class App extends Hono {\n  constructor() {\n    super();\n    this.use(auth);\n    this.get('/', h);\n  }\n}\nexport default new App();\n`,
    },
  ],
  [
    'several apps in one file, mounted in the one that is exported',
    { app: 'app', raw: created, obstacles: [] },
    {
      'a.ts': `${head}const app = new Hono();\nconst books = new Hono();\nconst users = new Hono();\nbooks.get('/', b);\napp.route('/books', books);\napp.route('/users', users);\nexport default app;\n`,
    },
  ],
  [
    'a JSX entry',
    { file: 'src/index.tsx', app: 'app', raw: created },
    {
      'src/index.tsx': `${head}const app = new Hono();\napp.get('*', renderer);\napp.get('/', (c) => c.render(<h1>hi</h1>));\nexport default app;\n`,
    },
  ],
  [
    'an app behind Lambda',
    { obstacles: ['proxy'] },
    {
      'a.ts': `${head}import { handle } from 'hono/aws-lambda';\nconst app = new Hono();\nexport const handler = handle(app);\n`,
    },
  ],
  [
    'an app that a meta-framework creates',
    { unplaced: /created by honox\/server/ },
    { 'a.ts': `import { createApp } from 'honox/server';\nexport default createApp();\n` },
  ],
  [
    'a second name for the app with a base path',
    { app: 'app', raw: created, prefix: '' },
    {
      'a.ts': `${head}const app = new Hono();\napp.use('/api/*', auth);\nconst routes = app.basePath('/api').route('/a', a);\nexport type AppType = typeof routes;\nexport default { port: 3000, fetch: app.fetch };\n`,
    },
  ],
  [
    'an arrow that returns a guarded chain',
    { raw: 'chain new Hono()' },
    {
      'a.ts': `${head}export const createApp = () => new Hono().use(auth).get('/', h);\nexport default createApp();\n`,
    },
  ],
];

test.each(rows)('%s', (_title, expected, files, entry, values) => {
  const host = hostOf('hono', files, entry, values);
  const { unplaced, ...sure } = expected;
  const actual = found(hono.locate(host), expected, host);
  if (unplaced) expect(actual.unplaced).toMatch(unplaced);
  else expect(actual).toEqual(sure);
});

describe.each(['first', 'raw', 'routes'] as const)('the %s slot', (slot) => {
  test.each(rows)('is wired, taken back and wired again: %s', (_title, _expected, files, entry, values) => {
    const host = hostOf('hono', files, entry, values);
    const file = `src/webhooks/index.${host.profile.language.value}`;
    const after = wired(hono, host, files, { slot, name: 'webhooks', file, mount: '/hooks' }) ?? files;
    expect(Object.keys(after).filter((path) => after[path] !== files[path]).length).toBeLessThanOrEqual(1);
  });
});
