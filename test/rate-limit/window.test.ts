import { describe, expect, test } from 'vitest';
import { slidingWindow } from '../../templates/rate-limit/core/policies.ts';
import { chargeOf, memoryAt, take } from './support.ts';

const ten = slidingWindow({ name: 'ten', limit: 10, windowMs: 1000 });
/** The start of a window. */
const edge = 1_700_000_000_000;

describe('A window of 10 per second', () => {
  test('lets no burst through at its boundary', async () => {
    const { clock, store } = memoryAt(edge + 999);
    expect(await take(store, ten, 10)).toMatchObject({ allowed: true, remaining: 0, resetMs: 1001 });
    clock.ms = edge + 1000;
    expect(await take(store, ten)).toMatchObject({ allowed: false, remaining: 0, retryAfterMs: 100 });
    clock.ms = edge + 1100;
    expect(await take(store, ten)).toMatchObject({ allowed: true, remaining: 0 });
  });

  test.each([
    // Used at (ms into its window), asked at, cost, wait: solved by hand.
    { used: 10, at: 0, asked: 0, cost: 1, wait: 1100 },
    { used: 10, at: 0, asked: 400, cost: 1, wait: 700 },
    { used: 10, at: 0, asked: 0, cost: 10, wait: 2000 },
    { used: 10, at: 999, asked: 1000, cost: 5, wait: 500 },
    { used: 10, at: 0, asked: 1250, cost: 3, wait: 50 },
    { used: 3, at: 0, asked: 0, cost: 8, wait: 1334 },
    { used: 3, at: 0, asked: 0, cost: 10, wait: 2000 },
    { used: 3, at: 0, asked: 0, cost: 11, wait: Infinity },
  ])('with $used used at $at, asked at $asked for $cost, says $wait', async ({ used, at, asked, cost, wait }) => {
    const { clock, store } = memoryAt(edge + at);
    await take(store, ten, used);
    clock.ms = edge + asked;
    expect(await take(store, ten, cost)).toMatchObject({ allowed: false, retryAfterMs: wait });
    if (wait === Infinity) return;
    clock.ms = edge + asked + wait - 1;
    expect(await take(store, ten, cost)).toMatchObject({ allowed: false, retryAfterMs: 1 });
    clock.ms += 1;
    expect(await take(store, ten, cost)).toMatchObject({ allowed: true });
  });

  test('is as if nothing had been used once the reset has passed', async () => {
    const { clock, store } = memoryAt(edge + 300);
    const { resetMs } = await take(store, ten, 7);
    expect(resetMs).toBe(1700);
    clock.ms += resetMs - 1;
    expect(await store.apply('peek', chargeOf([ten], { cost: 10 }))).toMatchObject([{ allowed: false, resetMs: 1 }]);
    clock.ms += 1;
    expect(await store.apply('peek', chargeOf([ten], { cost: 10 }))).toMatchObject([{ allowed: true, resetMs: 0 }]);
  });

  test('takes a refund', async () => {
    const { store } = memoryAt();
    await take(store, ten, 10);
    expect(await store.apply('refund', chargeOf([ten], { cost: 2 }))).toMatchObject([{ remaining: 2 }]);
    expect(await take(store, ten, 3)).toMatchObject({ allowed: false });
    expect(await take(store, ten, 2)).toMatchObject({ allowed: true });
  });

  test('bears a clock that goes back', async () => {
    const { clock, store } = memoryAt(edge + 500);
    await take(store, ten, 10);
    clock.ms = edge - 3_600_000;
    expect(await take(store, ten)).toMatchObject({ allowed: false, retryAfterMs: 1100 });
    clock.ms += 1100;
    expect(await take(store, ten)).toMatchObject({ allowed: true });
  });
});

test('Who changes to a lower limit waits no longer than anybody', async () => {
  const { store } = memoryAt(edge);
  await take(store, slidingWindow({ name: 'a', limit: 1000, windowMs: 1000 }), 1000);
  const lower = slidingWindow({ name: 'a', limit: 10, windowMs: 1000 });
  expect(await take(store, lower)).toMatchObject({ allowed: false, remaining: 0, retryAfterMs: 1100 });
});
