import { bucket } from './bucket.js';
import type { Policy, PolicyResult } from './types.js';
import { window } from './window.js';

/** What is kept of one subject under one policy: whole numbers, whose meaning is the policy's. */
export interface Usage {
  /** When it was settled (`bucket`), the start of its window (`window`), or the end of its period (`quota`). */
  readonly at: number;
  /** Units used; in a bucket, units times the window. */
  readonly used: number;
  /** Units used in the window before (`window`). */
  readonly before: number;
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
