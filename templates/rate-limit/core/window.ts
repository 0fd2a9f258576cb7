import type { RatePolicy } from './types.js';
import type { Standing, Usage } from './usage.js';

/**
 * The sliding window counter: what was used in this window, and of the window before the part that still overlaps the last
 * `windowMs`, as if it had been used evenly.
 */
export function windowSettled({ limit, windowMs }: RatePolicy, usage: Usage | undefined, nowMs: number): Usage {
  const start = nowMs - (nowMs % windowMs);
  if (!usage || start - usage.at > windowMs) return { at: start, used: 0, before: 0 };
  // A limit that was lowered since must not take longer to wait for than any other.
  const [used, before] = [Math.min(usage.used, limit), Math.min(usage.before, limit)];
  return start - usage.at === windowMs ? { at: start, used: 0, before: used } : { at: start, used, before };
}

export function windowStanding(policy: RatePolicy, usage: Usage, cost: number, nowMs: number): Standing {
  const { limit, windowMs } = policy;
  const { at, used, before } = usage;
  const left = at + windowMs - nowMs;
  const overlap = before * left;
  const room = (limit - used) * windowMs;
  return {
    remaining: Math.max(0, Math.floor((room - overlap) / windowMs)),
    retryAfterMs: overlap <= room - cost * windowMs ? 0 : waitFor(policy, usage, cost, left),
    resetMs: resetOf(used, before, left, windowMs),
  };
}

/** How long until enough of the window before, or else of this one, has slid out. */
function waitFor({ limit, windowMs }: RatePolicy, { used, before }: Usage, cost: number, left: number): number {
  if (cost > limit) return Infinity;
  const room = (limit - used - cost) * windowMs;
  if (room >= 0) return left - Math.floor(room / before);
  return left + windowMs - Math.floor(((limit - cost) * windowMs) / used);
}

function resetOf(used: number, before: number, left: number, windowMs: number): number {
  if (used > 0) return left + windowMs;
  return before > 0 ? left : 0;
}
