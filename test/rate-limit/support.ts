import { memoryStore } from '../../templates/rate-limit/core/memory-store.ts';
import type { Charge, LimitStore } from '../../templates/rate-limit/core/store.ts';
import type { Policy, PolicyResult, RequestFacts } from '../../templates/rate-limit/core/types.ts';

export const second = 1000;
export const minute = 60 * second;
export const hour = 60 * minute;

/** 2023-11-14T22:13:20Z. */
export const start = 1_700_000_000_000;

export const chargeOf = (policies: readonly Policy[], more: Partial<Charge> = {}): Charge => ({
  subject: 'user:1',
  policies,
  cost: 1,
  atMs: start,
  receipt: null,
  ...more,
});

/** A memory store and its clock, which stands still until it is set. */
export function memoryAt(startMs = start) {
  const clock = { ms: startMs };
  return { clock, store: memoryStore(() => clock.ms) };
}

/** Takes from one policy. */
export async function take(
  store: LimitStore,
  policy: Policy,
  cost = 1,
  more: Partial<Charge> = {},
): Promise<PolicyResult> {
  const [result] = await store.apply('take', chargeOf([policy], { cost, ...more }));
  if (!result) throw new Error('There is no result.');
  return result;
}

export const requestOf = (
  facts: Partial<RequestFacts> & { headers?: Readonly<Record<string, string>> } = {},
): RequestFacts => {
  const { headers = {}, ...more } = facts;
  return { method: 'GET', path: '/', header: (name) => headers[name], address: '203.0.113.7', ...more };
};
