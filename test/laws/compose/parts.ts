/** One piece of an entry file. `APP` stands for the app; quotes are single, indentation is two blanks, semicolons are there. */
export interface Part {
  code: string;
  /** What it imports: a module's default by a name, or names of it. */
  needs?: readonly Need[];
  /** It may be a link of a chained expression: its code is `APP.…;`. */
  chain?: true;
  /** It awaits, and so stands only where that may be. */
  awaits?: true;
  /** Only in one module system. */
  only?: 'esm' | 'cjs' | 'ts';
}

export interface Need {
  from: string;
  whole?: string;
  names?: readonly string[];
}

/** What a framework's entry files are made of. */
export interface Kit {
  dependencies: Readonly<Record<string, string>>;
  /** The creating expressions, each with what it imports; null as `needs` for `require('…')` in place. */
  creations: readonly { code: string; needs: readonly Need[]; only?: Part['only'] }[];
  items: readonly Part[];
  /** Behind everything: handlers that nothing comes after. */
  tails: readonly Part[];
  /** How it is started; '' where the file only exports the app. */
  listens: readonly Part[];
  /** The one route that every app has. */
  health: Part;
}

const word = (from: string, ...names: string[]): Need => ({ from, names });
const whole = (from: string, name: string): Need => ({ from, whole: name });
const users = whole('./routes/users', 'users');
const http = whole('node:http', 'http');

const settings: readonly Part[] = [
  { code: "const limit = Number(process.env.LIMIT ?? '10');" },
  { code: 'function local() {\n  return 1;\n}' },
  { code: "console.log('starting');" },
  { code: 'const help = `\nconst app = express();\napp.use(express.json());\n`;' },
  { code: 'await connect();', awaits: true },
  { code: "if (process.env.BROKEN === 'yes') {\n  throw new Error('broken');\n}" },
];

const nextLine = '(req, res, next) => {\n  req.id = 1;\n  next();\n}';

export const express: Kit = {
  dependencies: { express: '^5.1.0', helmet: '^8.0.0', morgan: '^1.10.0', cors: '^2.8.5', 'body-parser': '^2.0.0' },
  creations: [
    { code: 'express()', needs: [whole('express', 'express')] },
    { code: "require('express')()", needs: [], only: 'cjs' },
    { code: 'express()', needs: [{ from: 'express', whole: 'express', names: ['Router'] }] },
  ],
  health: { code: "APP.get('/health', (req, res) => res.json({ ok: true }));", chain: true },
  items: [
    ...settings,
    { code: "APP.set('trust proxy', 1);", chain: true },
    { code: "APP.disable('x-powered-by');", chain: true },
    { code: 'APP.use(helmet());', needs: [whole('helmet', 'helmet')], chain: true },
    { code: "APP.use(morgan('dev'));", needs: [whole('morgan', 'morgan')], chain: true },
    { code: 'APP.use(cors({ origin: true }));', needs: [whole('cors', 'cors')], chain: true },
    { code: 'APP.use(helmet(), cors());', needs: [whole('helmet', 'helmet'), whole('cors', 'cors')], chain: true },
    { code: 'APP.use(EXPRESS.json());', chain: true },
    {
      code: "APP.use(\n  EXPRESS.json({\n    limit: '1mb',\n    verify: (req, res, buffer) => {\n      req.rawBody = buffer;\n    },\n  }),\n);",
      chain: true,
    },
    { code: 'APP.use(EXPRESS.urlencoded({ extended: false }));', chain: true },
    { code: 'APP.use(bodyParser.json());', needs: [whole('body-parser', 'bodyParser')], chain: true },
    { code: 'APP.use(json());', needs: [word('body-parser', 'json')], chain: true },
    { code: "APP.use('/api', EXPRESS.json());", chain: true },
    { code: 'APP.use([EXPRESS.json(), EXPRESS.text()]);', chain: true },
    {
      code: "APP.use((req, res, next) => {\n  if (req.originalUrl === '/hook') next();\n  else EXPRESS.json()(req, res, next);\n});",
    },
    { code: `APP.use(${nextLine});`, chain: true },
    { code: "APP.use(EXPRESS.static('public'));", chain: true },
    {
      code: "if (process.env.NODE_ENV !== 'production') {\n  APP.use(morgan('dev'));\n}",
      needs: [whole('morgan', 'morgan')],
    },
    { code: "if (process.env.LOG !== 'no') APP.use(morgan('tiny'));", needs: [whole('morgan', 'morgan')] },
    { code: "for (const route of [users]) {\n  APP.use('/v1', route);\n}", needs: [users] },
    { code: "APP.use('/users', users);", needs: [users], chain: true },
    { code: "APP.use('/users/', users), APP.use(helmet());", needs: [users, whole('helmet', 'helmet')] },
    { code: "APP.route('/book')\n  .get((req, res) => res.send('a'))\n  .post((req, res) => res.send('b'));" },
    { code: 'configure(APP);', needs: [word('./configure', 'configure')] },
    { code: "try {\n  APP.use(EXPRESS.static('dist'));\n} catch (error) {\n  console.error(error);\n}" },
    { code: "APP.locals.title = 'shop';" },
    { code: "APP.get('/long', async (req, res) => {\n  const rows = await find({ a: 1 });\n  res.json(rows);\n});" },
  ],
  tails: [
    { code: 'APP.use((req, res) => {\n  res.status(404).end();\n});', chain: true },
    { code: 'APP.use(notFound);', needs: [word('./errors', 'notFound')], chain: true },
    { code: 'APP.use(errorHandler);', needs: [word('./errors', 'errorHandler')], chain: true },
    { code: "APP.use((error, req, res, next) => {\n  res.status(500).send('no');\n});", chain: true },
    { code: "APP.get('*', (req, res) => res.status(404).end());", chain: true },
    { code: "APP.all('/{*path}', (req, res) => res.status(404).end());", chain: true },
    { code: "APP.use('*', (req, res) => {\n  res.sendStatus(404);\n});", chain: true },
  ],
  listens: [
    { code: 'APP.listen(3000);' },
    { code: "APP.listen(3000, () => {\n  console.log('up');\n});" },
    { code: 'http.createServer(APP).listen(3000);', needs: [http] },
    { code: 'const listener = http.createServer(APP);\nlistener.listen(3000);', needs: [http] },
    { code: 'const listener = APP.listen(3000);\nlistener.setTimeout(1000);' },
    { code: 'if (require.main === module) {\n  APP.listen(3000);\n}', only: 'cjs' },
    { code: "if (process.env.NODE_ENV !== 'test') APP.listen(3000);" },
  ],
};

const cors = whole('@fastify/cors', 'cors');
const helmet = whole('@fastify/helmet', 'helmet');

export const fastify: Kit = {
  dependencies: { fastify: '^5.2.0', '@fastify/cors': '^11.0.0', '@fastify/helmet': '^13.0.0' },
  creations: [
    { code: 'Fastify({ logger: true })', needs: [whole('fastify', 'Fastify')] },
    { code: 'fastify()', needs: [word('fastify', 'fastify')] },
    { code: "require('fastify')({ logger: false })", needs: [], only: 'cjs' },
    { code: "Fastify({\n  logger: {\n    level: 'info',\n  },\n})", needs: [whole('fastify', 'Fastify')] },
  ],
  health: { code: "APP.get('/health', async () => ({ ok: true }));", chain: true },
  items: [
    ...settings,
    { code: 'APP.register(cors);', needs: [cors], chain: true },
    { code: 'await APP.register(cors);', needs: [cors], awaits: true },
    { code: 'void APP.register(cors);', needs: [cors] },
    { code: 'APP.register(helmet, {\n  global: true,\n});', needs: [helmet], chain: true },
    { code: 'await APP.register(helmet);', needs: [helmet], awaits: true },
    { code: 'APP.register(cors).register(helmet);', needs: [cors, helmet] },
    { code: "APP.register(users, { prefix: '/users' });", needs: [users], chain: true },
    { code: "APP.register(async (instance) => {\n  instance.get('/in', async () => 1);\n});" },
    { code: "APP.decorate('db', {});", chain: true },
    { code: "APP.addHook('onRequest', async () => {});", chain: true },
    {
      code: "APP.addHook('preHandler', async (request, reply) => {\n  if (!request.headers.authorization) reply.code(401).send();\n});",
    },
    {
      code: "APP.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body, done) => {\n  done(null, body);\n});",
    },
    { code: "APP.route({ method: 'GET', url: '/x', handler: async () => 1 });", chain: true },
    { code: 'APP.after(() => {\n  APP.log.info(1);\n});' },
    { code: 'configure(APP);', needs: [word('./configure', 'configure')] },
    { code: "if (process.env.LOG !== 'no') APP.register(helmet);", needs: [helmet] },
    { code: 'for (const route of [users]) {\n  APP.register(route);\n}', needs: [users] },
  ],
  tails: [
    { code: 'APP.setNotFoundHandler((request, reply) => {\n  reply.code(404).send();\n});', chain: true },
    { code: 'APP.setErrorHandler(errorHandler);', needs: [word('./errors', 'errorHandler')], chain: true },
    { code: "APP.get('/*', async (request, reply) => reply.code(404).send());", chain: true },
  ],
  listens: [
    { code: 'APP.listen({ port: 3000 });' },
    { code: 'await APP.listen({ port: 3000 });', awaits: true },
    { code: 'APP.listen({ port: 3000 }, (error) => {\n  if (error) throw error;\n});' },
    {
      code: 'try {\n  await APP.listen({ port: 3000 });\n} catch (error) {\n  APP.log.error(error);\n  process.exit(1);\n}',
      awaits: true,
    },
    { code: 'APP.ready().then(() => APP.listen({ port: 3000 }));' },
    { code: 'if (require.main === module) APP.listen({ port: 3000 });', only: 'cjs' },
  ],
};

const serve = word('@hono/node-server', 'serve');

export const hono: Kit = {
  dependencies: { hono: '^4.6.0', '@hono/node-server': '^1.13.0', '@hono/zod-openapi': '^0.18.0' },
  creations: [
    { code: 'new Hono()', needs: [word('hono', 'Hono')] },
    { code: "new Hono().basePath('/api')", needs: [word('hono', 'Hono')] },
    { code: 'new Hono({ strict: false })', needs: [word('hono', 'Hono')] },
    { code: 'new Hono<{ Variables: { user: string } }>()', needs: [word('hono', 'Hono')], only: 'ts' },
    { code: 'new OpenAPIHono()', needs: [word('@hono/zod-openapi', 'OpenAPIHono')] },
  ],
  health: { code: "APP.get('/health', (c) => c.text('ok'));", chain: true },
  items: [
    ...settings,
    { code: "APP.use('*', logger());", needs: [word('hono/logger', 'logger')], chain: true },
    { code: 'APP.use(logger());', needs: [word('hono/logger', 'logger')], chain: true },
    { code: 'APP.use(cors());', needs: [word('hono/cors', 'cors')], chain: true },
    { code: "APP.use('/api/*', cors());", needs: [word('hono/cors', 'cors')], chain: true },
    { code: 'APP.use(async (c, next) => {\n  await next();\n});', chain: true },
    {
      code: "APP.use(\n  '/admin/*',\n  basicAuth({\n    username: 'a',\n    password: 'b',\n  }),\n);",
      needs: [word('hono/basic-auth', 'basicAuth')],
      chain: true,
    },
    { code: "APP.route('/users', users);", needs: [users], chain: true },
    { code: "APP.get('/a', (c) => c.text('a')).post('/b', (c) => c.text('b'));" },
    { code: "const routes = APP.get('/typed', (c) => c.json({ ok: true }));" },
    { code: 'configure(APP);', needs: [word('./configure', 'configure')] },
    { code: "for (const one of [users]) {\n  APP.route('/v1', one);\n}", needs: [users] },
    {
      code: "if (process.env.LOG !== 'no') APP.use(secureHeaders());",
      needs: [word('hono/secure-headers', 'secureHeaders')],
    },
    { code: "APP.onError((error, c) => c.text('no', 500));", chain: true },
    {
      code: "const inner = new Hono();\ninner.get('/in', (c) => c.text('in'));\nAPP.route('/inner', inner);",
      needs: [word('hono', 'Hono')],
    },
  ],
  tails: [
    { code: "APP.notFound((c) => c.text('no', 404));", chain: true },
    { code: "APP.onError((error, c) => c.text('no', 500));", chain: true },
    { code: "APP.all('*', (c) => c.text('no', 404));", chain: true },
    {
      code: "APP.get('*', serveStatic({ root: './dist' }));",
      needs: [word('@hono/node-server/serve-static', 'serveStatic')],
      chain: true,
    },
  ],
  listens: [
    { code: 'serve(APP);', needs: [serve] },
    { code: 'serve({ fetch: APP.fetch, port: 3000 });', needs: [serve] },
    { code: "serve({ fetch: APP.fetch, port: 3000 }, (info) => {\n  console.log('up');\n});", needs: [serve] },
    { code: 'const listener = serve({\n  fetch: APP.fetch,\n  port: 3000,\n});', needs: [serve] },
  ],
};
