import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { share, sliceOf, threadsFor } from '../../src/doctor/shares.ts';

describe('threadsFor', () => {
  it.each([
    [0, 8, 1],
    [299, 8, 1],
    [700, 1, 1],
    [700, 8, 2],
    [5000, 2, 2],
    [50_000, 64, 4],
  ])('gives %i files on %i cores %i threads', (files, cores, threads) => {
    expect(threadsFor(files, cores)).toBe(threads);
  });
});

describe('share', () => {
  it('cuts a large part and deals the others to whom has least', () => {
    expect(share([0, 900, 40, 30, 30], 2)).toEqual([
      [
        { part: 0, slice: 0, slices: 1 },
        { part: 1, slice: 0, slices: 2 },
        { part: 2, slice: 0, slices: 1 },
      ],
      [
        { part: 1, slice: 1, slices: 2 },
        { part: 3, slice: 0, slices: 1 },
        { part: 4, slice: 0, slices: 1 },
      ],
    ]);
  });

  it('gives every file of every part to one thread, the first slice of each and the first part to the first thread', () => {
    const parts = fc.array(fc.nat(300), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(parts, fc.integer({ min: 1, max: 4 }), (files, threads) => {
        const shares = share(files, threads);
        expect(shares).toHaveLength(threads);
        for (const [part, count] of files.entries()) {
          const paths = Array.from({ length: count }, (_, n) => n);
          const own = shares
            .flat()
            .filter((one) => one.part === part)
            .sort((a, b) => a.slice - b.slice);
          expect(own.flatMap((one) => sliceOf(paths, one))).toEqual(paths);
          expect(own.every(({ slices }) => slices === own.length)).toBe(true);
          if (own.length > 1 || part === 0) expect(shares[0]).toContainEqual(own[0]);
        }
        const loads = shares.map((own) => own.reduce((sum, one) => sum + (files[one.part] ?? 0) / one.slices, 0));
        const total = files.reduce((a, b) => a + b, 0);
        expect(Math.max(...loads)).toBeLessThanOrEqual((total / threads) * 2);
      }),
    );
  });
});
