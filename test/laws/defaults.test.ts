import { test } from 'vitest';
import { siteOf } from '../../src/plan/desire.ts';
import { hostFacts } from '../../src/plan/wanted.ts';
import { choicesOf, decide } from '../../src/skills/choose.ts';
import { hostFor } from '../fixtures.ts';
import { holdLaws, rows } from './holds.ts';

/** The laws with what each fixture gets by default; every choice is in product.host.test.ts. */
test.each(rows)('the laws hold for $name by default', async ({ skill, fixture }) => {
  const host = hostFor(fixture);
  const choices = choicesOf(decide(skill, hostFacts(host, siteOf(host)), {}, null));
  await holdLaws(skill, host, fixture.files, choices);
});
