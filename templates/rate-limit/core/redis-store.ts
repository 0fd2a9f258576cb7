import { limitLua } from './redis-lua.js';
import { type RunScript, scriptOf } from './redis-script.js';
import { counterName, type LimitStore, receiptName } from './store.js';
import type { Policy, PolicyResult } from './types.js';

const script = scriptOf(limitLua);

/** All policies in one call, by the clock of Redis. Counters are keys that end by themselves; in a cluster, one subject's share a slot. */
export function redisStore(run: RunScript, prefix = 'rate-limit:'): LimitStore {
  return {
    async apply(action, charge) {
      const { subject, policies, cost, atMs } = charge;
      if (policies.length === 0) return [];
      const [keys, args] = [[] as string[], [action, String(cost)]];
      for (const policy of policies) {
        const { kind, limit } = policy;
        const window = kind === 'quota' ? policy.periodAt(atMs).endMs : policy.windowMs;
        keys.push(`${prefix}{${subject}}:${counterName(policy, atMs)}`);
        args.push(kind, String(limit), String(window), String(kind === 'quota' ? limit : policy.burst));
      }
      const receipt = receiptName(charge);
      if (receipt !== null) keys.push(`${prefix}{${subject}}:receipt:${receipt}`);
      return resultsOf(policies, await run(script, keys, args));
    },
  };
}

/** Throws where the answer is not what the script gives, so that nothing is decided on a guess. */
function resultsOf(policies: readonly Policy[], answer: unknown): PolicyResult[] {
  const numbers: readonly unknown[] = Array.isArray(answer) ? answer : [];
  return policies.map((policy, index) => {
    const at = 4 * index;
    const [remaining, retryAfterMs, resetMs] = [numbers[at + 1], numbers[at + 2], numbers[at + 3]];
    if (typeof remaining !== 'number' || typeof retryAfterMs !== 'number' || typeof resetMs !== 'number')
      throw new Error(`Redis answered ${String(answer)}.`);
    return {
      policy,
      allowed: numbers[at] === 1,
      limit: policy.limit,
      remaining,
      retryAfterMs: retryAfterMs < 0 ? Infinity : retryAfterMs,
      resetMs,
    };
  });
}
