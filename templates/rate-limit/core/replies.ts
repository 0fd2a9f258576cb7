import { legacyHeaders, rateLimitHeaders, retryAfter } from './headers.js';
import type { PolicyResult, Reply } from './types.js';

const problemTypes = 'https://iana.org/assignments/http-problem-types';

/** What every response carries. */
export function headersFor(results: readonly PolicyResult[], nowMs: number, legacy: boolean): Record<string, string> {
  return { ...rateLimitHeaders(results, nowMs), ...(legacy ? legacyHeaders(results, nowMs) : {}) };
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
