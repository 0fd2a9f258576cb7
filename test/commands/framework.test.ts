import { expect, test } from 'vitest';
import { refuseHomeless } from '../../src/commands/add.ts';
import { hostOf } from '../../src/commands/session.ts';
import { surroundings, treeOf } from '../tree.ts';

test.each(['express', 'fastify'] as const)('%s, once it is asked for, is not in question', (framework) => {
  const tree = treeOf({ 'package.json': '{"dependencies":{"express":"*","fastify":"*"}}' });
  const session = { root: '/', workspaceRoot: null, tree, surroundings: surroundings() };
  expect(() => refuseHomeless(hostOf(session, null))).toThrow(/Fastify and Express/);
  expect(refuseHomeless(hostOf(session, framework)).profile.framework.value).toBe(framework);
});
