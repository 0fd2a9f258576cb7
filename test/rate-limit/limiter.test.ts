import { describe, expect, test } from 'vitest';
import { createRateLimiter, type RateLimiterOptions } from '../../templates/rate-limit/core/limiter.ts';
import { monthlyQuota } from '../../templates/rate-limit/core/monthly-quota.ts';
import { slidingWindow, tokenBucket } from '../../templates/rate-limit/core/policies.ts';
import type { LimitStore } from '../../templates/rate-limit/core/store.ts';
import { byAddress, byUser, firstOf } from '../../templates/rate-limit/core/subjects.ts';
import { byTier } from '../../templates/rate-limit/core/tiers.ts';
import type { LogEntry } from '../../templates/rate-limit/core/types.ts';
import { chargeOf, hour, memoryAt, requestOf, second, start } from './support.ts';

const two = tokenBucket({ name: 'burst', limit: 2, windowMs: second });
const five = slidingWindow({ name: 'hourly', limit: 5, windowMs: hour });
const quota = monthlyQuota({ name: 'monthly', limit: 3 });

function limiterOf(more: Partial<RateLimiterOptions> = {}) {
  const { clock, store } = memoryAt();
  const logged: LogEntry[] = [];
  const limiter = createRateLimiter({
    policies: [two, five],
    subjectOf: firstOf(byUser, byAddress(0)),
    store,
    onStoreFailure: 'closed',
    log: (entry) => logged.push(entry),
    now: () => clock.ms,
    ...more,
  });
  return { clock, store, logged, decide: limiter.decide };
}

describe('A limiter', () => {
  test('lets requests pass with their headers, and answers those over the limit', async () => {
    const { clock, decide } = limiterOf({ legacyHeaders: true });
    expect(await decide(requestOf())).toMatchObject({
      reply: null,
      headers: {
        'ratelimit-policy': '"burst";q=2;w=1, "hourly";q=5;w=3600',
        ratelimit: '"burst";r=1;t=1, "hourly";r=4;t=6400',
        'x-ratelimit-limit': '2',
        'x-ratelimit-remaining': '1',
      },
    });
    expect((await decide(requestOf())).reply).toBeNull();
    const { reply, headers, results } = await decide(requestOf());
    expect(reply).toMatchObject({ status: 429, headers: { ...headers, 'retry-after': '1' } });
    expect(JSON.parse(reply?.body ?? '')).toMatchObject({ 'violated-policies': ['burst'] });
    expect(results.map(({ allowed }) => allowed)).toEqual([false, true]);
    clock.ms += 500;
    expect((await decide(requestOf())).reply).toBeNull();
  });

  test('counts each subject for itself', async () => {
    const { decide } = limiterOf({ policies: [tokenBucket({ name: 'one', limit: 1, windowMs: hour })] });
    for (const facts of [
      { userId: '1' },
      { userId: '2' },
      {},
      { address: '2001:db8::1' },
      { address: '2001:db8:0:1::1' },
    ]) {
      expect((await decide(requestOf(facts))).reply).toBeNull();
      expect((await decide(requestOf(facts))).reply).toMatchObject({ status: 429 });
    }
    expect((await decide(requestOf({ address: '2001:db8::2' }))).reply).toMatchObject({ status: 429 });
  });

  test('lets what is skipped pass, and those who are nobody, uncounted', async () => {
    let calls = 0;
    const store: LimitStore = {
      async apply() {
        calls += 1;
        return [];
      },
    };
    const skipping = limiterOf({ store, skip: ({ method, path }) => method === 'OPTIONS' || path === '/health' });
    expect(await skipping.decide(requestOf({ path: '/health' }))).toMatchObject({
      reply: null,
      headers: {},
      results: [],
    });
    expect(await skipping.decide(requestOf({ method: 'OPTIONS' }))).toMatchObject({ reply: null });
    expect(await limiterOf({ store, subjectOf: byUser }).decide(requestOf())).toMatchObject({ reply: null });
    const free = [
      tokenBucket({ name: 'free', limit: Infinity, windowMs: 1 }),
      monthlyQuota({ name: 'm', limit: Infinity }),
    ];
    expect(await limiterOf({ store, policies: free }).decide(requestOf())).toMatchObject({ reply: null, headers: {} });
    expect(calls).toBe(0);
    await skipping.decide(requestOf());
    expect(calls).toBe(1);
  });

  test('lets all without an address share one limit, and says so once', async () => {
    const { decide, logged } = limiterOf({ policies: [two] });
    const replies = [];
    for (let n = 0; n < 4; n += 1) replies.push((await decide(requestOf({ address: undefined }))).reply?.status);
    expect(replies).toEqual([undefined, undefined, 429, 429]);
    expect(logged.map(({ level }) => level)).toEqual(['warn']);
  });

  test('weighs requests, and refuses to guess at a weight', async () => {
    const { decide } = limiterOf({ costOf: ({ path }) => (path === '/search' ? 2 : 1) });
    expect((await decide(requestOf({ path: '/search' }))).reply).toBeNull();
    expect((await decide(requestOf())).reply).toMatchObject({ status: 429 });
    for (const cost of [-1, 0.5, Number.NaN, Infinity])
      await expect(limiterOf({ costOf: () => cost }).decide(requestOf())).rejects.toThrow(RangeError);
  });

  test('gives back what an admitted request used, once', async () => {
    const { decide } = limiterOf({ policies: [two] });
    const decision = await decide(requestOf());
    await decide(requestOf());
    await decision.refund();
    await decision.refund();
    expect((await decide(requestOf())).reply).toBeNull();
    const refused = await decide(requestOf());
    expect(refused.reply).toMatchObject({ status: 429 });
    await refused.refund();
    expect((await decide(requestOf())).reply).toMatchObject({ status: 429 });
  });
});

describe('A limiter with a store of its own for quotas', () => {
  test('gives the rates back where the quota refuses, and leaves the quota alone where a rate does', async () => {
    const quotas = memoryAt();
    const { clock, decide, store } = limiterOf({ policies: [two, five, quota], quotaStore: quotas.store });
    const left = async () => {
      const rates = await store.apply('peek', chargeOf([two, five], { subject: 'ip:203.0.113.7' }));
      const rest = await quotas.store.apply('peek', chargeOf([quota], { subject: 'ip:203.0.113.7' }));
      return [...rates, ...rest].map(({ remaining }) => remaining);
    };
    await decide(requestOf());
    await decide(requestOf());
    expect(await left()).toEqual([0, 3, 1]);
    expect((await decide(requestOf())).reply).toMatchObject({ status: 429 });
    expect(await left()).toEqual([0, 3, 1]);
    clock.ms += second;
    await decide(requestOf());
    clock.ms += second;
    const { reply } = await decide(requestOf());
    expect(JSON.parse(reply?.body ?? '')).toMatchObject({ status: 429, 'violated-policies': ['monthly'] });
    expect(await left()).toEqual([2, 2, 0]);
  });

  test('gives the rates back where the quota cannot be counted', async () => {
    const quotaStore: LimitStore = { apply: () => Promise.reject(new Error('gone')) };
    const { decide, store } = limiterOf({ policies: [two, quota], quotaStore });
    expect((await decide(requestOf())).reply).toMatchObject({ status: 503 });
    expect(await store.apply('peek', chargeOf([two], { subject: 'ip:203.0.113.7' }))).toMatchObject([{ remaining: 2 }]);
  });
});

describe('A receipt', () => {
  const receiptOf: RateLimiterOptions['receiptOf'] = ({ header }) => header('idempotency-key');

  test('pays the quota once for all attempts at one thing, and no rate', async () => {
    const { decide, store, clock } = limiterOf({ policies: [five, quota], receiptOf });
    const headers = { 'idempotency-key': 'order-1' };
    for (let n = 0; n < 5; n += 1) expect((await decide(requestOf({ headers }))).reply).toBeNull();
    const peeked = await store.apply('peek', chargeOf([five, quota], { subject: 'ip:203.0.113.7', atMs: clock.ms }));
    expect(peeked.map(({ remaining }) => remaining)).toEqual([0, 2]);
    // So that a client with one key for all its requests does not go without a limit.
    expect((await decide(requestOf({ headers }))).reply).toMatchObject({ status: 429 });
  });

  test('is no receipt where no policy gives one', async () => {
    const { decide } = limiterOf({ policies: [two], receiptOf });
    const headers = { 'idempotency-key': 'order-1' };
    const replies = [];
    for (let n = 0; n < 3; n += 1) replies.push((await decide(requestOf({ headers }))).reply?.status);
    expect(replies).toEqual([undefined, undefined, 429]);
  });
});

describe('Tiers', () => {
  const hourly = (limit: number) => [slidingWindow({ name: 'hourly', limit, windowMs: hour })];
  const tiers = { free: hourly(2), pro: hourly(4), enterprise: hourly(Infinity) };

  function tiered(tierOf: (userId: string) => string | null | Promise<string | null>) {
    let nowMs = start;
    const logged: LogEntry[] = [];
    const now = () => nowMs;
    const policies = byTier({ tiers, fallback: 'free', tierOf, log: (entry) => logged.push(entry), now });
    const { decide } = limiterOf({ policies });
    const admitted = async (userId?: string): Promise<number> => {
      let count = 0;
      for (let n = 0; n < 6; n += 1) if (!(await decide(requestOf({ userId }))).reply) count += 1;
      return count;
    };
    const wait = (ms: number): void => {
      nowMs += ms;
    };
    return { admitted, logged, wait };
  }

  test.each([
    ['free', 2],
    ['pro', 4],
    ['enterprise', 6],
    ['constructor', 2],
    ['gold', 2],
    [null, 2],
  ])('admit of 6 requests of the tier %s: %s', async (tier, expected) => {
    expect(await tiered(async () => tier).admitted('1')).toBe(expected);
    expect(await tiered(() => tier).admitted('1')).toBe(expected);
  });

  test('fall back to one of them alone, says the compiler', () => {
    const about = { tiers, tierOf: () => null, log: () => {} };
    expect(typeof byTier({ ...about, fallback: 'enterprise' })).toBe('function');
    // @ts-expect-error There is no such tier.
    byTier({ ...about, fallback: 'gold' });
  });

  test('are not asked for guests', async () => {
    const { admitted, logged } = tiered(() => Promise.reject(new Error('asked')));
    expect(await admitted()).toBe(2);
    expect(logged).toEqual([]);
  });

  test('fall back where they cannot be told, and keep what was known', async () => {
    let fails = true;
    const { admitted, logged, wait } = tiered(async () => {
      if (fails) throw new Error('the database is gone');
      return 'enterprise';
    });
    expect(await admitted('1')).toBe(2);
    expect(logged[0]).toMatchObject({ level: 'error', error: new Error('the database is gone') });
    fails = false;
    expect(await admitted('1')).toBe(6);
    fails = true;
    wait(3_600_000);
    expect(await admitted('1')).toBe(6);
  });

  test('are asked for once a minute, and a change of tier keeps what was used', async () => {
    let tier = 'free';
    let asked = 0;
    const { admitted, wait } = tiered(() => {
      asked += 1;
      return tier;
    });
    expect(await admitted('1')).toBe(2);
    tier = 'pro';
    expect(await admitted('1')).toBe(0);
    expect(asked).toBe(1);
    wait(60_000);
    expect(await admitted('1')).toBe(2);
    expect(asked).toBe(2);
  });
});
