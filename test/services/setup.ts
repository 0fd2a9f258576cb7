import type { TestProject } from 'vitest/node';
import { startPostgres } from './postgres.ts';
import { startRedis } from './redis.ts';
import type { Server } from './server.ts';

declare module 'vitest' {
  interface ProvidedContext {
    redisUrl: string;
    databaseUrl: string;
  }
}

/** Once per run of a project that needs servers: one Redis, one Postgres cluster, stopped at the end. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const started = await Promise.allSettled([startRedis(), startPostgres()]);
  const running = started.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  const stopAll = async (): Promise<void> => void (await Promise.all(running.map((server) => server.stop())));
  const [redis, postgres] = started;
  if (redis.status === 'rejected' || postgres.status === 'rejected') {
    await stopAll();
    throw new Error(
      [redis, postgres]
        .flatMap((result) => (result.status === 'rejected' ? [String(result.reason.message)] : []))
        .join('\n'),
    );
  }
  announce('Redis', redis.value);
  announce('Postgres', postgres.value);
  project.provide('redisUrl', redis.value.url);
  project.provide('databaseUrl', postgres.value.url);
  return stopAll;
}

const announce = (name: string, { version, origin }: Server): boolean =>
  process.stdout.write(`${name} ${version} (${origin})\n`);
