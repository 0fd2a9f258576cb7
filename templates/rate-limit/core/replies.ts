import type { Policy, PolicyResult, Reply } from './types.js';

const problemTypes = 'https://iana.org/assignments/http-problem-types';

/** What every response carries. */
export function headersFor(results: readonly PolicyResult[], nowMs: number, legacy: boolean): Record<string, string> {
  const headers = rateLimitHeaders(results, nowMs);
  return legacy ? { ...headers, ...legacyHeaders(results, nowMs) } : headers;
}

/** 429, where some policy did not admit the request. It says when the last of them will. */
export function limitedReply(results: readonly PolicyResult[], headers: Readonly<Record<string, string>>): Reply {
  const violated = results.filter(({ allowed }) => !allowed);
  return problem(429, Math.max(...violated.map(({ retryAfterMs }) => retryAfterMs)), headers, {
    type: `${problemTypes}#quota-exceeded`,
    title: 'Too many requests',
    'violated-policies': violated.map(({ policy }) => policy.name),
  });
}

/** 503, where nobody can tell how much was used: it is not the client's fault, and must not look like it. */
export function unavailableReply(): Reply {
  return problem(
    503,
    1000,
    {},
    { type: `${problemTypes}#temporary-reduced-capacity`, title: 'Temporarily unavailable' },
  );
}

/** RFC 9457. */
export function problem(
  status: number,
  retryAfterMs: number,
  headers: Readonly<Record<string, string>>,
  members: Readonly<Record<string, unknown>>,
): Reply {
  const seconds = retryAfter(retryAfterMs);
  return {
    status,
    headers: {
      ...headers,
      'content-type': 'application/problem+json',
      'cache-control': 'no-store',
      ...(seconds === null ? {} : { 'retry-after': seconds }),
    },
    body: JSON.stringify({ ...members, status }),
  };
}

/**
 * The fields of draft-ietf-httpapi-ratelimit-headers-11; none without results, as an empty list is no field.
 * A refusal tells of the violated policies alone: Retry-After should not be earlier than any `t`.
 */
export function rateLimitHeaders(results: readonly PolicyResult[], nowMs: number): Record<string, string> {
  if (results.length === 0) return {};
  const isRefused = results.some(({ allowed }) => !allowed);
  let [policies, limits] = ['', ''];
  for (const result of results) {
    const { policy, limit, remaining, allowed } = result;
    const name = quoted(policy);
    policies += `${policies && ', '}${name};q=${limit};w=${windowSeconds(policy, nowMs)}`;
    if (remaining !== null && (!isRefused || !allowed))
      limits += `${limits && ', '}${name};r=${remaining};t=${effectiveSeconds(result)}`;
  }
  return limits === '' ? { 'ratelimit-policy': policies } : { 'ratelimit-policy': policies, ratelimit: limits };
}

/** What clients of old read, of the policy that leaves the least: the reset in Unix seconds, as GitHub has it. */
export function legacyHeaders(results: readonly PolicyResult[], nowMs: number): Record<string, string> {
  const told = results.flatMap((result) => (result.remaining === null ? [] : [{ ...result, left: result.remaining }]));
  const [least] = told.sort((a, b) => a.left - b.left);
  if (!least) return {};
  return {
    'x-ratelimit-limit': String(least.limit),
    'x-ratelimit-remaining': String(least.left),
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

const names = new WeakMap<Policy, string>();

/** A policy's name as a String of RFC 9651; it holds nothing that could not stand in one. */
function quoted(policy: Policy): string {
  const known = names.get(policy);
  if (known !== undefined) return known;
  const name = `"${policy.name.replace(/["\\]/g, '\\$&')}"`;
  names.set(policy, name);
  return name;
}

function windowSeconds(policy: Policy, nowMs: number): number {
  if (policy.kind !== 'quota') return wholeSeconds(policy.windowMs);
  const { startMs, endMs } = policy.periodAt(nowMs);
  return wholeSeconds(endMs - startMs);
}
