import { claimOf, type DeliveryStore, retentionMs } from './store.js';

/** Runs one statement with $1, $2 … and returns its rows: what every client of Postgres can do, each in its own words. */
export type RunQuery = (
  text: string,
  params: readonly (string | number)[],
) => Promise<readonly Record<string, unknown>[]>;

// A claim that loses the race to insert sees no row yet in its own snapshot: that is 'processing', too.
const claim = `
with claimed as (
  insert into webhook_deliveries as delivery (key, token, leased_until)
  values ($1, $2, now() + $3::float8 * interval '1 millisecond')
  on conflict (key) do update
    set token = excluded.token, leased_until = excluded.leased_until, attempts = delivery.attempts + 1
    where delivery.completed_at is null and delivery.leased_until <= now()
  returning 1
)
select case
  when exists (select from claimed) then 'claimed'
  when exists (select from webhook_deliveries where key = $1 and completed_at is not null) then 'done'
  else 'processing'
end as state`;

const complete = 'update webhook_deliveries set completed_at = now() where key = $1 and token = $2';

const fail =
  'update webhook_deliveries set leased_until = now() where key = $1 and token = $2 and completed_at is null';

/** One row per event in `webhook_deliveries`. */
export function postgresStore(query: RunQuery): DeliveryStore {
  return {
    async claim(key, token, leaseMs) {
      const [row = {}] = await query(claim, [key, token, leaseMs]);
      const { state } = row;
      return claimOf(state);
    },
    async complete(key, token) {
      await query(complete, [key, token]);
    },
    async fail(key, token) {
      await query(fail, [key, token]);
    },
  };
}

/** Forgets events older than the retention: run it once a day. Not before: an event of which nothing is known is handled. */
export async function sweepDeliveries(query: RunQuery): Promise<void> {
  await query(`delete from webhook_deliveries where received_at < now() - $1::float8 * interval '1 millisecond'`, [
    retentionMs,
  ]);
}
