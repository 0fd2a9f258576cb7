import pg from 'pg';

/** A pool that bears the drop of its database: a connection that is still closing then gets a message that nobody awaits. */
export function poolOf(connectionString: string): pg.Pool {
  const pool = new pg.Pool({ connectionString });
  pool.on('connect', (client) => client.on('error', () => {}));
  return pool;
}
