import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { rules } from '../../src/doctor/rules/index.ts';
import { mentionsOf } from '../../src/doctor/rule.ts';
import { keywordsOf } from '../../src/text/keywords.ts';

describe('the words of many expressions, looked for at once', () => {
  test.each<[RegExp, string, boolean]>([
    [/\bfs\b/, "import fs from 'fs'", true],
    [/\bfs\b/, 'offset, fsync', false],
    [/\bfs\b/, 'fs', true],
    [/\bfind\w+/, 'user.findAll()', true],
    [/\bfind\w+/, 'refind', false],
    [/Pool/, 'pool', false],
    [/pool/i, 'new POOL()', true],
    [/\.get\b/, 'a.gets', false],
    [/she|his|hers/, 'ushers', true],
    [/\d/, '', true],
  ])('%s may match %j: %s', (expression, text, may) => {
    expect(keywordsOf([/he/, expression, /us/])(expression, text)).toBe(may);
  });

  test('no rule misses what its expressions match', () => {
    const all = rules.flatMap(mentionsOf);
    const mayMatch = keywordsOf(all);
    const pieces = [...new Set(all.flatMap(({ source }) => source.split(/[|()[\]?*+\\^]/)))].filter(
      (one) => one !== '',
    );
    const piece = fc.constantFrom(...pieces, ' ', '.', '(', '(req', "'", '\n', 'Raw', ']  = 1', '_', 'é');
    const loud = fc.oneof(
      piece,
      piece.map((one) => one.toUpperCase()),
    );
    fc.assert(
      fc.property(fc.array(loud, { maxLength: 12 }), (parts) => {
        const text = parts.join('');
        for (const one of all)
          if (one.test(text)) expect([one.source, text, mayMatch(one, text)]).toEqual([one.source, text, true]);
      }),
      { numRuns: 1_000 },
    );
  });
});
