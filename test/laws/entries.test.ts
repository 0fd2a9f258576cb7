import { test } from 'vitest';
import type { FrameworkId } from '../../src/model.ts';
import { holdAll, holdOn, type Journey, kinds, runs } from './entries.ts';

/** The laws on composed hosts, a few of each kind; `entries.host.test.ts` holds them on many more. */
test.each(kinds)('the laws hold for composed $name hosts, a few of them', { timeout: 3_600_000 }, async (kind) => {
  await holdOn(kind, runs(kind.few));
});

interface Broken {
  name: string;
  framework: FrameworkId;
  entry: string;
  files: Readonly<Record<string, string>>;
  journey: Journey;
}

const manifest = (entry: string, ...names: string[]) =>
  JSON.stringify({
    type: 'module',
    scripts: { start: `tsx ${entry}` },
    dependencies: Object.fromEntries(names.map((name) => [name, '*'])),
  });
const nestMain =
  "import { NestFactory } from '@nestjs/core';\nimport { AppModule } from './app.module.js';\n\nasync function bootstrap() {\n\tconst app = await NestFactory.create(AppModule, {\n\t});\n\tawait app.listen(3000);\n}\nbootstrap();\n";

/** Hosts that broke a law once, each as small as it broke it. */
const broken: readonly Broken[] = [
  {
    name: 'Hono routes chained to the creation, which a limit must come before',
    framework: 'hono',
    entry: 'app.ts',
    files: {
      'package.json': manifest('app.ts', 'hono'),
      'app.ts':
        "import { serve } from '@hono/node-server';\nimport { Hono } from 'hono';\n\nconst app = new Hono()\n  .get('/health', (c) => c.text('ok'));\nserve(app);\n",
    },
    journey: { added: ['webhook', 'rate-limit'], removed: ['rate-limit', 'webhook'] },
  },
  {
    name: 'a Nest module without imports that two modules join',
    framework: 'nest',
    entry: 'src/main.ts',
    files: {
      'package.json': manifest('src/main.ts', '@nestjs/core'),
      'src/main.ts': nestMain,
      'src/app.module.ts': "import { Module } from '@nestjs/common';\n\n@Module({})\nexport class AppModule {}\n",
    },
    journey: { added: ['webhook', 'ping'], removed: ['webhook', 'ping'] },
  },
  {
    name: 'a byte order mark above tabs',
    framework: 'nest',
    entry: 'src/main.ts',
    files: {
      'package.json': manifest('src/main.ts', '@nestjs/core'),
      'src/main.ts': `\uFEFF// Starts.\n${nestMain}`,
      'src/app.module.ts':
        "import { Module } from '@nestjs/common';\n\n@Module({ imports: [] })\nexport class AppModule {}\n",
    },
    journey: { added: ['rate-limit', 'webhook'], removed: ['webhook', 'rate-limit'] },
  },
  {
    name: 'an app that a require makes in one chain',
    framework: 'fastify',
    entry: 'app.cjs',
    files: {
      'package.json': manifest('app.cjs', 'fastify'),
      'app.cjs':
        "const app = require('fastify')({ logger: false })\n  .get('/health', async () => ({ ok: true }))\n  .register(async () => {});\napp.listen({ port: 3000 });\n",
    },
    journey: { added: ['webhook'], removed: ['webhook'] },
  },
  {
    name: 'an .mts entry that three modules are imported into',
    framework: 'express',
    entry: 'server.mts',
    files: {
      'package.json': manifest('server.mts', 'express'),
      'server.mts':
        "import express from 'express';\nimport { b } from './b.mjs';\n\nconst app = express();\napp.use(b);\napp.get('/health', (req, res) => res.end());\napp.listen(3000);\n",
      'b.mts': 'export const b = (req: any, res: any, next: any) => next();\n',
    },
    journey: { added: ['ping', 'webhook', 'rate-limit'], removed: ['rate-limit', 'webhook', 'ping'] },
  },
];

test.each(broken)('the laws hold for $name', async (host) => {
  await holdAll(host, host.journey);
});
