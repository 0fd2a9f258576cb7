import type { PoliciesOf } from './limiter.js';
import type { Log } from './log.js';
import { recent } from './recent.js';
import type { Policy, RequestFacts } from './types.js';

export interface TierOptions<Tier extends string> {
  /** Give each policy the same name and window in every tier: then who changes tier keeps what was used. */
  readonly tiers: Readonly<Record<Tier, readonly Policy[]>>;
  /** For guests, for tiers that are not in the list, and while `tierOf` fails. */
  readonly fallback: Tier;
  /** A user's plan, from wherever it is kept. */
  readonly tierOf: (userId: string) => string | null | undefined | Promise<string | null | undefined>;
  /** For how long a user's plan is remembered. A minute unless given. */
  readonly cacheMs?: number;
  readonly log: Log;
  readonly now?: () => number;
}

/** The policies of a request, by the tier of who is signed in. */
export function byTier<Tier extends string>(options: TierOptions<Tier>): PoliciesOf {
  const { tiers, fallback, tierOf, cacheMs = 60_000, log, now = Date.now } = options;
  const byName = new Map<string, readonly Policy[]>(Object.entries(tiers));
  const known = recent<{ readonly tier: string; readonly until: number }>(10_000);

  async function tierFor(userId: string): Promise<string> {
    const cached = known.get(userId);
    if (cached && cached.until > now()) return cached.tier;
    try {
      const tier = (await tierOf(userId)) ?? fallback;
      known.set(userId, { tier, until: now() + cacheMs });
      return tier;
    } catch (error) {
      log({ level: 'error', message: 'The tier of a user could not be told.', error });
      return cached?.tier ?? fallback;
    }
  }

  return async ({ userId }: RequestFacts) => {
    const tier = userId === undefined ? fallback : await tierFor(userId);
    return byName.get(tier) ?? tiers[fallback];
  };
}
