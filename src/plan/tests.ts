import type { Host, Tree } from '../model.ts';

/** Where a test of ours goes so that the host's runner finds it: beside the host's own, else beside the module in `dir`. */
export function testPlace({ tree, profile }: Host, dir: string): { testsFolder: string; testSuffix: string } {
  for (const folder of ['test', 'tests']) {
    // A pattern of the runner's that is not quoted goes as deep as its stars, so neither higher nor deeper than theirs.
    for (const testsFolder of [folder, ...foldersIn(tree, folder)]) {
      const suffix = tree.list(testsFolder).flatMap((name) => /\.(?:test|spec)(?=\.[cm]?[jt]sx?$)/.exec(name) ?? [])[0];
      if (suffix !== undefined) return { testsFolder, testSuffix: suffix };
    }
  }
  const runner = profile.testRunner.value;
  // Mocha looks nowhere else; what Nest generates has Jest look for .spec alone.
  if (runner === 'mocha') return { testsFolder: 'test', testSuffix: '.test' };
  const isSpec = profile.framework.value === 'nest' && (runner === 'jest' || runner === 'vitest');
  return { testsFolder: dir, testSuffix: isSpec ? '.spec' : '.test' };
}

/** The folders in a folder of tests, that of the routes' first; what a browser runs is another runner's. */
function foldersIn(tree: Tree, folder: string): string[] {
  const all = tree.list(folder).flatMap((name) => (name.endsWith('/') ? [name.slice(0, -1)] : []));
  const names = all.filter((name) => !/e2e|browser|playwright|cypress/.test(name));
  const isRoutes = (name: string): number => Number(/^(?:routes?|api|http)$/.test(name));
  return names.sort((a, b) => isRoutes(b) - isRoutes(a)).map((name) => `${folder}/${name}`);
}
