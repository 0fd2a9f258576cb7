import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { Redis } from 'ioredis';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { openTemp } from './cache.ts';
import { databaseUrl, freshDatabase, redisUrl } from './index.ts';
import { postgresSources, startPostgres } from './postgres.ts';
import { redisSources, startRedis } from './redis.ts';
import type { Server } from './server.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

const query = async (url: string, sql: string): Promise<unknown> => {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<Record<string, unknown>>(sql);
    return Object.values(rows[0] ?? {})[0];
  } finally {
    await client.end();
  }
};

const setAndGet = async (url: string): Promise<string | null> => {
  const client = new Redis(url);
  try {
    await client.set('services:greeting', 'hello');
    return await client.get('services:greeting');
  } finally {
    await client.del('services:greeting');
    client.disconnect();
  }
};

const lives = (pid: number | null): boolean => {
  try {
    return process.kill(pid ?? -1, 0);
  } catch {
    return false;
  }
};

describe("the run's servers", () => {
  test('Postgres answers a query', async () => {
    expect(await query(databaseUrl(), 'SELECT version()')).toMatch(/^PostgreSQL \d+/);
  });

  test('Redis gives back what was set', async () => {
    expect(await setAndGet(redisUrl())).toBe('hello');
  });

  test('two fresh databases do not see each other, and are gone after drop although a connection is open', async () => {
    const [one, two] = [await freshDatabase(), await freshDatabase()];
    await query(one.url, 'CREATE TABLE only_here (id int)');
    expect(await query(two.url, "SELECT count(*)::int FROM pg_tables WHERE tablename = 'only_here'")).toBe(0);
    const open = new pg.Client({ connectionString: one.url });
    open.on('error', () => {});
    await open.connect();
    await Promise.all([one.drop(), two.drop()]);
    await expect(query(one.url, 'SELECT 1')).rejects.toThrow('does not exist');
  });
});

describe('every source that this machine offers, with a cold cache', () => {
  const cache = mkdtempSync(join(openTemp(), 'bs-cold-cache-'));
  chmodSync(cache, 0o755);
  beforeAll(() => {
    vi.stubEnv('BS_TEST_CACHE', cache);
    vi.stubEnv('BS_TEST_REDIS_URL', undefined);
    vi.stubEnv('BS_TEST_DATABASE_URL', undefined);
  });
  afterAll(() => {
    vi.unstubAllEnvs();
    rmSync(cache, { recursive: true, force: true });
  });

  test.each(postgresSources().map((source) => [source.origin, source] as const))(
    'Postgres from %s starts and stops',
    async (origin, source) => {
      const server = await startPostgres([source]);
      expect(server.origin).toBe(origin);
      expect(await query(server.url, 'SELECT 40 + 2')).toBe(42);
      await expectToStop(server);
    },
  );

  test.each(redisSources().map((source) => [source.origin, source] as const))(
    'Redis from %s starts and stops',
    async (origin, source) => {
      const server = await startRedis([source]);
      expect(server.origin).toBe(origin);
      expect(await setAndGet(server.url)).toBe('hello');
      await expectToStop(server);
    },
  );

  const expectToStop = async (server: Server): Promise<void> => {
    expect(lives(server.pid)).toBe(true);
    await server.stop();
    expect(lives(server.pid)).toBe(false);
  };
});

describe('stopping', () => {
  beforeAll(() => {
    vi.stubEnv('BS_TEST_REDIS_URL', undefined);
    vi.stubEnv('BS_TEST_DATABASE_URL', undefined);
    return () => void vi.unstubAllEnvs();
  });

  test('ends the server it belongs to and no other', async () => {
    const [one, two] = await Promise.all([startRedis(), startRedis()]);
    await one.stop();
    expect(await setAndGet(two.url)).toBe('hello');
    await two.stop();
  });

  test.each(['SIGINT', 'SIGTERM', 'SIGKILL'] as const)(
    'happens when the process that started it ends by %s',
    async (signal) => {
      const runner = execa(process.execPath, ['--input-type=module', '--eval', startBoth], {
        cwd: root,
        reject: false,
      });
      const [line] = await once(createInterface(runner.stdout), 'line');
      const pids: number[] = JSON.parse(String(line));
      expect(pids.map(lives)).toEqual([true, true]);
      runner.kill(signal);
      await runner;
      await vi.waitFor(() => expect(pids.map(lives)).toEqual([false, false]), { timeout: 10_000 });
    },
  );
});

/** A program that starts both servers, prints their process ids and waits for its end. */
const startBoth = `
import { runnerImport } from 'vite';
const { module: { startRedis } } = await runnerImport('./test/services/redis.ts');
const { module: { startPostgres } } = await runnerImport('./test/services/postgres.ts');
const servers = await Promise.all([startRedis(), startPostgres()]);
console.log(JSON.stringify(servers.map((server) => server.pid)));
setInterval(() => {}, 1000);
`;

test('without any source the error is one line that says what to install', async () => {
  await expect(startRedis([])).rejects.toThrow(
    /^No Redis could be started\. Install redis-server .*BS_TEST_REDIS_URL\.$/,
  );
  const broken = { origin: '/opt/pg', programs: async () => '/opt/pg' };
  await expect(startPostgres([broken])).rejects.toThrow(
    /^No Postgres could be started\. Install [^\n]*Tried: \/opt\/pg: [^\n]*$/,
  );
});
