import { describe, expect, test } from 'vitest';
import type { FrameworkId } from '../../src/model.ts';
import { choicesToTry, lawsBroken } from '../../src/plan/trial.ts';
import { faultsOf, loadForeign } from '../../src/skills/foreign.ts';
import { skeletonOf } from '../../src/skills/skeleton.ts';
import { fixtures, hostFor } from '../fixtures.ts';

const all: readonly FrameworkId[] = ['express', 'fastify', 'hono', 'nest', 'next'];

describe('the skeleton of a new skill', () => {
  test.each([...all.map((framework) => [framework]), [...all]])('has no fault for %s', (...frameworks) => {
    expect(faultsOf(skeletonOf({ id: 'audit-log-2', frameworks }))).toEqual([]);
  });

  const skill = loadForeign('./x', skeletonOf({ id: 'audit-log', frameworks: all }), { from: './x', resolved: './x' });

  test.each(fixtures)('breaks no law on $name', async (fixture) => {
    const host = hostFor(fixture);
    for (const choices of choicesToTry(skill, host))
      expect(await lawsBroken(skill, host, fixture.files, choices, {})).toEqual([]);
  });
});

test('a skill whose code does not parse is told of', async () => {
  const texts = new Map([
    ...skeletonOf({ id: 'audit-log', frameworks: ['express'] }),
    ['core/answer.ts', 'export const = 1;\n'],
  ]);
  const skill = loadForeign('./x', texts, { from: './x', resolved: './x' });
  const fixture = fixtures.find(({ name }) => name === 'express5-ts-esm');
  if (fixture === undefined) throw new Error('There is no such fixture.');
  const broken = await lawsBroken(skill, hostFor(fixture), fixture.files, { path: '/audit-log' }, {});
  expect(broken).toMatchObject([
    {
      law: 'it can be planned',
      detail:
        'The skill "./x" is not valid: "core/answer.ts" becomes src/audit-log/answer.ts, which is not valid code.',
    },
  ]);
});
