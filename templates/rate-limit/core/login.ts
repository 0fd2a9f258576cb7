import { guardedStore, type OnStoreFailure } from './guarded-store.js';
import { decideOn } from './limiter.js';
import { slidingWindow } from './policies.js';
import { problem, unavailableReply } from './replies.js';
import type { Charge, LimitStore } from './store.js';
import { accountSubject } from './subjects.js';
import type { Log, Policy, Reply } from './types.js';

export interface LoginLimiterOptions {
  readonly store: LimitStore;
  /** Failures from one address, of whichever accounts: 30 an hour unless given. */
  readonly perAddress?: Policy;
  /** Failures in a row at one account, from wherever: 10 in 15 minutes unless given. */
  readonly perAccount?: Policy;
  /** Closed unless given: who can make the store fail must not get free guesses. */
  readonly onStoreFailure?: OnStoreFailure;
  readonly instances?: number;
  readonly timeoutMs?: number;
  readonly log: Log;
  readonly now?: () => number;
}

export interface LoginAttempt {
  /** What to answer in place of checking the password; null where it may be checked. */
  readonly reply: Reply | null;
  /** Call it once the password was right: what is left counted are failures. Never rejects. */
  succeeded(): Promise<void>;
}

export interface LoginLimiter {
  /** Counts an attempt before the password is checked, so that simultaneous guesses count, too. */
  attempt(login: { readonly address: string; readonly account: string }): Promise<LoginAttempt>;
}

export function createLoginLimiter(options: LoginLimiterOptions): LoginLimiter {
  const { onStoreFailure = 'closed', instances = 1, timeoutMs = 150, log, now = Date.now } = options;
  const { perAddress = slidingWindow({ name: 'login-address', limit: 30, windowMs: 60 * 60_000 }) } = options;
  const { perAccount = slidingWindow({ name: 'login-account', limit: 10, windowMs: 15 * 60_000 }) } = options;
  const store = guardedStore(options.store, { onFailure: onStoreFailure, instances, timeoutMs, log, now });
  const apply = async (...call: Parameters<LimitStore['apply']>): Promise<void> => {
    await store.apply(...call).catch((error: unknown) => {
      log({ level: 'warn', message: 'A login that was right could not be recorded.', error });
    });
  };

  return {
    async attempt({ address, account }) {
      const about = { cost: 1, atMs: now(), receipt: null };
      const byAddress: Charge = { ...about, subject: address, policies: [perAddress] };
      const byAccount: Charge = { ...about, subject: accountSubject(account), policies: [perAccount] };

      // One after the other: an address that is refused must not use up the attempts of the accounts it names.
      for (const charge of [byAddress, byAccount]) {
        const { reply } = await decideOn([{ store, charge }], false, log);
        if (reply) return { reply: discreet(reply), succeeded: () => Promise.resolve() };
      }
      return {
        reply: null,
        async succeeded() {
          // The address gets back this attempt alone: with one account of one's own it could be cleared for ever.
          await Promise.all([apply('refund', byAddress), apply('reset', byAccount)]);
        },
      };
    },
  };
}

/** The same answer whichever limit it was, and whether or not there is such an account. */
function discreet({ status, headers }: Reply): Reply {
  if (status !== 429) return unavailableReply();
  return problem(
    429,
    Number(headers['retry-after'] ?? 1) * 1000,
    {},
    { title: 'Too many attempts', type: 'about:blank' },
  );
}
