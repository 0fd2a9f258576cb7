/** `claimed`: yours to handle. `processing`: another holds it. `done`: it was handled. */
export type Claim = 'claimed' | 'processing' | 'done';

/**
 * Remembers which events were handled. A claim is a lease: where its holder dies, the next attempt after `leaseMs`
 * gets the event. `token` names the claim, so that a holder that outlived its lease cannot end its successor's.
 */
export interface DeliveryStore {
  /** Atomic: of simultaneous calls for one key, one gets 'claimed'. */
  claim(key: string, token: string, leaseMs: number): Promise<Claim>;
  /** Marks the event as handled, unless another claim has taken over. */
  complete(key: string, token: string): Promise<void>;
  /** Gives the event to the next attempt, unless another claim has taken over. */
  fail(key: string, token: string): Promise<void>;
}

/** How long a handled event is remembered: longer than any provider tries again. */
export const retentionMs = 30 * 24 * 60 * 60 * 1000;

/** A store's answer. Throws where it is none of the three, so that nothing is handled on a guess. */
export function claimOf(answer: unknown): Claim {
  if (answer === 'claimed' || answer === 'processing' || answer === 'done') return answer;
  throw new Error(`The delivery store answered ${String(answer)}.`);
}
