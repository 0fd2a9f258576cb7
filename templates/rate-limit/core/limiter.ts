import { guardedStore, type OnStoreFailure } from './guarded-store.js';
import { headersFor, limitedReply, unavailableReply } from './replies.js';
import type { Charge, LimitStore } from './store.js';
import { hashed, type SubjectOf, unknownAddress } from './subjects.js';
import type { Log, Policy, PolicyResult, Reply, RequestFacts } from './types.js';

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
  /** How long a store may take, and half as long again where it may have to connect. 150 unless given. */
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
  const always = typeof policies === 'function' ? null : finite(policies);
  const policiesOf = typeof policies === 'function' ? policies : () => policies;
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
      const receipt = receiptOf?.(request);
      const held = always ?? finite(await policiesOf(request));
      const charge = {
        subject,
        policies: held,
        cost: wholeCost(costOf?.(request) ?? 1),
        // Only what has to do with a calendar asks for the time here.
        atMs: legacyHeaders || held.some(isQuota) ? now() : 0,
        receipt: receipt === undefined ? null : hashed(receipt),
      };
      return await decideOn(stepsOf(charge, rates, quotas), legacyHeaders, log);
    },
  };
}

const finite = (policies: readonly Policy[]): readonly Policy[] => policies.filter(({ limit }) => limit !== Infinity);

const isQuota = ({ kind }: Policy): boolean => kind === 'quota';

/** A charge, and the store to take it from. */
export interface Step {
  readonly store: LimitStore;
  readonly charge: Charge;
}

function stepsOf(charge: Charge, rates: LimitStore, quotas: LimitStore): Step[] {
  if (rates === quotas) return [{ store: rates, charge }];
  return [
    { store: rates, charge: { ...charge, policies: charge.policies.filter((policy) => !isQuota(policy)) } },
    { store: quotas, charge: { ...charge, policies: charge.policies.filter(isQuota) } },
  ];
}

const uncounted: Decision = { reply: null, headers: {}, results: [], refund: () => Promise.resolve() };

/** Takes every step, or none where one of them is refused or cannot be counted. */
export async function decideOn(steps: readonly Step[], legacyHeaders: boolean, log: Log): Promise<Decision> {
  const taken: Step[] = [];
  const refund = async (): Promise<void> => {
    for (const { store, charge } of taken.splice(0))
      await store.apply('refund', charge).catch((error: unknown) => {
        log({ level: 'warn', message: 'What a request used could not be given back.', error });
      });
  };

  let results: readonly PolicyResult[] = [];
  for (const step of steps) {
    const { store, charge } = step;
    if (charge.policies.length === 0) continue;
    try {
      const more = await store.apply('take', charge);
      results = results.length === 0 ? more : [...results, ...more];
    } catch {
      // Logged where it was noticed.
      await refund();
      return { ...uncounted, reply: unavailableReply() };
    }
    if (!results.every(({ allowed }) => allowed)) {
      await refund();
      const headers = headersFor(results, charge.atMs, legacyHeaders);
      return { reply: limitedReply(results, headers), headers, results, refund };
    }
    taken.push(step);
  }
  return { reply: null, headers: headersFor(results, steps[0]?.charge.atMs ?? 0, legacyHeaders), results, refund };
}

function wholeCost(cost: number): number {
  if (!Number.isSafeInteger(cost) || cost < 0) throw new RangeError(`A request cannot cost ${cost}.`);
  return cost;
}
