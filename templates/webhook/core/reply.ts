import type { Reply } from './types.js';

/** An answer that says no more than `outcome`. */
export const reply = (status: number, outcome: string, headers: Readonly<Record<string, string>> = {}): Reply => ({
  status,
  headers: { 'content-type': 'application/json', 'cache-control': 'no-store', ...headers },
  body: JSON.stringify({ outcome }),
});

/** An answer in a provider's own words; without any, an empty one. */
export const acknowledgement = (body = '', type = 'text/plain', status = 200): Reply => ({
  status,
  headers: { 'cache-control': 'no-store', ...(body && { 'content-type': type }) },
  body,
});
