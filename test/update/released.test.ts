import { describe, expect, test } from 'vitest';
import { readLock } from '../../src/lock/lock.ts';
import { planRemove } from '../../src/plan/remove.ts';
import { catalogue, hostFor } from '../fixtures.ts';
import { rebuilt, released, type Variant } from '../released/frozen.ts';
import { treeOf } from '../tree.ts';
import { later, laterRanges, laterVersion, steps } from './later.ts';
import { after, drift, move, type Texts, undone } from './moves.ts';

const variants: readonly Variant[] = ['defaults', 'rich'];

/** Every project that a release has left, by name. */
const left = released.flatMap(({ name, frozen }) =>
  variants.map((variant) => ({ name: `${name}, ${variant}`, frozen, project: rebuilt(frozen, variant) })),
);

const lockOf = (files: Texts) => readLock(treeOf(files)).lock;
const variables = (files: Texts): string[] => (files['.env.example'] ?? '').split('\n').sort();

/** Files that are the user's from the start: another version may have other texts for them. */
const owned = (files: Texts, skill: string): string[] =>
  lockOf(files).skills[skill]?.files.flatMap(({ path, kind }) => (kind === 'owned' ? [path] : [])) ?? [];

test('every built-in skill has been frozen at its version, in six hosts', () => {
  const folders = new Map<string, number>();
  for (const { frozen } of released) {
    const name = `${frozen.skill} ${frozen.version}`;
    folders.set(name, (folders.get(name) ?? 0) + 1);
  }
  for (const { id, version } of catalogue.manifests())
    expect(folders.get(`${id} ${version}`), `run \`npm run freeze\` for ${id} ${version}`).toBe(6);
});

describe.each(left)('$name', ({ frozen, project }) => {
  const skill = catalogue.skill(frozen.skill);
  const next = later(skill);
  const newer = move(next, project, { ranges: laterRanges });
  const now = after(project, newer);

  test('has a lock that today’s version reads, and takes out to the last byte', () => {
    const { lock, fault } = readLock(treeOf(project));
    expect(fault).toBeNull();
    expect(lock.skills[frozen.skill]?.version).toBe(frozen.version);
    const removed = planRemove(frozen.skill, hostFor({ files: project, workspace: null }), lock);
    expect(after(project, removed)).toEqual(frozen.host);
  });

  test('has nothing to update where the version is the same; else it updates cleanly', async () => {
    const plan = move(skill, project);
    if (frozen.version === skill.version)
      expect(
        plan.changes.map(({ path }) => path),
        'what is written has changed: run `npm run freeze` before a release, raise the version after it',
      ).toEqual([]);
    expect(plan.conflicts).toEqual([]);
    expect(plan.open).toEqual([]);
    expect(await drift(after(project, plan), skill)).toEqual([]);
  });

  test('updates to what adding the later version gives, the user’s own files aside', async () => {
    const { dir: _, docs: __, ...asked } = lockOf(project).skills[frozen.skill]?.choices ?? {};
    const fresh = after(frozen.host, move(next, frozen.host, { asked, ranges: laterRanges }));
    const theirs = new Set([...owned(now, frozen.skill), '.backend-skills/lock.json', '.env.example']);
    const rest = (files: Texts) => Object.entries(files).filter(([path]) => !theirs.has(path));
    expect(rest(now)).toEqual(rest(fresh));
    expect(variables(now)).toEqual(variables(fresh));
    expect(newer.open).toEqual([]);
    expect(await drift(now, next)).toEqual([]);
  });

  test('keeps the user’s own files as they are, migrations too', () => {
    const paths = owned(project, frozen.skill);
    expect(paths.length).toBeGreaterThan(0);
    for (const path of paths) expect(now[path], path).toBe(project[path]);
  });

  test('follows the variables, the ranges, the files, the slot and the new choice', () => {
    const [from, to] = steps[frozen.skill]?.renamed ?? ['', ''];
    const names = (files: Texts) => variables(files).map((line) => line.split('=')[0]);
    expect(names(now).includes(to)).toBe(names(project).includes(from) && !names(frozen.host).includes(from));
    expect(names(now).includes(from)).toBe(names(frozen.host).includes(from));
    const entry = lockOf(now).skills[frozen.skill];
    expect(entry?.version).toBe(laterVersion);
    expect(entry?.choices.mode).toBe('fast');
    for (const { op } of entry?.ops ?? []) {
      if (op.op === 'statement') expect(op.slot).toBe('routes');
      if (op.op === 'json' && /dependencies/i.test(op.path[0] ?? '')) expect(op.value).toBe('^99.0.0');
    }
    const dir = String(entry?.choices.dir);
    const has = (name: string) => Object.keys(now).some((path) => path.startsWith(`${dir}/${name}.`));
    expect([has('core/later'), has('core/mode'), has(steps[frozen.skill]?.removed ?? '')]).toEqual([true, true, false]);
  });

  test('does nothing at a second update, and is undone to the last byte', () => {
    expect(move(next, now, { ranges: laterRanges }).changes).toEqual([]);
    expect(undone(now, newer)).toEqual(project);
  });

  test('is still taken out to the last byte after the update', () => {
    const removed = planRemove(frozen.skill, hostFor({ files: now, workspace: null }), lockOf(now));
    expect(after(now, removed)).toEqual(frozen.host);
  });
});
