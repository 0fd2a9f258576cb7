import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { covering, pairs, pairwise, product } from './pairwise.ts';

const factors = {
  fixture: ['express', 'fastify', 'hono', 'nest', 'next'],
  store: ['memory', 'redis', 'postgres'],
  provider: ['stripe', 'github', 'standard', 'hmac'],
  tests: [true, false],
} as const;

/** A factor table with up to five factors of up to four values, and a rule that refuses some rows by their indices. */
const tables = fc.record({
  factors: fc.dictionary(
    fc.constantFrom('a', 'b', 'c', 'd', 'e'),
    fc.integer({ min: 1, max: 4 }).map((size) => Array.from({ length: size }, (_, i) => i)),
    {
      minKeys: 1,
    },
  ),
  modulus: fc.integer({ min: 2, max: 7 }),
});

const sum = (row: Record<string, unknown>): number =>
  Object.values(row).reduce<number>((total, value) => total + Number(value), 0);

describe('the pairwise cover', () => {
  test('holds every pair that some allowed row holds, and only allowed rows', () => {
    fc.assert(
      fc.property(tables, ({ factors, modulus }) => {
        const allowed = (row: Record<string, unknown>): boolean => sum(row) % modulus !== 1;
        const rows = pairwise(factors, allowed);
        const coverable = new Set(
          product(factors)
            .filter(allowed)
            .flatMap((row) => pairs(factors, row)),
        );
        expect(new Set(rows.flatMap((row) => pairs(factors, row)))).toEqual(coverable);
        expect(rows.every(allowed)).toBe(true);
      }),
    );
  });

  test('is far smaller than the product, and not below the product of the two largest factors', () => {
    const rows = pairwise(factors);
    expect(product(factors)).toHaveLength(120);
    expect(rows.length).toBeGreaterThanOrEqual(20);
    expect(rows.length).toBeLessThanOrEqual(24);
  });

  test('is the same on every run', () => {
    expect(pairwise(factors)).toEqual(pairwise(factors));
  });

  test('is empty where nothing is allowed', () => {
    expect(pairwise(factors, () => false)).toEqual([]);
  });

  test('covers each value of a single factor', () => {
    expect(pairwise({ store: ['memory', 'redis'] })).toEqual([{ store: 'memory' }, { store: 'redis' }]);
  });

  test('of rows that are given holds every key of theirs, with rows of theirs alone', () => {
    const rows = fc.array(fc.array(fc.constantFrom('a', 'b', 'c', 'd', 'e')));
    fc.assert(
      fc.property(rows, (given) => {
        const chosen = covering(given, (keys) => keys);
        expect(new Set(chosen.flat())).toEqual(new Set(given.flat()));
        expect(chosen.every((row) => given.includes(row))).toBe(true);
        expect(chosen.length).toBeLessThanOrEqual(new Set(given.flat()).size);
      }),
    );
  });
});
