import { readFile } from 'node:fs/promises';
import { drizzle } from 'drizzle-orm/node-postgres';
import { Kysely, PostgresDialect } from 'kysely';
import type pg from 'pg';
import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { databaseQuery as overDrizzle } from '../../templates/rate-limit/core/database-drizzle.ts';
import { databaseQuery as overKysely } from '../../templates/rate-limit/core/database-kysely.ts';
import { databaseQuery as overPg } from '../../templates/rate-limit/core/database-pg.ts';
import { databaseQuery as overPostgres } from '../../templates/rate-limit/core/database-postgres.ts';
import { monthlyQuota } from '../../templates/rate-limit/core/monthly-quota.ts';
import { tokenBucket } from '../../templates/rate-limit/core/policies.ts';
import { postgresQuota, type RunQuery, sweepUsage } from '../../templates/rate-limit/core/postgres-quota.ts';
import { freshDatabase } from '../services/index.ts';
import { poolOf } from '../webhook/pool.ts';
import { chargeOf, hour, start } from './support.ts';

const migration = await readFile(
  new URL('../../templates/rate-limit/core/sql/rate_limit_usage.sql', import.meta.url),
  'utf8',
);
const hundred = monthlyQuota({ name: 'monthly', limit: 100 });
const ten = monthlyQuota({ name: 'exports', limit: 10 });

let database: { url: string; drop(): Promise<void> };
let pool: pg.Pool;
beforeAll(async () => {
  database = await freshDatabase();
  pool = poolOf(database.url);
  // Twice: the migration must bear it.
  await pool.query(migration);
  await pool.query(migration);
});
afterAll(async () => {
  await pool.end();
  await database.drop();
});

const clients: Readonly<Record<string, (url: string) => { query: RunQuery; close(): Promise<unknown> }>> = {
  pg: (url) => {
    const own = poolOf(url);
    return { query: overPg(own), close: () => own.end() };
  },
  postgres: (url) => {
    const sql = postgres(url, { onnotice: () => {} });
    return { query: overPostgres(sql), close: () => sql.end() };
  },
  Drizzle: (url) => {
    const own = poolOf(url);
    return { query: overDrizzle(drizzle(own)), close: () => own.end() };
  },
  Kysely: (url) => {
    const kysely = new Kysely<object>({ dialect: new PostgresDialect({ pool: poolOf(url) }) });
    return { query: overKysely(kysely), close: () => kysely.destroy() };
  },
};

describe.each(Object.keys(clients))('A quota in Postgres through %s', (name) => {
  let opened: { query: RunQuery; close(): Promise<unknown> } | undefined;
  beforeAll(() => {
    opened = clients[name]?.(database.url);
  });
  afterAll(() => opened?.close());
  const quota = () => {
    if (!opened) throw new Error('There is no client.');
    return postgresQuota(opened.query);
  };

  test('admits exactly 100 of 500 simultaneous requests at a limit of 100', async () => {
    const charge = chargeOf([hundred], { subject: `user:${name}` });
    const answers = await Promise.all(Array.from({ length: 500 }, () => quota().apply('take', charge)));
    expect(answers.filter(([result]) => result?.allowed)).toHaveLength(100);
    expect(await quota().apply('peek', charge)).toMatchObject([
      { allowed: false, limit: 100, remaining: 0, retryAfterMs: hundred.periodAt(start).endMs - start },
    ]);
  });

  test('takes by cost, gives back, and forgets', async () => {
    const charge = chargeOf([hundred], { subject: `user:${name} verbs`, cost: 60 });
    expect(await quota().apply('peek', charge)).toMatchObject([{ allowed: true, remaining: 100 }]);
    expect(await quota().apply('take', { ...charge, cost: 101 })).toMatchObject([
      { allowed: false, retryAfterMs: Infinity },
    ]);
    expect(await quota().apply('take', charge)).toMatchObject([{ allowed: true, remaining: 40 }]);
    expect(await quota().apply('take', charge)).toMatchObject([{ allowed: false, remaining: 40 }]);
    expect(await quota().apply('refund', { ...charge, cost: 20 })).toMatchObject([{ remaining: 60 }]);
    expect(await quota().apply('take', charge)).toMatchObject([{ allowed: true, remaining: 0 }]);
    expect(await quota().apply('reset', charge)).toMatchObject([{ allowed: true, remaining: 100 }]);
    expect(await quota().apply('take', { ...charge, cost: 100 })).toMatchObject([{ allowed: true, remaining: 0 }]);
  });

  test('is charged once for 50 simultaneous attempts at one thing, and refunded once', async () => {
    const charge = chargeOf([hundred], { subject: `user:${name} receipts`, cost: 30, receipt: 'order-1' });
    const answers = await Promise.all(Array.from({ length: 50 }, () => quota().apply('take', charge)));
    expect(answers.every(([result]) => result?.allowed)).toBe(true);
    expect(await quota().apply('peek', charge)).toMatchObject([{ allowed: true, remaining: 70 }]);
    expect(await quota().apply('take', { ...charge, receipt: 'order-2' })).toMatchObject([{ remaining: 40 }]);
    await Promise.all(Array.from({ length: 5 }, () => quota().apply('refund', charge)));
    expect(await quota().apply('peek', charge)).toMatchObject([{ remaining: 70 }]);
  });

  test('gives no receipt for what it refuses', async () => {
    const charge = chargeOf([ten], { subject: `user:${name} refused`, cost: 6, receipt: 'a' });
    await quota().apply('take', charge);
    expect(await quota().apply('take', { ...charge, receipt: 'b' })).toMatchObject([{ allowed: false }]);
    expect(await quota().apply('take', { ...charge, receipt: 'b' })).toMatchObject([{ allowed: false, remaining: 4 }]);
  });

  test('takes from several or from none', async () => {
    const charge = chargeOf([hundred, ten], { subject: `user:${name} several`, cost: 8 });
    expect(await quota().apply('take', charge)).toMatchObject([{ remaining: 92 }, { remaining: 2 }]);
    expect(await quota().apply('take', charge)).toMatchObject([{ allowed: true }, { allowed: false }]);
    expect(await quota().apply('peek', charge)).toMatchObject([{ remaining: 92 }, { remaining: 2 }]);
  });

  test('keeps subjects and months apart, whatever their names', async () => {
    for (const subject of [`${name}'); drop table rate_limit_usage; --`, `${name} `, name])
      for (const atMs of [Date.parse('2026-11-30T23:59:59Z'), Date.parse('2026-12-01T00:00:00Z')]) {
        const charge = chargeOf([ten], { subject, atMs, cost: 10 });
        expect(await quota().apply('take', charge)).toMatchObject([{ allowed: true, remaining: 0 }]);
      }
  });
});

test('What is over is swept, and nothing else', async () => {
  const query = overPg(pool);
  const quota = postgresQuota(query);
  const charge = (atMs: number, receipt: string) => chargeOf([ten], { subject: 'user:swept', atMs, receipt });
  await quota.apply('take', charge(Date.parse('2020-01-01T00:00:00Z'), 'old'));
  await quota.apply('take', charge(Date.now(), 'new'));
  await pool.query(`update rate_limit_receipts set created_at = now() - interval '25 hours' where receipt = 'old'`);
  await sweepUsage(query);
  const rows = await pool.query(
    `select (select count(*)::int from rate_limit_usage where subject = 'user:swept') as usage,
      (select array_agg(receipt) from rate_limit_receipts where subject = 'user:swept') as receipts`,
  );
  expect(rows.rows).toEqual([{ usage: 1, receipts: ['new'] }]);
});

test('A rate is no quota, and a Postgres that answers something else decides nothing', async () => {
  const rate = tokenBucket({ name: 'rate', limit: 1, windowMs: hour });
  await expect(postgresQuota(overPg(pool)).apply('take', chargeOf([rate]))).rejects.toThrow('no quota');
  for (const rows of [[], [{ used: null }], [{ used: 'many', allowed: true }]])
    await expect(postgresQuota(async () => rows).apply('take', chargeOf([ten]))).rejects.toThrow('Postgres answered');
});
