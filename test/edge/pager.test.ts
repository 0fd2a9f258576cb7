import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { page } from '../../src/edge/pager.ts';

const folder = mkdtempSync(join(tmpdir(), 'pager-'));
afterAll(() => rmSync(folder, { recursive: true }));
let n = 0;

const long = Array.from({ length: 100 }, (_, line) => `line ${line}`).join('\n');

/** Pages a text in a world of its own; gives what the pager got and what was printed past it. */
async function paged(
  text: string,
  { isTTY = true, env = {}, pager }: { isTTY?: boolean; env?: NodeJS.ProcessEnv; pager?: (file: string) => string },
) {
  const file = join(folder, String(n++));
  let printed = '';
  const write = (chunk: string): boolean => {
    printed += chunk;
    return true;
  };
  const stdout = { ...process.stdout, isTTY, rows: 24, write } as unknown as NodeJS.WriteStream & { fd: 1 };
  const own = pager === undefined ? {} : { PAGER: pager(file) };
  await page(text, { stdout, env: { PATH: process.env.PATH, TERM: 'xterm', ...own, ...env } });
  return { got: existsSync(file) ? readFileSync(file, 'utf8') : null, printed };
}

const toFile = (file: string): string => `cat > '${file}'`;

test('a text that is longer than the terminal goes through the pager, whole', async () => {
  expect(await paged(long, { pager: toFile })).toEqual({ got: `${long}\n`, printed: '' });
});

test.each([
  ['a short text', 'short', { pager: toFile }],
  ['a text that goes into a pipe', long, { pager: toFile, isTTY: false }],
  ['a text for a terminal that cannot', long, { pager: toFile, env: { TERM: 'dumb' } }],
  ['a text for PAGER=cat', long, { pager: () => 'cat' }],
  ['a text for an empty PAGER', long, { pager: () => '' }],
  ['a text for a pager that is not there', long, { pager: () => 'no-such-pager-here --flag' }],
])('%s is printed as it is', async (_, text, world) => {
  expect(await paged(text, world)).toEqual({ got: null, printed: `${text}\n` });
});

test('less is told to keep colours and to leave where all is seen, unless the user says otherwise', async () => {
  const options = (file: string): string => `printf %s "$LESS" > '${file}'; cat > /dev/null`;
  expect((await paged(long, { pager: options })).got).toBe('FRX');
  expect((await paged(long, { pager: options, env: { LESS: 'S' } })).got).toBe('S');
});

test('a pager that is left before the end is no failure', async () => {
  const many = long.repeat(2_000);
  expect((await paged(many, { pager: (file) => `head -n 1 > '${file}'` })).got).toBe('line 0\n');
});
