import { describe, expect, test } from 'vitest';
import { fastify } from '../../src/frameworks/fastify.ts';
import { fact, hostOf } from './hosts.ts';
import { found, type Row } from './summary.ts';
import { wired } from './wired.ts';

const head = "import Fastify from 'fastify';\n";
const created = 'after const app = Fastify();';
const autoloaded = (options: string, more = '') =>
  `import { join } from 'node:path';\nimport AutoLoad from '@fastify/autoload';\nexport default async function app(fastify, opts) {\n  fastify.register(AutoLoad, { dir: join(import.meta.dirname, 'plugins'), options: { ...opts } });\n  ${more}fastify.register(AutoLoad, { dir: join(import.meta.dirname, 'routes'), ${options} });\n}\n`;
const start = {
  'package.json': '{"scripts":{"start":"fastify start app.js"}}',
  'routes/root.js': 'export default 1;\n',
};

const rows: Row[] = [
  [
    'a server file that registers and listens',
    {
      file: 'src/server.ts',
      app: 'app',
      first: created,
      raw: created,
      routes: "after app.register(routes, { prefix: '/api' });",
      line: "app.register(webhooks, { prefix: '/webhooks' });",
      obstacles: [],
    },
    {
      'src/server.ts': `${head}const app = Fastify();\napp.register(routes, { prefix: '/api' });\nawait app.listen({ port: 1 });\n`,
    },
  ],
  [
    'every register awaited',
    { line: "await app.register(webhooks, { prefix: '/webhooks' });", raw: created, obstacles: [] },
    {
      'a.ts': `${head}const app = Fastify();\nawait app.register(cors);\nawait app.register(routes);\napp.addHook('onRequest', authenticate);\nawait app.listen({ port: 1 });\n`,
    },
  ],
  [
    'every register voided',
    { line: "void app.register(webhooks, { prefix: '/webhooks' });" },
    { 'a.ts': `${head}const app = Fastify();\nvoid app.register(cors);\nvoid app.listen({ port: 1 });\n` },
  ],
  [
    'a build function with options from elsewhere',
    {
      file: 'app.js',
      app: 'fastify',
      raw: 'after const fastify = require("fastify")(opts)',
      routes: 'after fastify.register(require("./routes"))',
    },
    {
      'server.js': `const build = require("./app")\nconst { options } = require("./options")\nbuild(options).listen({ port: 1 })\n`,
      'app.js': `module.exports = function build(opts = {}) {\n  const fastify = require("fastify")(opts)\n  fastify.register(require("./routes"))\n  return fastify\n}\n`,
      'options.js': 'module.exports = { options: {} }\n',
      'routes.js': 'module.exports = async function (fastify) {}\n',
    },
    'server.js',
  ],
  [
    'compilers and decorators come first',
    { raw: 'after app.setSerializerCompiler(serializerCompiler);', app: 'app' },
    {
      'a.ts': `${head}const app = Fastify().withTypeProvider<ZodTypeProvider>();\napp.setValidatorCompiler(validatorCompiler);\napp.setSerializerCompiler(serializerCompiler);\napp.register(routes);\napp.listen({ port: 1 });\n`,
    },
  ],
  [
    'a chained expression',
    { raw: 'chain Fastify()', line: ".register(webhooks, { prefix: '/webhooks' })" },
    { 'a.ts': `${head}Fastify().register(one).register(two).listen({ port: 1 });\n` },
  ],
  [
    'hooks on the instance that may refuse are named, those that only log are not',
    { obstacles: ['guard', 'csrf', 'body-parser'] },
    {
      'a.ts': `${head}const app = Fastify();\napp.addHook('onRequest', async (request) => { request.log.info('in'); });\napp.addHook('onRequest', async (request, reply) => { if (!request.user) reply.code(401).send(); });\napp.addHook('preHandler', app.csrfProtection);\napp.addHook('preParsing', parse);\napp.addHook('onSend', x);\napp.listen({ port: 1 });\n`,
    },
  ],
  [
    'a plugin file run by the command line, with the prefix of the command',
    {
      file: 'app.js',
      app: 'fastify',
      raw: 'before fastify.register(require("./plugins/db"))',
      routes: 'after fastify.register(require("./routes"))',
      prefix: '/v1',
      line: "fastify.register(webhooks, { prefix: '/webhooks' });",
    },
    {
      'app.js': `"use strict"\nmodule.exports = async function (fastify, opts) {\n  fastify.register(require("./plugins/db"))\n  fastify.register(require("./routes"))\n}\nmodule.exports.options = {}\n`,
      'package.json': '{"scripts":{"start":"fastify start --prefix /v1 -l info app.js"}}',
    },
  ],
  [
    'autoload finds an index file under its folder’s name',
    {
      file: 'app.js',
      raw: 'convention',
      routes: 'convention',
      prefix: '/api',
      first: "before fastify.register(AutoLoad, { dir: join(import.meta.dirname, 'plugins'), options: { ...opts } });",
    },
    { 'app.js': autoloaded("options: Object.assign({ prefix: '/api' }, opts)"), ...start },
  ],
  [
    'autoload without folder prefixes: registered by a statement',
    {
      raw: "before fastify.register(AutoLoad, { dir: join(import.meta.dirname, 'plugins'), options: { ...opts } });",
      prefix: '',
    },
    { 'app.js': autoloaded('dirNameRoutePrefix: false'), ...start },
  ],
  [
    'autoload of files called *routes only: registered by a statement',
    { raw: "before fastify.register(AutoLoad, { dir: join(import.meta.dirname, 'plugins'), options: { ...opts } });" },
    { 'app.js': autoloaded('matchFilter: /routes\\.js$/'), ...start },
  ],
  [
    'autoload with patterns that let an index through',
    { raw: 'convention' },
    {
      'app.js': autoloaded(
        'ignorePattern: /.*(test|spec).js/, matchFilter: (path) => true'.replace(', matchFilter: (path) => true', ''),
      ),
      ...start,
    },
  ],
  [
    'autoload with a filter that cannot be read: registered by a statement',
    { raw: "before fastify.register(AutoLoad, { dir: join(import.meta.dirname, 'plugins'), options: { ...opts } });" },
    { 'app.js': autoloaded('matchFilter: (path) => path.endsWith(kind)'), ...start },
  ],
  [
    'a hook of an autoloaded shared plugin is named',
    { raw: 'convention', obstacles: ['guard'] },
    {
      'app.js': autoloaded('options: opts'),
      'plugins/auth.js': `import fp from 'fastify-plugin';\nexport default fp(async (app) => {\n  app.addHook('onRequest', async (request) => { await request.jwtVerify(); });\n});\n`,
      'plugins/own.js': `export default async (app) => {\n  app.addHook('onRequest', async (request) => { await request.jwtVerify(); });\n};\n`,
      ...start,
    },
  ],
  [
    'a server file that registers an app plugin: placed on the server',
    {
      file: 'src/server.ts',
      app: 'server',
      raw: 'after const server = Fastify(options);',
      routes: 'after server.register(app);',
    },
    {
      'src/server.ts': `${head}import app from './app.js';\nimport { options } from './options.js';\nconst server = Fastify(options);\nserver.register(app);\nserver.listen({ port: 1 });\n`,
      'src/app.ts': `import fp from 'fastify-plugin';\nexport default fp(async (app) => { app.get('/', h); });\n`,
      'src/options.ts': 'export const options = {};\n',
    },
  ],
  [
    'an async main with the factory imported by name',
    { app: 'app', raw: 'after const app = fastify({ logger: true });' },
    {
      'a.ts': `import { fastify } from 'fastify';\nasync function main() {\n  const app = fastify({ logger: true });\n  await app.register(routes);\n  await app.listen({ port: 1 });\n}\nvoid main();\n`,
    },
  ],
  [
    'a template string that holds a Fastify app',
    { app: 'server', raw: 'after const server = Fastify();' },
    {
      'a.ts': `${head}const docs = \`const app = Fastify({\`;\nconst server = Fastify();\nserver.listen({ port: 1 });\n`,
    },
  ],
  [
    'an existing webhook route given as an object',
    { obstacles: ['existing-webhook'] },
    {
      'a.ts': `${head}const app = Fastify();\napp.route({ method: 'POST', url: '/stripe/webhook', handler });\napp.listen({ port: 1 });\n`,
    },
  ],
  ['nothing of Fastify in reach', { unplaced: /creates a Fastify app/ }, { 'a.ts': 'export const x = 1;\n' }],
  [
    'a class that holds the server',
    {
      app: 'this.server',
      raw: 'after this.server = fastify();',
      line: "this.server.register(webhooks, { prefix: '/webhooks' });",
    },
    {
      'a.ts': `import fastify, { type FastifyInstance } from 'fastify';\nclass Server {\n  private readonly server: FastifyInstance;\n  constructor() {\n    this.server = fastify();\n    this.server.register(routes);\n  }\n  async start() { await this.server.listen({ port: 1 }); }\n}\nnew Server().start();\n`,
    },
  ],
  [
    'a callback-style plugin',
    {
      app: 'fastify',
      raw: "before fastify.register(require('./x'))",
      routes: "after fastify.register(require('./x'))",
    },
    { 'a.js': `module.exports = function (fastify, opts, next) {\n  fastify.register(require('./x'))\n  next()\n}\n` },
  ],
];

test.each(rows)('%s', (_title, expected, files, entry, values) => {
  const host = hostOf('fastify', files, entry, values);
  const { unplaced, ...sure } = expected;
  const actual = found(fastify.locate(host), expected, host);
  if (unplaced) expect(actual.unplaced).toMatch(unplaced);
  else expect(actual).toEqual(sure);
});

test('the folder that autoload reads is told', () => {
  const host = hostOf('fastify', { 'app.js': autoloaded('options: opts'), ...start });
  expect(fastify.locate(host)).toMatchObject({ convention: { folder: 'routes', prefix: '', fileName: 'index' } });
  const site = fastify.locate({ ...host, profile: { ...host.profile, entry: fact('app.js') } });
  expect(
    fastify.wire({ slot: 'raw', name: 'webhooks', file: 'webhooks/index.js', mount: '/webhooks' }, site, host),
  ).toEqual({ ops: [], step: null });
});

describe.each(['first', 'raw', 'routes'] as const)('the %s slot', (slot) => {
  test.each(rows)('is wired, taken back and wired again: %s', (_title, _expected, files, entry, values) => {
    const host = hostOf('fastify', files, entry, values);
    const file = `src/webhooks/index.${host.profile.language.value}`;
    const after = wired(fastify, host, files, { slot, name: 'webhooks', file, mount: '/hooks' }) ?? files;
    expect(Object.keys(after).filter((path) => after[path] !== files[path]).length).toBeLessThanOrEqual(1);
  });
});
