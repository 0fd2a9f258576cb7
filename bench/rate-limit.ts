/**
 * How fast a request is counted by ours, as a multiple of rate-limiter-flexible in the same run: in memory, and on the same Redis
 * through the same client (1.0 or more is the aim). Each gets its turns among the others', and its best one counts.
 * Run: npm run bench:rate-limit
 */
import { Redis } from 'ioredis';
import { RateLimiterMemory, RateLimiterRedis } from 'rate-limiter-flexible';
import { createClient } from 'redis';
import { createRateLimiter } from '../templates/rate-limit/core/limiter.ts';
import { memoryStore } from '../templates/rate-limit/core/memory-store.ts';
import { monthlyQuota, slidingWindow, tokenBucket } from '../templates/rate-limit/core/policies.ts';
import { redisScripts as overIoredis } from '../templates/rate-limit/core/redis-ioredis.ts';
import { redisScripts as overNodeRedis } from '../templates/rate-limit/core/redis-node-redis.ts';
import type { RunScript } from '../templates/rate-limit/core/redis-script.ts';
import { redisStore } from '../templates/rate-limit/core/redis-store.ts';
import type { LimitStore } from '../templates/rate-limit/core/store.ts';
import type { Policy } from '../templates/rate-limit/core/types.ts';
import { startRedis } from '../test/services/redis.ts';

const limit = 1_000_000_000;
const bucket = tokenBucket({ name: 'hourly', limit: 1_000_000, windowMs: 3_600_000 });
const window = slidingWindow({ name: 'hourly', limit: 1_000_000_00, windowMs: 3_600_000 });
const month = monthlyQuota({ name: 'monthly', limit });

/** Counts one request of this subject. */
type Count = (subject: string) => Promise<unknown>;
interface Runs {
  readonly peer: string;
  readonly runs: Readonly<Record<string, Count>>;
}

const take =
  (store: LimitStore, policies: readonly Policy[]): Count =>
  (subject) =>
    store.apply('take', { subject, policies, cost: 1, atMs: Date.now(), receipt: null });

/** The whole way of a request: subject, store, headers. */
const decide = (store: LimitStore): Count => {
  const limiter = createRateLimiter({
    policies: [bucket],
    subjectOf: ({ userId }) => `user:${userId}`,
    store,
    onStoreFailure: 'local',
    log: ({ message, error }) => console.error(message, error),
  });
  return (userId) => limiter.decide({ method: 'GET', path: '/', header: () => undefined, address: undefined, userId });
};

const inMemory: Runs = {
  peer: 'rate-limiter-flexible',
  runs: {
    'rate-limiter-flexible': peerIn(new RateLimiterMemory({ points: limit, duration: 3600 })),
    'ours, bucket': take(memoryStore(), [bucket]),
    'ours, window': take(memoryStore(), [window]),
    'ours, three policies': take(memoryStore(), [bucket, { ...window, name: 'w' }, month]),
    'ours, with headers': decide(memoryStore()),
  },
};

function onRedis(run: RunScript, client: { storeClient: unknown; useRedisPackage?: boolean }, prefix: string): Runs {
  return {
    peer: 'rate-limiter-flexible',
    runs: {
      'rate-limiter-flexible': peerIn(
        new RateLimiterRedis({ ...client, points: limit, duration: 3600, keyPrefix: `${prefix}peer` }),
      ),
      'ours, bucket': take(redisStore(run, `${prefix}bucket:`), [bucket]),
      'ours, window': take(redisStore(run, `${prefix}window:`), [window]),
      'ours, three policies': take(redisStore(run, `${prefix}three:`), [bucket, window, month]),
      'ours, with headers': decide(redisStore(run, `${prefix}decide:`)),
    },
  };
}

function peerIn(limiter: { consume(key: string): Promise<unknown> }): Count {
  return (subject) => limiter.consume(subject);
}

/** Requests a second, with so many under way at once, over 1,000 subjects. */
async function rateOf(count: Count, total: number, atOnce: number): Promise<number> {
  const subjects = Array.from({ length: 1000 }, (_, n) => `user-${n}`);
  let sent = 0;
  const started = performance.now();
  const worker = async (): Promise<void> => {
    while (sent < total) await count(subjects[sent++ % 1000] ?? '');
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return (total * 1000) / (performance.now() - started);
}

async function compare(title: string, { peer, runs }: Runs, total: number, atOnce: number): Promise<void> {
  const best: Record<string, number> = {};
  for (let turn = 0; turn < 8; turn += 1)
    for (const [name, count] of Object.entries(runs))
      best[name] = Math.max(best[name] ?? 0, await rateOf(count, total, atOnce));
  console.log(`\n${title}`);
  for (const [name, rate] of Object.entries(best)) {
    const ratio = (rate / (best[peer] ?? 1)).toFixed(2);
    console.log(`  ${name.padEnd(24)} ${(rate / 1000).toFixed(1).padStart(8)} k/s  ${ratio} ×`);
  }
}

await compare('In memory', inMemory, 200_000, 1);
const server = await startRedis();
const ioredis = new Redis(server.url);
const nodeRedis = await createClient({ url: server.url }).connect();
try {
  for (const atOnce of [1, 64]) {
    const total = atOnce === 1 ? 4_000 : 30_000;
    await compare(
      `Redis ${server.version}, ioredis, ${atOnce} at once`,
      onRedis(overIoredis(ioredis), { storeClient: ioredis }, 'i:'),
      total,
      atOnce,
    );
    await compare(
      `Redis ${server.version}, node-redis, ${atOnce} at once`,
      onRedis(overNodeRedis(nodeRedis), { storeClient: nodeRedis, useRedisPackage: true }, 'n:'),
      total,
      atOnce,
    );
  }
} finally {
  ioredis.disconnect();
  nodeRedis.destroy();
  await server.stop();
}
