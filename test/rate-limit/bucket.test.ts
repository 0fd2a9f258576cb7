import { describe, expect, test } from 'vitest';
import { tokenBucket } from '../../templates/rate-limit/core/policies.ts';
import { chargeOf, memoryAt, start, take } from './support.ts';

const ten = tokenBucket({ name: 'ten', limit: 10, windowMs: 1000 });

describe('A bucket of 10 per second', () => {
  test('lets 10 through at once, refuses the 11th for exactly 100 ms, and lets one through then', async () => {
    const { clock, store } = memoryAt();
    for (let n = 9; n >= 0; n -= 1) {
      const resetMs = (10 - n) * 100;
      expect(await take(store, ten)).toEqual({
        policy: ten,
        allowed: true,
        limit: 10,
        remaining: n,
        retryAfterMs: n === 0 ? 100 : 0,
        resetMs,
      });
    }
    expect(await take(store, ten)).toMatchObject({ allowed: false, remaining: 0, retryAfterMs: 100, resetMs: 1000 });
    clock.ms = start + 99;
    expect(await take(store, ten)).toMatchObject({ allowed: false, remaining: 0, retryAfterMs: 1 });
    clock.ms = start + 100;
    expect(await take(store, ten)).toMatchObject({ allowed: true, remaining: 0 });
    expect(await take(store, ten)).toMatchObject({ allowed: false, retryAfterMs: 100 });
  });

  test('says for each cost when it would be admitted, and that more than the burst never is', async () => {
    const { clock, store } = memoryAt();
    await take(store, ten, 8);
    expect(await take(store, ten, 3)).toMatchObject({ allowed: false, remaining: 2, retryAfterMs: 100 });
    expect(await take(store, ten, 10)).toMatchObject({ allowed: false, remaining: 2, retryAfterMs: 800 });
    expect(await take(store, ten, 11)).toMatchObject({ allowed: false, retryAfterMs: Infinity });
    expect(await take(store, ten, 0)).toMatchObject({ allowed: true, remaining: 2 });
    clock.ms += 100;
    expect(await take(store, ten, 3)).toMatchObject({ allowed: true, remaining: 0 });
  });

  test('says to a peek what a take would get, and uses nothing', async () => {
    const { store } = memoryAt();
    await take(store, ten, 7);
    for (let n = 0; n < 3; n += 1)
      expect(await store.apply('peek', chargeOf([ten], { cost: 3 }))).toMatchObject([{ allowed: true, remaining: 3 }]);
    expect(await store.apply('peek', chargeOf([ten], { cost: 4 }))).toMatchObject([
      { allowed: false, retryAfterMs: 100 },
    ]);
    expect(await take(store, ten, 3)).toMatchObject({ allowed: true, remaining: 0 });
  });

  test('takes back what is refunded, and no more than was used', async () => {
    const { store } = memoryAt();
    await take(store, ten, 10);
    expect(await store.apply('refund', chargeOf([ten], { cost: 4 }))).toMatchObject([{ remaining: 4 }]);
    expect(await store.apply('refund', chargeOf([ten], { cost: 40 }))).toMatchObject([{ remaining: 10, resetMs: 0 }]);
    expect(await take(store, ten, 10)).toMatchObject({ allowed: true, remaining: 0 });
  });

  test('forgets all at a reset', async () => {
    const { store } = memoryAt();
    await take(store, ten, 10);
    expect(await store.apply('reset', chargeOf([ten]))).toMatchObject([{ remaining: 10 }]);
    expect(await take(store, ten, 10)).toMatchObject({ allowed: true });
  });
});

describe('A bucket whose rate is no whole number of milliseconds', () => {
  test('of 7 per second gives exactly 7,000 in 1,000 seconds after its burst', async () => {
    const { clock, store } = memoryAt();
    const seven = tokenBucket({ name: 'seven', limit: 7, windowMs: 1000 });
    await take(store, seven, 7);
    let admitted = 0;
    for (; clock.ms < start + 1_000_000; ) {
      const { allowed, retryAfterMs } = await take(store, seven);
      if (allowed) admitted += 1;
      else clock.ms += retryAfterMs;
    }
    // The last one is due when the time is up, to the millisecond.
    expect(await take(store, seven)).toMatchObject({ allowed: true });
    expect(admitted + 1).toBe(7000);
  });
});

describe('A clock that goes back', () => {
  test('neither gives anything away nor makes anybody wait for it', async () => {
    const { clock, store } = memoryAt();
    await take(store, ten, 10);
    clock.ms -= 3_600_000;
    expect(await take(store, ten)).toMatchObject({ allowed: false, retryAfterMs: 100 });
    clock.ms += 100;
    expect(await take(store, ten)).toMatchObject({ allowed: true, remaining: 0 });
  });
});

test('A burst of its own is what may come at once, and the limit what flows', async () => {
  const { clock, store } = memoryAt();
  const small = tokenBucket({ name: 'small', limit: 60, windowMs: 60_000, burst: 5 });
  expect(await take(store, small, 5)).toMatchObject({ allowed: true, limit: 60, remaining: 0, resetMs: 5000 });
  expect(await take(store, small)).toMatchObject({ allowed: false, retryAfterMs: 1000 });
  clock.ms += 60_000;
  expect(await take(store, small, 6)).toMatchObject({ allowed: false, retryAfterMs: Infinity, remaining: 5 });
});

test('Who changes to a higher limit keeps what was used, and who changes to a lower one waits no longer than anybody', async () => {
  const { store } = memoryAt();
  const [free, pro] = [100, 1000].map((limit) => tokenBucket({ name: 'hourly', limit, windowMs: 3_600_000 }));
  if (!free || !pro) throw new Error();
  await take(store, free, 100);
  expect(await take(store, pro)).toMatchObject({ allowed: true, remaining: 899 });
  await take(store, pro, 899);
  expect(await take(store, free)).toMatchObject({ allowed: false, remaining: 0, retryAfterMs: 36_000 });
});

test.each([
  [{ name: '', limit: 1, windowMs: 1 }],
  [{ name: 'naïve', limit: 1, windowMs: 1 }],
  [{ name: 'a\nb', limit: 1, windowMs: 1 }],
  [{ name: 'a', limit: 0, windowMs: 1 }],
  [{ name: 'a', limit: 1.5, windowMs: 1 }],
  [{ name: 'a', limit: 1, windowMs: 0 }],
  [{ name: 'a', limit: 1, windowMs: 1, burst: 0 }],
  [{ name: 'a', limit: Number.NaN, windowMs: 1 }],
  [{ name: 'a', limit: 2 ** 30, windowMs: 2 ** 30 }],
])('%j is no policy', (options) => {
  expect(() => tokenBucket(options)).toThrow(RangeError);
});
