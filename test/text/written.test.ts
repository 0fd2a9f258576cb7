import { describe, expect, test } from 'vitest';
import { hasWrittenLines, isWritten, linesOf } from '../../src/text/written.ts';

describe('a text that people write', () => {
  test('has lines of a length that can be read', () => {
    expect(isWritten('const a = 1;\n'.repeat(1_000))).toBe(true);
    expect(isWritten(`${'const a=1;'.repeat(1_000)}\n`)).toBe(false);
    expect(hasWrittenLines(`${'const a=1;'.repeat(1_000)}\n`)).toBe(false);
  });

  test('may be one line where it is short', () => {
    expect(isWritten('export default { a: 1 };'.repeat(50))).toBe(true);
  });

  test('is no megabyte long', () => {
    expect(isWritten('const a = 1;\n'.repeat(100_000))).toBe(false);
  });
});

test.each([
  ['', 1],
  ['a', 1],
  ['a\n', 2],
  ['a\r\nb\n\n', 4],
])('%j has %i lines', (text, lines) => {
  expect(linesOf(text)).toBe(lines);
});
