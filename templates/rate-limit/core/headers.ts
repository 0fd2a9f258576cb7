import type { Policy, PolicyResult } from './types.js';

/**
 * The fields of draft-ietf-httpapi-ratelimit-headers-11; none without results, as an empty list is no field.
 * A refusal tells of the violated policies alone: Retry-After should not be earlier than any `t`.
 */
export function rateLimitHeaders(results: readonly PolicyResult[], nowMs: number): Record<string, string> {
  if (results.length === 0) return {};
  const violated = results.filter(({ allowed }) => !allowed);
  const policies = results.map(
    ({ policy, limit }) => `${quoted(policy.name)};q=${limit};w=${windowSeconds(policy, nowMs)}`,
  );
  const limits = (violated.length > 0 ? violated : results).map(
    (result) => `${quoted(result.policy.name)};r=${result.remaining};t=${effectiveSeconds(result)}`,
  );
  return { 'ratelimit-policy': policies.join(', '), ratelimit: limits.join(', ') };
}

/** What clients of old read, of the policy that leaves the least: the reset in Unix seconds, as GitHub has it. */
export function legacyHeaders(results: readonly PolicyResult[], nowMs: number): Record<string, string> {
  const [least] = [...results].sort((a, b) => a.remaining - b.remaining);
  if (!least) return {};
  return {
    'x-ratelimit-limit': String(least.limit),
    'x-ratelimit-remaining': String(least.remaining),
    'x-ratelimit-reset': String(Math.ceil(nowMs / 1000) + effectiveSeconds(least)),
  };
}

/** Whole seconds, rounded up and never 0, so that nobody comes back too early; null where no time helps. */
export const retryAfter = (ms: number): string | null =>
  ms === Infinity ? null : String(Math.max(1, wholeSeconds(ms)));

/** How long no more than `remaining` may be used. Where that is not enough for a request: until it is. */
function effectiveSeconds({ retryAfterMs, resetMs }: PolicyResult): number {
  return wholeSeconds(retryAfterMs === 0 || retryAfterMs === Infinity ? resetMs : retryAfterMs);
}

const wholeSeconds = (ms: number): number => Math.ceil(ms / 1000);

/** A String of RFC 9651; a policy's name holds nothing that could not stand in one. */
const quoted = (name: string): string => `"${name.replace(/["\\]/g, '\\$&')}"`;

function windowSeconds(policy: Policy, nowMs: number): number {
  if (policy.kind !== 'quota') return wholeSeconds(policy.windowMs);
  const { startMs, endMs } = policy.periodAt(nowMs);
  return wholeSeconds(endMs - startMs);
}
