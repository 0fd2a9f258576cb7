import { type Decision, decide, type Step, uncounted } from './decision.js';
import { guardedStore, type OnStoreFailure } from './guarded-store.js';
import type { Log } from './log.js';
import type { Charge, LimitStore } from './store.js';
import { hashed, type SubjectOf, unknownAddress } from './subjects.js';
import type { Policy, RequestFacts } from './types.js';

export interface RateLimiterOptions {
  /** What holds for a request: the same for all, or by its tier. */
  readonly policies: readonly Policy[] | PoliciesOf;
  /** Who it is counted for. Null: nobody, and it passes. */
  readonly subjectOf: SubjectOf;
  readonly store: LimitStore;
  /**
   * Where the quotas are kept, unless beside the rates. There, all policies are one step;
   * here, quotas are a second one, and where they refuse, the rates are given back.
   */
  readonly quotaStore?: LimitStore;
  readonly onStoreFailure: OnStoreFailure;
  /** How many processes share the limits while each counts for itself. 1 unless given. */
  readonly instances?: number;
  /** How long a store may take. 150 unless given. */
  readonly timeoutMs?: number;
  /** How many units a request uses: a whole number. 1 unless given. */
  readonly costOf?: (request: RequestFacts) => number;
  /** Whether a request passes uncounted: health checks, webhooks, OPTIONS. */
  readonly skip?: (request: RequestFacts) => boolean;
  /**
   * What a client's attempts at one thing share, so that it pays for them once out of its quotas: its Idempotency-Key.
   * Only where a repeated key gets the stored answer: elsewhere one key would make all requests free.
   */
  readonly receiptOf?: (request: RequestFacts) => string | undefined;
  /** X-RateLimit-Limit and so on, too. */
  readonly legacyHeaders?: boolean;
  readonly log: Log;
  readonly now?: () => number;
}

export type PoliciesOf = (request: RequestFacts) => readonly Policy[] | Promise<readonly Policy[]>;

export interface RateLimiter {
  /** Counts a request and says whether it may go on. Rejects only where one of the options' functions throws. */
  decide(request: RequestFacts): Promise<Decision>;
}

export function createRateLimiter(options: RateLimiterOptions): RateLimiter {
  const { policies, subjectOf, store, quotaStore, costOf, skip, receiptOf, log } = options;
  const { onStoreFailure, instances = 1, timeoutMs = 150, legacyHeaders = false, now = Date.now } = options;
  const guarded = (unguarded: LimitStore): LimitStore =>
    guardedStore(unguarded, { onFailure: onStoreFailure, instances, timeoutMs, log, now });
  const rates = guarded(store);
  const quotas = quotaStore ? guarded(quotaStore) : rates;
  let warned = false;
  function warnOnce(): void {
    if (!warned) log({ level: 'warn', message: 'There are requests without an address: they share one limit.' });
    warned = true;
  }

  return {
    async decide(request) {
      const subject = skip?.(request) ? null : subjectOf(request);
      if (subject === null) return uncounted;
      if (subject === unknownAddress) warnOnce();
      const held = typeof policies === 'function' ? await policies(request) : policies;
      const receipt = receiptOf?.(request);
      const charge = {
        subject,
        policies: held.filter(({ limit }) => limit !== Infinity),
        cost: wholeCost(costOf?.(request) ?? 1),
        atMs: now(),
        receipt: receipt === undefined ? null : hashed(receipt),
      };
      return decide(stepsOf(charge, rates, quotas), { legacyHeaders, log, nowMs: charge.atMs });
    },
  };
}

function stepsOf(charge: Charge, rates: LimitStore, quotas: LimitStore): Step[] {
  if (rates === quotas) return charge.policies.length === 0 ? [] : [{ store: rates, charge }];
  const isQuota = ({ kind }: Policy): boolean => kind === 'quota';
  const parts: readonly [LimitStore, readonly Policy[]][] = [
    [rates, charge.policies.filter((policy) => !isQuota(policy))],
    [quotas, charge.policies.filter(isQuota)],
  ];
  return parts
    .filter(([, policies]) => policies.length > 0)
    .map(([store, policies]) => ({ store, charge: { ...charge, policies } }));
}

function wholeCost(cost: number): number {
  if (!Number.isSafeInteger(cost) || cost < 0) throw new RangeError(`A request cannot cost ${cost}.`);
  return cost;
}
