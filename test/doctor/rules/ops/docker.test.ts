import { expect, test } from 'vitest';
import type { Rule } from '../../../../src/doctor/rule.ts';
import { dockerInstall } from '../../../../src/doctor/rules/ops/docker-install.ts';
import { dockerLatest } from '../../../../src/doctor/rules/ops/docker-latest.ts';
import { dockerRoot } from '../../../../src/doctor/rules/ops/docker-root.ts';
import { dockerSecretArg } from '../../../../src/doctor/rules/ops/docker-secret-arg.ts';
import { dockerignore } from '../../../../src/doctor/rules/ops/dockerignore.ts';
import { pid1 } from '../../../../src/doctor/rules/ops/pid1.ts';
import { examineTexts, ruleTest } from '../../rule.ts';

const compose = (...lines: string[]) => ['services:', '  api:', ...lines.map((line) => `    ${line}`), ''].join('\n');

/** A Dockerfile of these lines, below `FROM node:24-slim`. */
const image = (...lines: string[]) => text('FROM node:24-slim', ...lines);
const text = (...lines: string[]) => ({
  files: { Dockerfile: [...lines, ''].join('\n'), 'package-lock.json': '{}' },
});

ruleTest(pid1, {
  hits: {
    'the shell form': { ...image('CMD node server.js'), at: ['Dockerfile:2'] },
    'a server behind what is done at its end': { ...image('CMD npm run migrate && npm start'), at: ['Dockerfile:2'] },
    'npm start': { ...image('CMD ["npm", "start"]'), at: ['Dockerfile:2'] },
    'an entry point through pnpm, with the command behind it': {
      ...image('ENTRYPOINT ["pnpm", "run"]', 'CMD ["start"]'),
      at: ['Dockerfile:2'],
    },
    'a command that the stage below inherits': {
      ...text('FROM node:24 AS base', 'CMD npm start', 'FROM base AS run', 'COPY . .'),
      at: ['Dockerfile:2'],
    },
    'two images with one command, told once': {
      files: {
        'a.Dockerfile': 'FROM node:24\nCMD ["npm", "start"]\n',
        'b.Dockerfile': 'FROM node:24\nCMD ["npm", "start"]\n',
      },
      at: ['a.Dockerfile:2'],
    },
    'a shell in the JSON form': {
      ...image('CMD ["sh", "-c", "node migrate.js && node server.js"]'),
      at: ['Dockerfile:2'],
    },
    'a package manager that takes the place of Alpine’s shell': {
      ...text('FROM node:24-alpine', 'CMD node migrate.js && npm start'),
      at: ['Dockerfile:2'],
    },
    'a server that Alpine’s shell waits for': {
      ...text('FROM node:24-alpine', 'CMD node server.js || sleep 5'),
      at: ['Dockerfile:2'],
    },
    'a script of ours that starts several, on Alpine': {
      files: {
        ...text('FROM node:24-alpine', 'CMD ["sh", "/app/start.sh"]').files,
        'docker/start.sh': '#!/bin/sh\nnode migrate.js\nnode api.js &\nnginx -g "daemon off;"\n',
      },
      at: ['Dockerfile:2'],
    },
    'a script of ours that says something at its end': {
      files: {
        ...image('CMD ["sh", "start.sh"]').files,
        'start.sh': '#!/bin/sh\nnpx next start -p 3000\necho "done"\n',
      },
      at: ['Dockerfile:2'],
    },
    'a script of ours whose last command is the server': {
      files: {
        ...image('COPY start.sh /app/', 'ENTRYPOINT ["/app/start.sh"]').files,
        'docker/start.sh': '#!/bin/sh\nnode migrate.js\nnode \\\n  server.js\n',
      },
      at: ['Dockerfile:3'],
    },
  },
  clean: {
    'a script of ours that gives way to it': {
      files: {
        ...image('ENTRYPOINT ["./entrypoint.sh"]', 'CMD ["node", "server.js"]').files,
        'entrypoint.sh': '#!/bin/sh\nset -e\nnode migrate.js\nexec "$@"\n',
      },
    },
    'a shell that gives way to it, in the JSON form': image(
      'CMD ["sh", "-c", "node migrate.js && exec node server.js"]',
    ),
    'a last command that takes the place of its shell': text('FROM node:24-alpine', 'CMD node server.js'),
    'a last command behind others, on Alpine': text(
      'FROM node:24-alpine AS base',
      'FROM base',
      'CMD ["sh", "-c", "chown -R node data && PORT=1 node server.js"]',
    ),
    'a last command that bash starts': image('CMD ["/bin/bash", "-c", "node migrate.js; node server.js"]'),
    'a shell that SHELL names': image('SHELL ["/bin/bash", "-c"]', 'CMD node server.js'),
    'a script of ours that asks for the signal': {
      files: {
        ...image('CMD ["bash", "start.sh"]').files,
        'start.sh': '#!/bin/bash\ntrap "kill 0" TERM\nnode api.js &\nwait\n',
      },
    },
    'an init that compose puts before it': {
      files: { ...image('CMD ["npm", "start"]').files, 'docker-compose.yml': compose('build: .', 'init: true') },
    },
    'Node itself': image('CMD ["node", "server.js"]'),
    'what is done at its end': image('CMD npm run db:migrate'),
    'a small init before it': image('ENTRYPOINT ["/usr/bin/tini", "--"]', 'CMD ["npm", "start"]'),
    'a small init in the command, before a script of ours': {
      files: {
        ...image('CMD ["dumb-init", "sh", "start.sh"]').files,
        'start.sh': '#!/bin/sh\nnode api.js &\nnode page.js\n',
      },
    },
    'a shell that is replaced': image('CMD exec node server.js'),
    'no Node in it': text('FROM nginx:1.29', 'CMD nginx -g "daemon off;"'),
  },
});

ruleTest(dockerRoot, {
  hits: {
    'no USER': { ...image('CMD ["node", "server.js"]'), at: ['Dockerfile:1'] },
    'USER root at the end': { ...image('USER node', 'RUN true', 'USER root'), at: ['Dockerfile:4'] },
    'USER in a stage that is only built': {
      ...text('FROM node:24 AS build', 'USER node', 'FROM node:24', 'CMD ["node", "x.js"]'),
      at: ['Dockerfile:3'],
    },
    'a command that compose gives': {
      files: { ...image('COPY . .').files, 'compose.yaml': compose('build: .', 'command: node server.js') },
      at: ['Dockerfile:1'],
    },
    'a user of what compose does not build': {
      files: {
        ...image('CMD ["node", "x.js"]').files,
        'compose.yaml': `${compose('build: .')}  db:\n    image: postgres:17\n    user: "1000"\n`,
      },
      at: ['Dockerfile:1'],
    },
    'the last of several stages, beside one for development': {
      ...text(
        'FROM node:24 AS base',
        'FROM base AS work',
        'ENV NODE_ENV=development',
        'CMD ["npm", "run", "dev"]',
        'FROM base AS live',
        'ENV NODE_ENV=production',
        'CMD ["node", "x.js"]',
      ),
      at: ['Dockerfile:5'],
    },
    'one that drives Docker, which is a hint': {
      ...image('RUN curl -fsSL https://get.docker.com | sh', 'CMD ["node", "x.js"]'),
      at: ['Dockerfile:1'],
    },
  },
  clean: {
    'one of several programs that takes requests, and is no root': text(
      'FROM node:24 AS base',
      'FROM base AS api',
      'USER node',
      'EXPOSE 3000',
      'CMD ["node", "api.js"]',
      'FROM base AS tool',
      'ENTRYPOINT ["node", "tool.js"]',
    ),
    'a user that compose names': {
      files: {
        ...image('CMD ["node", "x.js"]').files,
        'compose.yaml': compose('build: .', 'user: "1000:1000"'),
      },
    },
    'a user that Kubernetes names': {
      files: {
        ...image('CMD ["node", "x.js"]').files,
        'k8s/api.yaml': 'kind: Deployment\nspec:\n  securityContext:\n    runAsNonRoot: true\n',
      },
    },
    'an image that others are built from': text('FROM node:24 AS deps', 'COPY . .', 'RUN npm ci'),
    'an entry script that gives root away': {
      files: {
        ...image('ENTRYPOINT ["./docker-entrypoint.sh"]', 'CMD ["node", "x.js"]').files,
        'docker-entrypoint.sh': '#!/bin/sh\nchown -R node /data\nexec su-exec node "$@"\n',
      },
    },
    'an image for integration tests, and one that is filled in first': {
      files: {
        'Dockerfile.integration': 'FROM node:24\nCMD ["node", "x.js"]\n',
        'templates/Dockerfile.hbs': 'FROM node:24\nCMD ["node", "x.js"]\n',
      },
    },
    'USER node': image('USER node', 'CMD ["node", "server.js"]'),
    'USER of the stage that it is built from': text(
      'FROM node:24 AS base',
      'USER 1000',
      'FROM base',
      'CMD ["node", "x.js"]',
    ),
    'an image without root': text('FROM gcr.io/distroless/nodejs24-debian12:nonroot', 'CMD ["x.js"]'),
    'an image for tests': { files: { 'e2e.Dockerfile': 'FROM node:24\nCMD ["node", "x.js"]\n' } },
  },
});

test('An image is as sure to be root’s as it is to be run: not where it starts nothing, nor for who develops.', () => {
  const sureness = (...lines: string[]) =>
    examineTexts({ ...image(...lines).files, 'compose.yaml': compose('build: .', 'command: node x.js') }, [
      dockerRoot,
    ]).findings.map(({ confidence }) => confidence);
  expect(sureness('CMD ["node", "x.js"]')).toEqual(['certain']);
  expect(sureness('ENV NODE_ENV=production', 'CMD ["node", "x.js"]')).toEqual(['certain']);
  expect(sureness('ENV NODE_ENV=development', 'CMD ["node", "x.js"]')).toEqual(['hint']);
  expect(sureness('COPY . .')).toEqual(['hint']);
  const [live] = examineTexts(
    text(
      'FROM node:24 AS work',
      'ENV NODE_ENV development',
      'CMD ["npm", "start"]',
      'FROM node:24',
      'CMD ["node", "x.js"]',
    ).files,
    [dockerRoot],
  ).findings;
  expect(live?.confidence).toBe('certain');
});

test('What is proposed for an install goes by the lockfile that is there.', () => {
  const files = { Dockerfile: 'FROM node:24\nWORKDIR /app\nCOPY package*.json ./\nRUN npm install\n' };
  const fixes = (lock: string) =>
    examineTexts({ ...files, [lock]: '{}' }, [dockerInstall]).findings.map(({ fix }) => fix);
  expect(fixes('package-lock.json')).toEqual(['Use npm ci.']);
  expect(fixes('pnpm-lock.yaml')[0]).toMatch(/^Copy pnpm-lock\.yaml .* pnpm install --frozen-lockfile/);
});

ruleTest(dockerLatest, {
  hits: {
    latest: { ...text('FROM node:latest'), at: ['Dockerfile:1'] },
    'no tag': { ...text('FROM node AS build', 'FROM node:24'), at: ['Dockerfile:1'] },
    'two of one file, told once': { ...text('FROM node:lts AS build', 'FROM node:lts-slim'), at: ['Dockerfile:1'] },
    'a variant alone': { ...text('FROM node:lts-alpine'), at: ['Dockerfile:1'] },
    'an image of two words behind its name': {
      files: { 'Dockerfile.api.prod': 'FROM node\n', 'Dockerfile.worker': 'FROM node:24\n' },
      at: ['Dockerfile.api.prod:1'],
    },
    'the latest of another’s image': { ...text('FROM acme/sandbox AS sandbox', 'FROM node:24'), at: ['Dockerfile:1'] },
    'the version of the system alone, of an image with its address': {
      ...text('FROM docker.io/library/node:bookworm'),
      at: ['Dockerfile:1'],
    },
    'the version of the system alone': { ...text('FROM node:alpine3.22'), at: ['Dockerfile:1'] },
  },
  clean: {
    'a name that says the version': text(
      'FROM node:24 AS build',
      'FROM gcr.io/distroless/nodejs24-debian12',
      'CMD ["x.js"]',
    ),
    'a page that tells of one, and a program named after it': {
      files: {
        'docs/dockerfile.mdx': 'Write this:\n\nFROM node:latest\nCMD node x.js\n',
        'Dockerfile.txt': 'FROM node:latest\n',
        'src/dockerfile.ts': 'export const first = `\nFROM node:latest\n`;\n',
      },
    },
    'a program for a system, and a system': text(
      'FROM acme/sandbox:bookworm AS sandbox',
      'FROM debian:trixie AS tools',
      'FROM node:24-slim',
    ),
    'an image that whoever builds chooses': text('ARG BASE=acme/base', 'FROM $BASE AS base', 'FROM node:24-slim'),
    'a major': text('FROM node:24-slim'),
    'a digest': text(`FROM node@sha256:${'a'.repeat(64)}`),
    'an earlier stage': text('FROM node:24 AS base', 'FROM base'),
    'a version of an ARG': text('ARG NODE_VERSION=24.1.0', 'FROM node:${NODE_VERSION}-slim'),
  },
});

const ofWorkspace = {
  'package.json': '{ "name": "shop", "workspaces": ["packages/*"], "packageManager": "yarn@4.9.1" }',
  'packages/api/package.json': '{}',
  'packages/page/package.json': '{}',
  'yarn.lock': '',
};

ruleTest(dockerInstall, {
  hits: {
    'npm install': { ...image('RUN npm install'), at: ['Dockerfile:2'] },
    'yarn without a frozen lockfile': { ...image('RUN corepack enable && yarn install'), at: ['Dockerfile:2'] },
    'pnpm without it': { ...image('RUN --mount=type=cache,target=/s pnpm install'), at: ['Dockerfile:2'] },
    'development dependencies in the image that is run': {
      ...text('FROM node:24 AS build', 'RUN npm ci', 'FROM node:24', 'RUN npm ci', 'CMD ["node", "x.js"]'),
      at: ['Dockerfile:4'],
    },
    'bun without it': {
      files: { Dockerfile: 'FROM oven/bun:1\nCOPY . .\nRUN bun install\n', 'bun.lock': '{}' },
      at: ['Dockerfile:3'],
    },
    'a file of another name': {
      files: { 'package-lock.json': '{}', Dockerhubfile: 'FROM node:24\nCOPY . .\nRUN npm install\n' },
      at: ['Dockerhubfile:3'],
    },
    'production alone, before anything is locked': { ...image('RUN yarn install --production'), at: ['Dockerfile:2'] },
    'a lockfile in a list, behind a flag': {
      ...image('COPY --chown=1000 ["package.json", "package-lock.json", "./"]', 'RUN npm install'),
      at: ['Dockerfile:3'],
    },
    'a manifest without its lockfile': {
      ...image('WORKDIR /app', 'COPY package.json ./', 'RUN npm install --omit=dev', 'COPY dist ./dist'),
      at: ['Dockerfile:4'],
    },
    'the same of a Dockerfile in a folder that has no manifest': {
      files: {
        'package-lock.json': '{}',
        'docker/Dockerfile': 'FROM node:24\nWORKDIR /app\nCOPY package.json ./\nRUN npm install\n',
      },
      at: ['docker/Dockerfile:4'],
    },
    'a lockfile by a pattern, of the stage below': {
      ...text(
        'FROM node:24 AS base',
        'WORKDIR /app',
        'COPY package*.json .',
        'FROM base',
        'RUN npm install --omit=dev',
      ),
      at: ['Dockerfile:5'],
    },
    'a package with a lockfile of its own, in its folder': {
      files: {
        ...image('COPY . /app', 'WORKDIR /app', 'RUN cd api && npm install').files,
        'api/package-lock.json': '{}',
      },
      at: ['Dockerfile:4'],
    },
    'twice in one file, told once': {
      ...text('FROM node:24 AS build', 'COPY . .', 'RUN npm install', 'FROM node:24', 'COPY . .', 'RUN npm install'),
      at: ['Dockerfile:3'],
    },
    'in two images of one program, told once': {
      files: {
        'package-lock.json': '{}',
        'images/Dockerfile': 'FROM node:24\nCOPY . .\nRUN npm install\n',
        'images/arm.Dockerfile': 'FROM arm64v8/node:24\nCOPY . .\nRUN npm install\n',
      },
      at: ['images/Dockerfile:3'],
    },
    'yarn with a flag that has a number': {
      ...image('RUN yarn install --network-timeout 600000'),
      at: ['Dockerfile:2'],
    },
    'another tool than the one whose lockfile is there': {
      files: {
        Dockerfile: 'FROM node:24\nWORKDIR /app\nCOPY package*.json ./\nRUN npm install\n',
        'pnpm-lock.yaml': '',
      },
      at: ['Dockerfile:4'],
    },
    'a part of a workspace, which is a hint': {
      files: {
        ...ofWorkspace,
        ...image('COPY package.json yarn.lock ./', 'COPY packages/api/package.json packages/api/', 'RUN yarn').files,
      },
      at: ['Dockerfile:4'],
    },
    'pnpm for one package': { ...image('RUN pnpm --filter=api install'), at: ['Dockerfile:2'] },
  },
  clean: {
    'what is done where the lockfile does not hold': {
      files: {
        Dockerfile: 'FROM oven/bun:1\nCOPY . .\nRUN bun install --frozen-lockfile || bun install\n',
        'bun.lock': '{}',
      },
    },
    'a copy that was put away': {
      files: { 'package-lock.json': '{}', 'Dockerfile.bak': 'FROM node:24\nCOPY . .\nRUN npm install\n' },
    },
    'pnpm and yarn where CI is set': image('ENV CI=true', 'RUN pnpm i', 'RUN yarn'),
    'pnpm where CI is set for it': image('RUN CI=1 pnpm install'),
    'a folder that has a manifest alone': {
      files: {
        ...image('COPY . .', 'WORKDIR /probe', 'COPY docker/probe/package.json ./', 'RUN npm install').files,
        'docker/probe/package.json': '{}',
      },
    },
    'a manifest out of another stage': text(
      'FROM node:24 AS build',
      'COPY . .',
      'RUN npm ci',
      'FROM node:24',
      'COPY --from=build /app/dist ./dist',
      'COPY --from=build /app/package.json ./package.json',
      'RUN npm install --omit=dev',
    ),
    'the manifest of a folder that has its Dockerfile and no lockfile': {
      files: {
        'package-lock.json': '{}',
        'box/package.json': '{}',
        'box/Dockerfile': 'FROM node:24\nWORKDIR /app\nCOPY package.json ./\nRUN npm install\n',
      },
    },
    'a package with no lockfile of its own, in its folder': {
      files: {
        ...image('COPY api/package*.json ./api/', 'COPY api ./api', 'RUN cd api && npm install --production').files,
        'api/package.json': '{}',
      },
    },
    'what only development needs is taken away again': image(
      'RUN yarn install --frozen-lockfile',
      'RUN yarn build',
      'RUN yarn install --production --ignore-scripts',
    ),
    'a page and a program about images': {
      files: {
        'package-lock.json': '{}',
        'docker-files': 'COPY . .\n',
        'dockerfile.md': 'FROM node:24\nRUN npm install\n',
      },
    },
    'nothing that is locked': { files: { Dockerfile: 'FROM node:24\nRUN npm install\n' } },
    'npm ci': image('RUN npm ci'),
    'a tool installed by its name': image('RUN npm install -g pnpm@10 && pnpm install --frozen-lockfile'),
    'what is run has production alone': text(
      'FROM node:24 AS build',
      'RUN npm ci',
      'FROM node:24',
      'RUN npm ci --omit=dev',
    ),
  },
});

ruleTest(dockerSecretArg, {
  hits: {
    'a password by its short name': { ...image('ENV DB_PASS=hunter2'), at: ['Dockerfile:2'] },
    'a token as ARG': { ...image('ARG NPM_TOKEN', 'ENV NPM_TOKEN=$NPM_TOKEN'), at: ['Dockerfile:2 warning'] },
    'one of a stage that is only built, which is a hint': {
      ...text('FROM node:24 AS build', 'ARG UPLOAD_TOKEN', 'FROM node:24', 'CMD ["node", "x.js"]'),
      at: ['Dockerfile:2 warning'],
    },
    'one of two images of one program, told once': {
      files: {
        'Dockerfile.a': 'FROM node:24\nENV APP_PASSWORD=hunter2\n',
        'Dockerfile.b': 'FROM node:24-slim\nENV APP_PASSWORD=hunter2\n',
        'Dockerfile.c': 'FROM node:24-slim\nENV ADMIN_PASSWORD=hunter2\n',
      },
      at: ['Dockerfile.a:2', 'Dockerfile.c:2'],
    },
    'a key of an environment': {
      ...image('ENV SECRET_KEY_BASE=4f1c JWT_SECRET_PROD=9b2e'),
      at: ['Dockerfile:2'],
    },
    'a password as ENV': { ...image('ENV DB_PASSWORD=hunter2 PORT=3000'), at: ['Dockerfile:2'] },
    'secrets that lie in files': {
      ...image('COPY package.json .env ./', 'COPY --from=build ./keys/service-account.json ./'),
      at: ['Dockerfile:2'],
    },
    'the old form of ENV': { ...image('ENV STRIPE_API_KEY sk_live_x'), at: ['Dockerfile:2'] },
  },
  clean: {
    'a secret of the build that is mounted': image('RUN --mount=type=secret,id=npm_token npm ci'),
    'a placeholder for the build': image('ENV SESSION_SECRET=placeholder AUTH_SECRET="only-at-build-time-32-letters"'),
    'the place of a secret': image('ARG secret_manager_arn', 'ENV SECRETS_REGION=eu-west-1 TOKEN_ISSUER=shop'),
    'what is about a secret': image('ARG PRIVATE_KEY_ROTATION_DAYS=30', 'ENV TOKEN_LIFETIME=3600 API_KEY_LENGTH=32'),
    'the path of credentials': image(
      'ENV CLOUD_CREDENTIALS=dist/cloud.json',
      'ENV API_TOKEN=/run/secrets/token SSH_PRIVATE_KEY=id.pem',
    ),
    'files of examples, and those of a development image': {
      files: {
        'a/Dockerfile': 'FROM node:24\nCOPY .env.example .env\n',
        'b/Dockerfile': 'FROM node:24\nCOPY .env .env\nCMD ["npx", "nodemon", "a.js"]\n',
      },
    },
    'a public key, and a path to a secret': image('ARG STRIPE_PUBLISHABLE_KEY', 'ENV DB_PASSWORD_FILE=/run/secrets/db'),
  },
});

ruleTest(dockerignore, {
  hits: {
    'COPY . . without a list': { ...image('COPY . .'), at: ['Dockerfile:2'] },
    'two images of one folder, told once': {
      files: { 'a.Dockerfile': 'FROM node:24\nCOPY . .\n', 'b.Dockerfile': 'FROM node:24\nCOPY . .\n' },
      at: ['a.Dockerfile:2'],
    },
    'with an owner': { ...image('COPY --chown=node:node . /app'), at: ['Dockerfile:2'] },
    'a list that lets .env in': {
      files: { ...image('COPY . .').files, '.dockerignore': 'node_modules\n.git\n', '.env': 'A=1\n' },
      at: ['Dockerfile:2'],
    },
    'the secrets that compose asks for': {
      files: {
        ...image('COPY . .').files,
        '.dockerignore': 'node_modules\n.git\n',
        'compose.yml': 'services:\n  app:\n    build:\n      context: .\n    env_file:\n      - .env\n',
      },
      at: ['Dockerfile:2'],
    },
  },
  clean: {
    'compose takes its secrets from elsewhere, or builds nothing here': {
      files: {
        ...image('COPY . .').files,
        '.dockerignore': 'node_modules\n.git\n',
        'compose.yml': 'services:\n  app:\n    build: .\n    env_file: .env.example\n',
        'docker-compose.yml': 'services:\n  app:\n    image: shop/app:1\n    env_file: .env\n',
      },
    },
    'the list keeps out what compose asks for': {
      files: {
        ...image('COPY . .').files,
        '.dockerignore': 'node_modules\n.git\n.env\n',
        'compose.yml': 'services:\n  app:\n    build: .\n    env_file: .env\n',
      },
    },
    'a list': {
      files: { ...image('COPY . .').files, '.dockerignore': 'node_modules\n.git\n.env*\n', '.env': 'A=1\n' },
    },
    'an image of something else': text('FROM python:3.13', 'COPY . .', 'CMD ["python", "app.py"]'),
    'single files': image('COPY package.json ./', 'COPY src ./src'),
    'out of another stage': text('FROM node:24 AS build', 'FROM node:24', 'COPY --from=build . .'),
  },
});

const sure = (rule: Rule, lines: readonly string[], more: Readonly<Record<string, string>> = {}, tracked?: string[]) =>
  examineTexts(
    { ...image(...lines).files, ...more },
    [rule],
    tracked === undefined ? null : { tracked: new Set(tracked), untracked: new Set(['.env']) },
  ).findings.map(({ confidence }) => confidence);

test.each<[string, string, string[]]>([
  ['certain', 'ports of anybody', ['EXPOSE 80 3000', 'CMD ["node", "x.js"]']],
  ['hint', 'ports of root alone', ['EXPOSE 80', 'CMD ["node", "x.js"]']],
  ['hint', 'a program that mounts', ['ENTRYPOINT ["litefs", "mount"]']],
  ['hint', 'a server for who writes the page', ['CMD ["npx", "next", "dev"]']],
  ['hint', 'what watches files', ['CMD ["npx", "nodemon", "app.js"]']],
  ['hint', 'a script of that name', ['CMD ["yarn", "start:dev"]']],
  ['certain', 'a server that is named after them', ['CMD ["node", "nodemon.js"]']],
  ['hint', 'an init that starts services', ['EXPOSE 3000', 'ENTRYPOINT ["/init"]']],
])('root is %s with %s', (confidence, _title, lines) => {
  expect(sure(dockerRoot, lines)).toEqual([confidence]);
});

test.each<[string, string, string[]]>([
  ['hint', 'that migrates and ends', ['CMD ["scripts/db-migrate.mjs"]']],
  ['certain', 'that migrates and serves', ['CMD ["sh", "-c", "npm run migrate && node x.js"]']],
  ['certain', 'that is reached', ['EXPOSE 3000', 'CMD ["node", "migrate-and-serve.js"]']],
])('root is %s in an image %s', (confidence, _title, lines) => {
  expect(sure(dockerRoot, lines)).toEqual([confidence]);
});

test.each<[string, string, string[], Readonly<Record<string, string>>]>([
  ['hint', 'some of its manifests', ['COPY package.json yarn.lock ./', 'COPY packages/api packages/api'], {}],
  ['likely', 'all of its manifests', ['COPY package.json yarn.lock ./', 'COPY packages packages'], {}],
  ['likely', 'all of itself', ['COPY . .'], {}],
  [
    'likely',
    'some, by the first Yarn',
    ['COPY package.json yarn.lock ./', 'COPY packages/api packages/api'],
    { 'package.json': '{ "name": "shop", "workspaces": ["packages/*"] }' },
  ],
])('yarn install is %s in an image that has of a workspace %s', (confidence, _title, lines, texts) => {
  expect(sure(dockerInstall, [...lines, 'RUN yarn install'], { ...ofWorkspace, ...texts })).toEqual([confidence]);
});

test('who builds in the image that is run keeps what builds', () => {
  const fixOf = (...lines: string[]): string | undefined =>
    examineTexts(text('FROM node:24 AS page', 'RUN npm ci', 'FROM node:24', ...lines).files, [dockerInstall])
      .findings[0]?.fix;
  expect(fixOf('RUN npm ci', 'COPY . .', 'RUN npm run build')).toContain('npm prune --omit=dev after the build');
  expect(fixOf('RUN npm ci && npm run build')).toContain('npm prune --omit=dev after the build');
  expect(fixOf('RUN npm run build:env', 'RUN npm ci')).toContain('npm ci --omit=dev');
});

test.each<[string, string, string[]]>([
  ['hint', 'it is given the host’s Docker', ['build: .', 'volumes: ["/var/run/docker.sock:/var/run/docker.sock"]']],
  ['hint', 'its published image is', ['image: acme/shop:1', 'volumes: ["/var/run/docker.sock:/var/run/docker.sock"]']],
  ['certain', 'a proxy beside it is', ['image: traefik:3', 'volumes: ["/var/run/docker.sock:/var/run/docker.sock"]']],
])('root is %s where %s', (confidence, _title, lines) => {
  const texts = { 'package.json': '{ "name": "@acme/shop" }', 'compose.yaml': compose(...lines) };
  expect(sure(dockerRoot, ['CMD ["node", "x.js"]'], texts)).toEqual([confidence]);
});

test.each<[string, string, Readonly<Record<string, string>>]>([
  ['certain', 'node server.js', {}],
  ['certain', 'npm run build && node serve.js', {}],
  ['hint', 'http-server dist -p 80', {}],
  ['hint', 'nodemon --exec ts-node src/main.ts', {}],
  ['hint', 'npx next dev', {}],
  ['certain', 'npx next start', {}],
  ['hint', 'npm run build && npm run files', { files: 'serve -s dist' }],
])('npm is %s to keep signals from `%s`', (confidence, start, scripts) => {
  const manifest = JSON.stringify({ scripts: { start, ...scripts }, dependencies: { express: '^5' } });
  expect(sure(pid1, ['CMD ["npm", "run", "start"]'], { 'package.json': manifest })).toEqual([confidence]);
});

const pid1Of = (texts: Readonly<Record<string, string>>) =>
  examineTexts(texts, [pid1])
    .findings.map(({ confidence, message, fix }) => `${confidence} ${message} ${fix}`)
    .join();
const scripts = (all: Readonly<Record<string, string>>) =>
  JSON.stringify({ scripts: all, dependencies: { express: '^5' } });

test('a server for whoever writes a page is told of as that, wherever the image copies its package from', () => {
  const texts = (dev: string) => ({
    'package.json': '{}',
    'shop/page/package.json': scripts({ start: dev }),
    'shop/images/Dockerfile': 'FROM node:24\nADD ./page/ /app/\nCMD npm start\n',
  });
  expect(pid1Of(texts('react-scripts start'))).toMatch(/^hint .*for whoever writes the page/);
  expect(pid1Of(texts('vite --host'))).toMatch(/^hint /);
  expect(pid1Of(texts('node server.js'))).toMatch(/^certain .*\["node", "server\.js"\]/);
  expect(pid1Of(texts('vite-node server.ts'))).toMatch(/^certain /);
});

test('a script of a folder that the command names is read there', () => {
  const texts = (start: string, command: string) => ({
    'package.json': scripts({ start: 'node index.js' }),
    'page/package.json': scripts({ start }),
    ...image(`CMD ${command}`).files,
  });
  expect(pid1Of(texts('vite', 'npm run start --prefix page -- --host'))).toMatch(/^hint /);
  expect(pid1Of(texts('vite', 'yarn --cwd ./page start'))).toMatch(/^hint /);
  expect(pid1Of(texts('node server.js', 'npm run start --prefix page'))).toMatch(/^certain /);
});

test('a script that is missing is said, where it can be told', () => {
  const texts = (command: string) => ({
    'package.json': scripts({ start: 'node index.js' }),
    'tools/package.json': scripts({ sync: 'node sync.js' }),
    ...image(`CMD ${command}`).files,
  });
  expect(pid1Of(texts('["npm", "run", "serve", "--", "--prefix", "/api"]'))).toContain('the script "serve"');
  expect(pid1Of(texts('npm run start'))).not.toContain('the script');
  expect(pid1Of(texts('npm run sync'))).not.toContain('the script');
  expect(pid1Of(texts('npm run serve -w api'))).not.toContain('the script');
});

test('what keeps several processes running is kept', () => {
  const texts = (prod: string) => ({ 'package.json': scripts({ prod }), ...image('CMD npm run prod').files });
  expect(pid1Of(texts('pm2-runtime start shop.config.js'))).toContain('CMD ["pm2-runtime", "start", "shop.config.js"]');
  expect(pid1Of(texts('pm2-runtime "my shop.js"'))).toContain('CMD ["pm2-runtime", "<file>"]');
});

test('a committed .env in an image is a hint', () => {
  const files = { '.dockerignore': 'node_modules\n', '.env': 'A=1\n' };
  expect(sure(dockerignore, ['COPY . .'], files, ['Dockerfile', '.env'])).toEqual(['hint']);
  expect(sure(dockerignore, ['COPY . .'], files, ['Dockerfile'])).toEqual(['certain']);
});

test.each<[string, string, string[]]>([
  ['likely', 'of its own', ['ENV DB_PASSWORD=hunter2 API_TOKEN=4f1c']],
  ['hint', 'that is one word for all', ['ENV DB_PASSWORD=shop@com API_TOKEN=shop@com']],
  ['likely', 'that a build is given', ['ARG NPM_TOKEN', 'RUN npm ci']],
  ['hint', 'that no step is told', ['RUN npm ci', 'ARG NPM_TOKEN']],
  ['hint', 'in a file that is committed', ['COPY .env.production ./']],
  ['likely', 'in a file that is not', ['COPY .env ./']],
])('a secret is %s, one %s', (confidence, _title, lines) => {
  expect(sure(dockerSecretArg, lines, {}, ['Dockerfile', '.env.production'])).toEqual([confidence]);
});

test('what runs before the server is not forgotten by the fix', () => {
  const fixOf = (command: string): string | undefined =>
    examineTexts(image(`CMD ${command}`).files, [pid1]).findings[0]?.fix;
  expect(fixOf('node server.js')).toContain('CMD ["node", "server.js"]');
  expect(fixOf('npm start')).toContain('CMD ["node", "<file>"]');
  expect(fixOf('npm run migrate && npm start')).toContain('exec node <file>');
  expect(fixOf('pm2-runtime start shop.config.js')).toBeUndefined();
});

test('who builds on a moving tag is told what to name', () => {
  const fixOf = (image: string): string | undefined =>
    examineTexts({ Dockerfile: `FROM ${image}\nCMD ["node", "x.js"]\n` }, [dockerLatest]).findings[0]?.fix;
  expect(fixOf('docker.io/node:lts')).toContain('node:24-slim');
  expect(fixOf('alpine:latest')).toContain('alpine@sha256:');
});
