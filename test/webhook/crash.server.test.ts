import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { afterAll, describe, expect, test } from 'vitest';
import { databaseQuery } from '../../templates/webhook/core/database-pg.ts';
import { postgresStore } from '../../templates/webhook/core/postgres-store.ts';
import { stripe } from '../../templates/webhook/core/providers/stripe.ts';
import { createReceiver } from '../../templates/webhook/core/receive.ts';
import { redisScripts } from '../../templates/webhook/core/redis-ioredis.ts';
import { redisStore } from '../../templates/webhook/core/redis-store.ts';
import type { DeliveryStore } from '../../templates/webhook/core/store.ts';
import { freshDatabase, freshPrefix, redisUrl } from '../services/index.ts';
import { compileCore } from './compiled.ts';
import { poolOf } from './pool.ts';
import { deliveryOf, nowMs } from './support.ts';

/** How each store is opened in plain JavaScript, from the environment. */
const openings = {
  redis: `
    const { Redis } = require('ioredis');
    const { redisScripts } = require('./redis-ioredis.js');
    const { redisStore } = require('./redis-store.js');
    const store = redisStore(redisScripts(new Redis(process.env.TEST_URL)), process.env.TEST_PREFIX);`,
  postgres: `
    const pg = require('pg');
    const { databaseQuery } = require('./database-pg.js');
    const { postgresStore } = require('./postgres-store.js');
    const store = postgresStore(databaseQuery(new pg.Pool({ connectionString: process.env.TEST_URL })));`,
};

/** A process that takes one event, says so, and never finishes with it. */
const script = (opening: string) => `
  const { createReceiver } = require('./receive.js');
  const { stripe } = require('./providers/stripe.js');
  ${opening}
  const receiver = createReceiver({
    providers: [stripe],
    handlers: { stripe: { a: () => new Promise(() => process.send('handling')) } },
    store, env: process.env, log: console.error, now: () => ${nowMs}, leaseMs: 2000,
  });
  const body = process.env.TEST_BODY;
  const headers = stripe.sign(body, 's', ${nowMs}, { id: '', type: '' });
  receiver.receive({ provider: 'stripe', header: (name) => headers[name], body: new TextEncoder().encode(body) });
  setInterval(() => {}, 1000);`;

const compiled = compileCore('cjs');
afterAll(() => compiled.remove());

async function crash(kind: keyof typeof openings, env: Record<string, string>): Promise<void> {
  const file = join(compiled.folder, `${kind}.js`);
  writeFileSync(file, script(openings[kind]));
  const child: ChildProcess = fork(file, { env: { ...process.env, ...env, STRIPE_WEBHOOK_SECRET: 's' }, execArgv: [] });
  const exited = once(child, 'exit');
  expect(await once(child, 'message')).toEqual(['handling', undefined]);
  child.kill('SIGKILL');
  expect(await exited).toEqual([null, 'SIGKILL']);
}

const body = '{"id":"evt_crash","type":"a"}';

/** What the next attempts of the provider come to. */
async function expectRetried(store: DeliveryStore): Promise<void> {
  const handled: string[] = [];
  const receiver = createReceiver({
    providers: [stripe],
    handlers: { stripe: { a: ({ id }) => handled.push(id) } },
    store,
    env: { STRIPE_WEBHOOK_SECRET: 's' },
    log: () => {},
    now: () => nowMs,
  });
  const headers = stripe.sign(body, 's', nowMs, { id: '', type: '' });
  const attempt = async () => (await receiver.receive(deliveryOf(stripe, headers, body))).body;
  await expect.poll(attempt, { timeout: 30_000 }).toBe('{"outcome":"handled"}');
  expect(await attempt()).toBe('{"outcome":"duplicate"}');
  expect(handled).toEqual(['evt_crash']);
}

describe('An event whose process was killed between claim and complete is handled by the next attempt', () => {
  test('on Redis', async () => {
    const prefix = freshPrefix();
    const redis = new Redis(redisUrl());
    await crash('redis', { TEST_URL: redisUrl(), TEST_PREFIX: prefix, TEST_BODY: body });
    expect(await redis.get(`${prefix}stripe:evt_crash`)).not.toBe('done');
    await expectRetried(redisStore(redisScripts(redis), prefix));
    redis.disconnect();
  });

  test('on Postgres', async () => {
    const { url, drop } = await freshDatabase();
    const pool = poolOf(url);
    await pool.query(readFileSync(join(compiled.folder, 'sql/webhook_deliveries.sql'), 'utf8'));
    await crash('postgres', { TEST_URL: url, TEST_BODY: body });
    expect((await pool.query('select attempts, completed_at from webhook_deliveries')).rows).toEqual([
      { attempts: 1, completed_at: null },
    ]);
    await expectRetried(postgresStore(databaseQuery(pool)));
    expect((await pool.query('select attempts from webhook_deliveries')).rows).toEqual([{ attempts: 2 }]);
    await pool.end();
    await drop();
  });
});
