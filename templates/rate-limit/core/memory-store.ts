import { type Recent, recent } from './recent.js';
import { type Action, type Charge, type LimitStore, receiptMs, receiptName } from './store.js';
import type { Policy, PolicyResult } from './types.js';
import { charged, fits, resultOf, settled, type Usage } from './usage.js';

/** For one process: it forgets when that ends. Of more than `maxSubjects` under one policy it drops those least recently seen. */
export function memoryStore(now: () => number = Date.now, maxSubjects = 100_000): LimitStore {
  const usages = new Map<string, Recent<Usage>>();
  const receipts = recent<number>(maxSubjects);

  function usagesOf({ id }: Policy): Recent<Usage> {
    const known = usages.get(id);
    if (known) return known;
    const made = recent<Usage>(maxSubjects);
    usages.set(id, made);
    return made;
  }

  function apply(action: Action, charge: Charge): PolicyResult[] {
    const nowMs = now();
    const name = receiptName(charge);
    const receipt = name === null ? null : `${name} ${charge.subject}`;
    const isPaid = receipt !== null && (receipts.get(receipt) ?? 0) > nowMs;
    const counters: Counter[] = [];
    let admitted = true;
    for (const policy of charge.policies) {
      const counter = counterOf(policy, usagesOf(policy), action, charge, isPaid, nowMs);
      admitted = admitted && counter.allowed;
      counters.push(counter);
    }
    if (receipt !== null && action === 'take' && admitted) receipts.set(receipt, nowMs + receiptMs);
    if (receipt !== null && action === 'refund') receipts.delete(receipt);
    return counters.map((counter) => settle(counter, action, charge, admitted, receipt !== null));
  }

  return { apply: async (action, charge) => apply(action, charge) };
}

/** One policy of a charge, before it is decided upon. */
interface Counter {
  readonly policy: Policy;
  readonly usages: Recent<Usage>;
  readonly key: string;
  readonly nowMs: number;
  readonly stored: Usage | undefined;
  readonly usage: Usage;
  readonly isPaid: boolean;
  readonly allowed: boolean;
}

function counterOf(
  policy: Policy,
  usages: Recent<Usage>,
  action: Action,
  { subject, cost, atMs }: Charge,
  hasReceipt: boolean,
  clockMs: number,
): Counter {
  const isQuota = policy.kind === 'quota';
  const key = isQuota ? `${policy.periodAt(atMs).endMs} ${subject}` : subject;
  const nowMs = isQuota ? atMs : clockMs;
  const stored = action === 'reset' ? undefined : usages.get(key);
  const usage = settled(policy, stored, nowMs);
  const isPaid = hasReceipt && isQuota;
  return { policy, usages, key, nowMs, stored, usage, isPaid, allowed: isPaid || fits(policy, usage, cost, nowMs) };
}

/** Writes what has become of a counter. */
function settle(
  counter: Counter,
  action: Action,
  { cost }: Charge,
  admitted: boolean,
  hasReceipt: boolean,
): PolicyResult {
  const { policy, usages, key, nowMs, stored, usage, isPaid, allowed } = counter;
  const takes = action === 'take' && admitted && !isPaid;
  const returns = action === 'refund' && (isPaid || !hasReceipt || policy.kind !== 'quota');
  if ((takes || returns) && cost > 0) {
    const next = charged(policy, usage, takes ? cost : -cost);
    usages.set(key, next);
    return resultOf(policy, next, allowed, cost, nowMs);
  }
  if (action === 'reset') usages.delete(key);
  // Who is refused is not forgotten for it. A clock that went back is settled with once.
  else if (stored && action !== 'peek') usages.set(key, stored.at > usage.at ? usage : stored);
  return resultOf(policy, usage, allowed, cost, nowMs);
}
