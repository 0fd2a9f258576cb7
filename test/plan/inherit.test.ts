import { describe, expect, test } from 'vitest';
import { lockPath, readLock } from '../../src/lock/lock.ts';
import type { Host, Skill } from '../../src/model.ts';
import { planAdd } from '../../src/plan/add.ts';
import { bareHost } from '../../src/plan/bare.ts';
import { desire, siteOf } from '../../src/plan/desire.ts';
import { treeAfter } from '../../src/plan/draft.ts';
import { planRemove } from '../../src/plan/remove.ts';
import { hostFacts, moduleFolder } from '../../src/plan/wanted.ts';
import { choicesOf, decide } from '../../src/skills/choose.ts';
import { catalogue, exampleSkill, fixtures, hostFor } from '../fixtures.ts';

const webhook = catalogue.skill('webhook');
const stamp = '20260102030405';

function added(host: Host, skill: Skill): Host {
  const { lock } = readLock(host.tree);
  const bare = bareHost(host, lock.skills[skill.id] ?? null);
  const choices = choicesOf(decide(skill, hostFacts(bare, siteOf(bare)), {}, null));
  const dir = moduleFolder(bare, skill.folder);
  const wanted = desire(skill, bare, siteOf(bare), choices, { dir, stamp, docs: false }, catalogue.ranges());
  const policy = { force: false, overlap: 'fail' } as const;
  const plan = planAdd({ skill, host, lock, choices: { ...choices, dir }, desire: wanted, stamp, policy });
  return { ...host, tree: treeAfter(host.tree, plan.changes) };
}

const removed = (host: Host, { id }: Skill): Host => ({
  ...host,
  tree: treeAfter(host.tree, planRemove(id, host, readLock(host.tree).lock).changes),
});

/** Every file of the fixture as it is now; what was made beside them is in the lock's folder or named by the plans. */
const filesIn = (host: Host, files: Readonly<Record<string, string>>) =>
  Object.fromEntries(Object.keys(files).map((path) => [path, host.tree.read(path)]));

describe('two skills on one host', () => {
  test.each(fixtures.map((fixture) => ({ fixture, name: fixture.name })))(
    'give back every byte of $name in whichever order they go',
    ({ fixture }) => {
      const orders = [
        [exampleSkill, webhook],
        [webhook, exampleSkill],
      ];
      for (const coming of orders) {
        const both = coming.reduce(added, hostFor(fixture));
        for (const going of orders) {
          const after = going.reduce(removed, both);
          expect(filesIn(after, fixture.files)).toEqual(fixture.files);
          expect(after.tree.has(lockPath)).toBe(false);
        }
      }
    },
  );
});
