import { type Action, type Charge, type LimitStore, receiptMs } from './store.js';
import type { Policy, PolicyResult } from './types.js';
import { resultOf } from './usage.js';

/** Runs one statement with $1, $2 … and returns its rows: what every client of Postgres can do, each in its own words. */
export type RunQuery = (
  text: string,
  params: readonly (string | number)[],
) => Promise<readonly Record<string, unknown>[]>;

const row = `subject = $1 and policy = $2 and period_end = to_timestamp($3::float8 / 1000)`;
const receipt = `select from rate_limit_receipts where subject = $1 and policy = $2 and receipt = $5`;
const usedBefore = `coalesce((select used from rate_limit_usage where ${row}), 0)`;

// Of simultaneous takes by one receipt, the second breaks the receipts' key, which takes its whole statement back.
const take = `
with taken as (
  insert into rate_limit_usage as usage (subject, policy, period_end, used)
  select $1, $2, to_timestamp($3::float8 / 1000), $4::bigint
  where $4::bigint <= $6::bigint and not exists (${receipt})
  on conflict (subject, policy, period_end) do update set used = usage.used + excluded.used
    where usage.used + excluded.used <= $6::bigint
  returning used
), paid as (
  insert into rate_limit_receipts (subject, policy, receipt) select $1, $2, $5 from taken where $5 <> ''
)
select
  exists (select from taken) or exists (${receipt}) as allowed,
  coalesce((select used from taken), ${usedBefore}) as used`;

const peek = `
select ${usedBefore} + $4::bigint <= $6::bigint or exists (${receipt}) as allowed, ${usedBefore} as used`;

const refund = `
with returned as (
  delete from rate_limit_receipts where subject = $1 and policy = $2 and receipt = $5 returning 1
), refunded as (
  update rate_limit_usage set used = greatest(0, used - $4::bigint)
  where ${row} and ($5 = '' or exists (select from returned))
  returning used
)
select true as allowed, coalesce((select used from refunded), ${usedBefore}) as used, $6::bigint as quota`;

const reset = `
with removed as (delete from rate_limit_usage where ${row})
select true as allowed, 0 as used, $4::bigint as cost, $5 as receipt, $6::bigint as quota`;

const statements: Readonly<Record<Action, string>> = { take, peek, refund, reset };

/** Quotas that outlive Redis: a row for each subject, policy and period in `rate_limit_usage`. */
export function postgresQuota(query: RunQuery): LimitStore {
  async function applyOne(action: Action, charge: Charge, policy: Policy): Promise<PolicyResult> {
    if (policy.kind !== 'quota') throw new Error(`${policy.name} is no quota: keep it in Redis.`);
    const { subject, cost, atMs, receipt } = charge;
    const { endMs } = policy.periodAt(atMs);
    const params = [subject, policy.id, endMs, cost, receipt ?? '', policy.limit];
    const run = () => query(statements[action], params);
    // Where a receipt was given meanwhile, the second attempt finds it.
    const [row = {}] = await (receipt === null ? run() : run().catch(run));
    const { used: counted, allowed } = row;
    const used = Number(counted ?? Number.NaN);
    if (!Number.isSafeInteger(used) || typeof allowed !== 'boolean')
      throw new Error(`Postgres answered ${JSON.stringify(row)}.`);
    // What was used meanwhile by others is not seen by who is refused for it.
    const least = action === 'take' && !allowed ? policy.limit - cost + 1 : 0;
    return resultOf(policy, { at: endMs, used: Math.max(used, least), before: 0 }, allowed, cost, atMs);
  }

  return {
    async apply(action, charge) {
      const results: PolicyResult[] = [];
      for (const policy of charge.policies) results.push(await applyOne(action, charge, policy));
      if (action !== 'take' || results.every(({ allowed }) => allowed)) return results;
      for (const { allowed, policy } of results) if (allowed) await applyOne('refund', charge, policy);
      return results;
    },
  };
}

/** Forgets receipts that nobody will ask for, and what was used more than a year ago: run it once a day. */
export async function sweepUsage(query: RunQuery): Promise<void> {
  await query(`delete from rate_limit_receipts where created_at < now() - $1::float8 * interval '1 millisecond'`, [
    receiptMs,
  ]);
  await query(`delete from rate_limit_usage where period_end < now() - $1::float8 * interval '1 day'`, [366]);
}
