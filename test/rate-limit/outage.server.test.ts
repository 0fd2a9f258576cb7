import { Redis } from 'ioredis';
import { createClient } from 'redis';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { OnStoreFailure } from '../../templates/rate-limit/core/guarded-store.ts';
import { createRateLimiter } from '../../templates/rate-limit/core/limiter.ts';
import { tokenBucket } from '../../templates/rate-limit/core/policies.ts';
import { redisScripts as overIoredis } from '../../templates/rate-limit/core/redis-ioredis.ts';
import { redisScripts as overNodeRedis } from '../../templates/rate-limit/core/redis-node-redis.ts';
import { type RunScript, redisStore } from '../../templates/rate-limit/core/redis-store.ts';
import { byAddress } from '../../templates/rate-limit/core/subjects.ts';
import type { LogEntry } from '../../templates/rate-limit/core/types.ts';
import { type Server, startRedis } from '../services/index.ts';
import { hour, requestOf } from './support.ts';

const policies = [tokenBucket({ name: 'hourly', limit: 20, windowMs: hour })];

/** A Redis of these tests' own, which they may stop. */
let server: Server;
beforeAll(async () => {
  server = await startRedis();
});
afterAll(() => server.stop());

const clients: Readonly<Record<string, (url: string) => Promise<{ run: RunScript; close(): void }>>> = {
  ioredis: async (url) => {
    const client = new Redis(url);
    client.on('error', () => {});
    return { run: overIoredis(client), close: () => client.disconnect() };
  },
  'node-redis': async (url) => {
    const client = createClient({ url }).on('error', () => {});
    await client.connect();
    return { run: overNodeRedis(client), close: () => client.destroy() };
  },
};

/** How a Redis goes and comes back. */
const outages: Readonly<Record<string, { begin(server: Server): void; end(server: Server): void }>> = {
  'does not answer': {
    begin: ({ pid }) => process.kill(pid ?? 0, 'SIGSTOP'),
    end: ({ pid }) => process.kill(pid ?? 0, 'SIGCONT'),
  },
};

function limiterOver(run: RunScript, onStoreFailure: OnStoreFailure) {
  const logged: LogEntry[] = [];
  const store = redisStore(run, `${onStoreFailure}:`);
  const log = (entry: LogEntry) => void logged.push(entry);
  const { decide } = createRateLimiter({ policies, subjectOf: byAddress(0), store, onStoreFailure, instances: 2, log });
  return { decide, logged };
}

const expected: Readonly<Record<OnStoreFailure, { outage: readonly (number | null)[] }>> = {
  open: { outage: Array.from({ length: 30 }, () => null) },
  closed: { outage: Array.from({ length: 30 }, () => 503) },
  // Half of the limit, as there are two that count for themselves.
  local: { outage: Array.from({ length: 30 }, (_, n) => (n < 10 ? null : 429)) },
};

describe.each(Object.keys(clients))('Through %s, a Redis that', (name) => {
  let opened: { run: RunScript; close(): void } | undefined;
  afterEach(() => opened?.close());

  describe.each(Object.keys(outages))('%s', (kind) => {
    test.each(['open', 'closed', 'local'] as const)(
      'is answered for in time, and never by a false 429: %s',
      async (onFailure) => {
        opened = await clients[name]?.(server.url);
        const outage = outages[kind];
        if (!opened || !outage) throw new Error('There is no such case.');
        const { decide, logged } = limiterOver(opened.run, onFailure);
        const address = `198.51.100.${Math.ceil(Math.random() * 250)}`;
        expect((await decide(requestOf({ address }))).reply).toBeNull();

        const statuses: (number | null)[] = [];
        const took: number[] = [];
        outage.begin(server);
        try {
          for (let n = 0; n < 30; n += 1) {
            const started = performance.now();
            const { reply } = await decide(requestOf({ address }));
            took.push(performance.now() - started);
            statuses.push(reply?.status ?? null);
          }
        } finally {
          outage.end(server);
        }
        expect(statuses).toEqual(expected[onFailure].outage);
        // A machine that is busy may stall a few; most must be far within.
        expect(took.sort((a, b) => a - b)[27]).toBeLessThan(250);
        // Three waited, the others did not.
        expect(took.filter((ms) => ms > 100).length).toBeLessThanOrEqual(4);
        expect(logged.filter(({ level }) => level === 'error')).toHaveLength(1);

        await expect
          .poll(
            () => decide(requestOf({ address: '203.0.113.99' })).then(({ headers }) => headers['ratelimit-policy']),
            {
              timeout: 10_000,
              interval: 200,
            },
          )
          .toBe('"hourly";q=20;w=3600');
        expect(logged.some(({ level }) => level === 'info')).toBe(true);
      },
    );
  });
});

describe('A Redis that is not there', () => {
  test.each([
    ['open', null],
    ['closed', 503],
    ['local', null],
  ] as const)('is answered for within the time of one call: %s', async (onFailure, status) => {
    const client = new Redis(1, '127.0.0.1');
    client.on('error', () => {});
    try {
      const { decide } = limiterOver(overIoredis(client), onFailure);
      const replies = await Promise.all(Array.from({ length: 8 }, () => decide(requestOf())));
      expect(replies.map(({ reply }) => reply?.status ?? null)).toEqual(Array.from({ length: 8 }, () => status));
    } finally {
      client.disconnect();
    }
  });

  test('is answered for at once by a client that knows it', async () => {
    const client = new Redis(1, '127.0.0.1', { enableOfflineQueue: false });
    client.on('error', () => {});
    try {
      const { decide } = limiterOver(overIoredis(client), 'closed');
      expect((await decide(requestOf())).reply).toMatchObject({
        status: 503,
        headers: { 'retry-after': '1', 'content-type': 'application/problem+json' },
      });
    } finally {
      client.disconnect();
    }
  });
});
