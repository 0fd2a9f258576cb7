import { existsSync, mkdtempSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { openTemp } from './cache.ts';
import { debianRedis } from './debian.ts';
import { foldersWith, program } from './path.ts';
import { lastLine, type Server, startOnFreePort } from './server.ts';

/** Where a Redis may come from, fetched only when it is its turn. */
export interface RedisSource {
  origin: string;
  /** The server's file, and the folder of its libraries where they are not the system's. */
  binary(): Promise<{ file: string; libraries: string | null }>;
}

/** A real Redis (or Valkey): the one that BS_TEST_REDIS_URL names, or one of ours. Throws one line that says what to install. */
export async function startRedis(sources = redisSources()): Promise<Server> {
  const given = process.env.BS_TEST_REDIS_URL;
  if (given)
    return { url: given, version: await askRedis(given), origin: 'BS_TEST_REDIS_URL', pid: null, async stop() {} };
  const reasons: string[] = [];
  for (const { origin, binary } of sources) {
    try {
      const { file, libraries } = await binary();
      return await startFrom(file, libraries, origin);
    } catch (error) {
      reasons.push(`${origin}: ${error instanceof Error ? lastLine(error.message) : error}`);
    }
  }
  const tried = reasons.length === 0 ? '' : ` Tried: ${reasons.join('; ')}`;
  throw new Error(
    `No Redis could be started. Install redis-server (or valkey-server), or set BS_TEST_REDIS_URL.${tried}`,
  );
}

/** What this machine offers, in the order of trying: installed programs, then the distribution's packages. */
export function redisSources(): RedisSource[] {
  const installed = ['redis-server', 'valkey-server'].flatMap((name) =>
    foldersWith([name]).map((folder) => program(folder, name)),
  );
  const debian = existsSync('/usr/bin/apt-get') ? [{ origin: "the distribution's packages", binary: debianRedis }] : [];
  return [...installed.map((file) => ({ origin: file, binary: async () => ({ file, libraries: null }) })), ...debian];
}

async function startFrom(file: string, libraries: string | null, origin: string): Promise<Server> {
  const env = { ...process.env, ...(libraries === null ? {} : { LD_LIBRARY_PATH: libraries }) };
  const { port, pid, version, stop } = await startOnFreePort(
    async (free) => {
      const folder = realpathSync(mkdtempSync(join(openTemp(), 'bs-redis-')));
      const settings = [
        '--bind',
        '127.0.0.1',
        '--port',
        String(free),
        '--dir',
        folder,
        '--save',
        '',
        '--appendonly',
        'no',
      ];
      return { command: file, args: settings, options: { cwd: folder, env }, signal: 'SIGTERM', folder };
    },
    (free) => askRedis(`redis://127.0.0.1:${free}`),
  );
  return { url: `redis://127.0.0.1:${port}`, version, origin, pid, stop };
}

/** Connects once and asks a Redis for its version. Throws what the connection says. */
async function askRedis(url: string): Promise<string> {
  const client = new Redis(url, { lazyConnect: true, connectTimeout: 5000, retryStrategy: () => null });
  let reason: Error | null = null;
  client.on('error', (error) => (reason = error));
  try {
    await client.connect();
    return /redis_version:(\S+)/.exec(await client.info('server'))?.[1] ?? 'unknown';
  } catch (error) {
    throw reason ?? error;
  } finally {
    client.disconnect();
  }
}
