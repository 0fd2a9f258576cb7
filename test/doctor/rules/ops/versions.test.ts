import { expect, test } from 'vitest';
import { lockfile } from '../../../../src/doctor/rules/ops/lockfile.ts';
import { nodeEol } from '../../../../src/doctor/rules/ops/node-eol.ts';
import { examineTexts, manifest, ruleTest } from '../../rule.ts';

const workflow = (...lines: string[]): string =>
  ['jobs:', '  test:', '    runs-on: ubuntu-latest', '    steps:', ...lines.map((line) => `      ${line}`), ''].join(
    '\n',
  );

ruleTest(nodeEol, {
  hits: {
    'a Dockerfile': { files: { Dockerfile: 'FROM node:18-alpine\n' }, at: ['Dockerfile:1'] },
    'an odd major, whose half year is over': { files: { Dockerfile: 'FROM node:25-slim\n' }, at: ['Dockerfile:1'] },
    '.nvmrc': { files: { '.nvmrc': 'v16.20.0\n' }, at: ['.nvmrc:1'] },
    'a workflow': {
      files: {
        '.github/workflows/ci.yml': workflow(
          '- uses: actions/setup-node@v4',
          '  with:',
          '    node-version: 20',
          '- run: npm test',
        ),
      },
      at: ['.github/workflows/ci.yml:7'],
    },
    'engines that allow nothing newer': {
      files: { 'package.json': '{\n  "name": "shop",\n  "engines": { "node": "18.x" }\n}' },
      at: ['package.json:3'],
    },
    'volta, and a list of tools': {
      files: {
        'package.json': '{ "volta": { "node": "20.11.0" } }',
        '.tool-versions': 'python 3.12\nnodejs 20.11.0\n',
      },
      at: ['.tool-versions:1'],
    },
    'tests on another than what runs': {
      files: {
        Dockerfile: 'FROM node:24\n',
        '.github/workflows/ci.yml': workflow(
          '- uses: actions/setup-node@v4',
          '  with:',
          '    node-version: 22',
          '- run: npm test',
        ),
      },
      at: ['.github/workflows/ci.yml:7'],
    },
    'two that disagree': { files: { Dockerfile: 'FROM node:22\n', '.nvmrc': '24\n' }, at: ['.nvmrc:1'] },
  },
  clean: {
    'one that is mended': { files: { Dockerfile: 'FROM node:24-slim\n', '.nvmrc': '24\n' } },
    'an image that nothing is made of': { files: { Dockerfile: 'FROM node:20\n\nEXPOSE 6379\n' } },
    'a matrix': {
      files: {
        '.github/workflows/ci.yml': workflow(
          '- uses: actions/setup-node@v4',
          '  with:',
          '    node-version: ${{ matrix.node }}',
        ),
      },
    },
    'a job that runs nothing of the program': {
      files: {
        '.github/workflows/links.yml': workflow(
          '- uses: actions/setup-node@v4',
          '  with:',
          '    node-version: 18',
          '- run: npx check-links docs',
        ),
      },
    },
    'a job that builds for another machine': {
      files: {
        Dockerfile: 'FROM node:24\n',
        '.github/workflows/mobile.yml': workflow(
          '- uses: actions/setup-node@v4',
          '  with:',
          '    node-version: 22',
          '- run: npm run build:android',
        ),
      },
    },
    'engines that are open above': { files: { 'package.json': '{ "engines": { "node": ">=18" } }' } },
    'images of two programs': { files: { 'a/Dockerfile': 'FROM node:22\n', 'b/Dockerfile': 'FROM node:24\n' } },
    'two workflows': {
      files: Object.fromEntries(
        [22, 24].map((major) => [
          `.github/workflows/n${major}.yml`,
          workflow('- uses: actions/setup-node@v4', '  with:', `    node-version: ${major}`, '- run: npm test'),
        ]),
      ),
    },
    'an image of something else': { files: { Dockerfile: 'FROM postgres:14\n' } },
  },
});

const locked = { 'package.json': manifest('express@^5'), 'package-lock.json': '{}' };

ruleTest(lockfile, {
  hits: {
    none: { files: {}, at: ['package.json'] },
    'none, in git': { files: {}, tracked: ['package.json'], at: ['package.json'] },
    two: { files: { ...locked, 'yarn.lock': '' }, at: ['yarn.lock'] },
    'npm install in CI': {
      files: { ...locked, '.github/workflows/ci.yml': workflow('- run: npm install', '- run: npm test') },
      at: ['.github/workflows/ci.yml:5 info'],
    },
    'npm install in CI, told once for all places': {
      files: {
        ...locked,
        '.github/workflows/a.yml': workflow('- run: npm i', '- run: npm test'),
        '.github/workflows/b.yml': workflow('- run: npm i', '- run: npm run build'),
      },
      at: ['.github/workflows/a.yml:5 info'],
    },
    'none of a program in a folder of a workspace': {
      files: {
        'package.json': '{ "workspaces": ["packages/*"] }',
        'package-lock.json': '{}',
        'api/package.json': '{ "dependencies": { "express": "^5" }, "scripts": { "start": "node server.js" } }',
      },
      folder: 'api',
      at: ['package.json'],
    },
    'none of a library, which is a hint': { files: { 'package.json': manifest('zod') }, at: ['package.json'] },
    'one that .npmrc forbids, which is a hint': { files: { '.npmrc': 'package-lock=false\n' }, at: ['package.json'] },
    'one that git ignores': {
      files: locked,
      tracked: ['package.json'],
      ignored: ['package-lock.json'],
      at: ['package-lock.json'],
    },
  },
  clean: {
    one: { files: locked },
    'npm ci': { files: { ...locked, '.github/workflows/ci.yml': workflow('- run: npm ci') } },
    'a tool that is installed by its name': {
      files: { ...locked, '.github/workflows/ci.yml': workflow('- run: npm install -g vercel') },
    },
    'one that leans on a workspace which leaves it out': {
      files: { 'package.json': manifest('express@^5', '@shop/page@workspace:*') },
    },
    'a folder of programs, which has no package.json itself': {
      files: { 'package.json': '{ "dependencies": { "express": "^5" } }' },
      tracked: ['api/server.js'],
      ignored: ['package.json'],
    },
    'a manifest that was left in the folder of a workspace’s packages': {
      files: {
        'package.json': '{ "private": true }',
        'pnpm-workspace.yaml': 'packages:\n  - packages/*\n',
        'pnpm-lock.yaml': '',
        'packages/package.json': '{ "name": "old", "dependencies": { "express": "^5" } }',
      },
      folder: 'packages',
    },
    'a project without dependencies': { files: { 'package.json': '{ "name": "empty" }' } },
  },
});

const generator = JSON.stringify({ name: 'make-shop', bin: 'cli.js', dependencies: { prompts: '^2' } });

test.each<[string, string, Readonly<Record<string, string>>, string | null]>([
  ['certain', 'a server', {}, null],
  [
    'certain',
    'a server with a program of the command line',
    { 'package.json': '{ "bin": "x.js", "dependencies": { "express": "^5" } }' },
    null,
  ],
  [
    'hint',
    'a published program of the command line',
    { 'package.json': generator.replace('}}', '},"scripts":{"start":"node cli.js"}}') },
    null,
  ],
  [
    'hint',
    'what a generator makes projects of',
    { 'package.json': generator, 'kits/api/package.json': manifest('express') },
    'kits/api',
  ],
  [
    'hint',
    'a server of a repository whose packages are installed together',
    { 'package.json': '{}', 'rush.json': '{}', 'api/package.json': manifest('express') },
    'api',
  ],
  [
    'certain',
    'a server in a folder of a repository',
    { 'package.json': '{}', 'api/package.json': manifest('express') },
    'api',
  ],
])('no lockfile is %s: %s', (confidence, _title, texts, folder) => {
  expect(examineTexts(texts, [lockfile], null, folder).findings.map((found) => found.confidence)).toEqual([confidence]);
});

test.each<[string, string]>([
  ['hint', '>=22'],
  ['certain', '>=20'],
])('tests on Node 22 are a %s where engines say %s', (confidence, node) => {
  const texts = {
    'package.json': JSON.stringify({ name: 'shop', engines: { node } }),
    '.nvmrc': '24\n',
    '.github/workflows/ci.yml': workflow(
      '- uses: actions/setup-node@v4',
      '  with:',
      '    node-version: 22',
      '- run: npm test',
    ),
  };
  expect(examineTexts(texts, [nodeEol]).findings.map((found) => found.confidence)).toEqual([confidence]);
});

test.each<[string, string | null, number]>([
  ['at the root', null, 2],
  ['in a folder, where no one runs them', 'shop', 0],
])('reads the workflows %s', (_title, folder, count) => {
  const base = folder === null ? '' : `${folder}/`;
  const texts = {
    'package.json': '{}',
    [`${base}package.json`]: manifest('express@^5'),
    [`${base}package-lock.json`]: '{}',
    [`${base}.github/workflows/ci.yml`]: workflow(
      '- uses: actions/setup-node@v4',
      '  with:',
      '    node-version: 16',
      '- run: npm install',
      '- run: npm test',
    ),
  };
  expect(examineTexts(texts, [lockfile, nodeEol], null, folder).findings).toHaveLength(count);
});

test('nobody is told to go back', () => {
  const fixOf = (image: string) => examineTexts({ Dockerfile: `FROM ${image}\n` }, [nodeEol]).findings[0]?.fix;
  expect(fixOf('node:25')).toBe('Move to Node 26: Dockerfile.');
  expect(fixOf('node:18')).toBe('Move to Node 24: Dockerfile.');
});

test('an older one beside it is named as what it is', () => {
  const texts = { Dockerfile: 'FROM node:18\n', 'jobs/Dockerfile': 'FROM node:12\n', '.nvmrc': '18\n' };
  expect(examineTexts(texts, [nodeEol]).findings[0]?.fix).toBe(
    'Move to Node 24: Dockerfile, jobs/Dockerfile (Node 12), .nvmrc.',
  );
});

test('an old one in a folder is named with the folder, beside others', () => {
  const texts = { 'package.json': '{}', 'jobs/package.json': '{ "engines": { "node": "18.x" } }' };
  const { findings } = examineTexts(texts, [nodeEol], null, 'jobs');
  expect(findings.map(({ message, fix }) => `${message} ${fix}`)).toEqual([
    expect.stringMatching(/^engines in jobs\/package\.json names Node 18.* jobs\/package\.json, and where else/),
  ]);
});
