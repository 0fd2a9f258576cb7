import { lockfile } from '../../../../src/doctor/rules/ops/lockfile.ts';
import { nodeEol } from '../../../../src/doctor/rules/ops/node-eol.ts';
import { manifest, ruleTest } from '../../rule.ts';

const workflow = (...lines: string[]): string =>
  ['jobs:', '  test:', '    runs-on: ubuntu-latest', '    steps:', ...lines.map((line) => `      ${line}`), ''].join(
    '\n',
  );

ruleTest(nodeEol, {
  hits: {
    'a Dockerfile': { files: { Dockerfile: 'FROM node:18-alpine\n' }, at: ['Dockerfile:1'] },
    '.nvmrc': { files: { '.nvmrc': 'v16.20.0\n' }, at: ['.nvmrc:1'] },
    'a workflow': {
      files: {
        '.github/workflows/ci.yml': workflow('- uses: actions/setup-node@v4', '  with:', '    node-version: 20'),
      },
      at: ['.github/workflows/ci.yml:7'],
    },
    'two that disagree': { files: { Dockerfile: 'FROM node:22\n', '.nvmrc': '24\n' }, at: ['.nvmrc:1'] },
  },
  clean: {
    'one that is mended': { files: { Dockerfile: 'FROM node:24-slim\n', '.nvmrc': '24\n' } },
    'a matrix': {
      files: {
        '.github/workflows/ci.yml': workflow(
          '- uses: actions/setup-node@v4',
          '  with:',
          '    node-version: ${{ matrix.node }}',
        ),
      },
    },
    'an image of something else': { files: { Dockerfile: 'FROM postgres:14\n' } },
  },
});

const locked = { 'package.json': manifest('express@^5'), 'package-lock.json': '{}' };

ruleTest(lockfile, {
  hits: {
    none: { files: {}, at: ['package.json'] },
    two: { files: { ...locked, 'yarn.lock': '' }, at: ['yarn.lock'] },
    'npm install in CI': {
      files: { ...locked, '.github/workflows/ci.yml': workflow('- run: npm install', '- run: npm test') },
      at: ['.github/workflows/ci.yml:5'],
    },
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
    'a project without dependencies': { files: { 'package.json': '{ "name": "empty" }' } },
  },
});
