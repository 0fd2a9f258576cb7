import postgres from 'postgres';
import { databaseQuery } from './core/database-client.js';
import { postgresStore } from './core/postgres-store.js';

let sql: postgres.Sql | undefined;

/** Connects at the first event, when the variables are loaded. */
function client(): postgres.Sql {
  const { DATABASE_URL } = process.env;
  if (!DATABASE_URL) throw new Error('DATABASE_URL is not set.');
  sql ??= postgres(DATABASE_URL, { max: 5, connect_timeout: 5, idle_timeout: 20 });
  return sql;
}

/** One row per event in webhook_deliveries: see the migration. */
export const store = postgresStore(async (text, params) => databaseQuery(client())(text, params));
