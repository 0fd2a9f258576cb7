/**
 * How fast a request is counted by ours, as a multiple of rate-limiter-flexible in the same run: in memory, and on the same Redis
 * through the same client (1.0 or more is the aim). Each gets its turns among the others', and its best one counts.
 * On a machine with other work, compare the CPU: it is what a request costs, here and in Redis.
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

/** What a run comes to: requests a second, and microseconds of CPU for each, Redis' own included. */
interface Figures {
  rate: number;
  cpu: number;
}

/** So many requests of 1,000 subjects, with so many under way at once. */
async function measure(
  count: Count,
  total: number,
  atOnce: number,
  cpuOfServer: () => Promise<number>,
): Promise<Figures> {
  const subjects = Array.from({ length: 1000 }, (_, n) => `user-${n}`);
  let sent = 0;
  const worker = async (): Promise<void> => {
    while (sent < total) await count(subjects[sent++ % 1000] ?? '');
  };
  const serverBefore = await cpuOfServer();
  const [before, started] = [process.cpuUsage(), performance.now()];
  await Promise.all(Array.from({ length: atOnce }, worker));
  const [{ user, system }, took] = [process.cpuUsage(before), performance.now() - started];
  const cpu = user + system + (await cpuOfServer()) - serverBefore;
  return { rate: (total * 1000) / took, cpu: cpu / total };
}

async function compare(
  title: string,
  { peer, runs }: Runs,
  total: number,
  atOnce: number,
  cpuOfServer = idle,
): Promise<void> {
  const best = new Map(Object.keys(runs).map((name) => [name, { rate: 0, cpu: Infinity }]));
  for (let turn = 0; turn < 5; turn += 1)
    for (const [name, count] of Object.entries(runs)) {
      const [now, so] = [await measure(count, total, atOnce, cpuOfServer), best.get(name)];
      if (so) best.set(name, { rate: Math.max(so.rate, now.rate), cpu: Math.min(so.cpu, now.cpu) });
    }
  const of = best.get(peer) ?? { rate: 1, cpu: 1 };
  console.log(`\n${title}`);
  for (const [name, { rate, cpu }] of best) {
    const [speed, work] = [`${(rate / 1000).toFixed(1)} k/s`, `${cpu.toFixed(2)} µs`];
    const ratios = `${(rate / of.rate).toFixed(2)} ×  ${work.padStart(10)} CPU  ${(of.cpu / cpu).toFixed(2)} ×`;
    console.log(`  ${name.padEnd(24)} ${speed.padStart(12)}  ${ratios}`);
  }
}

const idle = async (): Promise<number> => 0;

await compare('In memory', inMemory, 200_000, 1);
const server = await startRedis();
const ioredis = new Redis(server.url);
const nodeRedis = await createClient({ url: server.url }).connect();
const cpuOfRedis = async (): Promise<number> => {
  const info = await ioredis.info('cpu');
  const [user, system] = ['user', 'sys'].map((kind) =>
    Number(new RegExp(`used_cpu_${kind}:([\\d.]+)`).exec(info)?.[1]),
  );
  return 1e6 * ((user ?? 0) + (system ?? 0));
};
const clients: readonly [string, Runs][] = [
  ['ioredis', onRedis(overIoredis(ioredis), { storeClient: ioredis }, 'i:')],
  ['node-redis', onRedis(overNodeRedis(nodeRedis), { storeClient: nodeRedis, useRedisPackage: true }, 'n:')],
];
try {
  for (const atOnce of [1, 64])
    for (const [name, runs] of clients)
      await compare(
        `Redis ${server.version}, ${name}, ${atOnce} at once`,
        runs,
        atOnce === 1 ? 2_000 : 12_000,
        atOnce,
        cpuOfRedis,
      );
} finally {
  ioredis.disconnect();
  nodeRedis.destroy();
  await server.stop();
}
