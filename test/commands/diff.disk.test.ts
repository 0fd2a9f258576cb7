import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { clearPlaces, documentOf, laterProgram, type Place, place, ready } from './program.ts';
import { shop } from './projects.ts';

beforeAll(ready);
afterAll(clearPlaces);

const pong = 'src/ping/pong.ts';
const greeting = 'src/ping/greetings/short.ts';

async function withPing(): Promise<Place> {
  const host = place(shop);
  const ran = await host.run(['add', 'ping', '--no-install']);
  expect(ran.code, ran.stderr).toBe(0);
  return host;
}

const edit = (host: Place, path: string, change: (text: string) => string): void =>
  host.write(path, change(host.read(path)));

describe('diff', () => {
  test('shows the edits in our files, not in those that were yours from the start', async () => {
    const host = await withPing();
    expect((await host.run(['diff'])).code).toBe(0);
    edit(host, pong, (text) => `${text}// Mine.\n`);
    edit(host, greeting, (text) => `${text}// Mine.\n`);
    const ran = await host.run(['diff', '--json']);
    expect(ran.code).toBe(1);
    expect(documentOf(ran, 'diff')).toMatchObject({
      against: 'written',
      files: [{ skill: 'ping', path: pong, standing: 'edited', diff: expect.stringContaining('+// Mine.') }],
    });
    const shown = await host.run(['diff']);
    expect(shown.code).toBe(1);
    expect(shown.stdout).toMatch(/^~ src\/ping\/pong\.ts {2}\(ping: edited by you\)\n[\s\S]*\+\/\/ Mine\./);
  });
});

describe('diff --update', () => {
  const later = (): string =>
    laterProgram((templates) => {
      const file = join(templates, 'example-skill/core/pong.ts');
      writeFileSync(file, readFileSync(file, 'utf8').replace('The answer', 'The one answer'));
    });

  test('shows what an update would do, per file with its standing, and changes nothing', async () => {
    const program = later();
    const host = await withPing();
    expect((await host.run(['diff', '--update'])).code).toBe(0);
    const before = host.photo();
    const ran = await host.run(['diff', '--update', '--json'], { program });
    expect(ran.code, ran.stderr).toBe(1);
    const { files } = documentOf(ran, 'diff');
    expect(files).toEqual([
      { skill: 'ping', path: pong, standing: 'outdated', diff: expect.stringContaining('+/** The one answer') },
    ]);
    expect((await host.run(['diff', '--update'], { program })).stdout).toContain(
      '(ping: untouched, and moves to the newer text)',
    );
    expect(host.photo()).toEqual(before);
    expect((await host.run(['update', '--no-install'], { program })).code).toBe(0);
    expect(host.read(pong)).toContain('The one answer');
    expect((await host.run(['diff', '--update'], { program })).stdout).toContain('Nothing to update.');
  });

  test('shows the markers where you have changed the same line', async () => {
    const program = later();
    const host = await withPing();
    edit(host, pong, (text) => text.replace('The answer', 'My answer'));
    const ran = await host.run(['diff', '--update', '--json'], { program });
    expect(documentOf(ran, 'diff').files).toMatchObject([
      { path: pong, standing: 'conflict', diff: expect.stringMatching(/^\+<{7} /m) },
    ]);
    expect(host.read(pong)).toContain('My answer');
  });
});

describe('at a terminal', () => {
  const long = (text: string): string => `${text}${'// Mine.\n'.repeat(200)}`;
  const PAGER = 'sed s/^/paged:/';

  test('a long difference goes through the pager, a short one does not, and none with --no-pager', async () => {
    const host = await withPing();
    edit(host, pong, (text) => `${text}// Mine.\n`);
    const shown = async (...args: string[]): Promise<string> =>
      stripVTControlCharacters((await host.atTerminal(['diff', ...args], { env: { PAGER } })).stdout);
    expect(await shown()).not.toContain('paged:');
    edit(host, pong, long);
    expect(await shown()).toContain('paged:');
    expect(await shown('--no-pager')).not.toContain('paged:');
    const piped = await host.run(['diff'], { env: { PAGER } });
    expect(piped.stdout).not.toContain('paged:');
  });
});
