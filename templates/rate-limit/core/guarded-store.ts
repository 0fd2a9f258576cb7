import { type BreakerOptions, createBreaker } from './breaker.js';
import { memoryStore } from './memory-store.js';
import type { Charge, LimitStore } from './store.js';
import type { Policy } from './types.js';

/**
 * What a store that fails means. `open`: all are admitted, uncounted. `closed`: nobody is, with 503.
 * `local`: this process counts by itself, each of `instances` with its share of the limits.
 */
export type OnStoreFailure = 'open' | 'closed' | 'local';

export interface GuardOptions extends BreakerOptions {
  readonly onFailure: OnStoreFailure;
  readonly instances: number;
}

/** A store that always answers, within its time. Rejects for `closed` alone; answers no results for `open`. */
export function guardedStore(store: LimitStore, options: GuardOptions): LimitStore {
  const attempt = createBreaker(options);
  const local = memoryStore(options.now);
  return {
    async apply(action, charge) {
      try {
        return await attempt(() => store.apply(action, charge));
      } catch (error) {
        if (options.onFailure === 'closed') throw error;
        return options.onFailure === 'open' ? [] : local.apply(action, sharedAmong(options.instances, charge));
      }
    },
  };
}

/** A charge against this process's share: at least one unit, where there are any. */
function sharedAmong(instances: number, charge: Charge): Charge {
  const share = (limit: number): number => Math.max(Math.min(1, limit), Math.floor(limit / instances));
  const shareOf = (policy: Policy): Policy =>
    policy.kind === 'quota'
      ? { ...policy, limit: share(policy.limit) }
      : { ...policy, limit: share(policy.limit), burst: share(policy.burst) };
  return { ...charge, policies: charge.policies.map(shareOf) };
}
