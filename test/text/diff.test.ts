import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { unifiedDiff } from '../../src/text/diff.ts';

test('says nothing where nothing changed', () => {
  expect(unifiedDiff('a\n', 'a\n', 'a.ts')).toEqual([]);
  expect(unifiedDiff(null, null, 'a.ts')).toEqual([]);
});

test('shows a changed line with its context', () => {
  expect(unifiedDiff('1\n2\n3\n4\n5\n6\n7\n8\n', '1\n2\n3\n4\nfive\n6\n7\n8\n', 'src/a.ts', 2)).toEqual([
    '--- a/src/a.ts',
    '+++ b/src/a.ts',
    '@@ -3,5 +3,5 @@',
    ' 3',
    ' 4',
    '-5',
    '+five',
    ' 6',
    ' 7',
  ]);
});

test('shows a new file, a deleted one and a missing newline', () => {
  expect(unifiedDiff(null, 'a\nb', 'a.ts')).toEqual([
    '--- /dev/null',
    '+++ b/a.ts',
    '@@ -0,0 +1,2 @@',
    '+a',
    '+b',
    '\\ No newline at end of file',
  ]);
  expect(unifiedDiff('a\n', null, 'a.ts')).toEqual(['--- a/a.ts', '+++ /dev/null', '@@ -1 +0,0 @@', '-a']);
  expect(unifiedDiff('a', 'a\n', 'a.ts').slice(2)).toEqual(['@@ -1 +1 @@', '-a', '\\ No newline at end of file', '+a']);
});

test('shows a change of line endings only', () => {
  expect(unifiedDiff('a\nb\n', 'a\r\nb\n', 'a.ts').slice(2)).toEqual(['@@ -1,2 +1,2 @@', '-a', '+a\r', ' b']);
});

test('keeps far apart changes in hunks of their own', () => {
  const lines = Array.from({ length: 30 }, (_, index) => `${index}`);
  const changed = lines.map((line) => (line === '3' || line === '25' ? `${line}!` : line));
  expect(unifiedDiff(lines.join('\n'), changed.join('\n'), 'a').filter((line) => line.startsWith('@@'))).toHaveLength(
    2,
  );
});

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'diff-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('git applies it and gets the text after, byte for byte', () => {
  const line = fc.constantFrom('a', 'b', 'c', '', '}', '  x', '-', '+ y', '@@ -1 +1 @@', 'constructor', '--- a/x');
  const text = fc
    .tuple(
      fc.array(fc.tuple(line, fc.constantFrom('\n', '\n', '\r\n')), { maxLength: 25 }),
      fc.constantFrom('', '', 'end'),
    )
    .map(([lines, end]) => lines.map((parts) => parts.join('')).join('') + end);
  const samples = fc.sample(fc.tuple(text, text, fc.integer({ min: 0, max: 4 })), { numRuns: 120, seed: 7 });
  const cases = samples.filter(([before, after]) => before !== '' && after !== '' && before !== after);
  expect(cases.length).toBeGreaterThan(80);
  const half = Math.floor(cases.length / 3);
  const sides = cases.map(([before, after, context], index) => {
    const path = index % 7 === 0 ? `a b/${index} x.ts` : `src/${index}.ts`;
    const [from, to] = index < half / 2 ? [null, after] : index < half ? [before, null] : [before, after];
    return { path, from, to, context };
  });
  mkdirSync(join(folder, 'src'));
  mkdirSync(join(folder, 'a b'));
  for (const { path, from } of sides) if (from !== null) writeFileSync(join(folder, path), from);
  const patch = sides.flatMap(({ path, from, to, context }) => unifiedDiff(from, to, path, context)).join('\n');
  const git = ['-c', 'core.autocrlf=false', 'apply', '--unidiff-zero', '--whitespace=nowarn', '-'];
  execFileSync('git', git, {
    cwd: folder,
    input: `${patch}\n`,
    env: { ...process.env, GIT_CEILING_DIRECTORIES: tmpdir() },
  });
  for (const { path, to } of sides) {
    if (to === null) expect(() => readFileSync(join(folder, path))).toThrow('ENOENT');
    else expect(readFileSync(join(folder, path), 'utf8')).toBe(to);
  }
});
