/**
 * How fast a request is counted by ours, as a multiple of rate-limiter-flexible in the same run: in memory, and on the same Redis
 * through the same client (1.0 or more is the aim). Both make a string for their subject and tell what is left; ours has the
 * smarter algorithm, as the other has no fixed-window peer here. Turns are short and alternate, and the median of the ratios of
 * neighbouring turns counts: other work on the machine hits both. The CPU is what a request costs, here and in Redis.
 * Run: npm run bench:rate-limit
 */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { execa } from 'execa';
import { Redis } from 'ioredis';
import { RateLimiterMemory, RateLimiterRedis } from 'rate-limiter-flexible';
import { createClient } from 'redis';
import type { RunScript } from '../templates/rate-limit/core/redis-store.ts';
import type { LimitStore } from '../templates/rate-limit/core/store.ts';
import type { Policy } from '../templates/rate-limit/core/types.ts';
import { startRedis } from '../test/services/redis.ts';
import { compileCore } from '../test/webhook/compiled.ts';
import { median } from './measure.ts';

/** As a host runs it: what tsx makes of it names each closure anew at every call. */
const compiled = compileCore('esm', 'rate-limit');
const load = (name: string) => import(pathToFileURL(join(compiled.folder, `${name}.js`)).href);
const { createRateLimiter }: typeof import('../templates/rate-limit/core/limiter.ts') = await load('limiter');
const { memoryStore }: typeof import('../templates/rate-limit/core/memory-store.ts') = await load('memory-store');
const { monthlyQuota }: typeof import('../templates/rate-limit/core/monthly-quota.ts') = await load('monthly-quota');
const { slidingWindow, tokenBucket }: typeof import('../templates/rate-limit/core/policies.ts') =
  await load('policies');
const { redisStore }: typeof import('../templates/rate-limit/core/redis-store.ts') = await load('redis-store');
const { redisScripts: overIoredis }: typeof import('../templates/rate-limit/core/redis-ioredis.ts') =
  await load('redis-ioredis');
const { redisScripts: overNodeRedis }: typeof import('../templates/rate-limit/core/redis-node-redis.ts') =
  await load('redis-node-redis');

const limit = 1_000_000_000;
const bucket = tokenBucket({ name: 'hourly', limit: 1_000_000, windowMs: 3_600_000 });
const window = slidingWindow({ name: 'hourly', limit: 100_000_000, windowMs: 3_600_000 });
const month = monthlyQuota({ name: 'monthly', limit });

/** Counts one request of this user. */
type Count = (userId: string) => Promise<unknown>;
interface Runs {
  readonly peer: Count;
  readonly ours: Readonly<Record<string, Count>>;
}

function take(store: LimitStore, policies: readonly Policy[]): Count {
  // As the limiter does it: only quotas ask for the time before the store does.
  const isDated = policies.some(({ kind }) => kind === 'quota');
  return (userId) => {
    const atMs = isDated ? Date.now() : 0;
    return store.apply('take', { subject: `user:${userId}`, policies, cost: 1, atMs, receipt: null });
  };
}

const noHeader = () => undefined;

/** The whole way of a request: subject, store, headers. */
const decide = (store: LimitStore): Count => {
  const limiter = createRateLimiter({
    policies: [bucket],
    subjectOf: ({ userId }) => `user:${userId}`,
    store,
    onStoreFailure: 'local',
    log: ({ message, error }) => console.error(message, error),
  });
  return (userId) => limiter.decide({ method: 'GET', path: '/', header: noHeader, address: undefined, userId });
};

const oursOver = (storeFor: (name: string) => LimitStore): Runs['ours'] => ({
  bucket: take(storeFor('bucket'), [bucket]),
  window: take(storeFor('window'), [window]),
  'three policies': take(storeFor('three'), [bucket, { ...window, name: 'w' }, month]),
  'with headers': decide(storeFor('decide')),
});

function onRedis(run: RunScript, client: { storeClient: unknown; useRedisPackage?: boolean }, prefix: string): Runs {
  const peer = new RateLimiterRedis({ ...client, points: limit, duration: 3600, keyPrefix: `${prefix}peer` });
  return {
    peer: (userId) => peer.consume(userId),
    ours: oursOver((name) => redisStore(run, `${prefix}${name}:`)),
  };
}

const memoryPeer = new RateLimiterMemory({ points: limit, duration: 3600 });
const inMemory: Runs = { peer: (userId) => memoryPeer.consume(userId), ours: oursOver(() => memoryStore()) };

/** What one turn came to: µs by the clock and µs of CPU for each request, Redis' own included. */
interface Figures {
  clock: number;
  cpu: number;
}

const users = Array.from({ length: 1000 }, (_, n) => String(n));

/** So many requests of 1,000 users, with so many under way at once. */
async function measure(count: Count, total: number, atOnce: number, cpuOfServer: CpuOf): Promise<Figures> {
  let sent = 0;
  const worker = async (): Promise<void> => {
    while (sent < total) await count(users[sent++ % 1000] ?? '');
  };
  const serverBefore = await cpuOfServer();
  const [before, started] = [process.cpuUsage(), performance.now()];
  await Promise.all(Array.from({ length: atOnce }, worker));
  const [{ user, system }, took] = [process.cpuUsage(before), performance.now() - started];
  const cpu = user + system + (await cpuOfServer()) - serverBefore;
  return { clock: (took * 1000) / total, cpu: cpu / total };
}

type CpuOf = () => Promise<number>;
const none: CpuOf = async () => 0;

interface Shape {
  readonly rounds: number;
  readonly total: number;
  readonly atOnce: number;
}

async function compare(title: string, { peer, ours }: Runs, shape: Shape, cpuOfServer: CpuOf = none): Promise<void> {
  const { rounds, total, atOnce } = shape;
  const rows = new Map(Object.keys(ours).map((name) => [name, [] as { own: Figures; peers: Figures }[]]));
  // The first rounds warm up.
  for (let round = -3; round < rounds; round += 1)
    for (const [name, count] of Object.entries(ours)) {
      const turns = round % 2 === 0 ? [peer, count] : [count, peer];
      const [first, second] = [
        await measure(turns[0] ?? peer, total, atOnce, cpuOfServer),
        await measure(turns[1] ?? count, total, atOnce, cpuOfServer),
      ];
      if (round < 0) continue;
      rows.get(name)?.push(round % 2 === 0 ? { peers: first, own: second } : { own: first, peers: second });
    }
  console.log(`\n${title}: ${rounds} rounds of ${total}`);
  const all = [...rows.values()].flat().map(({ peers }) => peers);
  console.log(line('rate-limiter-flexible', all, 1, 1));
  for (const [name, pairs] of rows) {
    const [clock, cpu] = (['clock', 'cpu'] as const).map((what) =>
      median(pairs.map(({ own, peers }) => peers[what] / own[what])),
    );
    const owns = pairs.map(({ own }) => own);
    console.log(line(`ours, ${name}`, owns, clock ?? 0, cpu ?? 0));
  }
}

function line(name: string, figures: readonly Figures[], clock: number, cpu: number): string {
  const rate = `${(1000 / median(figures.map((one) => one.clock))).toFixed(1)} k/s`;
  const work = `${median(figures.map((one) => one.cpu)).toFixed(2)} µs CPU`;
  return `  ${name.padEnd(22)} ${rate.padStart(12)}  ${clock.toFixed(2)} ×  ${work.padStart(14)}  ${cpu.toFixed(2)} ×`;
}

/** Each in a process of its own: what the compiler has learnt from one row is not the next one's. */
async function compareInMemory(): Promise<void> {
  const [, file = '', row] = process.argv;
  const count = inMemory.ours[row ?? ''];
  const shape = { rounds: 30, total: 50_000, atOnce: 1 };
  if (row && count) await compare('In memory', { ...inMemory, ours: { [row]: count } }, shape);
  else
    for (const name of Object.keys(inMemory.ours))
      await execa(process.execPath, [...process.execArgv, file, name], { stdio: 'inherit' });
}

await compareInMemory();
if (process.argv[2]) {
  compiled.remove();
  process.exit(0);
}
const server = await startRedis();
const ioredis = new Redis(server.url);
const nodeRedis = await createClient({ url: server.url }).connect();
const cpuOfRedis: CpuOf = async () => {
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
    for (const [name, runs] of clients) {
      const shape = { rounds: 20, total: atOnce === 1 ? 500 : 3_000, atOnce };
      await compare(`Redis ${server.version}, ${name}, ${atOnce} at once`, runs, shape, cpuOfRedis);
    }
} finally {
  ioredis.disconnect();
  nodeRedis.destroy();
  await server.stop();
  compiled.remove();
}
