import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { faultInPattern, matchesPattern } from '../../src/skills/pattern.ts';

const patterns = [
  '.*',
  '(/[a-z0-9_-]+)+',
  '[1-9][0-9]{0,5}',
  'a|b|ab',
  '(?:a|ab)(?:c|bcd)?',
  '[^/]+',
  'a{2}b{1,}c{0,2}',
  '\\d+\\.\\d+',
  '[\\w.-]+@[\\w-]+(\\.[a-z]{2,})+',
  '(a*)*',
  '(a?){3}',
  'a.c',
  '^ab$|c',
  '[-a]+',
  '[a\\-]+',
  '\\/x',
];

describe('a pattern', () => {
  test.each(patterns)('/%s/ matches what a regular expression does', (pattern) => {
    const plain = new RegExp(`^(?:${pattern})$`);
    const words = fc.oneof(
      fc.stringMatching(new RegExp(`^(?:${pattern.replace('^', '').replace('$', '')})$`)),
      fc.string({ unit: fc.constantFrom(...'aabbc/-.@019x\n'), maxLength: 12 }),
    );
    fc.assert(
      fc.property(words, (word) => {
        expect(matchesPattern(pattern, word)).toBe(plain.test(word));
      }),
      { numRuns: 300 },
    );
  });

  test.each([
    ['(a+)+', `${'a'.repeat(199)}!`],
    ['(a|a)*', `${'a'.repeat(199)}!`],
    ['(a|aa)+', `${'a'.repeat(199)}!`],
    ['a*a*a*a*a*a*a*b', 'a'.repeat(199)],
    ['(.*)*x', 'a'.repeat(199)],
    ['([a-z]+)*\\d', 'a'.repeat(199)],
  ])('/%s/, which would go back for ever, comes to an end', (pattern, word) => {
    expect(matchesPattern(pattern, word)).toBe(false);
  });

  test('takes no value that is too long', () => {
    expect(matchesPattern('a*', 'a'.repeat(201))).toBe(false);
  });

  test.each([
    ['(?=a)', 'looks around'],
    ['(?<=a)b', 'looks around'],
    ['(?<n>a)', 'looks around'],
    ['(a)\\1', 'not allowed'],
    ['\\bword', 'not allowed'],
    ['\\u0041', 'not allowed'],
    ['(a', 'not closed'],
    ['a)', 'not opened'],
    ['[a', 'not closed'],
    ['*a', 'stands where'],
    ['a**', 'followed by another'],
    ['a{3,1}', 'no repetition'],
    ['a{999}', 'no repetition'],
    ['((a{100}){100}){100}', 'multiply'],
    ['('.repeat(50) + ')'.repeat(50), 'nested'],
    ['a'.repeat(301), 'longer'],
    ['[z-a]', 'Invalid regular expression'],
  ])('/%s/ is refused', (pattern, because) => {
    expect(faultInPattern(pattern)).toContain(because);
  });
});
