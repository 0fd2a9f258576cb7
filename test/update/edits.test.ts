import { describe, expect, test } from 'vitest';
import { readLock } from '../../src/lock/lock.ts';
import type { LockEntry, Plan } from '../../src/model.ts';
import { planRemove } from '../../src/plan/remove.ts';
import { hasConflictMarkers } from '../../src/text/merge.ts';
import { catalogue, hostFor } from '../fixtures.ts';
import { rebuilt, released } from '../released/frozen.ts';
import { treeOf } from '../tree.ts';
import { later, laterRanges, steps } from './later.ts';
import { after, drift, move, type Texts, undone } from './moves.ts';

const left = released.map(({ name, frozen }) => ({ name, frozen, project: rebuilt(frozen, 'defaults') }));

const entryOf = (files: Texts, skill: string): LockEntry => {
  const entry = readLock(treeOf(files)).lock.skills[skill];
  if (entry === undefined) throw new Error(`${skill} is not in the lock.`);
  return entry;
};

const edited = (files: Texts, path: string, edit: (text: string) => string): Texts => {
  const text = edit(files[path] ?? '');
  if (text === files[path]) throw new Error(`The edit of ${path} changes nothing.`);
  return { ...files, [path]: text };
};

/** What is undone, done again and taken out like any update, whatever the user has edited before. */
async function settled(project: Texts, plan: Plan, skill: string, findings: readonly string[]): Promise<Texts> {
  const now = after(project, plan);
  const next = later(catalogue.skill(skill));
  expect(plan.conflicts).toEqual([]);
  expect(await drift(now, next)).toEqual(findings);
  expect(move(next, now, { ranges: laterRanges }).changes, 'a second update does nothing').toEqual([]);
  expect(undone(now, plan), 'undo restores every byte').toEqual(project);
  return now;
}

const withoutOurs = (files: Texts, skill: string): Texts =>
  after(files, planRemove(skill, hostFor({ files, workspace: null }), readLock(treeOf(files)).lock));

describe.each(left)('$name', ({ frozen, project }) => {
  const id = frozen.skill;
  const next = later(catalogue.skill(id));
  const update = (files: Texts, overlap: 'markers' | 'ours' | 'theirs' | 'fail' = 'markers') =>
    move(next, files, { ranges: laterRanges, overlap });
  const clean = after(project, update(project));
  const { files, ops } = entryOf(project, id);
  const changed = files.find(({ path }) => path.includes(`/${steps[id]?.changed}.`))?.path ?? '';
  /** The line that the later version changes. */
  const old = project[changed]?.split('\n').find((line, at) => line !== clean[changed]?.split('\n')[at]) ?? '';

  test('an edit inside, beside what changes, is kept byte for byte', async () => {
    const mine = edited(project, changed, (text) => `// Mine, above.\n${text}\n// Mine, below.`);
    const now = await settled(mine, update(mine), id, [`file-edited ${changed}`]);
    expect(now[changed]).toBe(`// Mine, above.\n${clean[changed]}\n// Mine, below.`);
    expect({ ...now, [changed]: clean[changed] }).toEqual(clean);
  });

  test('an edit of the very line that changes is a conflict, and of that line alone', async () => {
    const mine = edited(project, changed, (text) => text.replace(old, `${old} // Mine.`));
    const plan = update(mine);
    expect(plan.open).toEqual([changed]);
    const now = after(mine, plan);
    expect(hasConflictMarkers(now[changed] ?? '')).toBe(true);
    expect(now[changed]?.match(/^<{7}/gm)).toHaveLength(1);
    expect(now[changed]?.split('\n').length).toBe((clean[changed]?.split('\n').length ?? 0) + 4);
    await settled(mine, plan, id, [`conflict-markers ${changed}`]);
    const ours = await settled(mine, update(mine, 'ours'), id, [`file-edited ${changed}`]);
    expect(ours[changed]).toBe(mine[changed]);
    const taken = await settled(mine, update(mine, 'theirs'), id, []);
    expect(taken).toEqual(clean);
    const refused = update(mine, 'fail');
    expect([refused.changes, refused.conflicts.map(({ path }) => path)]).toEqual([[], [changed]]);
  });

  test('an edit of a file that does not change is kept, and no conflict', async () => {
    const path = files.find(({ kind, path }) => kind === 'managed' && project[path] === clean[path])?.path ?? '';
    const mine = edited(project, path, (text) => `// Mine.\n${text}\n// Mine.`);
    const now = await settled(mine, update(mine), id, [`file-edited ${path}`]);
    expect(now).toEqual({ ...clean, [path]: mine[path] });
  });

  test('a file that the user has deleted stays deleted', async () => {
    const { [changed]: _, ...mine } = project;
    const plan = update(mine);
    expect(plan.notes.filter((note) => note.startsWith(changed))).toEqual([
      `${changed}: left out, because you have deleted it.`,
    ]);
    const now = await settled(mine, plan, id, [`file-missing ${changed}`]);
    expect(Object.keys(now)).not.toContain(changed);
  });

  test('a file that the user has moved stays where it is, as it is', async () => {
    const { [changed]: text = '', ...rest } = project;
    const elsewhere = changed.replace(/([^/]+)$/, 'mine/$1');
    const mine = { ...rest, [elsewhere]: text };
    const now = await settled(mine, update(mine), id, [`file-missing ${changed}`]);
    expect(now[elsewhere]).toBe(text);
    expect(Object.keys(now)).not.toContain(changed);
  });

  test('a file of ours that goes, and was edited, is kept and named', async () => {
    const path = files.find((file) => file.path.includes(`/${steps[id]?.removed}.`))?.path ?? '';
    const mine = edited(project, path, (text) => `${text}\n// Mine.`);
    const plan = update(mine);
    expect(plan.notes).toContain(`${path}: kept, because you have edited it.`);
    const now = await settled(mine, plan, id, []);
    expect(now[path]).toBe(mine[path]);
  });

  test('a file of the user’s in the way of a new one is a conflict that changes nothing', () => {
    const path = changed.replace(steps[id]?.changed ?? '', 'core/later');
    const plan = update({ ...project, [path]: '// Mine.\n' });
    expect([plan.changes, plan.conflicts]).toEqual([
      [],
      [{ path, message: 'is in the way: a file of yours has this name.' }],
    ]);
  });

  test('a project whose files all have CRLF is the same to us, and stays so', async () => {
    const windows = (texts: Texts): Texts =>
      Object.fromEntries(Object.entries(texts).map(([path, text]) => [path, text.replaceAll(/\r?\n/g, '\r\n')]));
    const mine = windows(project);
    expect(move(catalogue.skill(id), mine).changes.map(({ path }) => path)).toEqual([]);
    const plan = update(mine);
    expect(plan.open).toEqual([]);
    const now = await settled(mine, plan, id, []);
    // A file of lines alone that was emptied on the way is new.
    const ours = (texts: Texts) => Object.entries(texts).filter(([path]) => !/^\.(backend-skills\/|env)/.test(path));
    expect(ours(now)).toEqual(ours(windows(clean)));
    const own = edited(mine, changed, (text) => `${text}\r\n// Mine.`);
    const merged = await settled(own, update(own), id, [`file-edited ${changed}`]);
    expect(merged[changed]).toBe(`${windows(clean)[changed]}\r\n// Mine.`);
  });

  // Next finds routes by their files: there is no line to move. Nest's wiring is in its decorators.
  const wired = ops.find(({ op }) => op.op === 'statement')?.op;
  describe.runIf(wired?.op === 'statement')('its line in the host', () => {
    if (wired?.op !== 'statement') return;
    const { file } = wired;
    const lineIn = (text: string): string => {
      const line = text.split('\n').find((one) => one.trim().replace(/;$/, '') === restyled(wired.text, text));
      if (line === undefined) throw new Error(`${wired.text} is not in ${file}.`);
      return line;
    };

    test('stays between what the user has written beside it, and is named', async () => {
      const mine = edited(project, file, (text) => {
        const line = lineIn(text);
        return text.replace(`${line}\n`, `// Mine, above.\n${line}\n// Mine, below.\n`);
      });
      const plan = update(mine);
      expect(plan.notes.join('\n')).toContain('stays where you have it; this version wants it after your routes');
      const now = await settled(mine, plan, id, []);
      expect(now[file]).toBe(mine[file]);
    });

    test('stays out where the user has taken it out, and check says so', async () => {
      const mine = edited(project, file, (text) => text.replace(`${lineIn(text)}\n`, ''));
      const plan = update(mine);
      expect(plan.notes.join('\n')).toContain('stays out, because you have taken it out');
      const now = await settled(mine, plan, id, [`unwired ${file}`]);
      expect(now[file]).toBe(mine[file]);
    });

    test('stays where the user has moved it, and is named', async () => {
      const mine = edited(project, file, (text) => {
        const line = lineIn(text);
        const rest = text.replace(`${line}\n`, '');
        // Above the last statement but in no place of ours.
        return rest.replace(/\n(?=[^\n]*\n?$)/, `\n\n// Moved by me.\n${line}\n\n`);
      });
      const plan = update(mine);
      expect(plan.notes.join('\n')).toContain('stays where you have it; this version wants it after your routes');
      // Where it stands too low, check says so as before; below a body parser it may stand by now.
      const still = await drift(after(mine, plan), next);
      expect(await drift(mine, catalogue.skill(id))).toEqual(expect.arrayContaining(still));
      const now = await settled(mine, plan, id, still);
      expect(now[file]).toBe(mine[file]);
      expect(withoutOurs(now, id)[file]).not.toContain(lineIn(mine[file] ?? '').trim());
    });
  });
});

/** Our line as the host writes it: with its quotes. */
const restyled = (code: string, host: string): string =>
  (host.includes("'") ? code : code.replaceAll("'", '"')).replace(/;$/, '');
