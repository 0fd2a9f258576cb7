import { createRateLimiter } from '../core/limiter.js';
import type { Log } from '../core/types.js';
import { createLoginLimiter } from '../core/login.js';
import { memoryStore } from '../core/memory-store.js';
import { monthlyQuota } from '../core/monthly-quota.js';
import { slidingWindow, tokenBucket } from '../core/policies.js';
import { byAddress, byUser, firstOf } from '../core/subjects.js';
import { byTier } from '../core/tiers.js';

const log: Log = ({ level, message, ...about }) => console[level](message, about);
const store = memoryStore();
const hour = 60 * 60_000;

/** Stands for a query. */
const plans = new Map([['ada', 'pro']]);

const tiers = {
  free: [tokenBucket({ name: 'hour', limit: 100, windowMs: hour }), monthlyQuota({ name: 'month', limit: 1_000 })],
  pro: [tokenBucket({ name: 'hour', limit: 1_000, windowMs: hour }), monthlyQuota({ name: 'month', limit: 100_000 })],
};

/** Plans: an hour and a month each, and exports that cost ten. */
export const planLimiter = createRateLimiter({
  policies: byTier({
    tiers,
    fallback: 'free',
    tierOf: (userId) => plans.get(userId),
    log,
  }),
  subjectOf: firstOf(byUser, byAddress(1)),
  costOf: ({ path }) => (path.startsWith('/export') ? 10 : 1),
  store,
  onStoreFailure: 'local',
  log,
});

/** A login: five wrong passwords for one account in a quarter of an hour. */
export const logins = createLoginLimiter({
  perAccount: slidingWindow({ name: 'login-account', limit: 5, windowMs: hour / 4 }),
  store,
  log,
});

/** Runs work for a user, and gives back what it used where it fails. */
export async function charged<T>(userId: string, work: () => Promise<T>): Promise<T> {
  const facts = { method: 'POST', path: '/export', header: () => undefined, address: undefined, userId };
  const { reply, refund } = await planLimiter.decide(facts);
  if (reply) throw new Error(`Over the limit: ${reply.body}`);
  try {
    return await work();
  } catch (error) {
    await refund();
    throw error;
  }
}
