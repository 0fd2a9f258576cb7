import { describe, expect, test } from 'vitest';
import { findProject } from '../../src/edge/project.ts';
import { UserError } from '../../src/errors.ts';
import { inMemory } from './faults.ts';

const files = inMemory({
  '/m/package.json': '{ "name": "mono", "workspaces": ["packages/*", "./apps/**", "!packages/old"] }',
  '/m/packages/api/package.json': '{ "name": "@m/api" }',
  '/m/packages/api/src/deep/x.ts': '',
  '/m/packages/api/node_modules/dep/package.json': '{ "name": "dep" }',
  '/m/packages/old/package.json': '{ "name": "old" }',
  '/m/packages/none/readme': '',
  '/m/apps/a/web/package.json': '{ "name": "web" }',
  '/m/apps/b/web/package.json': '{ "name": "web" }',
  '/m/tools/gen/package.json': '{ "name": "gen" }',
  '/p/package.json': '\uFEFF{ "name": "p" }',
  '/p/pnpm-workspace.yaml': 'packages:\n  - "services/{api,web}"\n',
  '/p/services/api/package.json': '{ "name": "api" }',
  '/p/services/job/package.json': '{ "name": "job" }',
  '/s/package.json': '{ broken',
  '/s/pnpm-workspace.yaml': 'allowBuilds: {}\n',
  '/s/sub/package.json': '{}',
  '/y/package.json': '{ "workspaces": { "packages": ["a"] } }',
  '/y/a/package.json': '{ "name": "a" }',
  '/none/x': '',
});
const caller = { node: '20.20.2', userAgent: null };
const find = (cwd: string, name: string | null = null) => findProject(cwd, name, files, caller);

describe('the project', () => {
  test.each([
    ['/m/packages/api/src/deep', null, '/m/packages/api', '/m', 'packages/api'],
    ['/m/packages/api', null, '/m/packages/api', '/m', 'packages/api'],
    ['/m', null, '/m', null, null],
    ['/m/packages', null, '/m', null, null],
    ['/m/packages/old', null, '/m/packages/old', null, null],
    ['/m/tools/gen', null, '/m/tools/gen', null, null],
    ['/m/apps/a/web', null, '/m/apps/a/web', '/m', 'apps/a/web'],
    ['/m', '@m/api', '/m/packages/api', '/m', 'packages/api'],
    ['/m', 'packages/api', '/m/packages/api', '/m', 'packages/api'],
    ['/m', 'api', '/m/packages/api', '/m', 'packages/api'],
    ['/m', './packages/api/', '/m/packages/api', '/m', 'packages/api'],
    ['/m/packages/api', 'mono', '/m', null, null],
    ['/m/packages', 'api', '/m/packages/api', '/m', 'packages/api'],
    ['/m', 'apps/b/web', '/m/apps/b/web', '/m', 'apps/b/web'],
    ['/p/services/api', null, '/p/services/api', '/p', 'services/api'],
    ['/p/services/job', null, '/p/services/job', null, null],
    ['/s/sub', null, '/s/sub', null, null],
    ['/s', null, '/s', null, null],
    ['/y/a', null, '/y/a', '/y', 'a'],
  ])('from %s with --package %s is %s in workspace %s', (cwd, name, root, workspaceRoot, folder) => {
    const project = find(cwd, name);
    expect([project.root, project.workspaceRoot]).toEqual([root, workspaceRoot]);
    expect(project.surroundings.workspace?.folder ?? null).toBe(folder);
    expect(project.surroundings).toMatchObject(caller);
  });

  test('carries the tree of the workspace', () => {
    expect(find('/m/packages/api').surroundings.workspace?.tree.read('package.json')).toContain('mono');
  });

  test.each([
    ['/none', null, /no package\.json in \/none/],
    ['/gone', null, /not a folder/],
    ['/m', '@m/apy', /no package @m\/apy in this workspace\. Nearest: @m\/api/],
    ['/m', 'web', /2 packages are called web: apps\/a\/web, apps\/b\/web/],
    ['/s', 'x', /this is no workspace/],
    ['/none', 'x', /this is no workspace/],
  ])('from %s with --package %s is refused', (cwd, name, message) => {
    expect(() => find(cwd, name)).toThrow(UserError);
    expect(() => find(cwd, name)).toThrow(message);
  });
});
