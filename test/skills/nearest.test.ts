import { expect, test } from 'vitest';
import { nearest, suggest } from '../../src/skills/nearest.ts';

const names = ['webhook', 'jobs', 'cache', 'rate-limit', 'realtime'];

test.each([
  ['webhok', 'webhook'],
  ['wehbook', 'webhook'],
  ['WEBHOOK', 'webhook'],
  ['rate', 'rate-limit'],
  ['ratelimit', 'rate-limit'],
  ['job', 'jobs'],
  ['database', null],
  ['x', null],
])('the nearest to %s is %s', (word, expected) => {
  expect(nearest(word, names)).toBe(expected);
});

test('without a near name the hint is the other one', () => {
  expect(suggest('zzz', names, 'See the list.')).toBe('See the list.');
});
