import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { monthlyQuota } from '../../templates/rate-limit/core/monthly-quota.ts';
import { memoryAt, take } from './support.ts';

const periodOf = (now: string, options: { timeZone?: string; anchorDay?: number } = {}): string[] => {
  const { startMs, endMs } = monthlyQuota({ name: 'month', limit: 1, ...options }).periodAt(Date.parse(now));
  return [startMs, endMs].map((ms) => new Date(ms).toISOString().replace('.000Z', 'Z'));
};

describe('A month', () => {
  test.each([
    ['the calendar, in UTC', '2026-11-15T12:00:00Z', {}, '2026-11-01T00:00:00Z', '2026-12-01T00:00:00Z'],
    ['over the new year', '2026-12-31T23:59:59.999Z', {}, '2026-12-01T00:00:00Z', '2027-01-01T00:00:00Z'],
    ['from its first millisecond', '2027-01-01T00:00:00Z', {}, '2027-01-01T00:00:00Z', '2027-02-01T00:00:00Z'],
    [
      'from the 31st, in January',
      '2026-01-31T00:00:00Z',
      { anchorDay: 31 },
      '2026-01-31T00:00:00Z',
      '2026-02-28T00:00:00Z',
    ],
    [
      'from the 31st, in February',
      '2026-02-28T00:00:00Z',
      { anchorDay: 31 },
      '2026-02-28T00:00:00Z',
      '2026-03-31T00:00:00Z',
    ],
    [
      'from the 31st, before it',
      '2026-03-30T23:59:59Z',
      { anchorDay: 31 },
      '2026-02-28T00:00:00Z',
      '2026-03-31T00:00:00Z',
    ],
    [
      'from the 31st, in a leap year',
      '2028-02-29T00:00:00Z',
      { anchorDay: 31 },
      '2028-02-29T00:00:00Z',
      '2028-03-31T00:00:00Z',
    ],
    [
      'from the 31st, a day too early',
      '2028-02-28T23:59:59Z',
      { anchorDay: 31 },
      '2028-01-31T00:00:00Z',
      '2028-02-29T00:00:00Z',
    ],
    [
      'from the 29th, in 2100, which has no 29th',
      '2100-03-01T00:00:00Z',
      { anchorDay: 29 },
      '2100-02-28T00:00:00Z',
      '2100-03-29T00:00:00Z',
    ],
    [
      'from the 15th, in January before it',
      '2026-01-14T00:00:00Z',
      { anchorDay: 15 },
      '2025-12-15T00:00:00Z',
      '2026-01-15T00:00:00Z',
    ],
    [
      'in Berlin, with summer time',
      '2026-03-15T12:00:00Z',
      { timeZone: 'Europe/Berlin' },
      '2026-02-28T23:00:00Z',
      '2026-03-31T22:00:00Z',
    ],
    [
      'in Berlin, back to winter time',
      '2026-10-31T23:30:00Z',
      { timeZone: 'Europe/Berlin' },
      '2026-10-31T23:00:00Z',
      '2026-11-30T23:00:00Z',
    ],
    [
      'in Berlin, where it is still the month before',
      '2026-10-31T22:59:59Z',
      { timeZone: 'Europe/Berlin' },
      '2026-09-30T22:00:00Z',
      '2026-10-31T23:00:00Z',
    ],
    [
      'in New York, across both changes',
      '2026-11-01T03:59:59Z',
      { timeZone: 'America/New_York' },
      '2026-10-01T04:00:00Z',
      '2026-11-01T04:00:00Z',
    ],
    [
      'on the day of the change itself',
      '2026-11-01T12:00:00Z',
      { timeZone: 'America/New_York' },
      '2026-11-01T04:00:00Z',
      '2026-12-01T05:00:00Z',
    ],
    [
      'in Kathmandu, at a quarter to',
      '2026-11-15T00:00:00Z',
      { timeZone: 'Asia/Kathmandu' },
      '2026-10-31T18:15:00Z',
      '2026-11-30T18:15:00Z',
    ],
    [
      'where no clock shows that midnight',
      '2018-11-15T00:00:00Z',
      { timeZone: 'America/Sao_Paulo', anchorDay: 4 },
      '2018-11-04T03:00:00Z',
      '2018-12-04T02:00:00Z',
    ],
    [
      'where the hour before midnight comes twice',
      '2018-02-20T00:00:00Z',
      { timeZone: 'America/Sao_Paulo', anchorDay: 18 },
      '2018-02-18T03:00:00Z',
      '2018-03-18T03:00:00Z',
    ],
    [
      'where a whole day was left out',
      '2011-12-31T12:00:00Z',
      { timeZone: 'Pacific/Apia', anchorDay: 30 },
      '2011-12-30T10:00:00Z',
      '2012-01-29T10:00:00Z',
    ],
  ])('starts and ends right: %s', (_title, now, options, from, to) => {
    expect(periodOf(now, options)).toEqual([from, to]);
  });

  test('leaves no gap and never overlaps, from any day, in any zone', () => {
    const zones = [
      'UTC',
      'Europe/Berlin',
      'America/Sao_Paulo',
      'Pacific/Apia',
      'Australia/Lord_Howe',
      'Africa/Casablanca',
    ];
    fc.assert(
      fc.property(
        fc.constantFrom(...zones),
        fc.integer({ min: 1, max: 31 }),
        fc.integer({ min: Date.UTC(1990, 0), max: Date.UTC(2060, 0) }),
        (timeZone, anchorDay, nowMs) => {
          const { periodAt } = monthlyQuota({ name: 'month', limit: 1, timeZone, anchorDay });
          const period = periodAt(nowMs);
          expect(period.startMs).toBeLessThanOrEqual(nowMs);
          expect(period.endMs).toBeGreaterThan(nowMs);
          expect(periodAt(period.endMs).startMs).toBe(period.endMs);
          expect(periodAt(period.startMs - 1).endMs).toBe(period.startMs);
          expect(periodAt(nowMs)).toEqual(period);
        },
      ),
      { numRuns: 300 },
    );
  });

  test('is no month in a zone that there is not, or from a day that there is not', () => {
    expect(() => monthlyQuota({ name: 'm', limit: 1, timeZone: 'Mars/Olympus' })).toThrow(RangeError);
    for (const anchorDay of [0, 32, 1.5])
      expect(() => monthlyQuota({ name: 'm', limit: 1, anchorDay })).toThrow(RangeError);
    for (const limit of [-1, 0.5, Number.NaN]) expect(() => monthlyQuota({ name: 'm', limit })).toThrow(RangeError);
  });
});

describe('A quota of 3 a month', () => {
  const three = monthlyQuota({ name: 'three', limit: 3 });

  test('is used up until the month ends, and is new then', async () => {
    const { store } = memoryAt();
    const at = (iso: string) => ({ atMs: Date.parse(iso) });
    expect(await take(store, three, 2, at('2026-11-30T00:00:00Z'))).toMatchObject({ allowed: true, remaining: 1 });
    expect(await take(store, three, 2, at('2026-11-30T23:00:00Z'))).toMatchObject({
      allowed: false,
      remaining: 1,
      retryAfterMs: 3_600_000,
      resetMs: 3_600_000,
    });
    expect(await take(store, three, 4, at('2026-11-30T23:00:00Z'))).toMatchObject({ retryAfterMs: Infinity });
    expect(await take(store, three, 3, at('2026-12-01T00:00:00Z'))).toMatchObject({ allowed: true, remaining: 0 });
  });

  test('gives back to the month that paid', async () => {
    const { store } = memoryAt();
    const november = { atMs: Date.parse('2026-11-30T23:59:59Z') };
    const december = { atMs: Date.parse('2026-12-01T00:00:00Z') };
    await take(store, three, 3, november);
    await take(store, three, 3, december);
    const charge = { subject: 'user:1', policies: [three], cost: 3, receipt: null };
    await store.apply('refund', { ...charge, ...november });
    expect(await take(store, three, 1, december)).toMatchObject({ allowed: false });
    expect(await take(store, three, 3, november)).toMatchObject({ allowed: true });
  });

  test('takes nothing for an attempt that was paid for, and one refund for all of them', async () => {
    const { store } = memoryAt();
    for (let attempt = 0; attempt < 5; attempt += 1)
      expect(await take(store, three, 2, { receipt: 'order-1' })).toMatchObject({ allowed: true, remaining: 1 });
    expect(await take(store, three, 2, { receipt: 'order-2' })).toMatchObject({ allowed: false, remaining: 1 });
    for (let attempt = 0; attempt < 3; attempt += 1)
      await store.apply('refund', {
        subject: 'user:1',
        policies: [three],
        cost: 2,
        atMs: 1_700_000_000_000,
        receipt: 'order-1',
      });
    expect(await take(store, three, 2, { receipt: 'order-2' })).toMatchObject({ allowed: true, remaining: 1 });
    expect(await take(store, three, 2, { receipt: 'order-1' })).toMatchObject({ allowed: false });
  });

  test('may be of nothing at all', async () => {
    const none = monthlyQuota({ name: 'none', limit: 0 });
    expect(await take(memoryAt().store, none)).toMatchObject({ allowed: false, remaining: 0, retryAfterMs: Infinity });
  });
});
