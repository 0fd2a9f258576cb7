import pg from 'pg';

/** A pool that bears the drop of its database: `end` is over before its connections are closed, which then hear of the drop. */
export function poolOf(connectionString: string): pg.Pool {
  const pool = new pg.Pool({ connectionString });
  pool.on('error', () => {});
  return pool;
}
