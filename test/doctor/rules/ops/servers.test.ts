import { expect, test } from 'vitest';
import { keepalive } from '../../../../src/doctor/rules/ops/keepalive.ts';
import { listenLocalhost } from '../../../../src/doctor/rules/ops/listen-localhost.ts';
import { probes } from '../../../../src/doctor/rules/ops/probes.ts';
import { examineTexts, manifest, ruleTest } from '../../rule.ts';

const express = `import express from 'express';\nconst app = express();\n`;
const fastify = `import Fastify from 'fastify';\nconst app = Fastify();\n`;
const inDocker = { Dockerfile: 'FROM node:24\nCMD ["node", "x.js"]\n' };
const onFastify = { 'package.json': manifest('fastify@^5'), ...inDocker };

ruleTest(listenLocalhost, {
  hits: {
    'Express on localhost': {
      files: { ...inDocker, 'src/server.js': `${express}app.listen(3000, 'localhost');\n` },
      at: ['src/server.js:3'],
    },
    'Fastify without a host': {
      files: { ...onFastify, 'src/server.js': `${fastify}await app.listen({ port: Number(process.env.PORT) });\n` },
      at: ['src/server.js:3'],
    },
    'an address of a constant': {
      files: {
        ...inDocker,
        'src/server.js': `${express}const host = '127.0.0.1';\napp.listen(process.env.PORT, host);\n`,
      },
      at: ['src/server.js:4'],
    },
    'a fixed port where the platform gives one': {
      files: { Procfile: 'web: node src/server.js\n', 'src/server.js': `${express}app.listen(3000);\n` },
      at: ['src/server.js:3 warning'],
    },
  },
  clean: {
    'all addresses': {
      files: { ...onFastify, 'src/server.js': `${fastify}await app.listen({ port: 3000, host: '0.0.0.0' });\n` },
    },
    'no container': { files: { 'src/server.js': `${express}app.listen(3000, 'localhost');\n` } },
    'Express, which listens on all': {
      files: {
        ...inDocker,
        'src/server.js': `${express}app.listen(process.env.PORT ?? 3000, () => console.log('up'));\n`,
      },
    },
    'options from elsewhere': {
      files: { ...onFastify, 'src/server.js': `${fastify}await app.listen(config.server);\n` },
    },
  },
});

ruleTest(keepalive, {
  hits: {
    Express: { files: { 'src/server.js': `${express}app.listen(3000);\n` }, at: ['src/server.js:3'] },
    Fastify: {
      files: { ...onFastify, 'src/server.js': `${fastify}await app.listen({ port: 3000 });\n` },
      at: ['src/server.js:3'],
    },
    'Node’s own server': {
      files: { 'src/server.js': `import http from 'node:http';\nhttp.createServer(handle).listen(3000);\n` },
      at: ['src/server.js:2'],
    },
  },
  clean: {
    'set on the server': {
      files: { 'src/server.js': `${express}const server = app.listen(3000);\nserver.keepAliveTimeout = 65_000;\n` },
    },
    'set as an option': {
      files: {
        ...onFastify,
        'src/server.js': `import Fastify from 'fastify';\nconst app = Fastify({ keepAliveTimeout: 65_000 });\nawait app.listen({ port: 3000 });\n`,
      },
    },
    'a test': { files: { 'test/server.test.js': `${express}app.listen(0);\n` } },
  },
});

const deployment = (container: string, image = ''): string => `apiVersion: apps/v1
kind: Deployment
spec:
  template:
    spec:
      containers:
        - name: api
          ports: [{ containerPort: 3000 }]
${image === '' ? '' : `          image: ${image}\n`}${container}`;
const bothOn = (path: string): string =>
  ['readinessProbe', 'livenessProbe']
    .map((probe) => `          ${probe}: { httpGet: { path: ${path}, port: 3000 } }\n`)
    .join('');
const healthy = {
  'src/health.js': `import { Router } from 'express';\nexport const health = Router();\nhealth.get('/healthz', (req, res) => res.sendStatus(200));\n`,
};

ruleTest(probes, {
  hits: {
    'no route for them in a container': {
      files: { ...inDocker, 'src/server.js': `${express}app.get('/', home);\napp.listen(3000);\n` },
      at: ['src/server.js:4'],
    },
    'a server of Apollo, whose route is switched off': {
      files: {
        ...inDocker,
        'src/server.js': `${express}import { ApolloServer } from 'apollo-server-express';\nnew ApolloServer({ schema }).applyMiddleware({ app, disableHealthCheck: true });\napp.listen(3000);\n`,
      },
      at: ['src/server.js:5'],
    },
    'no route for them, in a shop for health': {
      files: {
        ...inDocker,
        'src/server.js': `${express}app.get('/', (req, res) => res.render('health'));\napp.get('/products', list);\napp.listen(3000);\n`,
      },
      at: ['src/server.js:5'],
    },
    'an answer at the root that asks for data': {
      files: {
        ...inDocker,
        'src/server.js': `${express}app.get('/', async (req, res) => { await list(); res.send('done'); });\napp.listen(3000);\n`,
      },
      at: ['src/server.js:4'],
    },
    'no route for them, and nothing that would ask, which is a hint': {
      files: { 'src/server.js': `${express}app.get('/', home);\napp.listen(3000);\n` },
      at: ['src/server.js:4'],
    },
    'no readiness': { files: { ...healthy, 'k8s/api.yaml': deployment('') }, at: ['k8s/api.yaml:7'] },
    'no readiness of several, told once': {
      files: {
        ...healthy,
        'k8s/api.yaml': deployment(''),
        'k8s/mail.yaml': deployment('', 'ghcr.io/acme/shop-mail:2'),
      },
      at: ['k8s/api.yaml:7'],
    },
    'no readiness of a database': {
      files: { ...healthy, 'k8s/db.yaml': deployment('', 'postgres:17') },
      at: ['k8s/db.yaml:7'],
    },
    'one path for both': {
      files: {
        ...healthy,
        'k8s/api.yaml': deployment(
          `          readinessProbe: { httpGet: { path: /healthz, port: 3000 } }\n          livenessProbe: { httpGet: { path: /healthz, port: 3000 } }\n`,
        ),
      },
      at: ['k8s/api.yaml:10'],
    },
  },
  clean: {
    'an answer at the root that is always the same': {
      files: {
        ...inDocker,
        'src/server.js': `${express}app.get('/', (req, res) => res.json({ message: 'The shop is running' }));\napp.listen(3000);\n`,
      },
    },
    'a route for it in another file': {
      files: { ...healthy, 'src/server.js': `${express}app.use(health);\napp.listen(3000);\n` },
    },
    'a router for it that another file mounts': {
      files: {
        ...inDocker,
        'src/check.js': `import { Router } from 'express';\nexport const check = Router();\ncheck.get('/', (req, res) => res.sendStatus(200));\n`,
        'src/server.js': `${express}import { check } from './check.js';\napp.use('/health-check', check);\napp.listen(3000);\n`,
      },
    },
    'a route between underscores': {
      files: { ...inDocker, 'src/server.js': `${express}app.get('/__lbheartbeat__', ok);\napp.listen(3000);\n` },
    },
    'a first page that says so': {
      files: {
        ...onFastify,
        'src/server.js': `${fastify}app.get('/', async () => ({ healthy: true }));\nawait app.listen({ port: 3000 });\n`,
      },
    },
    'a server of Apollo, which brings a route': {
      files: {
        ...inDocker,
        'src/server.js': `${express}import { ApolloServer } from 'apollo-server-express';\nnew ApolloServer({ schema }).applyMiddleware({ app });\napp.listen(3000);\n`,
      },
    },
    'an image that asks itself': {
      files: {
        Dockerfile: `${inDocker.Dockerfile}HEALTHCHECK CMD curl -f http://localhost:3000/ || exit 1\n`,
        'src/server.js': `${express}app.get('/', home);\napp.listen(3000);\n`,
      },
    },
    'a cluster on the machine of whoever develops': {
      files: {
        ...healthy,
        'dev/k8s/api.yaml': deployment(bothOn('/healthz')),
        'k8s/mail.yaml': deployment('          imagePullPolicy: Never\n', 'shop/mail:3'),
        'k8s/page.yaml': deployment('', 'shop/page:local'),
      },
    },
    'a chart that is written out': {
      files: { ...healthy, 'k8s/mesh.yaml': `---\n# Source: mesh/templates/proxy.yaml\n${deployment('')}` },
    },
    'two paths': {
      files: {
        ...healthy,
        'k8s/api.yaml': deployment(
          `          readinessProbe: { httpGet: { path: /readyz, port: 3000 } }\n          livenessProbe: { httpGet: { path: /livez, port: 3000 } }\n`,
        ),
      },
    },
    'a container that takes no requests': {
      files: {
        'k8s/worker.yaml': `kind: Deployment\nspec: { template: { spec: { containers: [{ name: worker }] } } }\n`,
      },
    },
    'a library of routes that nothing listens with': {
      files: { 'src/routes.js': `${express}app.get('/', home);\nexport default app;\n` },
    },
  },
});

/** A route for probes that asks a database. */
const asking = {
  'src/health.js': `import { Router } from 'express';\nimport { pool } from './pool.js';\nexport const health = Router();\nhealth.get('/health', async (req, res) => res.json(await pool.query('select 1')));\nhealth.get('/', (req, res) => res.json(pool));\n`,
};
const confidenceOf = (
  text: string,
  path = 'k8s/api.yaml',
  texts: Readonly<Record<string, string>> = asking,
): string[] => examineTexts({ ...texts, [path]: text }, [probes]).findings.map(({ confidence }) => confidence);

test.each<[string, string, string]>([
  ['certain', 'no readiness of an image of ours', deployment('', 'registry.example.com:5000/shop/api:3')],
  [
    'certain,certain',
    'no readiness of two images that one publishes',
    `${deployment('', 'acme/shop:3')}---\n${deployment('', 'acme/mail:3')}`,
  ],
  ['certain', 'no readiness of a database', deployment('', 'bitnami/redis:8')],
  ['hint', 'no readiness of what others build', deployment('', 'prom/prometheus:v3')],
  ['likely', 'one path for both', deployment(bothOn('/health'))],
  ['hint', 'one path for both that no route is seen to have', deployment(bothOn('/other/state'))],
  ['hint', 'no readiness, for a version that is gone', deployment('').replace('apps/v1', 'apps/v1beta2')],
  [
    'certain,hint',
    'no readiness of a program, and of a database beside it',
    `${deployment('', 'shop/api:1')}        - name: db\n          ports: [{ containerPort: 5432 }]\n          image: postgres:17\n`,
  ],
  ['hint', 'one path for both, of what others build', deployment(bothOn('/health'), 'acme/mesh:1')],
  ['hint', 'a first page for both', deployment(bothOn('/'), 'shop/page:1')],
])('probes are a %s: %s', (confidence, _title, text) => {
  expect(confidenceOf(text).join()).toBe(confidence);
});

test('a container of a preview, and one path whose route calls nobody, are hints', () => {
  expect(confidenceOf(deployment(''), 'deploy/shop-preview.yaml')).toEqual(['hint']);
  expect(confidenceOf(deployment(bothOn('/healthz')), 'k8s/api.yaml', healthy)).toEqual(['hint']);
  const nest = {
    'src/health.ts': `import { Controller, Get } from '@nestjs/common';\n@Controller()\nexport class Health {\n  @Get('/health')\n  async now() {\n    return { status: 'ok', since: Date.now() };\n  }\n}\n`,
  };
  expect(confidenceOf(deployment(bothOn('/health')), 'k8s/api.yaml', nest)).toEqual(['hint']);
  const asks = { 'src/health.ts': nest['src/health.ts'].replace('Date.now()', 'await this.users.count()') };
  expect(confidenceOf(deployment(bothOn('/health')), 'k8s/api.yaml', asks)).toEqual(['likely']);
});

const compose = (more: string): string => `services:\n  api:\n    build: .\n${more}`;

test.each<[string, string, string[], Readonly<Record<string, string>>]>([
  ['likely', 'compose keeps it running', ['pg'], { 'compose.yml': compose('    restart: always\n') }],
  ['likely', 'a platform could ask', ['ioredis'], { 'fly.toml': 'app = "shop"\n' }],
  ['likely', 'a cluster runs it', ['pg'], { 'k8s/mail.yaml': deployment(bothOn('/live')) }],
  ['hint', 'it has an image alone', ['pg'], {}],
  ['hint', 'Heroku runs it', ['pg'], { Procfile: 'web: node server.js\n' }],
  ['hint', 'compose is for its developers', ['pg'], { 'compose.dev.yml': compose('    restart: always\n') }],
  ['hint', 'there is nobody to wait for', ['helmet'], { 'fly.toml': 'app = "shop"\n' }],
  ['', 'compose asks it', ['pg'], { 'compose.yml': compose('    healthcheck:\n      test: curl -f localhost\n') }],
  ['', 'the platform asks it', ['pg'], { 'fly.toml': '[[http_service.checks]]\npath = "/"\n' }],
])('no route for probes is %s where %s', (confidence, _title, needed, texts) => {
  const files = {
    ...inDocker,
    'package.json': manifest('express', ...needed),
    'src/server.js': `${express}app.get('/', home);\napp.listen(3000);\n`,
    ...texts,
  };
  expect(
    examineTexts(files, [probes])
      .findings.map((found) => found.confidence)
      .join(),
  ).toBe(confidence);
});

test('a database is asked by a command of its own', () => {
  const fixOf = (image: string) =>
    examineTexts({ ...healthy, 'k8s/api.yaml': deployment('', image) }, [probes]).findings[0]?.fix;
  expect(fixOf('postgres:17')).toContain('pg_isready');
  expect(fixOf('shop/api:1')).toContain('route');
});

test('an address that Fastify does not know is named', () => {
  const messageOf = (options: string) =>
    examineTexts({ ...onFastify, 'src/server.js': `${fastify}await app.listen(${options});\n` }, [listenLocalhost])
      .findings[0]?.message;
  expect(messageOf("{ port: process.env.PORT, address: '0.0.0.0' }")).toMatch(/no option address/);
  expect(messageOf('{ port: process.env.PORT }')).toMatch(/^Fastify listens/);
});
