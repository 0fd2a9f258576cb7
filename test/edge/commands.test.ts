import { describe, expect, test } from 'vitest';
import { openForWriting } from '../../src/commands/session.ts';
import type { Files } from '../../src/edge/files.ts';
import { UserError } from '../../src/errors.ts';
import { shop } from '../commands/projects.ts';
import { type CommandName, commands, contextOn, root } from './commands.ts';
import { diskOf, type Fault, type Faulty, faultyEverywhere, inMemory, photo, type Seen } from './faults.ts';

const names = Object.keys(commands) as CommandName[];

const started = (): Files =>
  inMemory({
    ...Object.fromEntries(Object.entries(shop).map(([path, text]) => [`${root}/${path}`, text])),
    '/state/note': '',
  });

const ready = started();
expect(await commands.add(contextOn(diskOf(ready)))).toBe(0);
const added = Object.fromEntries(
  [root, '/state'].flatMap((folder) =>
    Object.entries(photo(ready, folder)).flatMap(([path, seen]) =>
      path.endsWith('/') ? [] : [[`${folder}/${path}`, Buffer.from(seen.slice(4), 'latin1').toString()] as const],
    ),
  ),
);

/** A disk on which a command is about to run: what it works on is there. */
const before = (name: CommandName): Files => (name === 'add' ? started() : inMemory(added));

const here = (files: Files): Seen => photo(files, root);
const same = (one: Seen, other: Seen): boolean => JSON.stringify(one) === JSON.stringify(other);

interface Try {
  inner: Files;
  wrapped: Faulty;
  error: unknown;
}

async function tryAt(name: CommandName, fault: Fault | null): Promise<Try> {
  const inner = before(name);
  const wrapped = faultyEverywhere(inner, fault);
  try {
    await commands[name](contextOn(diskOf(wrapped.files)));
    return { inner, wrapped, error: null };
  } catch (error) {
    return { inner, wrapped, error };
  }
}

/** How the next command that writes begins: it finishes or undoes what it finds, and says so. */
function nextRun(files: Files): string[] {
  const said: string[] = [];
  openForWriting(contextOn(diskOf(files, 200), said));
  return said;
}

describe.each(names)('%s', (name) => {
  test('killed at every call to the file system is as before or as planned after the next run, which says so', async () => {
    const start = here(before(name));
    const whole = await tryAt(name, null);
    expect(whole.error).toBeNull();
    const end = here(whole.inner);
    expect(same(start, end)).toBe(false);
    const count = { tried: 0, before: 0, planned: 0, said: 0 };
    for (let at = 1; at <= whole.wrapped.calls(); at++) {
      const { inner, wrapped } = await tryAt(name, { at, how: 'kill' });
      expect(wrapped.killed(), `call ${at}`).toBe(true);
      const dirty = Object.keys(here(inner)).some(
        (path) => path.includes('journal/journal.json') && !path.endsWith('tmp'),
      );
      const said = nextRun(inner);
      const now = here(inner);
      const planned = same(now, end);
      expect(now, `${name} killed at call ${at}`).toEqual(planned ? end : start);
      if (dirty) expect(said, `call ${at}`).toEqual([expect.stringContaining(planned ? 'finished' : 'undone')]);
      else expect(said, `call ${at}`).toEqual([]);
      expect(nextRun(inner), `a second look after call ${at}`).toEqual([]);
      count.tried += 1;
      count[planned ? 'planned' : 'before'] += 1;
      count.said += said.length;
    }
    process.stdout.write(
      `${name}: killed at each of ${count.tried} calls: ${count.before} as before, ${count.planned} as planned, ${count.said} told by the next run.\n`,
    );
    expect(count.tried).toBeGreaterThan(200);
    expect(Math.min(count.before, count.planned, count.said)).toBeGreaterThan(5);
  });

  test.each([
    { code: 'EIO', from: 1, step: 1 },
    { code: 'ENOSPC', from: 1, step: 1 },
    { code: 'EACCES', from: 1, step: 1 },
    { code: 'EROFS', from: 3, step: 4 },
    { code: 'EMFILE', from: 4, step: 4 },
  ])('that meets $code fails clearly, and leaves nothing', async ({ code, from, step }) => {
    const start = here(before(name));
    const whole = await tryAt(name, null);
    expect(whole.error).toBeNull();
    const end = here(whole.inner);
    expect(same(start, end)).toBe(false);
    const count = { tried: 0, refused: 0, went: 0, atOnce: 0 };
    for (let at = from; at <= whole.wrapped.calls(); at += step) {
      const { inner, error } = await tryAt(name, { at, how: { code, lasting: false } });
      count.tried += 1;
      const went = error === null;
      count[went ? 'went' : 'refused'] += 1;
      if (!went) {
        const shown = error instanceof Error ? error.stack : String(error);
        expect(error, `${name} with ${code} at call ${at}: ${shown}`).toBeInstanceOf(UserError);
        if (same(here(inner), start)) count.atOnce += 1;
      }
      nextRun(inner);
      expect(here(inner), `${name} with ${code} at call ${at}`).toEqual(went ? end : start);
    }
    process.stdout.write(
      `${name}: ${code} at ${count.tried} of ${whole.wrapped.calls()} calls: ${count.refused} refused (${count.atOnce} clean at once), ${count.went} done all the same.\n`,
    );
    expect(count.refused).toBeGreaterThan(30);
  });
});

test.each([
  ['before there were clocks', '1970-01-01T00:00:00Z'],
  ['a century on', '2126-01-01T00:00:00Z'],
])('a clock that jumps between two commands (%s) changes nothing about what they do', async (_when, then) => {
  const files = started();
  const texts = (): Seen => Object.fromEntries(Object.entries(here(files)).filter(([path]) => !path.endsWith('/')));
  const start = texts();
  expect(await commands.add(contextOn(diskOf(files)))).toBe(0);
  expect(await commands.update(contextOn(diskOf(files), [], then))).toBe(0);
  expect(await commands.remove(contextOn(diskOf(files), [], then))).toBe(0);
  expect(texts()).toEqual(start);
});
