import type { Log } from './log.js';
import { headersFor, limitedReply, unavailableReply } from './replies.js';
import type { Charge, LimitStore } from './store.js';
import type { PolicyResult, Reply } from './types.js';

export interface Decision {
  /** What to answer in place of the request's handler; null where it may run. */
  readonly reply: Reply | null;
  /** For the response, whoever gives it. */
  readonly headers: Readonly<Record<string, string>>;
  /** How each policy stands; none where the request passes uncounted. */
  readonly results: readonly PolicyResult[];
  /** Gives back what an admitted request used: for one that failed by our own fault. Never rejects. */
  refund(): Promise<void>;
}

/** A charge, and the store to take it from. */
export interface Step {
  readonly store: LimitStore;
  readonly charge: Charge;
}

export interface DecideOptions {
  readonly legacyHeaders: boolean;
  readonly log: Log;
  readonly nowMs: number;
}

export const uncounted: Decision = { reply: null, headers: {}, results: [], refund: () => Promise.resolve() };

/** Takes every step, or none where one of them is refused or cannot be counted. */
export async function decide(steps: readonly Step[], options: DecideOptions): Promise<Decision> {
  const { legacyHeaders, log, nowMs } = options;
  const results: PolicyResult[] = [];
  const taken: Step[] = [];
  const refund = async (): Promise<void> => {
    for (const { store, charge } of taken.splice(0))
      await store.apply('refund', charge).catch((error: unknown) => {
        log({ level: 'warn', message: 'What a request used could not be given back.', error });
      });
  };

  for (const step of steps) {
    try {
      results.push(...(await step.store.apply('take', step.charge)));
    } catch {
      // Logged where it was noticed.
      await refund();
      return { ...uncounted, reply: unavailableReply() };
    }
    if (results.every(({ allowed }) => allowed)) taken.push(step);
    else {
      await refund();
      const headers = headersFor(results, nowMs, legacyHeaders);
      return { ...uncounted, reply: limitedReply(results, headers), headers, results };
    }
  }
  return { reply: null, headers: headersFor(results, nowMs, legacyHeaders), results, refund };
}
