import type { Log } from './log.js';

export interface BreakerOptions {
  /** How long one call may take. */
  readonly timeoutMs: number;
  readonly log: Log;
  readonly now: () => number;
}

/** After this many failures in a row nobody waits for the store: one call in a second tries whether it is back. */
const threshold = 3;
const pauseMs = 1000;

/** Runs calls of a store that may be gone. Rejects where the call fails, takes too long, or is not worth a try. */
export function createBreaker({ timeoutMs, log, now }: BreakerOptions): <T>(call: () => Promise<T>) => Promise<T> {
  let failures = 0;
  let nextTry = 0;

  function failed(error: unknown): void {
    failures += 1;
    nextTry = now() + pauseMs;
    if (failures === 1) log({ level: 'error', message: 'The store of the rate limits failed.', error });
  }

  function worked(): void {
    if (failures > 0) log({ level: 'info', message: 'The store of the rate limits is back.' });
    failures = 0;
  }

  return async (call) => {
    if (failures >= threshold) {
      const wait = nextTry - now();
      // Longer than the pause: the clock went back.
      if (wait > 0 && wait <= pauseMs) throw new Error('The store of the rate limits is down.');
      nextTry = now() + pauseMs;
    }
    try {
      const result = await inTime(call(), timeoutMs);
      worked();
      return result;
    } catch (error) {
      failed(error);
      throw error;
    }
  };
}

function inTime<T>(promise: Promise<T>, timeoutMs: number): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`No answer within ${timeoutMs} ms.`)), timeoutMs);
    promise.finally(() => clearTimeout(timer)).then(resolve, reject);
  });
}
