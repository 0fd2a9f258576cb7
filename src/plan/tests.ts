import type { Host } from '../model.ts';

/** Where a test of ours goes so that the host's runner finds it: beside the host's own, else beside the module in `dir`. */
export function testPlace({ tree, profile }: Host, dir: string): { testsFolder: string; testSuffix: string } {
  for (const folder of ['test', 'tests']) {
    const suffix = tree.list(folder).flatMap((name) => /\.(?:test|spec)(?=\.[cm]?[jt]sx?$)/.exec(name) ?? [])[0];
    if (suffix !== undefined) return { testsFolder: folder, testSuffix: suffix };
  }
  const runner = profile.testRunner.value;
  // Mocha looks nowhere else; what Nest generates has Jest look for .spec alone.
  if (runner === 'mocha') return { testsFolder: 'test', testSuffix: '.test' };
  const isSpec = profile.framework.value === 'nest' && (runner === 'jest' || runner === 'vitest');
  return { testsFolder: dir, testSuffix: isSpec ? '.spec' : '.test' };
}
