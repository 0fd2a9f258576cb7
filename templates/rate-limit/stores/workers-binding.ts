import type { LimitStore } from './core/store.js';
import type { Policy, PolicyResult } from './core/types.js';

/** What this reads of a Worker's bindings. */
export type Variables = Record<string, unknown>;

/** Cloudflare's rate limit binding. */
interface Binding {
  limit(options: { key: string }): Promise<{ success: boolean }>;
}

/**
 * Each policy has a binding of its own in the wrangler config, RATE_LIMIT_ADDRESS for the policy `address`. What stands there is
 * what holds, and the policy is what clients are told: keep them the same. Each location of Cloudflare counts for itself,
 * and lets a few more through than it should; there is no cost but one, nothing is given back, and nobody knows what is left.
 */
export const storeFor = (env: Variables): LimitStore => ({
  async apply(action, { subject, policies, cost }) {
    if (action !== 'take' || cost !== 1)
      throw new Error('The rate limit binding takes one at a time, and nothing else.');
    return Promise.all(
      policies.map(async (policy) => resultOf(policy, await bindingOf(env, policy).limit({ key: subject }))),
    );
  },
});

function bindingOf(env: Variables, { name }: Policy): Binding {
  const variable = `RATE_LIMIT_${name.toUpperCase().replace(/[^A-Z0-9]+/g, '_')}`;
  const binding = env[variable] as Binding | undefined;
  if (!binding) throw new Error(`There is no rate limit binding called ${variable} in the wrangler config.`);
  return binding;
}

/** Whole periods, as nothing more is known: who waits for one is not too early. */
function resultOf(policy: Policy, { success }: { success: boolean }): PolicyResult {
  if (policy.kind === 'quota') throw new Error('The rate limit binding counts seconds, not months.');
  const { limit, windowMs } = policy;
  const retryAfterMs = success ? 0 : windowMs;
  return { policy, allowed: success, limit, remaining: success ? null : 0, retryAfterMs, resetMs: windowMs };
}
