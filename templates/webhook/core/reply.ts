import type { Reply } from './types.js';

/** An answer that says no more than `outcome`. */
export const reply = (status: number, outcome: string, headers: Readonly<Record<string, string>> = {}): Reply => ({
  status,
  headers: { 'content-type': 'application/json', 'cache-control': 'no-store', ...headers },
  body: JSON.stringify({ outcome }),
});
