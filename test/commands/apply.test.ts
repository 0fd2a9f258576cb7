import { expect, test } from 'vitest';
import { isInstalled } from '../../src/commands/apply.ts';
import { treeOf } from '../tree.ts';

test.each<[project: string, paths: string[], above: string[] | null, installed: boolean]>([
  ['nothing was installed in', ['package.json'], null, false],
  ['a folder of packages tells of', ['node_modules/express/package.json'], null, true],
  ['the workspace above tells of', ['package.json'], ['node_modules/express/package.json'], true],
  ['Plug’n’Play tells of', ['.pnp.cjs'], null, true],
])('an install: %s', (_project, paths, above, installed) => {
  const tree = (names: readonly string[]) => treeOf(Object.fromEntries(names.map((path) => [path, ''])));
  const workspace = above === null ? null : { tree: tree(above), folder: 'packages/api' };
  expect(isInstalled({ tree: tree(paths), surroundings: { workspace, node: '20.20.2', userAgent: null } })).toBe(
    installed,
  );
});
