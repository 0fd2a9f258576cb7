import type { Policy, PolicyResult } from './types.js';

/**
 * `take`: uses the cost under every policy, or under none where one of them does not admit it.
 * `peek`: says what `take` would. `refund`: gives the cost back. `reset`: forgets what was used.
 */
export type Action = 'take' | 'peek' | 'refund' | 'reset';

export interface Charge {
  /** Who uses it: see `subjects.ts`. */
  readonly subject: string;
  readonly policies: readonly Policy[];
  readonly cost: number;
  /** Which period of the calendar is meant, so that a refund goes to the period that paid. Of no matter without quotas. */
  readonly atMs: number;
  /** A name for this use: while it is remembered, another `take` by it leaves the quotas alone. Null for none. */
  readonly receipt: string | null;
}

export interface LimitStore {
  /** It lies in this process, and so neither fails nor hangs: nothing need stand guard over it. */
  readonly isLocal?: true;
  /** One result for each policy, in their order. */
  apply(action: Action, charge: Charge): Promise<readonly PolicyResult[]>;
}

/** How long a receipt is remembered: longer than clients try again. */
export const receiptMs = 24 * 60 * 60 * 1000;

/** What one subject's use of a policy is kept under. */
export const counterName = (policy: Policy, atMs: number): string =>
  policy.kind === 'quota' ? `${policy.id}${policy.periodAt(atMs).endMs}` : policy.id;

/** The name under which a charge's receipt is kept; null where there is none to keep, for only quotas give one. */
export function receiptName({ policies, receipt }: Charge): string | null {
  if (receipt === null) return null;
  const quotas = policies.filter(({ kind }) => kind === 'quota');
  return quotas.length === 0 ? null : `${quotas.map(({ id }) => id).join()} ${receipt}`;
}
