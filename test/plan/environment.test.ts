import { describe, expect, test } from 'vitest';
import {
  agrees,
  dependenciesIn,
  dependencyNotes,
  dependencyOps,
  installedVersion,
} from '../../src/plan/dependencies.ts';
import { environmentOps } from '../../src/plan/environment.ts';
import { fixtures, hostFor } from '../fixtures.ts';
import { surroundings, treeOf } from '../tree.ts';
import { added, after, host, ping, planFor, shop } from './project.ts';

const variable = { name: 'API_KEY', example: 'replace_me', why: 'The key.', required: false };
const lines = (files: Record<string, string>) =>
  environmentOps([variable], host({ ...shop, ...files })).map((op) => [op.file, op.op === 'line' ? op.text : op.op]);

describe('a variable', () => {
  test.each([
    { name: 'a new .env.example', files: {}, says: [['.env.example', 'API_KEY=replace_me']] },
    {
      name: 'the example file that is there',
      files: { '.env.sample': 'A=1\n' },
      says: [['.env.sample', 'API_KEY=replace_me']],
    },
    {
      name: 'the first of two example files',
      files: { '.env.example': '', '.env.sample': '' },
      says: [['.env.example', 'API_KEY=replace_me']],
    },
    {
      name: 'an existing .env too, without a value',
      files: { '.env': 'A=1\n' },
      says: [
        ['.env.example', 'API_KEY=replace_me'],
        ['.env', 'API_KEY='],
      ],
    },
  ])('is documented in $name', ({ files, says }) => {
    expect(lines(files)).toEqual(says);
  });

  test('is an optional member of the host’s schema', () => {
    const schema =
      "import { z } from 'zod';\n\nexport const env = z.object({\n  PORT: z.string(),\n}).parse(process.env);\n";
    const files = {
      ...shop,
      'package.json': shop['package.json']?.replace('"express"', '"zod": "^4.0.0", "express"') ?? '',
      'src/env.ts': schema,
    };
    const text = after(files, planFor(files))['src/env.ts'];
    expect(text).toBe(
      schema.replace('PORT: z.string(),\n', 'PORT: z.string(),\n  PING_GREETING: z.string().min(1).optional(),\n'),
    );
  });

  test('that nothing asks for changes nothing', () => {
    expect(environmentOps([], host(shop))).toEqual([]);
  });
});

describe('a dependency', () => {
  const ranges = { ioredis: '^5.4.0', pg: '^8.0.0' };
  const wanted = [{ name: 'ioredis' }, { name: 'pg', dev: true }];
  const declaring = (json: string) => host({ ...shop, 'package.json': json });

  test('is declared where the module that imports it is', () => {
    expect(dependencyOps(wanted, host(shop), ranges)).toEqual([
      { op: 'json', file: 'package.json', path: ['dependencies', 'ioredis'], value: '^5.4.0' },
      { op: 'json', file: 'package.json', path: ['devDependencies', 'pg'], value: '^8.0.0' },
    ]);
  });

  test.each(['dependencies', 'devDependencies', 'peerDependencies', 'optionalDependencies'])(
    'that the host has among its %s is left',
    (group) => {
      const here = declaring(`{ "${group}": { "ioredis": "^4.0.0", "pg": "^8.1.0" } }`);
      expect(dependencyOps(wanted, here, ranges)).toEqual([]);
      expect(dependencyNotes(wanted, here, ranges)).toEqual([
        'package.json declares ioredis ^4.0.0; the module is tested with ^5.4.0.',
      ]);
    },
  );

  test.each([
    ['^5.0.0', '^5.4.0', true],
    ['^4.0.0', '^5.4.0', false],
    ['5.4.1', '^5.4.0', true],
    ['catalog:', '^5.4.0', true],
    ['workspace:*', '^5.4.0', true],
    ['latest', '^5.4.0', true],
  ])('declared as %s and wanted as %s: %s', (declared, ours, expected) => {
    expect(agrees(declared, ours)).toBe(expected);
  });

  test('is taken from the catalog where the siblings do so and the catalog has it', () => {
    const pnpm = fixtures.find(({ name }) => name === 'workspace-pnpm');
    if (pnpm?.workspace == null) throw new Error('The fixture is gone.');
    const yaml = pnpm.workspace.files['pnpm-workspace.yaml'] ?? '';
    const with_ = (text: string) => {
      const workspace = {
        ...pnpm.workspace,
        folder: pnpm.workspace?.folder ?? '',
        files: { ...pnpm.workspace?.files, 'pnpm-workspace.yaml': text },
      };
      return dependencyOps([{ name: 'ioredis' }], hostFor({ files: pnpm.files, workspace }), ranges).map(
        (op) => op.op === 'json' && op.value,
      );
    };
    expect(yaml).toContain('catalog:');
    expect(with_(yaml.replace(/catalog:\n/, 'catalog:\n  ioredis: ^5.0.0\n'))).toEqual(['catalog:']);
    expect(with_(yaml)).toEqual(['^5.4.0']);
  });

  test('is read from ops, and from nothing else in package.json', () => {
    const ops = planFor(shop, { ...ping, client: true }).entry?.ops.map(({ op }) => op) ?? [];
    expect([...dependenciesIn(ops).keys()]).toEqual(['ioredis']);
    expect(dependenciesIn([{ op: 'json', file: 'package.json', path: ['scripts', 'x'], value: 'y' }]).size).toBe(0);
  });

  test('is installed where the project, or the workspace around it, has it', () => {
    const at = { 'node_modules/pg/package.json': '{ "version": "8.1.0" }' };
    const workspace = { tree: treeOf(at), folder: 'apps/api' };
    expect(installedVersion({ tree: treeOf(at), surroundings: surroundings() }, 'pg')).toBe('8.1.0');
    expect(installedVersion({ tree: treeOf({}), surroundings: surroundings({ workspace }) }, 'pg')).toBe('8.1.0');
    expect(installedVersion({ tree: treeOf({}), surroundings: surroundings() }, 'pg')).toBeNull();
  });

  test('is installed once, and only where package.json changes for it', () => {
    expect(planFor(shop, { ...ping, client: true }).commands).toEqual([{ kind: 'install', text: 'npm' }]);
    expect(planFor(shop).commands).toEqual([]);
    expect(planFor(added(shop, { ...ping, client: true }), { ...ping, client: true }).changes).toEqual([]);
  });
});
