import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { monthlyQuota } from '../../templates/rate-limit/core/monthly-quota.ts';
import { slidingWindow, tokenBucket } from '../../templates/rate-limit/core/policies.ts';
import { redisScripts } from '../../templates/rate-limit/core/redis-ioredis.ts';
import { type RunScript, redisStore } from '../../templates/rate-limit/core/redis-store.ts';
import type { Action } from '../../templates/rate-limit/core/store.ts';
import { freshPrefix, redisUrl } from '../services/index.ts';
import { type Connected, clients } from './clients.ts';
import { chargeOf, hour, memoryAt, minute, start } from './support.ts';

const prefix = freshPrefix();
const redis = new Redis(redisUrl(), { lazyConnect: true });
afterAll(() => redis.disconnect());

const hundred = tokenBucket({ name: 'hundred', limit: 100, windowMs: hour });
const ofWindow = slidingWindow({ name: 'window', limit: 100, windowMs: hour });
const ofMonth = monthlyQuota({ name: 'month', limit: 100 });

describe.each(Object.keys(clients))('Redis through %s', (name) => {
  let [first, second]: (Connected | undefined)[] = [];
  beforeAll(async () => {
    first = await clients[name]?.(redisUrl());
    second = await clients[name]?.(redisUrl());
  });
  afterAll(async () => {
    await first?.close();
    await second?.close();
  });
  /** Two stores over the same data, as two processes have them. */
  const stores = () => {
    if (!first || !second) throw new Error('There are no clients.');
    return [redisStore(first.run, prefix), redisStore(second.run, prefix)] as const;
  };

  test.each([
    ['a bucket', [hundred]],
    ['a window', [ofWindow]],
    ['a quota', [ofMonth]],
    ['all at once', [hundred, ofWindow, ofMonth, tokenBucket({ name: 'more', limit: 200, windowMs: hour })]],
  ])('admits exactly 100 of 500 simultaneous requests at a limit of 100: %s', async (title, policies) => {
    const both = stores();
    const subject = `user:${name} ${title}`;
    const answers = await Promise.all(
      Array.from({ length: 500 }, (_, n) => both[n % 2 ? 1 : 0].apply('take', chargeOf(policies, { subject }))),
    );
    const admitted = answers.filter((results) => results.every(({ allowed }) => allowed));
    // A bucket gives one back every 36 s, which this takes no part of.
    expect(admitted).toHaveLength(100);
  });

  test('takes, peeks, refunds and resets', async () => {
    const [a, b] = stores();
    const charge = chargeOf([hundred, ofWindow], { subject: `user:${name} verbs`, cost: 30 });
    expect(await a.apply('take', charge)).toMatchObject([
      { policy: hundred, allowed: true, limit: 100, remaining: 70 },
      { policy: ofWindow, allowed: true, limit: 100, remaining: 70 },
    ]);
    expect(await b.apply('peek', { ...charge, cost: 71 })).toMatchObject([{ allowed: false }, { allowed: false }]);
    expect(await b.apply('refund', { ...charge, cost: 10 })).toMatchObject([{ remaining: 80 }, { remaining: 80 }]);
    expect(await a.apply('take', { ...charge, cost: 101 })).toMatchObject([
      { allowed: false, retryAfterMs: Infinity },
      { allowed: false, retryAfterMs: Infinity },
    ]);
    expect(await a.apply('reset', charge)).toMatchObject([{ remaining: 100 }, { remaining: 100 }]);
    expect(await b.apply('peek', { ...charge, cost: 100 })).toMatchObject([{ allowed: true }, { allowed: true }]);
  });

  test('goes on when Redis has forgotten its scripts', async () => {
    const [a] = stores();
    const charge = chargeOf([hundred], { subject: `user:${name} flushed` });
    expect(await a.apply('take', charge)).toMatchObject([{ remaining: 99 }]);
    await redis.script('FLUSH');
    expect(await a.apply('take', charge)).toMatchObject([{ remaining: 98 }]);
    expect(await a.apply('take', charge)).toMatchObject([{ remaining: 97 }]);
  });
});

describe('A key in Redis', () => {
  const store = redisStore(redisScripts(redis), prefix);
  const keysOf = (subject: string) => redis.keys(`${prefix}{${subject}}*`);

  test('ends when all is as if nothing had been used, and a quota a day later', async () => {
    const quick = tokenBucket({ name: 'quick', limit: 10, windowMs: minute });
    const slow = slidingWindow({ name: 'slow', limit: 10, windowMs: minute });
    const charge = chargeOf([quick, slow, ofMonth], { subject: 'user:ttl', atMs: Date.now(), receipt: 'r' });
    const results = await store.apply('take', charge);
    const keys = (await keysOf('user:ttl')).sort((a, b) => a.indexOf(':receipt:') - b.indexOf(':receipt:'));
    expect(keys).toHaveLength(4);
    for (const key of keys) expect(await redis.pttl(key)).toBeGreaterThan(0);
    for (const { policy, resetMs } of results) {
      const [key = ''] = keys.filter((each) => each.includes(`:${policy.id}`));
      const ttl = await redis.pttl(key);
      const life = policy.kind === 'quota' ? resetMs + 24 * hour : resetMs;
      expect(ttl).toBeLessThanOrEqual(life);
      expect(ttl).toBeGreaterThan(life - 2000);
    }
  });

  test('is not written where the request is refused or only peeked at', async () => {
    const charge = chargeOf([hundred, ofWindow], { subject: 'user:none' });
    await store.apply('take', { ...charge, cost: 101 });
    await store.apply('peek', charge);
    expect(await keysOf('user:none')).toEqual([]);
  });

  test('goes with the reset, and once all is refunded', async () => {
    for (const action of ['reset', 'refund'] as const) {
      const charge = chargeOf([hundred, ofWindow], { subject: `user:${action}` });
      await store.apply('take', charge);
      expect(await keysOf(`user:${action}`)).toHaveLength(2);
      await store.apply(action, charge);
      expect(await keysOf(`user:${action}`)).toEqual([]);
    }
  });

  test('shares its slot of a cluster with all others of its subject', async () => {
    const charge = chargeOf([hundred, ofWindow, ofMonth], { subject: 'ip:2001:db8:0:1::/64', receipt: 'r' });
    await store.apply('take', charge);
    const keys = await keysOf('ip:2001:db8:0:1::/64');
    const tags = keys.map((key) => /\{(.+?)\}/.exec(key)?.[1]);
    expect(tags).toEqual(Array.from({ length: 4 }, () => 'ip:2001:db8:0:1::/64'));
  });

  test('carries the prefix that the client sets for all its keys', async () => {
    const client = new Redis(redisUrl(), { keyPrefix: `${prefix}app:` });
    try {
      await redisStore(redisScripts(client)).apply('take', chargeOf([hundred], { subject: 'user:prefixed' }));
      expect(await redis.keys(`${prefix}app:rate-limit:{user:prefixed}*`)).toHaveLength(1);
    } finally {
      client.disconnect();
    }
  });

  test('that holds something else is an error, and no decision', async () => {
    await redis.hset(`${prefix}{user:other}:${hundred.id}`, 'a', '1');
    await expect(store.apply('take', chargeOf([hundred], { subject: 'user:other' }))).rejects.toThrow('WRONGTYPE');
  });
});

test.each([[null], [['1']], [[1, 2, 3]], ['OK'], [[1, 'a', 0, 0]]])(
  'A Redis that answers %j decides nothing',
  async (answer) => {
    await expect(redisStore(async () => answer).apply('take', chargeOf([hundred]))).rejects.toThrow('Redis answered');
  },
);

describe('Memory and Redis', () => {
  /** Redis by a clock that a key holds; its keys stay, as the time that they count by does not pass. */
  const byKey = (clockKey: string): RunScript => {
    const run = redisScripts(redis);
    return ({ text: real }, keys, args) => {
      const [clock, life] = ["redis.call('time')", "'px', "];
      expect(real).toContain(clock);
      const faked = `redis.call('lrange', '${clockKey}', 0, -1)`;
      const text = real.replace(clock, faked).replaceAll(life, `${life}3600000 + 0 * `);
      return run({ text, sha1: createHash('sha1').update(text).digest('hex') }, keys, args);
    };
  };

  const policy = fc
    .record({
      kind: fc.constantFrom('bucket', 'window', 'quota'),
      limit: fc.integer({ min: 1, max: 30 }),
      windowMs: fc.integer({ min: 1, max: 1500 }),
      burst: fc.integer({ min: 1, max: 30 }),
    })
    .map(({ kind, ...rest }) => {
      if (kind === 'bucket') return tokenBucket({ name: 'bucket', ...rest });
      return kind === 'window'
        ? slidingWindow({ name: 'window', ...rest })
        : monthlyQuota({ name: 'quota', limit: rest.limit, timeZone: 'Asia/Kathmandu' });
    });
  const policies = fc.uniqueArray(policy, { selector: ({ id }) => id, minLength: 1, maxLength: 3 });
  const step = fc.record({
    action: fc.oneof(
      { weight: 6, arbitrary: fc.constant<Action>('take') },
      { weight: 1, arbitrary: fc.constantFrom<Action>('peek', 'refund', 'reset') },
    ),
    // Now and then the clock goes back.
    after: fc.oneof(fc.integer({ min: 0, max: 20 }), fc.integer({ min: -500, max: 3000 })),
    cost: fc.integer({ min: 0, max: 12 }),
    receipt: fc.constantFrom(null, null, 'a', 'b'),
    // The same policies by other limits: another tier.
    times: fc.constantFrom(1, 1, 1, 2),
  });

  test('answer the same to the same sequence', async () => {
    let round = 0;
    await fc.assert(
      fc.asyncProperty(policies, fc.array(step, { minLength: 1, maxLength: 40 }), async (all, steps) => {
        round += 1;
        const clockKey = `${prefix}clock`;
        const { clock, store: memory } = memoryAt(start);
        const stored = redisStore(byKey(clockKey), `${prefix}${round}:`);
        for (const { action, after, cost, receipt, times } of steps) {
          clock.ms += after;
          await redis.del(clockKey);
          await redis.rpush(clockKey, String(Math.floor(clock.ms / 1000)), String((clock.ms % 1000) * 1000 + 999));
          const tier = all.map((each) =>
            each.kind === 'quota'
              ? { ...each, limit: each.limit * times }
              : { ...each, limit: each.limit * times, burst: each.burst * times },
          );
          const charge = chargeOf(tier, { cost, receipt, atMs: clock.ms });
          expect(await stored.apply(action, charge)).toEqual(await memory.apply(action, charge));
        }
      }),
      { numRuns: 150 },
    );
  });
});
