import { type Action, type Charge, type LimitStore, receiptMs, receiptName } from './store.js';
import type { Policy, PolicyResult, RatePolicy } from './types.js';
import { bucket, charged, fits, resultOf, settled, type Usage } from './usage.js';

/** For one process: it forgets when that ends. Of more than `maxSubjects` under one policy it drops those least recently seen. */
export function memoryStore(now: () => number = Date.now, maxSubjects = 100_000): LimitStore {
  const kept = new Map<string, Recent<Usage>>();
  const receipts = recent<number>(maxSubjects);

  function countersOf({ id }: Policy): Recent<Usage> {
    const known = kept.get(id);
    if (known) return known;
    const made = recent<Usage>(maxSubjects);
    kept.set(id, made);
    return made;
  }

  function apply(action: Action, charge: Charge): PolicyResult[] {
    const nowMs = now();
    const name = receiptName(charge);
    const receipt = name === null ? null : `${name} ${charge.subject}`;
    const isPaid = receipt !== null && (receipts.get(receipt) ?? 0) > nowMs;
    const states: State[] = [];
    let admitted = true;
    for (const policy of charge.policies) {
      const state = stateOf(policy, countersOf(policy), action, charge, isPaid, nowMs);
      admitted = admitted && state.allowed;
      states.push(state);
    }
    if (receipt !== null && action === 'take' && admitted) receipts.set(receipt, nowMs + receiptMs);
    if (receipt !== null && action === 'refund') receipts.delete(receipt);
    const results: PolicyResult[] = [];
    for (const state of states) results.push(settle(state, action, charge.cost, admitted, receipt !== null));
    return results;
  }

  /** The usual case without a list of states. */
  function takeOne(policy: RatePolicy, { subject, cost }: Charge): PolicyResult[] {
    const counters = countersOf(policy);
    const nowMs = now();
    const known = counters.get(subject);
    const usage = known ?? { at: nowMs, used: 0, before: 0 };
    const result = bucket.take(policy, usage, cost, nowMs);
    if (!known && usage.used > 0) counters.set(subject, usage);
    return [result];
  }

  return {
    isLocal: true,
    apply(action, charge) {
      const first = charge.policies[0];
      const isUsual = action === 'take' && first?.kind === 'bucket' && charge.policies.length === 1;
      return Promise.resolve(isUsual ? takeOne(first, charge) : apply(action, charge));
    },
  };
}

/** How one policy of a charge stands before it is decided upon. */
interface State {
  readonly policy: Policy;
  readonly counters: Recent<Usage>;
  readonly key: string;
  readonly nowMs: number;
  readonly stored: Usage | undefined;
  readonly usage: Usage;
  readonly isPaid: boolean;
  readonly allowed: boolean;
}

function stateOf(
  policy: Policy,
  counters: Recent<Usage>,
  action: Action,
  { subject, cost, atMs }: Charge,
  hasReceipt: boolean,
  clockMs: number,
): State {
  const isQuota = policy.kind === 'quota';
  const key = isQuota ? `${policy.periodAt(atMs).endMs} ${subject}` : subject;
  const nowMs = isQuota ? atMs : clockMs;
  const stored = action === 'reset' ? undefined : counters.get(key);
  const usage = settled(policy, stored, nowMs);
  const isPaid = hasReceipt && isQuota;
  return { policy, counters, key, nowMs, stored, usage, isPaid, allowed: isPaid || fits(policy, usage, cost, nowMs) };
}

/** Keeps what has become of a policy. */
function settle(
  { policy, counters, key, nowMs, stored, usage, isPaid, allowed }: State,
  action: Action,
  cost: number,
  admitted: boolean,
  hasReceipt: boolean,
): PolicyResult {
  const takes = action === 'take' && admitted && !isPaid;
  const returns = action === 'refund' && (isPaid || !hasReceipt || policy.kind !== 'quota');
  const changes = (takes || returns) && cost > 0;
  const next = changes ? charged(policy, usage, takes ? cost : -cost) : usage;
  if (action === 'reset') counters.delete(key);
  else if (!stored) {
    if (changes) counters.set(key, next);
    // A clock that went back is settled with once.
  } else if (changes || (action !== 'peek' && stored.at > usage.at)) {
    stored.at = next.at;
    stored.used = next.used;
    stored.before = next.before;
  }
  return resultOf(policy, next, allowed, cost, nowMs);
}

/** A map of at most `max` entries that forgets those not asked for or written for longest. */
interface Recent<Value> {
  get(key: string): Value | undefined;
  set(key: string, value: Value): void;
  delete(key: string): void;
}

/** Two generations: where the young one is full, it grows old and the old one is gone, with no timer and no sweep. */
export function recent<Value>(max: number): Recent<Value> {
  let [young, old] = [new Map<string, Value>(), new Map<string, Value>()];

  function set(key: string, value: Value): void {
    if (young.size >= max / 2 && !young.has(key)) [young, old] = [new Map<string, Value>(), young];
    young.set(key, value);
  }

  return {
    get(key) {
      const value = young.get(key);
      if (value !== undefined) return value;
      const older = old.get(key);
      if (older !== undefined) set(key, older);
      return older;
    },
    set,
    delete(key) {
      young.delete(key);
      old.delete(key);
    },
  };
}
