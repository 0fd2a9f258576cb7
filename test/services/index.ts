import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { inject } from 'vitest';
import './setup.ts';

export { startRedis } from './redis.ts';
export type { Server } from './server.ts';

/** The run's Redis. Throws in a file that the servers were not started for. */
export const redisUrl = (): string => provided('redisUrl');

/** The run's Postgres, its database `postgres`: take a `freshDatabase` for anything that writes. */
export const databaseUrl = (): string => provided('databaseUrl');

/** A prefix for keys that no other test file uses. */
export const freshPrefix = (): string => `t${randomUUID().slice(0, 8)}:`;

/** An empty database of the run's Postgres; `drop` removes it, cutting connections that are still open. */
export async function freshDatabase(): Promise<{ url: string; drop(): Promise<void> }> {
  const name = `t_${randomUUID().replaceAll('-', '')}`;
  await command(`CREATE DATABASE ${name}`);
  const url = new URL(databaseUrl());
  url.pathname = `/${name}`;
  return { url: url.href, drop: () => command(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`) };
}

async function command(sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl() });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}

function provided(key: 'redisUrl' | 'databaseUrl'): string {
  const value = inject(key);
  if (value === undefined)
    throw new Error(
      `No servers were started for this file: name it *.server.test.ts so that it runs in the project "full".`,
    );
  return value;
}
