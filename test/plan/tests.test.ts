import { describe, expect, test } from 'vitest';
import { testPlace } from '../../src/plan/tests.ts';
import { hostOf } from '../frameworks/hosts.ts';

describe('a test of ours goes', () => {
  const beside = { testsFolder: 'src/webhooks', testSuffix: '.test' };
  test.each<[title: string, paths: string[], place: ReturnType<typeof testPlace>]>([
    ['beside the module where the host has none', [], beside],
    ['to the folder of the host’s', ['test/app.spec.ts'], { testsFolder: 'test', testSuffix: '.spec' }],
    ['beside those of the first level', ['tests/a/b.test.ts', 'tests/c.test.ts'], { ...beside, testsFolder: 'tests' }],
    [
      'to the folder of the routes’ tests',
      ['test/helper.ts', 'test/plugins/support.test.ts', 'test/routes/root.test.ts'],
      { ...beside, testsFolder: 'test/routes' },
    ],
    ['as deep as the host’s', ['test/unit/add.test.ts'], { ...beside, testsFolder: 'test/unit' }],
    ['not among those of a browser', ['test/e2e/login.spec.ts'], beside],
  ])('%s', (_title, paths, place) => {
    const files = Object.fromEntries(paths.map((path) => [path, '']));
    expect(testPlace(hostOf('fastify', { 'src/app.ts': '', ...files }), 'src/webhooks')).toEqual(place);
  });
});
