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

const confidenceOf = (text: string): string[] =>
  examineTexts({ ...healthy, 'k8s/api.yaml': text }, [probes]).findings.map(({ confidence }) => confidence);

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
  ['hint', 'one path for both, of what others build', deployment(bothOn('/health'), 'acme/mesh:1')],
  ['hint', 'a first page for both', deployment(bothOn('/'), 'shop/page:1')],
])('probes are a %s: %s', (confidence, _title, text) => {
  expect(confidenceOf(text).join()).toBe(confidence);
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
