import { bucketSettled, bucketStanding } from './bucket.js';
import type { Policy } from './types.js';
import { windowSettled, windowStanding } from './window.js';

/** What is kept of one subject under one policy: whole numbers, whose meaning is the policy's. */
export interface Usage {
  /** When it was settled (`bucket`), the start of its window (`window`), or the end of its period (`quota`). */
  readonly at: number;
  /** Units used; in a bucket, units times the window. */
  readonly used: number;
  /** Units used in the window before (`window`). */
  readonly before: number;
}

export interface Standing {
  readonly remaining: number;
  readonly retryAfterMs: number;
  readonly resetMs: number;
}

/** What is left of a usage now. A clock that went back forgives nothing, and makes nobody wait for it to catch up. */
export function settled(policy: Policy, usage: Usage | undefined, nowMs: number): Usage {
  if (policy.kind === 'quota') {
    const { endMs } = policy.periodAt(nowMs);
    return { at: endMs, used: usage?.at === endMs ? usage.used : 0, before: 0 };
  }
  return policy.kind === 'bucket' ? bucketSettled(policy, usage, nowMs) : windowSettled(policy, usage, nowMs);
}

/** How a settled usage stands towards a request of `cost`, which it admits where `retryAfterMs` is 0. */
export function standing(policy: Policy, usage: Usage, cost: number, nowMs: number): Standing {
  if (policy.kind === 'bucket') return bucketStanding(policy, usage, cost);
  if (policy.kind === 'window') return windowStanding(policy, usage, cost, nowMs);
  const resetMs = Math.max(1, usage.at - nowMs);
  const retryAfterMs = cost > policy.limit ? Infinity : resetMs;
  return {
    remaining: Math.max(0, policy.limit - usage.used),
    retryAfterMs: usage.used + cost <= policy.limit ? 0 : retryAfterMs,
    resetMs,
  };
}

/** A settled usage with `cost` more, or less where that is negative. */
export function charged(policy: Policy, usage: Usage, cost: number): Usage {
  const used = usage.used + cost * (policy.kind === 'bucket' ? policy.windowMs : 1);
  return { at: usage.at, used: Math.max(0, used), before: usage.before };
}
