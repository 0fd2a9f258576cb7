import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { hasConflictMarkers, merge } from '../../src/text/merge.ts';

const crlf = (text: string): string => text.replaceAll('\n', '\r\n');
const base = 'a\nb\nc\nd\ne\n';

test.each([
  ['nothing', base, base, base],
  ['only the template changed', base, 'a\nB\nc\nd\ne\nf\n', 'a\nB\nc\nd\ne\nf\n'],
  ['only I changed', 'x\na\nb\nc\ne\n', base, 'x\na\nb\nc\ne\n'],
  ['both changed, apart', 'A\nb\nc\nd\ne\n', 'a\nb\nc\nd\nE\n', 'A\nb\nc\nd\nE\n'],
  ['both changed the same', 'a\nX\nc\nd\ne\n', 'a\nX\nc\nd\ne\n', 'a\nX\nc\nd\ne\n'],
  ['I removed, it added elsewhere', 'b\nc\nd\ne\n', 'a\nb\nc\nd\ne\nf\n', 'b\nc\nd\ne\nf\n'],
  ['it took the last newline', base, 'a\nb\nc\nd\ne', 'a\nb\nc\nd\ne'],
  ['I have no last newline', 'a\nb\nc\nd\ne', 'A\nb\nc\nd\ne\n', 'A\nb\nc\nd\ne'],
  [
    'words that objects inherit',
    'constructor\na\nb\nc\nd\ne\n',
    'a\nb\nc\nd\ne\n__proto__\n',
    'constructor\na\nb\nc\nd\ne\n__proto__\n',
  ],
])('merges where %s', (_, mine, theirs, text) => {
  expect(merge(base, mine, theirs)).toEqual({ text, conflicts: 0 });
});

test('puts what overlaps between markers', () => {
  const { text, conflicts } = merge(base, 'a\nmine\nc\nd\nE1\n', 'a\ntheirs\nc\nd\nE2\n');
  expect(conflicts).toBe(2);
  expect(text).toBe(
    'a\n<<<<<<< yours\nmine\n=======\ntheirs\n>>>>>>> template\nc\nd\n<<<<<<< yours\nE1\n=======\nE2\n>>>>>>> template\n',
  );
  expect(hasConflictMarkers(text)).toBe(true);
});

describe('my line endings', () => {
  test('CRLF stays, for lines of the template and markers too', () => {
    expect(merge(base, crlf(base), 'a\nB\nc\nd\ne\nf\n').text).toBe(crlf('a\nB\nc\nd\ne\nf\n'));
    const { text } = merge(base, crlf('a\nmine\nc\nd\ne\n'), 'a\ntheirs\nc\nd\ne\n');
    expect(text).toBe(crlf('a\n<<<<<<< yours\nmine\n=======\ntheirs\n>>>>>>> template\nc\nd\ne\n'));
  });

  test('LF stays where the base and the template have CRLF', () => {
    expect(merge(crlf(base), 'A\nb\nc\nd\ne\n', crlf('a\nb\nc\nd\nE\n')).text).toBe('A\nb\nc\nd\nE\n');
  });

  test('a mixed file keeps each line as it is, and its BOM', () => {
    const mine = '\uFEFFa\r\nb\nc\r\nd\ne\n';
    expect(merge(base, mine, 'a\nb\nc\nd\nE\n').text).toBe('\uFEFFa\r\nb\nc\r\nd\nE\n');
    expect(merge(base, mine, base).text).toBe(mine);
  });
});

test('a side that changed nothing gives the other side, and equal sides give themselves', () => {
  const text = fc.array(fc.constantFrom('a', 'b', 'c', '', '}'), { maxLength: 12 }).map((lines) => lines.join('\n'));
  fc.assert(
    fc.property(text, text, (one, two) => {
      expect(merge(one, two, one)).toEqual({ text: two, conflicts: 0 });
      expect(merge(one, one, two)).toEqual({ text: two, conflicts: 0 });
      expect(merge(one, two, two)).toEqual({ text: two, conflicts: 0 });
      expect(merge(one, crlf(two), one).text).toBe(crlf(two));
    }),
  );
});

test.each([
  ['<<<<<<< HEAD\na\n=======\nb\n>>>>>>> branch\n', true],
  ['x\r\n<<<<<<< yours\r\na\r\n=======\r\nb\r\n>>>>>>> template\r\n', true],
  ['Title\n=======\n', false],
  ['const a = "<<<<<<< yours";\n', false],
  ['  <<<<<<< yours\n=======\n>>>>>>> template\n', false],
  ['', false],
])('finds open markers in %j: %s', (text, open) => {
  expect(hasConflictMarkers(text)).toBe(open);
});
