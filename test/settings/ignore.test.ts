import { expect, test } from 'vitest';
import { isAmong, letBe } from '../../src/settings/ignore.ts';
import { finding } from '../report/formats/report.ts';

const row = (rule: string, path: string | null = null) => ({ rule, path, because: 'known' });
const isLetBe = (one: ReturnType<typeof finding>, ...rows: ReturnType<typeof row>[]) =>
  letBe([one], rows)[0]?.suppressed !== undefined;

test.each([
  ['its rule', row('unwired'), true],
  ['another rule', row('step-open'), false],
  ['part of its rule', row('unwire'), false],
  ['its category', row('sec/*'), false],
  ['its file', row('unwired', 'src/app.ts'), true],
  ['its folder', row('unwired', 'src'), true],
  ['its folder, with a slash', row('unwired', './src/'), true],
  ['a pattern', row('unwired', '**/*.ts'), true],
  ['another folder', row('unwired', 'lib/**'), false],
  ['a folder that begins alike', row('unwired', 'sr'), false],
])('a finding is let be by %s: %j → %s', (_, ignore, expected) => {
  expect(isLetBe(finding(), ignore)).toBe(expected);
});

test('the first row that holds gives the reason, and one that the code gives stays', () => {
  const rows = [
    { rule: 'x', path: null, because: 'a' },
    { rule: 'unwired', path: null, because: 'b' },
  ];
  expect(letBe([finding()], rows)[0]?.suppressed).toEqual({ kind: 'external', justification: 'b' });
  const suppressed = { kind: 'inSource' as const, justification: 'mine' };
  expect(letBe([finding({ suppressed })], rows)[0]?.suppressed).toEqual(suppressed);
});

test('a category is let be as a whole, and what has no file only everywhere', () => {
  expect(isLetBe(finding({ rule: 'sec/eval' }), row('sec/*'))).toBe(true);
  expect(isLetBe(finding({ path: null }), row('unwired', 'src'))).toBe(false);
  expect(isLetBe(finding({ path: null }), row('unwired'))).toBe(true);
});

test('a path is among files, folders and patterns', () => {
  expect(isAmong('legacy/a/b.ts', ['legacy'])).toBe(true);
  expect(isAmong('src/a.gen.ts', ['legacy', 'src/*.gen.ts'])).toBe(true);
  expect(isAmong('src/a.ts', ['legacy', 'src/*.gen.ts'])).toBe(false);
});
