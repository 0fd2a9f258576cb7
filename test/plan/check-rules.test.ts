import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { checkRules } from '../../src/plan/check-rules.ts';

const source = ['check', 'order']
  .map((name) => readFileSync(resolve(import.meta.dirname, `../../src/plan/${name}.ts`), 'utf8'))
  .join('');
const lockFaults = ['lock-damaged', 'lock-newer', 'lock-hostile', 'lock-tampered'];

test('every rule that check reports is described, and no other', () => {
  const reported = [...source.matchAll(/rule: '([a-z-]+)'/g)].map(([, id]) => id);
  expect(reported.length).toBeGreaterThan(8);
  expect(checkRules.map(({ id }) => id).sort()).toEqual([...new Set([...reported, ...lockFaults])].sort());
});
