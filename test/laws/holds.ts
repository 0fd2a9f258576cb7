import { expect } from 'vitest';
import { UserError } from '../../src/errors.ts';
import { readLock } from '../../src/lock/lock.ts';
import type { Change, Choices, Host, Skill } from '../../src/model.ts';
import { planAdd } from '../../src/plan/add.ts';
import { bareHost } from '../../src/plan/bare.ts';
import { check } from '../../src/plan/check.ts';
import { desire, siteOf } from '../../src/plan/desire.ts';
import { treeAfter } from '../../src/plan/draft.ts';
import { planRemove } from '../../src/plan/remove.ts';
import { hostFacts, moduleFolder } from '../../src/plan/wanted.ts';
import { type Answer, choicesOf, decide } from '../../src/skills/choose.ts';
import { unifiedDiff } from '../../src/text/diff.ts';
import { catalogue, exampleSkill, fixtures, hostFor } from '../fixtures.ts';
import { covering } from '../hosts/pairwise.ts';

const stamp = '20260102030405';
const ranges = catalogue.ranges();
const skills = [exampleSkill, ...catalogue.manifests().map(({ id }) => catalogue.skill(id))];

/** One row per skill and fixture. */
export const rows = skills.flatMap((skill) =>
  fixtures.map((fixture) => ({ skill, fixture, name: `${skill.id} on ${fixture.name}` })),
);

/** A row with answers to all that is asked. */
export interface Combination {
  row: (typeof rows)[number];
  choices: Choices;
}

/** Plans a skill on a host with the given choices, and expects every law to hold. */
export async function holdLaws(
  skill: Skill,
  host: Host,
  files: Readonly<Record<string, string>>,
  choices: Choices,
): Promise<void> {
  const about = `${skill.id} ${JSON.stringify(choices)}`;
  const added = add(skill, host, choices);
  expect(added.conflicts, about).toEqual([]);
  const after = hostAfter(host, added.changes);

  const again = add(skill, after, choices).changes.flatMap(({ path, before, after }) =>
    unifiedDiff(before, after, path),
  );
  expect(again, `${about}: adding twice changes nothing`).toEqual([]);
  const drift = (await check(after, [], { [skill.id]: skill.version })).filter(({ rule }) => rule !== 'step-open');
  expect(drift, `${about}: nothing has drifted`).toEqual([]);
  const removed = planRemove(skill.id, after, readLock(after.tree).lock);
  expect(
    contents(hostAfter(after, removed.changes), [added.changes, removed.changes], files),
    `${about}: removing restores every byte`,
  ).toEqual(files);
  expect(removed.notes, `${about}: and leaves nothing behind`).toEqual([]);
  expect(contents(hostAfter(after, inverted(added.changes)), [added.changes], files), `${about}: so does undo`).toEqual(
    files,
  );
  // The host's own files change by added lines only.
  for (const { path, before, after: text } of added.changes) {
    if (before !== null && text !== null)
      expect(isGrown(before, text), `${about}: ${path} keeps every line of the host's`).toBe(true);
  }
}

/** The plan that adds a skill to a host, its documents too. */
export function add(skill: Skill, host: Host, choices: Choices) {
  const lock = readLock(host.tree).lock;
  const bare = bareHost(host, lock.skills[skill.id] ?? null);
  const dir = moduleFolder(bare, skill.folder);
  const wanted = desire(skill, bare, siteOf(bare), choices, { dir, stamp, docs: true }, ranges);
  return planAdd({
    skill,
    host,
    lock,
    choices: { ...choices, dir, docs: true },
    desire: wanted,
    stamp,
    policy: { force: false, overlap: 'fail' },
  });
}

/** The host after a plan's changes. */
export const hostAfter = (host: Host, changes: readonly Change[]): Host => ({
  ...host,
  tree: treeAfter(host.tree, changes),
});

export const inverted = (changes: readonly Change[]): Change[] =>
  changes.map(({ path, before, after }) => ({ path, before: after, after: before }));

/** What is in a host now: its own files, and every path that was ever written. */
function contents(
  host: Host,
  changes: readonly (readonly Change[])[],
  files: Readonly<Record<string, string>>,
): Record<string, string> {
  const paths = new Set([...Object.keys(files), ...changes.flat().map(({ path }) => path)]);
  return Object.fromEntries(
    [...paths].flatMap((path) => {
      const text = host.tree.read(path);
      return text === null ? [] : [[path, text]];
    }),
  );
}

/** True where `before` can be had from `after` by leaving out characters: nothing of it was lost or reordered. */
export function isGrown(before: string, after: string): boolean {
  let at = 0;
  for (const character of before) {
    at = after.indexOf(character, at) + 1;
    if (at === 0) return false;
  }
  return true;
}

/** Every combination of a skill's choices that is offered on a host: each value of a list alone, and all of them. */
export function everyChoice(skill: Skill, host: Host): Choices[] {
  const facts = hostFacts(host, siteOf(host));
  let partial: Record<string, Answer>[] = [{}];
  for (const [name, choice] of Object.entries(skill.choices)) {
    partial = partial.flatMap((asked) => {
      const decision = attempt(() => decide(skill, facts, asked, null))?.find((each) => each.name === name);
      if (decision === undefined) return [asked];
      if (choice.kind === 'flag') return [true, false].map((value) => ({ ...asked, [name]: value }));
      if (choice.kind === 'text') return [asked];
      const values: Answer[] =
        choice.kind === 'many'
          ? [...decision.offered.map((value) => [value]), [...decision.offered]]
          : [...decision.offered];
      return values.map((value) => ({ ...asked, [name]: value }));
    });
  }
  return partial.flatMap((asked) => attempt(() => [choicesOf(decide(skill, facts, asked, null))]) ?? []);
}

/** What changes which files a skill writes, beside the choices. */
const kindOf = ({ profile }: Host): string =>
  [profile.framework, profile.nestPlatform, profile.nextRouter, profile.language, profile.moduleSystem, profile.runtime]
    .map(({ value }) => value)
    .join(' ');

/**
 * So many of all combinations that each fixture has each of its choices, and that each two choices which can be had
 * together stand together on a project of each kind.
 */
export function tried(all: readonly Combination[]): Combination[] {
  const keysOf = ({ row, choices }: Combination): string[] => {
    const values = valuesOf(choices);
    const pairs = values.flatMap((one, at) => values.slice(at + 1).map((other) => `${one} ${other}`));
    return [...values.map((one) => `${row.name} ${one}`), ...pairs];
  };
  const groupOf = ({ row }: Combination): string => `${row.skill.id} ${kindOf(hostFor(row.fixture))}`;
  // Group by group: one of one group has nothing for another.
  const groups = new Map<string, Combination[]>();
  for (const one of all) groups.set(groupOf(one), [...(groups.get(groupOf(one)) ?? []), one]);
  return [...groups.values()].flatMap((group) => covering(group, keysOf));
}

/** Each choice with its answer, in words. */
export const valuesOf = (choices: Choices): string[] =>
  Object.entries(choices).map(([name, value]) => `${name}=${JSON.stringify(value)}`);

/** A refusal is an answer here: the combination is not offered. */
function attempt<T>(work: () => T): T | null {
  try {
    return work();
  } catch (error) {
    if (error instanceof UserError) return null;
    throw error;
  }
}
