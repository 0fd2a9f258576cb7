import { readFile } from 'node:fs/promises';
import { createClient } from '@supabase/supabase-js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { supabaseStore } from '../../templates/webhook/core/supabase-store.ts';
import { freshDatabase } from '../services/index.ts';
import { poolOf } from './pool.ts';
import { rpcBridge } from './rpc-bridge.ts';
import { storeContract } from './store-contract.ts';

const migration = await readFile(
  new URL('../../templates/webhook/core/sql/webhook_deliveries.supabase.sql', import.meta.url),
  'utf8',
);

/** The roles and default grants of a Supabase project. They belong to the cluster, so another file may have made them. */
const roles = `
do $$ begin create role anon nologin; exception when duplicate_object or unique_violation then null; end $$;
do $$ begin create role authenticated nologin; exception when duplicate_object or unique_violation then null; end $$;
do $$ begin create role service_role nologin bypassrls; exception when duplicate_object or unique_violation then null; end $$;
grant usage on schema public to anon, authenticated, service_role;
alter default privileges in schema public grant all on tables to anon, authenticated, service_role;
alter default privileges in schema public grant all on functions to anon, authenticated, service_role;`;

/** Node 20 has no WebSocket, and a client will not be made without one, though nothing here connects. */
class NoSocket {
  constructor() {
    throw new Error('No socket is opened here.');
  }
}

async function open() {
  const { url, drop } = await freshDatabase();
  const pool = poolOf(url);
  await pool.query(roles);
  await pool.query(migration);
  await pool.query(migration);
  const bridge = await rpcBridge(pool);
  return {
    pool,
    client: (role: string) =>
      createClient(bridge.url, role, { auth: { persistSession: false }, realtime: { transport: NoSocket as never } }),
    async close() {
      await bridge.close();
      await pool.end();
      await drop();
    },
  };
}

storeContract('The store in Supabase', async () => {
  const { client, close } = await open();
  return { stores: [supabaseStore(client('service_role')), supabaseStore(client('service_role'))], close };
});

describe('The table in Supabase', () => {
  let opened: Awaited<ReturnType<typeof open>>;
  beforeAll(async () => {
    opened = await open();
  });
  afterAll(() => opened.close());

  test.each(['anon', 'authenticated'])('is out of reach for %s', async (role) => {
    const store = supabaseStore(opened.client(role));
    await expect(store.claim('a', 'A', 1)).rejects.toThrow('permission denied');
    await expect(store.complete('a', 'A')).rejects.toThrow('permission denied');
    await expect(store.fail('a', 'A')).rejects.toThrow('permission denied');
    const client = await opened.pool.connect();
    await client.query(`set role ${role}`);
    for (const statement of [
      'select from webhook_deliveries',
      'select sweep_webhook_deliveries()',
      'delete from webhook_deliveries',
    ])
      await expect(client.query(statement)).rejects.toThrow('permission denied');
    client.release(true);
  });

  test('shows no rows even where somebody grants access to it, as no policy does', async () => {
    const { pool, client } = opened;
    await supabaseStore(client('service_role')).claim('a', 'A', 60_000);
    const connection = await pool.connect();
    await connection.query('begin; grant select on webhook_deliveries to anon; set local role anon');
    expect((await connection.query('select key from webhook_deliveries')).rows).toEqual([]);
    await connection.query('rollback');
    expect((await connection.query('select key from webhook_deliveries')).rows).toEqual([{ key: 'a' }]);
    connection.release();
  });

  test('is swept of old events', async () => {
    await opened.pool.query(`insert into webhook_deliveries (key, token, received_at, leased_until)
      values ('old', 'A', now() - interval '30 days 1 minute', now())`);
    await opened.pool.query('set role service_role; select sweep_webhook_deliveries(); reset role');
    const { rows } = await opened.pool.query(`select from webhook_deliveries where key = 'old'`);
    expect(rows).toEqual([]);
  });
});
