import { expect, test } from 'vitest';
import { hostFor } from '../fixtures.ts';
import { everyChoice, holdLaws, rows } from './holds.ts';

/** The product's contract: the laws over every skill × fixture × choice. Half of the rows; the other file has the others. */
const half = rows.filter((_, index) => index % 2 === 0);

test.each(half)('the laws hold for $name, whatever is chosen', { timeout: 900_000 }, async ({ skill, fixture }) => {
  const host = hostFor(fixture);
  const combinations = everyChoice(skill, host);
  expect(combinations.length).toBeGreaterThan(0);
  for (const choices of combinations) await holdLaws(skill, host, fixture.files, choices);
});
