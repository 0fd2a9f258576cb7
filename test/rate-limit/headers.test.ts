import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { monthlyQuota } from '../../templates/rate-limit/core/monthly-quota.ts';
import { slidingWindow, tokenBucket } from '../../templates/rate-limit/core/policies.ts';
import {
  legacyHeaders,
  limitedReply,
  rateLimitHeaders,
  retryAfter,
  unavailableReply,
} from '../../templates/rate-limit/core/replies.ts';
import type { PolicyResult } from '../../templates/rate-limit/core/types.ts';

const nowMs = Date.parse('2026-11-15T00:00:00Z');
const burst = tokenBucket({ name: 'burst', limit: 100, windowMs: 60_000 });
const daily = slidingWindow({ name: 'daily', limit: 1000, windowMs: 86_400_000 });
const monthly = monthlyQuota({ name: 'monthly', limit: 5000 });

const resultOf = (more: Partial<PolicyResult> = {}): PolicyResult => {
  const { policy = burst } = more;
  return { policy, allowed: true, limit: policy.limit, remaining: 50, retryAfterMs: 0, resetMs: 30_000, ...more };
};

describe('The fields of the draft', () => {
  test("are the draft's own examples", () => {
    const daysLeft = resultOf({ policy: daily, remaining: 999, resetMs: 86_400_000 });
    expect(rateLimitHeaders([resultOf(), daysLeft], nowMs)).toEqual({
      'ratelimit-policy': '"burst";q=100;w=60, "daily";q=1000;w=86400',
      ratelimit: '"burst";r=50;t=30, "daily";r=999;t=86400',
    });
    expect(rateLimitHeaders([resultOf()], nowMs).ratelimit).toBe('"burst";r=50;t=30');
  });

  test('are no fields where there is no policy, for an empty list is none', () => {
    expect(rateLimitHeaders([], nowMs)).toEqual({});
  });

  test('give the length of the month that it is', () => {
    const headers = rateLimitHeaders([resultOf({ policy: monthly })], nowMs);
    expect(headers['ratelimit-policy']).toBe('"monthly";q=5000;w=2592000');
  });

  test.each([
    ['1 ms is 1 s', { resetMs: 1 }, '"burst";r=50;t=1'],
    ['1001 ms is 2 s', { resetMs: 1001 }, '"burst";r=50;t=2'],
    ['nothing used is 0 s', { remaining: 100, resetMs: 0 }, '"burst";r=100;t=0'],
    ['the last one waits for the next', { remaining: 0, retryAfterMs: 600, resetMs: 60_000 }, '"burst";r=0;t=1'],
    ['what never fits waits for the reset', { allowed: false, retryAfterMs: Infinity }, '"burst";r=50;t=30'],
  ])('round up to whole seconds: %s', (_title, more, expected) => {
    expect(rateLimitHeaders([resultOf(more)], nowMs).ratelimit).toBe(expected);
  });

  test.each([
    ['a "b"', '"a \\"b\\""'],
    ['a\\b', '"a\\\\b"'],
    ['a;b=1, c', '"a;b=1, c"'],
    [' ', '" "'],
    ['~!', '"~!"'],
  ])('escape the name %s', (name, expected) => {
    const policy = tokenBucket({ name, limit: 1, windowMs: 1 });
    expect(rateLimitHeaders([resultOf({ policy })], nowMs)).toEqual({
      'ratelimit-policy': `${expected};q=1;w=1`,
      ratelimit: `${expected};r=50;t=30`,
    });
  });

  test('can be read back, whatever the names', () => {
    const name = fc.string({
      minLength: 1,
      unit: fc.integer({ min: 0x20, max: 0x7e }).map((code) => String.fromCharCode(code)),
    });
    fc.assert(
      fc.property(fc.array(name, { minLength: 1, maxLength: 4 }), (names) => {
        const results = names.map((each) =>
          resultOf({ policy: tokenBucket({ name: each, limit: 7, windowMs: 9000 }) }),
        );
        const headers = rateLimitHeaders(results, nowMs);
        expect(readList(headers['ratelimit-policy'] ?? '')).toEqual(names.map((each) => [each, { q: 7, w: 9 }]));
        expect(readList(headers.ratelimit ?? '')).toEqual(names.map((each) => [each, { r: 50, t: 30 }]));
      }),
    );
  });
});

/** A reader of lists of strings with whole-number parameters, by the parsing steps of RFC 9651. Throws at anything else. */
function readList(text: string): [string, Record<string, number>][] {
  const items: [string, Record<string, number>][] = [];
  for (let at = 0; ; ) {
    const item = /"((?:[ !#-[\]-~]|\\["\\])*)"((?:;[a-z]+=\d+)*)/y;
    item.lastIndex = at;
    const found = item.exec(text);
    if (!found) throw new Error(`No list: ${text}`);
    const parameters = [...(found[2] ?? '').matchAll(/;([a-z]+)=(\d+)/g)].map(([, key = '', value]) => [
      key,
      Number(value),
    ]);
    items.push([(found[1] ?? '').replace(/\\(.)/g, '$1'), Object.fromEntries(parameters)]);
    at = item.lastIndex;
    if (at === text.length) return items;
    if (!text.startsWith(', ', at)) throw new Error(`No list: ${text}`);
    at += 2;
  }
}

test('The fields of old speak of the policy that leaves the least', () => {
  const results = [resultOf({ policy: daily, remaining: 900 }), resultOf({ remaining: 3, resetMs: 1500 })];
  expect(legacyHeaders(results, nowMs)).toEqual({
    'x-ratelimit-limit': '100',
    'x-ratelimit-remaining': '3',
    'x-ratelimit-reset': String(nowMs / 1000 + 2),
  });
  expect(legacyHeaders([], nowMs)).toEqual({});
});

test.each([
  [0, '1'],
  [1, '1'],
  [999, '1'],
  [1000, '1'],
  [1001, '2'],
  [Infinity, null],
])('Retry-After for %s ms is %s', (ms, expected) => {
  expect(retryAfter(ms)).toBe(expected);
});

describe('A refusal', () => {
  const violated = resultOf({ allowed: false, remaining: 0, retryAfterMs: 1500 });
  const longer = resultOf({ policy: monthly, allowed: false, remaining: 0, retryAfterMs: 90_000, resetMs: 90_000 });
  const fine = resultOf({ policy: daily, remaining: 900, resetMs: 86_400_000 });

  test('is a problem of the registered type, which names what was violated', () => {
    const { status, headers, body } = limitedReply([fine, violated, longer], { ratelimit: 'x' });
    expect([status, headers]).toEqual([
      429,
      { ratelimit: 'x', 'content-type': 'application/problem+json', 'cache-control': 'no-store', 'retry-after': '90' },
    ]);
    expect(JSON.parse(body)).toEqual({
      type: 'https://iana.org/assignments/http-problem-types#quota-exceeded',
      title: 'Too many requests',
      status: 429,
      'violated-policies': ['burst', 'monthly'],
    });
  });

  test('never asks to come back before the end of a window that it speaks of', () => {
    const headers = rateLimitHeaders([fine, violated, longer], nowMs);
    expect(headers.ratelimit).toBe('"burst";r=0;t=2, "monthly";r=0;t=90');
    expect(readList(headers['ratelimit-policy'] ?? '').map(([name]) => name)).toEqual(['daily', 'burst', 'monthly']);
  });

  test('asks nobody to come back for what will never fit', () => {
    const never = resultOf({ allowed: false, retryAfterMs: Infinity });
    expect(limitedReply([violated, never], {}).headers).not.toHaveProperty('retry-after');
  });

  test('for want of a store is 503', () => {
    const { status, headers, body } = unavailableReply();
    expect([status, headers['retry-after'], headers['content-type']]).toEqual([503, '1', 'application/problem+json']);
    expect(JSON.parse(body)).toMatchObject({
      type: 'https://iana.org/assignments/http-problem-types#temporary-reduced-capacity',
      status: 503,
    });
  });
});
