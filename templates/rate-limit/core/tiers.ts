import type { PoliciesOf } from './limiter.js';
import { recent } from './memory-store.js';
import type { Log, Policy, RequestFacts } from './types.js';

export interface TierOptions<Tiers extends Readonly<Record<string, readonly Policy[]>>> {
  /** Give each policy the same name and window in every tier: then who changes tier keeps what was used. */
  readonly tiers: Tiers;
  /** One of them, for guests, for tiers that are not in the list, and while `tierOf` fails. */
  readonly fallback: keyof Tiers & string;
  /** A user's plan, from wherever it is kept. */
  readonly tierOf: (userId: string) => string | null | undefined | Promise<string | null | undefined>;
  /** For how long a user's plan is remembered. A minute unless given. */
  readonly cacheMs?: number;
  readonly log: Log;
  readonly now?: () => number;
}

/** The policies of a request, by the tier of who is signed in. */
export function byTier<Tiers extends Readonly<Record<string, readonly Policy[]>>>(
  options: TierOptions<Tiers>,
): PoliciesOf {
  const { tiers, tierOf, cacheMs = 60_000, log, now = Date.now } = options;
  const fallback: string = options.fallback;
  const byName = new Map(Object.entries(tiers));
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
    return byName.get(tier) ?? byName.get(fallback) ?? [];
  };
}
