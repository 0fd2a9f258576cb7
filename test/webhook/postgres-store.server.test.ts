import { readFile } from 'node:fs/promises';
import { drizzle as drizzlePg } from 'drizzle-orm/node-postgres';
import { drizzle as drizzlePostgres } from 'drizzle-orm/postgres-js';
import { Kysely, PostgresDialect } from 'kysely';
import type pg from 'pg';
import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { databaseQuery as overDrizzle } from '../../templates/webhook/core/database-drizzle.ts';
import { databaseQuery as overKysely } from '../../templates/webhook/core/database-kysely.ts';
import { databaseQuery as overPg } from '../../templates/webhook/core/database-pg.ts';
import { databaseQuery as overPostgres } from '../../templates/webhook/core/database-postgres.ts';
import { postgresStore, type RunQuery, sweepDeliveries } from '../../templates/webhook/core/postgres-store.ts';
import { freshDatabase } from '../services/index.ts';
import { poolOf } from './pool.ts';
import { storeContract } from './store-contract.ts';

const migration = await readFile(
  new URL('../../templates/webhook/core/sql/webhook_deliveries.sql', import.meta.url),
  'utf8',
);

/** A database with the table, migrated twice: the migration must bear it. */
async function migrated(): Promise<{ url: string; pool: pg.Pool; drop(): Promise<void> }> {
  const { url, drop } = await freshDatabase();
  const pool = poolOf(url);
  await pool.query(migration);
  await pool.query(migration);
  return {
    url,
    pool,
    async drop() {
      await pool.end();
      await drop();
    },
  };
}

/** What a client makes of a database's URL, and how it is closed. */
type Connect = (url: string) => { query: RunQuery; close(): Promise<unknown> };

const clients: Readonly<Record<string, Connect>> = {
  pg: (url) => {
    const pool = poolOf(url);
    return { query: overPg(pool), close: () => pool.end() };
  },
  postgres: (url) => {
    const sql = postgres(url, { onnotice: () => {} });
    return { query: overPostgres(sql), close: () => sql.end() };
  },
  'postgres without prepared statements, as behind a pooler': (url) => {
    const sql = postgres(url, { prepare: false, onnotice: () => {} });
    return { query: overPostgres(sql), close: () => sql.end() };
  },
  'Drizzle over pg': (url) => {
    const pool = poolOf(url);
    return { query: overDrizzle(drizzlePg(pool)), close: () => pool.end() };
  },
  'Drizzle over postgres': (url) => {
    const sql = postgres(url, { onnotice: () => {} });
    return { query: overDrizzle(drizzlePostgres(sql)), close: () => sql.end() };
  },
  Kysely: (url) => {
    const database = new Kysely<object>({
      dialect: new PostgresDialect({ pool: poolOf(url) }),
    });
    return { query: overKysely(database), close: () => database.destroy() };
  },
};

for (const [name, connect] of Object.entries(clients)) {
  storeContract(`The store in Postgres through ${name}`, async () => {
    const { url, drop } = await migrated();
    const [first, second] = [connect(url), connect(url)];
    return {
      stores: [postgresStore(first.query), postgresStore(second.query)],
      async close() {
        await Promise.all([first.close(), second.close()]);
        await drop();
      },
    };
  });
}

describe('The table in Postgres', () => {
  let database: Awaited<ReturnType<typeof migrated>>;
  beforeAll(async () => {
    database = await migrated();
  });
  afterAll(() => database.drop());

  test('counts the attempts and says when the event came and was handled', async () => {
    const store = postgresStore(overPg(database.pool));
    for (const token of ['A', 'B', 'C']) {
      await store.claim('stripe:evt_1', token, 60_000);
      await (token === 'C' ? store.complete : store.fail)('stripe:evt_1', token);
    }
    const { rows } = await database.pool.query(
      'select attempts, completed_at >= received_at as ordered from webhook_deliveries',
    );
    expect(rows).toEqual([{ attempts: 3, ordered: true }]);
  });

  test('is swept of what is older than the retention, and of nothing else', async () => {
    const { pool } = database;
    await pool.query('delete from webhook_deliveries');
    await pool.query(`insert into webhook_deliveries (key, token, received_at, leased_until, completed_at) values
      ('old', 'A', now() - interval '30 days 1 minute', now(), now()), ('failed', 'A', now() - interval '31 days', now(), null),
      ('new', 'A', now() - interval '29 days 23 hours', now(), now())`);
    await sweepDeliveries(overPg(pool));
    expect((await pool.query('select key from webhook_deliveries')).rows).toEqual([{ key: 'new' }]);
  });

  test('is swept through its index', async () => {
    const client = await database.pool.connect();
    try {
      await client.query('set enable_seqscan = off');
      const { rows } = await client.query(
        `explain delete from webhook_deliveries where received_at < now() - interval '30 days'`,
      );
      expect(JSON.stringify(rows)).toContain('webhook_deliveries_received_at');
    } finally {
      client.release(true);
    }
  });

  test('that is missing is an error, not a claim', async () => {
    const { url, drop } = await freshDatabase();
    const pool = poolOf(url);
    await expect(postgresStore(overPg(pool)).claim('a', 'A', 1)).rejects.toThrow('webhook_deliveries');
    await pool.end();
    await drop();
  });
});
