import { test } from 'vitest';
import { holdOn, kinds, runs } from './entries.ts';

/** The laws on composed hosts; BS_RUNS and BS_SEED widen it. */
test.each(kinds)('the laws hold for composed $name hosts', { timeout: 3_600_000 }, async (kind) => {
  await holdOn(kind, runs(kind.many));
});
