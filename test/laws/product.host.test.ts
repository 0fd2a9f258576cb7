import { expect, test } from 'vitest';
import { hostFor } from '../fixtures.ts';
import { full } from '../runs.ts';
import { type Combination, everyChoice, holdLaws, rows, tried, valuesOf } from './holds.ts';

/** The product's contract: the laws over every skill × fixture × choice; with BS_FULL=1 over every combination of choices. */
const all = rows.flatMap((row) => everyChoice(row.skill, hostFor(row.fixture)).map((choices) => ({ row, choices })));
const chosen = full ? all : tried(all);

test.each(rows)(
  'the laws hold for $name, whatever is chosen',
  { timeout: 900_000 },
  async ({ skill, fixture, name }) => {
    const own = chosen.filter(({ row }) => row.name === name);
    expect(own.length).toBeGreaterThan(0);
    for (const { choices } of own) await holdLaws(skill, hostFor(fixture), fixture.files, choices);
  },
);

test('each fixture is tried with each of its choices, and each pair of choices somewhere', () => {
  const singles = ({ row, choices }: Combination): string[] => valuesOf(choices).map((one) => `${row.name} ${one}`);
  const pairs = ({ row, choices }: Combination): string[] =>
    valuesOf(choices).flatMap((one, _, values) => values.map((other) => `${row.skill.id} ${one} ${other}`));
  for (const keysOf of [singles, pairs]) expect(new Set(chosen.flatMap(keysOf))).toEqual(new Set(all.flatMap(keysOf)));
  process.stdout.write(`The laws are tried with ${chosen.length} of ${all.length} combinations.\n`);
});
