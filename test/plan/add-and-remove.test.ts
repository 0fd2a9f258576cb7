import { describe, expect, test } from 'vitest';
import { readLock } from '../../src/lock/lock.ts';
import type { Skill } from '../../src/model.ts';
import { refuseConflicts } from '../../src/plan/add.ts';
import { bareHost } from '../../src/plan/bare.ts';
import { draftOf, treeAfter } from '../../src/plan/draft.ts';
import { exampleSkill } from '../fixtures.ts';
import { treeOf } from '../tree.ts';
import { added, after, edited, host, ping, planFor, removal, shop, without } from './project.ts';

const pong = 'src/ping/pong.ts';
/** The skill with another text of pong.ts: what a newer version of it is. */
const newer = (change: (text: string) => string): Skill => ({
  ...exampleSkill,
  version: '0.2.0',
  texts: new Map([...exampleSkill.texts].map(([path, text]) => [path, path === 'core/pong.ts' ? change(text) : text])),
});
const documented = newer((text) => text.replace('The answer to a ping.', 'What a ping is answered with.'));

describe('a draft', () => {
  const files = { 'a.ts': 'a', 'b/c.ts': 'c' };

  test('reads what was written over what is there', () => {
    const draft = draftOf(treeOf(files));
    draft.write('a.ts', 'A');
    draft.write('b/c.ts', null);
    expect([draft.read('a.ts'), draft.read('b/c.ts'), draft.read('d.ts')]).toEqual(['A', null, null]);
  });

  test('changes nothing where the text is the same in the end', () => {
    const draft = draftOf(treeOf(files));
    draft.write('a.ts', 'A');
    draft.write('a.ts', 'a');
    draft.write('never.ts', null);
    expect(draft.changes()).toEqual([]);
  });

  test('gives its changes in the order of the paths', () => {
    const draft = draftOf(treeOf(files));
    for (const path of ['z.ts', 'b/c.ts', 'a.ts']) draft.write(path, 'new');
    expect(draft.changes().map(({ path }) => path)).toEqual(['a.ts', 'b/c.ts', 'z.ts']);
  });

  test('seen as a tree lists what was made and not what was deleted', () => {
    const tree = treeAfter(treeOf(files), [
      { path: 'b/d/e.ts', before: null, after: 'e' },
      { path: 'a.ts', before: 'a', after: null },
    ]);
    expect([tree.list(''), tree.list('b'), tree.list('b/d')]).toEqual([['b/'], ['c.ts', 'd/'], ['e.ts']]);
    expect([tree.has('a.ts'), tree.has('b/d/e.ts'), tree.has('b/c.ts')]).toEqual([false, true, true]);
  });
});

describe('a file of ours, by what it was, is and should be', () => {
  test.each([
    { name: 'same: nothing', mine: (text: string) => text, skill: exampleSkill, becomes: 'mine', note: null },
    { name: 'outdated: replaced', mine: (text: string) => text, skill: documented, becomes: 'theirs', note: null },
    {
      name: 'edited: kept',
      mine: (text: string) => `${text}// mine\n`,
      skill: exampleSkill,
      becomes: 'mine',
      note: null,
    },
    {
      name: 'diverged apart: both',
      mine: (text: string) => `${text}\n\n\n// mine\n`,
      skill: documented,
      becomes: 'both',
      note: /changed around your edits/,
    },
  ])('is $name', ({ mine, skill, becomes, note }) => {
    const before = added();
    const theirs = added(shop, ping)[pong]?.replace('The answer to a ping.', 'What a ping is answered with.');
    const files = { ...before, [pong]: mine(before[pong] ?? '') };
    const plan = planFor(files, ping, { skill });
    const text = after(files, plan)[pong] ?? '';
    if (becomes === 'mine') expect(text).toBe(files[pong]);
    if (becomes === 'theirs') expect(text).toBe(theirs);
    if (becomes === 'both') expect([text.includes('// mine'), text.includes('What a ping')]).toEqual([true, true]);
    expect(plan.conflicts).toEqual([]);
    expect(plan.notes.join('\n')).toMatch(note ?? /^$/);
  });

  test('that the user has deleted stays deleted', () => {
    const files = without(added(), pong);
    const plan = planFor(files, ping, { skill: documented });
    expect(after(files, plan)[pong]).toBeUndefined();
    expect(plan.notes).toEqual([`${pong}: left out, because you have deleted it.`]);
  });

  test('that both have changed in the same line is a conflict that changes nothing', () => {
    const files = edited(added(), pong, (text) => text.replace('The answer to a ping.', 'Mine.'));
    const plan = planFor(files, ping, { skill: documented });
    expect(plan.changes).toEqual([]);
    expect(plan.conflicts.map(({ path }) => path)).toEqual([pong]);
    expect(() => refuseConflicts(plan)).toThrow(/cannot be added without touching files of yours/);
  });

  test('that is the user’s from the start is never written again', () => {
    const short = 'src/ping/greetings/short.ts';
    const files = { ...added(), [short]: '// mine\n' };
    const texts = new Map([...exampleSkill.texts].map(([path, text]) => [path, `${text}// newer\n`]));
    const plan = planFor(files, ping, { skill: { ...exampleSkill, texts: new Map([...texts, ['skill.json', '']]) } });
    expect(plan.changes.map(({ path }) => path)).not.toContain(short);
  });

  test('that is not wanted any more goes, unless it was edited', () => {
    const both = added(shop, { ...ping, greeting: ['short', 'long'] });
    const plan = planFor(both, ping);
    expect(Object.keys(after(both, plan))).toEqual(Object.keys(added()));
    const mine = edited(both, 'src/ping/greetings/long.ts', (text) => `${text}// mine\n`);
    const kept = planFor(mine, ping);
    expect(after(mine, kept)['src/ping/greetings/long.ts']).toContain('// mine');
    expect(kept.notes).toEqual(['src/ping/greetings/long.ts: kept, because you have edited it.']);
  });
});

describe('a file of the user’s in our place', () => {
  const files = { ...shop, [pong]: '// mine\n' };

  test('is a conflict', () => {
    expect(planFor(files)).toMatchObject({ changes: [], conflicts: [{ path: pong }] });
  });

  test('is kept as .orig with force', () => {
    const plan = planFor(files, ping, { force: true });
    expect(after(files, plan)[`${pong}.orig`]).toBe('// mine\n');
    expect(plan.notes).toEqual([`${pong}: your file is kept as ${pong}.orig.`]);
  });

  test('is a conflict where it is the same, too: remove would delete it', () => {
    const files = { ...shop, [pong]: added()[pong] ?? '' };
    expect(planFor(files).conflicts).toEqual([{ path: pong, message: expect.stringContaining('the very text') }]);
  });
});

describe('remove', () => {
  test('restores every byte', () => {
    expect(after(added(), removal(added()))).toEqual(shop);
  });

  test('keeps the user’s edit of our line, and names it', () => {
    const files = edited(added(), 'src/server.ts', (text) =>
      text.replace("app.use('/ping', ping);", "app.use('/pong', ping);"),
    );
    const plan = removal(files);
    expect(after(files, plan)['src/server.ts']).toContain("app.use('/pong', ping);");
    expect(plan.notes).toEqual([
      expect.stringMatching(/^src\/server\.ts: .*was edited since it was added; take out what is left of `ping`/),
    ]);
    expect(after(files, plan)['.backend-skills/lock.json']).toBeUndefined();
  });

  test('says nothing of a line that the user has taken out', () => {
    const files = edited(added(), 'src/server.ts', (text) => text.replace("app.use('/ping', ping);\n", ''));
    expect(removal(files).notes).toEqual([]);
    expect(after(files, removal(files))).toEqual(shop);
  });

  test('keeps a file that we made where the user has written in it', () => {
    const files = edited(added(), '.env.example', (text) => `MINE=1\n${text}`);
    expect(after(files, removal(files))).toEqual({ ...shop, '.env.example': 'MINE=1\n' });
  });

  test('leaves what was there before us', () => {
    const mine = { ...shop, '.env.example': 'PING_GREETING=hello\n' };
    const with_ = added(mine);
    expect(
      readLock(host(with_).tree).lock.skills.ping?.ops.find(({ op }) => op.file === '.env.example')?.standing,
    ).toBe('already');
    expect(after(with_, removal(with_))).toEqual(mine);
  });

  test('installs only where it took a dependency out', () => {
    expect(removal(added()).commands).toEqual([]);
    expect(removal(added(shop, { ...ping, client: true })).commands).toEqual([{ kind: 'install', text: 'npm' }]);
  });

  test('asks a person to take out what a person has pasted', () => {
    const files = added({ ...shop, 'src/server.ts': 'export {};\n' });
    expect(removal(files).steps.map(({ title }) => title)).toEqual([
      expect.stringMatching(/^Take out by hand what you pasted/),
    ]);
  });
});

describe('the host without a module', () => {
  test('is the host as it was', () => {
    const with_ = host(added());
    const bare = bareHost(with_, readLock(with_.tree).lock.skills.ping ?? null);
    for (const [path, text] of Object.entries(shop)) expect(bare.tree.read(path)).toBe(text);
    expect(bare.tree.has(pong)).toBe(false);
  });

  test('is the host where nothing is recorded', () => {
    const here = host(shop);
    expect(bareHost(here, null)).toBe(here);
  });
});
