import type { RatePolicy } from './types.js';
import type { Usage } from './usage.js';

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

  remaining: ({ windowMs, burst }: RatePolicy, { used }: Usage): number =>
    Math.floor((burst * windowMs - used) / windowMs),

  retryAfterMs({ limit, windowMs, burst }: RatePolicy, { used }: Usage, cost: number): number {
    const missing = used + (cost - burst) * windowMs;
    return cost > burst ? Infinity : Math.max(0, Math.ceil(missing / limit));
  },

  resetMs: ({ limit }: RatePolicy, { used }: Usage): number => Math.ceil(used / limit),
};
