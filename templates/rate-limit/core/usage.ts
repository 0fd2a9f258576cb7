import type { Policy, PolicyResult, RatePolicy } from './types.js';

/** What is kept of one subject under one policy: whole numbers, whose meaning is the policy's. */
export interface Usage {
  /** When it was settled (`bucket`), the start of its window (`window`), or the end of its period (`quota`). */
  at: number;
  /** Units used; in a bucket, units times the window. */
  used: number;
  /** Units used in the window before (`window`). */
  before: number;
}

/** What is left of a usage now. A clock that went back forgives nothing, and makes nobody wait for it to catch up. */
export function settled(policy: Policy, usage: Usage | undefined, nowMs: number): Usage {
  if (policy.kind === 'quota') {
    const { endMs } = policy.periodAt(nowMs);
    return usage?.at === endMs ? usage : { at: endMs, used: 0, before: 0 };
  }
  return policy.kind === 'bucket' ? bucket.settled(policy, usage, nowMs) : window.settled(policy, usage, nowMs);
}

/** Whether a settled usage admits a request of `cost`. */
export function fits(policy: Policy, usage: Usage, cost: number, nowMs: number): boolean {
  if (policy.kind === 'bucket') return bucket.fits(policy, usage, cost);
  return policy.kind === 'window' ? window.fits(policy, usage, cost, nowMs) : usage.used + cost <= policy.limit;
}

/** A settled usage with `cost` more, or less where that is negative. */
export function charged(policy: Policy, usage: Usage, cost: number): Usage {
  const used = usage.used + cost * (policy.kind === 'bucket' ? policy.windowMs : 1);
  return { at: usage.at, used: Math.max(0, used), before: usage.before };
}

/** How a settled usage stands towards another request of `cost`. */
export function resultOf(policy: Policy, usage: Usage, allowed: boolean, cost: number, nowMs: number): PolicyResult {
  const { limit } = policy;
  if (policy.kind === 'bucket') {
    const remaining = bucket.remaining(policy, usage);
    const retryAfterMs = bucket.retryAfterMs(policy, usage, cost);
    return { policy, allowed, limit, remaining, retryAfterMs, resetMs: bucket.resetMs(policy, usage) };
  }
  if (policy.kind === 'window') {
    const remaining = window.remaining(policy, usage, nowMs);
    const retryAfterMs = window.retryAfterMs(policy, usage, cost, nowMs);
    return { policy, allowed, limit, remaining, retryAfterMs, resetMs: window.resetMs(policy, usage, nowMs) };
  }
  const resetMs = Math.max(1, usage.at - nowMs);
  const waitMs = cost > limit ? Infinity : resetMs;
  const retryAfterMs = usage.used + cost <= limit ? 0 : waitMs;
  return { policy, allowed, limit, remaining: Math.max(0, limit - usage.used), retryAfterMs, resetMs };
}

/**
 * The generic cell rate algorithm, which is a token bucket that keeps its debt: it leaks `limit` every millisecond and a unit
 * adds `windowMs`, so that all is whole numbers, whatever the rate.
 */
export const bucket = {
  settled({ limit, windowMs, burst }: RatePolicy, usage: Usage | undefined, nowMs: number): Usage {
    if (!usage) return { at: nowMs, used: 0, before: 0 };
    // A burst that was lowered since must not take longer to pay back than any other.
    const debt = Math.min(usage.used, burst * windowMs);
    const leaked = Math.max(0, nowMs - usage.at) * limit;
    return { at: nowMs, used: Math.max(0, debt - leaked), before: 0 };
  },

  fits: ({ windowMs, burst }: RatePolicy, { used }: Usage, cost: number): boolean =>
    used + cost * windowMs <= burst * windowMs,

  /** All of it at once, and in place where the request is admitted: what a request usually comes to. */
  take(policy: RatePolicy, usage: Usage, cost: number, nowMs: number): PolicyResult {
    const { limit, windowMs, burst } = policy;
    const capacity = burst * windowMs;
    const price = cost * windowMs;
    let used = Math.min(usage.used, capacity);
    if (nowMs > usage.at) used -= (nowMs - usage.at) * limit;
    if (used < 0) used = 0;
    const allowed = used + price <= capacity;
    if (allowed) used += price;
    // A clock that went back is settled with once.
    if ((allowed && cost > 0) || usage.at > nowMs) {
      usage.at = nowMs;
      usage.used = used;
    }
    const missing = used + price - capacity;
    const waitMs = cost > burst ? Infinity : Math.ceil(missing / limit);
    return {
      policy,
      allowed,
      limit,
      remaining: Math.floor((capacity - used) / windowMs),
      retryAfterMs: missing <= 0 ? 0 : waitMs,
      resetMs: Math.ceil(used / limit),
    };
  },

  remaining: ({ windowMs, burst }: RatePolicy, { used }: Usage): number =>
    Math.floor((burst * windowMs - used) / windowMs),

  retryAfterMs({ limit, windowMs, burst }: RatePolicy, { used }: Usage, cost: number): number {
    const missing = used + (cost - burst) * windowMs;
    return cost > burst ? Infinity : Math.max(0, Math.ceil(missing / limit));
  },

  resetMs: ({ limit }: RatePolicy, { used }: Usage): number => Math.ceil(used / limit),
};

/**
 * The sliding window counter: what was used in this window, and of the window before the part that still overlaps the last
 * `windowMs`, as if it had been used evenly.
 */
const window = {
  settled({ limit, windowMs }: RatePolicy, usage: Usage | undefined, nowMs: number): Usage {
    const at = nowMs - (nowMs % windowMs);
    if (!usage || at - usage.at > windowMs) return { at, used: 0, before: 0 };
    // A limit that was lowered since must not take longer to wait for than any other.
    const used = Math.min(usage.used, limit);
    return at - usage.at === windowMs
      ? { at, used: 0, before: used }
      : { at, used, before: Math.min(usage.before, limit) };
  },

  fits: ({ limit, windowMs }: RatePolicy, usage: Usage, cost: number, nowMs: number): boolean =>
    overlap(usage, windowMs, nowMs) <= (limit - usage.used - cost) * windowMs,

  remaining({ limit, windowMs }: RatePolicy, usage: Usage, nowMs: number): number {
    const room = (limit - usage.used) * windowMs - overlap(usage, windowMs, nowMs);
    return Math.max(0, Math.floor(room / windowMs));
  },

  /** How long until enough of the window before, or else of this one, has slid out. */
  retryAfterMs({ limit, windowMs }: RatePolicy, usage: Usage, cost: number, nowMs: number): number {
    const { at, used, before } = usage;
    const left = at + windowMs - nowMs;
    const room = (limit - used - cost) * windowMs;
    if (before * left <= room) return 0;
    if (cost > limit) return Infinity;
    if (room >= 0) return left - Math.floor(room / before);
    return left + windowMs - Math.floor(((limit - cost) * windowMs) / used);
  },

  resetMs({ windowMs }: RatePolicy, { at, used, before }: Usage, nowMs: number): number {
    const left = at + windowMs - nowMs;
    if (used > 0) return left + windowMs;
    return before > 0 ? left : 0;
  },
};

const overlap = ({ at, before }: Usage, windowMs: number, nowMs: number): number => before * (at + windowMs - nowMs);
