import type { RatePolicy } from './types.js';
import type { Usage } from './usage.js';

/**
 * The sliding window counter: what was used in this window, and of the window before the part that still overlaps the last
 * `windowMs`, as if it had been used evenly.
 */
export const window = {
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
