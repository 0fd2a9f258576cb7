import { memoryStore } from './memory-store.js';
import type { Charge, LimitStore } from './store.js';
import type { Log, Policy } from './types.js';

/**
 * What a store that fails means. `open`: all are admitted, uncounted. `closed`: nobody is, with 503.
 * `local`: this process counts by itself, each of `instances` with its share of the limits.
 */
export type OnStoreFailure = 'open' | 'closed' | 'local';

export interface GuardOptions {
  readonly onFailure: OnStoreFailure;
  readonly instances: number;
  /** How long one call may take. */
  readonly timeoutMs: number;
  readonly log: Log;
  readonly now: () => number;
}

/** A store that always answers, within its time. Rejects for `closed` alone; answers no results for `open`. */
export function guardedStore(store: LimitStore, options: GuardOptions): LimitStore {
  if (store.isLocal) return store;
  const { onFailure, instances, now } = options;
  const local = memoryStore(now);
  const breaker = createBreaker(options);
  return {
    async apply(action, charge) {
      const patienceMs = breaker.patienceMs();
      try {
        if (patienceMs === 0) throw new Error('The store of the rate limits is down.');
        const results = await inTime(store.apply(action, charge), patienceMs);
        breaker.worked();
        return results;
      } catch (error) {
        if (patienceMs > 0) breaker.failed(error);
        if (onFailure === 'closed') throw error;
        return onFailure === 'open' ? [] : local.apply(action, sharedAmong(instances, charge));
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

/** After this many failures in a row nobody waits for the store: one call in a second tries whether it is back. */
const threshold = 3;
const pauseMs = 1000;

/** Tells how long a call of the store may take: 0 where it is down, and not worth a try. */
function createBreaker({ timeoutMs, log, now }: GuardOptions) {
  // The first call, and any after a failure, may have to connect.
  let isConnected = false;
  let failures = 0;
  let nextTry = 0;
  return {
    patienceMs(): number {
      if (failures >= threshold) {
        const wait = nextTry - now();
        // Longer than the pause: the clock went back.
        if (wait > 0 && wait <= pauseMs) return 0;
        nextTry = now() + pauseMs;
      }
      return isConnected ? timeoutMs : timeoutMs * 1.5;
    },
    failed(error: unknown): void {
      isConnected = false;
      failures += 1;
      nextTry = now() + pauseMs;
      if (failures === 1) log({ level: 'error', message: 'The store of the rate limits failed.', error });
    },
    worked(): void {
      if (failures > 0) log({ level: 'info', message: 'The store of the rate limits is back.' });
      isConnected = true;
      failures = 0;
    },
  };
}

function inTime<T>(promise: Promise<T>, timeoutMs: number): Promise<T> {
  return new Promise((resolve, reject) => {
    const giveUp = (): void => reject(new Error(`No answer within ${timeoutMs} ms.`));
    let timer = setTimeout(() => {
      // Where this process was held up itself, the answer may be there, but not read yet.
      timer = setTimeout(giveUp, 1);
    }, timeoutMs);
    promise.finally(() => clearTimeout(timer)).then(resolve, reject);
  });
}
