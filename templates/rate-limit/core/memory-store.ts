import { recent } from './recent.js';
import { type Action, type Charge, counterName, type LimitStore, receiptMs, receiptName } from './store.js';
import type { PolicyResult } from './types.js';
import { charged, settled, standing, type Usage } from './usage.js';

/** For one process: it forgets when that ends. Of more than `maxEntries` counters it drops those least recently used. */
export function memoryStore(now: () => number = Date.now, maxEntries = 100_000): LimitStore {
  const usages = recent<Usage>(maxEntries);
  const receipts = recent<number>(maxEntries);

  function apply(action: Action, charge: Charge): PolicyResult[] {
    const { subject, policies, cost, atMs } = charge;
    const nowMs = now();
    const name = receiptName(charge);
    const receipt = name === null ? null : `${name} ${subject}`;
    const isPaid = receipt !== null && (receipts.get(receipt) ?? 0) > nowMs;

    const counters = policies.map((policy) => {
      const key = `${counterName(policy, atMs)} ${subject}`;
      const clock = policy.kind === 'quota' ? atMs : nowMs;
      const stored = action === 'reset' ? undefined : usages.get(key);
      const usage = settled(policy, stored, clock);
      const stands = standing(policy, usage, cost, clock);
      const paid = isPaid && policy.kind === 'quota';
      return { policy, key, clock, stored, usage, stands, paid, allowed: paid || stands.retryAfterMs === 0 };
    });

    const admitted = counters.every(({ allowed }) => allowed);
    if (receipt !== null && action === 'take' && admitted) receipts.set(receipt, nowMs + receiptMs);
    if (receipt !== null && action === 'refund') receipts.delete(receipt);

    return counters.map(({ policy, key, clock, stored, usage, stands, paid, allowed }) => {
      const takes = action === 'take' && admitted && !paid;
      const returns = action === 'refund' && (paid || receipt === null || policy.kind !== 'quota');
      if ((takes || returns) && cost > 0) {
        const next = charged(policy, usage, takes ? cost : -cost);
        usages.set(key, next);
        return { policy, allowed, limit: policy.limit, ...standing(policy, next, cost, clock) };
      }
      if (action === 'reset') usages.delete(key);
      // Who is refused is not forgotten for it. A clock that went back is settled with once.
      else if (stored && action !== 'peek') usages.set(key, stored.at > usage.at ? usage : stored);
      return { policy, allowed, limit: policy.limit, ...stands };
    });
  }

  return { apply: async (action, charge) => apply(action, charge) };
}
