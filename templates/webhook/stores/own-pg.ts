import { Pool } from 'pg';
import { databaseQuery } from './core/database-client.js';
import { postgresStore } from './core/postgres-store.js';

let pool: Pool | undefined;

/** Connects at the first event, when the variables are loaded. */
function client(): Pool {
  const { DATABASE_URL } = process.env;
  if (!DATABASE_URL) throw new Error('DATABASE_URL is not set.');
  pool ??= new Pool({
    connectionString: DATABASE_URL,
    max: 5,
    connectionTimeoutMillis: 5_000,
    allowExitOnIdle: true,
  })
    // Without a listener, a lost idle connection would end the process.
    .on('error', () => undefined);
  return pool;
}

/** One row per event in webhook_deliveries: see the migration. */
export const store = postgresStore(async (text, params) => databaseQuery(client())(text, params));
