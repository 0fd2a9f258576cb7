import { describe, expect, it, test } from 'vitest';
import { detect } from '../../src/detect/index.ts';
import { UserError } from '../../src/errors.ts';
import type { Profile, Surroundings } from '../../src/model.ts';
import { surroundings, treeOf } from '../tree.ts';
import { express, expressApp, manifest, requiredApp } from './shapes.ts';

type Facts = { [K in keyof Profile]?: Profile[K] extends { value: infer V } ? V : never };
type Row = [title: string, files: Record<string, string>, facts: Facts, around?: Partial<Surroundings>];

function values(profile: Profile, asked: Facts): Facts {
  return Object.fromEntries(
    Object.keys(asked).map((key) => [
      key,
      key in profile ? Reflect.get(Reflect.get(profile, key), 'value') : undefined,
    ]),
  );
}

function check(_title: string, files: Record<string, string>, facts: Facts, around: Partial<Surroundings> = {}): void {
  expect(values(detect(treeOf(files), surroundings(around)), facts)).toEqual(facts);
}

const started = (file: string, fields: object = {}) =>
  manifest({ ...express, scripts: { start: `tsx ${file}` }, ...fields });

const language: Row[] = [
  [
    'TypeScript by the entry',
    { 'package.json': started('src/a.ts'), 'src/a.ts': expressApp, 'src/b.js': '' },
    { language: 'ts', moduleSystem: 'cjs' },
  ],
  [
    'JavaScript beside a tsconfig',
    { 'package.json': started('a.js'), 'tsconfig.json': '{}', 'a.js': requiredApp },
    { language: 'js', moduleSystem: 'cjs', strictness: [] },
  ],
  [
    'ESM syntax compiled by Babel',
    {
      'package.json': manifest({ ...express, scripts: { start: 'babel-node src/a.js' } }),
      'src/a.js': "import express from 'express';\nimport './b';\nexport default express();",
      'src/b.js': '',
    },
    { moduleSystem: 'esm', importExtension: '' },
  ],
  [
    'native ESM',
    { 'package.json': started('a.js', { type: 'module' }), 'a.js': expressApp },
    { moduleSystem: 'esm', importExtension: '.js' },
  ],
  [
    'an .mjs entry',
    { 'package.json': started('a.mjs'), 'a.mjs': expressApp },
    { moduleSystem: 'esm', importExtension: '.mjs' },
  ],
  [
    'an .mts entry, whose module is of .ts files',
    {
      'package.json': started('a.mts', { type: 'module' }),
      'a.mts': `import { b } from './b.mjs';\n${expressApp}`,
      'b.mts': 'export const b = 1;\n',
    },
    { language: 'ts', moduleSystem: 'esm', importExtension: '.js' },
  ],
  [
    'a .cjs entry in an ES package',
    { 'package.json': started('a.cjs', { type: 'module' }), 'a.cjs': requiredApp },
    { moduleSystem: 'cjs', importExtension: '' },
  ],
  [
    'NodeNext',
    {
      'package.json': started('src/a.ts', { type: 'module' }),
      'tsconfig.json': '{"compilerOptions":{"module":"NodeNext","strict":true,"noUnusedLocals":false}}',
      'src/a.ts': expressApp,
    },
    { moduleSystem: 'esm', importExtension: '.js', strictness: ['strict'] },
  ],
  [
    'imports that end in .ts',
    {
      'package.json': started('src/a.ts', { type: 'module' }),
      'src/a.ts': "import './b.ts';\nimport './c.ts';\nimport './d';",
      'src/b.ts': '',
      'src/c.ts': '',
      'src/d.ts': '',
    },
    { importExtension: '.ts' },
  ],
  [
    'CommonJS output by the config',
    {
      'package.json': started('src/a.ts'),
      'tsconfig.json': '{"extends":"./base","compilerOptions":{"strict":true}}',
      'base.json': '{"compilerOptions":{"module":"CommonJS","strict":false,"noUncheckedIndexedAccess":true}}',
      'src/a.ts': expressApp,
    },
    { moduleSystem: 'cjs', strictness: ['strict', 'noUncheckedIndexedAccess'] },
  ],
  [
    'a bundled ES module without a type',
    {
      'package.json': started('src/a.ts'),
      'tsconfig.json': '{"compilerOptions":{"module":"ESNext","moduleResolution":"Bundler"}}',
      'src/a.ts': expressApp,
    },
    { moduleSystem: 'esm', importExtension: '' },
  ],
  [
    'allowImportingTsExtensions',
    {
      'package.json': started('src/a.ts'),
      'tsconfig.json': '{"compilerOptions":{"module":"preserve","allowImportingTsExtensions":true}}',
      'src/a.ts': expressApp,
    },
    { importExtension: '.ts' },
  ],
];
test.each(language)('knows how the code is written: %s', check);

const packaging: Row[] = [
  [
    'npm by its lockfile',
    { 'package.json': manifest({}), 'package-lock.json': '{}' },
    { packageManager: 'npm', workspace: null },
  ],
  [
    'the field over the lockfile',
    { 'package.json': manifest({ packageManager: 'yarn@4.5.0' }), 'package-lock.json': '{}' },
    { packageManager: 'yarn' },
  ],
  [
    'devEngines',
    { 'package.json': manifest({ devEngines: { packageManager: { name: 'pnpm' } } }) },
    { packageManager: 'pnpm' },
  ],
  ['bun by its lockfile', { 'package.json': manifest({}), 'bun.lock': '' }, { packageManager: 'bun' }],
  [
    'who started us, where nothing else is said',
    { 'package.json': manifest({}) },
    { packageManager: 'pnpm' },
    { userAgent: 'pnpm/9.1.0 npm/? node/v20' },
  ],
  [
    'the lockfile over who started us',
    { 'package.json': manifest({}), 'yarn.lock': '' },
    { packageManager: 'yarn' },
    { userAgent: 'npm/10.0.0' },
  ],
  [
    'the root of a workspace',
    { 'package.json': manifest({ workspaces: ['packages/*'] }), 'packages/a/package.json': '{}', 'yarn.lock': '' },
    { packageManager: 'yarn', workspace: { role: 'root', catalog: false } },
  ],
  [
    'catalogs among the packages',
    {
      'package.json': manifest({}),
      'pnpm-workspace.yaml': 'packages:\n  - "packages/*"\ncatalog:\n  zod: ^4\n',
      'packages/a/package.json': '{"dependencies":{"zod":"catalog:"}}',
    },
    { packageManager: 'pnpm', workspace: { role: 'root', catalog: true } },
  ],
];
test.each(packaging)('knows the package manager and workspace: %s', check);

const inWorkspace = (files: Record<string, string>, folder = 'apps/api') => ({
  workspace: { tree: treeOf(files), folder },
});

const workspaces: Row[] = [
  [
    'the root lockfile',
    { 'package.json': manifest(express) },
    { packageManager: 'pnpm', workspace: { role: 'package', catalog: false }, frameworkMajor: 5 },
    inWorkspace({ 'package.json': '{}', 'pnpm-lock.yaml': '', 'pnpm-workspace.yaml': 'packages: [apps/*]' }),
  ],
  [
    'catalog ranges',
    { 'package.json': manifest({ dependencies: { express: 'catalog:' } }) },
    { framework: 'express', frameworkMajor: 4, workspace: { role: 'package', catalog: true } },
    inWorkspace({
      'package.json': '{}',
      'apps/api/package.json': '{"dependencies":{"express":"catalog:"}}',
      'pnpm-workspace.yaml': 'packages: ["apps/*"]\ncatalog:\n  express: ^4.19.0\n',
    }),
  ],
  [
    'named catalogs of bun',
    { 'package.json': manifest({ dependencies: { fastify: 'catalog:web' } }) },
    { framework: 'fastify', frameworkMajor: 5 },
    inWorkspace({ 'package.json': '{"workspaces":{"packages":["apps/*"],"catalogs":{"web":{"fastify":"5.2.0"}}}}' }),
  ],
  [
    'all dependencies in the root',
    { 'package.json': manifest({ scripts: { start: 'node app.js' } }), 'app.js': requiredApp },
    { framework: 'express', frameworkMajor: 4 },
    inWorkspace({ 'package.json': '{"dependencies":{"express":"~4.18.0","next":"15"}}' }),
  ],
  [
    'strict flags from the config above',
    {
      'package.json': started('src/a.ts'),
      'src/a.ts': expressApp,
      'tsconfig.json': '{"extends":"../../tsconfig.base.json"}',
    },
    { strictness: ['strict'] },
    inWorkspace({
      'package.json': '{}',
      'apps/api/tsconfig.json': '{"extends":"../../tsconfig.base.json"}',
      'tsconfig.base.json': '{"compilerOptions":{"strict":true}}',
    }),
  ],
];
test.each(workspaces)('looks to the workspace around a package: %s', check);

const nestApp = (adapter: string) =>
  `import { NestFactory } from '@nestjs/core';\nasync function bootstrap() { const app = await NestFactory.create(AppModule${adapter}); }\nvoid bootstrap();\n`;
const nest = (more: object) =>
  manifest({ scripts: { start: 'nest start' }, dependencies: { '@nestjs/core': '^11.0.1', express: '5', ...more } });

const frameworks: Row[] = [
  [
    'Express 4 by what is installed',
    { 'package.json': manifest(express), 'node_modules/express/package.json': '{"version":"4.21.0"}' },
    { framework: 'express', frameworkMajor: 4 },
  ],
  [
    'a range of two majors: the lowest',
    { 'package.json': manifest({ dependencies: { express: '>=4 <6 || ^5.0.0' } }) },
    { frameworkMajor: 4 },
  ],
  ['no version to read', { 'package.json': manifest({ dependencies: { express: 'latest' } }) }, { frameworkMajor: 0 }],
  [
    'Nest over the express beneath',
    { 'package.json': nest({}), 'src/main.ts': nestApp('') },
    { framework: 'nest', frameworkMajor: 11, nestPlatform: 'express' },
  ],
  [
    'Nest on Fastify',
    {
      'package.json': nest({ '@nestjs/platform-express': '11', '@nestjs/platform-fastify': '11' }),
      'src/main.ts': nestApp(', new FastifyAdapter()'),
    },
    { framework: 'nest', nestPlatform: 'fastify' },
  ],
  [
    'the app that is created, of two',
    {
      'package.json': manifest({ scripts: { start: 'node app.js' }, dependencies: { express: '4', fastify: '5' } }),
      'app.js':
        "// const app = express()\nconst t = `const app = require('express')()`;\nconst app = require('fastify')({ logger: true });",
    },
    { framework: 'fastify' },
  ],
  [
    'Hono inside Next',
    {
      'package.json': manifest({ scripts: { dev: 'next dev' }, dependencies: { hono: '4', next: '15.1.0' } }),
      'app/api/[[...route]]/route.ts': "import { Hono } from 'hono';\nconst app = new Hono();",
    },
    { framework: 'next', frameworkMajor: 15, nextRouter: 'app' },
  ],
  [
    'a custom server of Next',
    {
      'package.json': manifest({
        scripts: { start: 'node server.js', build: 'next build' },
        dependencies: { express: '4', next: '15' },
      }),
      'server.js': requiredApp,
    },
    { framework: 'express' },
  ],
  [
    'Next with pages only',
    { 'package.json': manifest({ dependencies: { next: '14' } }), 'src/pages/api/x.ts': '' },
    { framework: 'next', nextRouter: 'pages', sourceFolder: 'src' },
  ],
  [
    'Next with both routers',
    { 'package.json': manifest({ dependencies: { next: '14' } }), 'pages/api/x.ts': '', 'app/page.tsx': '' },
    { nextRouter: 'app', frontend: 'react' },
  ],
  [
    'tRPC on its host',
    { 'package.json': manifest({ dependencies: { express: '5', '@trpc/server': '11' } }) },
    { trpc: true, framework: 'express' },
  ],
  [
    'express only beneath something else',
    {
      'package.json': manifest({ dependencies: { webpack: '5' } }),
      'node_modules/express/package.json': '{"version":"5.0.0"}',
    },
    { framework: null, frameworkMajor: 0 },
  ],
];
test.each(frameworks)('knows the framework: %s', check);

const runtimes: Row[] = [
  ['Workers', { 'package.json': manifest({}), 'wrangler.toml': 'main = "a.ts"' }, { runtime: 'workers' }],
  ['Vercel', { 'package.json': manifest({}), 'vercel.json': '{}' }, { runtime: 'vercel' }],
  [
    'a Lambda wrapper',
    {
      'package.json': started('a.js'),
      'a.js': "const express = require('express');\nmodule.exports.handler = require('serverless-http')(express());",
    },
    { runtime: 'lambda' },
  ],
  [
    'Bun',
    { 'package.json': started('a.ts', { scripts: { start: 'bun a.ts' } }), 'a.ts': 'Bun.serve({});' },
    { runtime: 'bun' },
  ],
  [
    'Node in a container',
    { 'package.json': manifest({}), Dockerfile: 'FROM --platform=x docker.io/library/node:22.3-slim AS a' },
    { runtime: 'node', node: 22 },
  ],
  [
    'engines first',
    { 'package.json': manifest({ engines: { node: '^20.19 || >=22.12' } }), '.nvmrc': '24' },
    { node: 20 },
  ],
  ['a named release', { 'package.json': manifest({}), '.nvmrc': 'lts/jod\n' }, { node: 22 }],
  ['Volta', { 'package.json': manifest({ volta: { node: '18.20.1' } }) }, { node: 18 }],
  ['the running one', { 'package.json': manifest({}) }, { node: 26, runtime: 'node' }, { node: '26.1.0' }],
];
test.each(runtimes)('knows the runtime: %s', check);

const withFile = (dependencies: object, file: string, text: string): Record<string, string> => ({
  'package.json': manifest({ scripts: { start: 'node src/app.js' }, dependencies: { express: '5', ...dependencies } }),
  'src/app.js': requiredApp,
  [file]: text,
});

const data: Row[] = [
  [
    'a pool',
    withFile({ pg: '8' }, 'src/db.ts', "import { Pool } from 'pg';\nexport const pool = new Pool({});"),
    { database: 'pg', databaseInstance: { file: 'src/db.ts', name: 'pool' } },
  ],
  [
    'a pool of the default import',
    withFile({ pg: '8' }, 'src/db.ts', "import pg from 'pg';\nconst p = new pg.Pool();\nexport { p as pool };"),
    { databaseInstance: { file: 'src/db.ts', name: 'pool' } },
  ],
  [
    'a required pool',
    withFile(
      { pg: '8' },
      'src/db.js',
      "const { Pool } = require('pg');\nconst pool = new Pool();\nmodule.exports = { query: (t) => pool.query(t), pool };",
    ),
    { databaseInstance: { file: 'src/db.js', name: 'pool' } },
  ],
  [
    'Drizzle over the pool',
    withFile(
      { pg: '8', 'drizzle-orm': '0.4' },
      'src/db/index.ts',
      "import { drizzle } from 'drizzle-orm/node-postgres';\nimport { Pool } from 'pg';\nexport const pool = new Pool();\nexport const db = drizzle(pool, { schema });",
    ),
    { database: 'drizzle', databaseInstance: { file: 'src/db/index.ts', name: 'db' } },
  ],
  [
    'Prisma kept on the global',
    withFile(
      { '@prisma/client': '6' },
      'src/prisma.ts',
      "import { PrismaClient } from '@prisma/client';\nconst g = globalThis as unknown as { prisma?: PrismaClient };\nconst prisma = g.prisma ?? new PrismaClient().$extends(x);\nexport default prisma;",
    ),
    { database: 'prisma', databaseInstance: { file: 'src/prisma.ts', name: 'default' } },
  ],
  [
    'a generated Prisma client',
    withFile(
      { '@prisma/client': '7' },
      'src/prisma.ts',
      "import { PrismaClient } from './generated/client';\nexport const prisma = new PrismaClient({ adapter });",
    ),
    { databaseInstance: { file: 'src/prisma.ts', name: 'prisma' } },
  ],
  [
    'Kysely',
    withFile(
      { kysely: '0.28', pg: '8' },
      'src/db.ts',
      "import { Kysely } from 'kysely';\nexport const db = new Kysely<DB>({ dialect });",
    ),
    {
      database: 'kysely',
      databaseInstance: { file: 'src/db.ts', name: 'db' },
      migrations: { folder: 'migrations', tool: 'kysely' },
    },
  ],
  [
    'postgres.js',
    withFile(
      { postgres: '3' },
      'src/db.ts',
      "import postgres from 'postgres';\nconst sql = postgres(url);\nexport default sql;",
    ),
    { database: 'postgres', databaseInstance: { file: 'src/db.ts', name: 'default' } },
  ],
  [
    'Supabase',
    withFile(
      { '@supabase/supabase-js': '2' },
      'src/s.ts',
      "import { createClient } from '@supabase/supabase-js';\nexport const supabase = createClient(a, b);",
    ),
    { database: 'supabase', databaseInstance: { file: 'src/s.ts', name: 'supabase' } },
  ],
  [
    'a client that is not exported',
    withFile(
      { pg: '8' },
      'src/db.ts',
      "import { Pool } from 'pg';\nconst pool = new Pool();\nexport const query = (t) => pool.query(t);",
    ),
    { database: 'pg', databaseInstance: null },
  ],
  [
    'one in a comment or of another package',
    withFile(
      { pg: '8' },
      'src/db.ts',
      "// export const pool = new Pool() from 'pg'\nimport { Pool } from './pool';\nexport const pool = new Pool();",
    ),
    { databaseInstance: null },
  ],
  [
    'Drizzle on SQLite is no Postgres',
    {
      ...withFile({ 'drizzle-orm': '0.4' }, 'src/x.ts', ''),
      'drizzle.config.ts': "export default { dialect: 'sqlite', out: './drizzle' };",
    },
    { database: null },
  ],
  [
    'Prisma on MySQL is no Postgres',
    {
      ...withFile({ '@prisma/client': '6' }, 'src/x.ts', ''),
      'prisma/schema.prisma': 'datasource db {\n  provider = "mysql"\n}',
    },
    { database: null },
  ],
  [
    'ioredis',
    withFile(
      { ioredis: '5', bullmq: '5' },
      'src/redis.ts',
      "import IORedis from 'ioredis';\nexport const connection = new IORedis(url, { maxRetriesPerRequest: null });",
    ),
    { redis: 'ioredis', redisInstance: { file: 'src/redis.ts', name: 'connection' }, queue: 'bullmq' },
  ],
  [
    'node-redis, connected at once',
    withFile(
      { redis: '5' },
      'src/redis.mjs',
      "import { createClient } from 'redis';\nexport const client = await createClient({ url }).on('error', log).connect();",
    ),
    { redis: 'redis', redisInstance: { file: 'src/redis.mjs', name: 'client' } },
  ],
  [
    'required node-redis',
    withFile(
      { redis: '4' },
      'src/redis.js',
      "const redis = require('redis');\nconst client = redis.createClient();\nmodule.exports = client;",
    ),
    { redisInstance: { file: 'src/redis.js', name: 'default' } },
  ],
  [
    'Upstash',
    withFile(
      { '@upstash/redis': '1' },
      'src/redis.ts',
      "import { Redis } from '@upstash/redis';\nexport const redis = Redis.fromEnv();",
    ),
    { redis: 'upstash', redisInstance: { file: 'src/redis.ts', name: 'redis' } },
  ],
  [
    'Drizzle migrations',
    {
      'package.json': manifest({}),
      'drizzle.config.ts': "export default defineConfig({ out: './src/db/drizzle', dialect: 'postgresql' });",
    },
    { migrations: { folder: 'src/db/drizzle', tool: 'drizzle' } },
  ],
  [
    'Prisma migrations',
    { 'package.json': manifest({ devDependencies: { prisma: '7' } }), 'prisma/schema.prisma': '' },
    { migrations: { folder: 'prisma/migrations', tool: 'prisma' } },
  ],
  [
    'Supabase migrations',
    { 'package.json': manifest({}), 'supabase/config.toml': '' },
    { migrations: { folder: 'supabase/migrations', tool: 'supabase' } },
  ],
  [
    'no migrations yet',
    { 'package.json': manifest({}) },
    { migrations: { folder: 'migrations', tool: 'plain' }, database: null, redis: null, queue: null },
  ],
];
test.each(data)('knows what data it has: %s', check);

const environment: Row[] = [
  [
    'zod, parsed at once',
    withFile(
      { zod: '4' },
      'src/env.ts',
      "import { z } from 'zod';\nconst nested = z.object({ a: z.string() });\nexport const env = z.object({ PORT: z.string() }).parse(process.env);",
    ),
    {
      validator: 'zod',
      envSchema: {
        file: 'src/env.ts',
        library: 'zod',
        target: { call: 'z.object', nth: 1, argument: 0, path: [] },
        runtimeEnv: null,
      },
    },
  ],
  [
    'zod in a variable',
    withFile(
      { zod: '4' },
      'src/config.ts',
      "import * as z from 'zod/v4';\nconst schema = z\n  .object({ PORT: z.string() })\n  .strict();\nconst parsed = schema.safeParse({ ...process.env });",
    ),
    {
      envSchema: {
        file: 'src/config.ts',
        library: 'zod',
        target: { call: 'z\n  .object', nth: 0, argument: 0, path: [] },
        runtimeEnv: null,
      },
    },
  ],
  [
    'zod with a shape from elsewhere',
    withFile(
      { zod: '4' },
      'src/env.ts',
      "import { z } from 'zod';\nexport const env = z.object(shape).parse(process.env);",
    ),
    { envSchema: { file: 'src/env.ts', library: 'zod', target: null, runtimeEnv: null } },
  ],
  [
    'zod for requests only',
    withFile(
      { zod: '4' },
      'src/users.ts',
      "import { z } from 'zod';\nconst port = process.env.PORT;\nexport const user = z.object({ name: z.string() });\nuser.parse(body);",
    ),
    { envSchema: null },
  ],
  [
    'envalid',
    withFile(
      { envalid: '8' },
      'src/env.js',
      "const { cleanEnv, str } = require('envalid');\nmodule.exports = cleanEnv(process.env, { A: str() });",
    ),
    {
      envSchema: {
        file: 'src/env.js',
        library: 'envalid',
        target: { call: 'cleanEnv', nth: 0, argument: 1, path: [] },
        runtimeEnv: null,
      },
    },
  ],
  [
    't3-env',
    withFile(
      { '@t3-oss/env-nextjs': '0.13' },
      'src/env.mjs',
      "import { createEnv } from '@t3-oss/env-nextjs';\nexport const env = createEnv({ server: { A: z.string() }, client: {}, runtimeEnv: { A: process.env.A } });",
    ),
    {
      envSchema: {
        file: 'src/env.mjs',
        library: 't3-env',
        target: { call: 'createEnv', nth: 0, argument: 0, path: ['server'] },
        runtimeEnv: { call: 'createEnv', nth: 0, argument: 0, path: ['runtimeEnv'] },
      },
    },
  ],
  [
    'Joi with keys',
    withFile(
      { joi: '18' },
      'src/config/config.js',
      "const Joi = require('joi');\nconst schema = Joi.object().keys({ PORT: Joi.number() }).unknown();\nconst { value } = schema.prefs({}).validate(process.env);",
    ),
    {
      validator: 'joi',
      envSchema: {
        file: 'src/config/config.js',
        library: 'joi',
        target: { call: 'Joi.object().keys', nth: 0, argument: 0, path: [] },
        runtimeEnv: null,
      },
    },
  ],
  [
    "Nest's validation schema",
    withFile(
      { joi: '18' },
      'src/app.module.ts',
      "import * as Joi from 'joi';\nConfigModule.forRoot({ validationSchema: Joi.object({ PORT: Joi.number() }) });",
    ),
    {
      envSchema: {
        file: 'src/app.module.ts',
        library: 'joi',
        target: { call: 'Joi.object', nth: 0, argument: 0, path: [] },
        runtimeEnv: null,
      },
    },
  ],
  [
    'files and services',
    {
      'package.json': manifest({}),
      '.env.example': '',
      '.env': '',
      '.env.local': '',
      '.envrc': '',
      'compose.yaml': 'services:\n  db: { image: postgres }\n  redis:\n    image: redis\n',
    },
    { envFiles: ['.env', '.env.example', '.env.local'], compose: ['db', 'redis'], envSchema: null },
  ],
  [
    'a broken compose file',
    { 'package.json': manifest({}), 'docker-compose.yml': 'services: [\n' },
    { compose: [], envFiles: [] },
  ],
];
test.each(environment)('knows the environment: %s', check);

const tests = (test: string, more: object = {}) => ({ 'package.json': manifest({ scripts: { test }, ...more }) });
const tooling: Row[] = [
  ['vitest', tests('vitest run'), { testRunner: 'vitest' }],
  [
    'jest in a chain',
    tests('cross-env NODE_ENV=test jest -i', { devDependencies: { vitest: '4' } }),
    { testRunner: 'jest' },
  ],
  ["Node's own", tests('node --import tsx --test test/*.ts'), { testRunner: 'node' }],
  ['mocha', tests('nyc mocha --exit'), { testRunner: 'mocha' }],
  ['bun', tests('bun test'), { testRunner: 'bun' }],
  ['a script that fails on purpose', tests('echo "Error: no test specified" && exit 1'), { testRunner: null }],
  ['by its dependency', { 'package.json': manifest({ devDependencies: { jest: '30' } }) }, { testRunner: 'jest' }],
  [
    'prettier by its file',
    { 'package.json': manifest({ devDependencies: { '@biomejs/biome': '2' } }), '.prettierrc': '' },
    { formatter: 'prettier' },
  ],
  ['prettier in package.json', { 'package.json': manifest({ prettier: { semi: false } }) }, { formatter: 'prettier' }],
  ['biome', { 'package.json': manifest({}), 'biome.jsonc': '' }, { formatter: 'biome' }],
  ['dprint', { 'package.json': manifest({}), 'dprint.json': '' }, { formatter: 'dprint' }],
  ['oxfmt', { 'package.json': manifest({ devDependencies: { oxfmt: '1' } }) }, { formatter: 'oxfmt' }],
  [
    'ESLint that formats',
    { 'package.json': manifest({ devDependencies: { eslint: '9', '@antfu/eslint-config': '5' } }) },
    { formatter: 'eslint' },
  ],
  ['ESLint that does not', { 'package.json': manifest({ devDependencies: { eslint: '9' } }) }, { formatter: null }],
  [
    'pino',
    { 'package.json': manifest({ dependencies: { 'pino-http': '10', '@nestjs/common': '11' } }) },
    { logger: 'pino' },
  ],
  [
    'the front end',
    { 'package.json': manifest({ dependencies: { vue: '3' } }) },
    { frontend: 'vue', logger: null, validator: null },
  ],
];
test.each(tooling)('knows the tools: %s', check);

describe('a project that cannot be read', () => {
  test.each([
    ['no package.json', { 'app.js': '' }, 'There is no package.json here.'],
    ['a broken package.json', { 'package.json': '{\n  "name": "x",,\n}' }, 'package.json:2:15 is not valid JSON'],
    ['a comment in package.json', { 'package.json': '{ // no\n}' }, 'package.json:1:3 is not valid JSON'],
    ['a list as package.json', { 'package.json': '[]' }, 'package.json:1:1 holds no JSON object.'],
    [
      'a broken tsconfig',
      { 'package.json': '{}', 'tsconfig.json': '{ // fine\n  "compilerOptions": { strict }\n}' },
      'tsconfig.json:2:24 is not valid JSON',
    ],
    [
      'a broken config that it extends',
      { 'package.json': '{}', 'tsconfig.json': '{"extends":"./base.json"}', 'base.json': '{' },
      'base.json:1:2 is not valid JSON',
    ],
  ])('is refused with its place: %s', (_title, files: Record<string, string>, message) => {
    const run = () => detect(treeOf(files), surroundings());
    expect(run).toThrow(UserError);
    expect(run).toThrow(message);
  });
});

describe('the profile', () => {
  it('keeps rivals: two lockfiles', () => {
    const { packageManager } = detect(
      treeOf({ 'package.json': manifest({}), 'package-lock.json': '{}', 'pnpm-lock.yaml': '' }),
      surroundings(),
    );
    expect([
      packageManager.value,
      packageManager.evidence.confidence,
      packageManager.rivals.map(({ value }) => value),
    ]).toEqual(['pnpm', 'likely', ['npm']]);
  });

  it('keeps rivals: the framework that is declared and not created', () => {
    const files = {
      'package.json': manifest({ scripts: { start: 'node app.js' }, dependencies: { express: '4', fastify: '5' } }),
      'app.js': requiredApp,
    };
    const { framework } = detect(treeOf(files), surroundings());
    expect([
      framework.value,
      framework.evidence.file,
      framework.evidence.line,
      framework.rivals.map(({ value }) => value),
    ]).toEqual(['express', 'app.js', 2, ['fastify']]);
  });

  it.each([
    ['one file creates two apps', { 'app.js': `${requiredApp}const fastify = require('fastify')();\n` }, 'likely'],
    [
      'the entry creates one and a file that it loads the other',
      { 'app.js': `${requiredApp}require('./other');\n`, 'other.js': `const fastify = require('fastify')();\n` },
      'certain',
    ],
  ])('is certain of a framework only where nothing rivals it: %s', (_title, apps, confidence) => {
    const files = {
      'package.json': manifest({ scripts: { start: 'node app.js' }, dependencies: { express: '4', fastify: '5' } }),
      ...apps,
    };
    const { framework } = detect(treeOf(files), surroundings());
    expect([framework.value, framework.evidence.confidence]).toEqual(['express', confidence]);
    expect(framework.rivals.map(({ value, evidence }) => [value, evidence.confidence])).toEqual([
      ['fastify', confidence],
    ]);
  });

  it('reads and lists a bounded part of a big project', () => {
    const files: Record<string, string> = {
      'package.json': started('src/index.ts', { dependencies: { express: '5', pg: '8', zod: '4' } }),
      'src/index.ts': expressApp,
    };
    for (let at = 0; at < 5000; at++) {
      files[`src/part${at % 500}/file${at}.ts`] =
        `import './file${at + 500}.ts';\nimport '../part${(at + 1) % 500}/file${at + 1}.ts';\n`;
      files[`node_modules/p${at}/index.js`] = '';
      files[`packages/p${at}/package.json`] = '{}';
      files[`dist/f${at}.js`] = '';
    }
    files['src/index.ts'] += "import './part0/file0.ts';\n";
    const tree = treeOf(files);
    detect(tree, surroundings());
    expect(new Set(tree.reads).size).toBeLessThan(700);
    expect(new Set(tree.lists).size).toBeLessThan(200);
    expect(
      [...new Set([...tree.reads, ...tree.lists])].filter((path) => /^(node_modules\/p|dist|packages)/.test(path)),
    ).toEqual([]);
  });
});
