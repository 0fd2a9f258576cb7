import { createHash } from 'node:crypto';
import { limitLua } from './redis-lua.js';
import { type Action, counterName, type LimitStore, receiptName } from './store.js';
import type { Policy, PolicyResult } from './types.js';
import { resultOf } from './usage.js';

export interface Script {
  readonly text: string;
  readonly sha1: string;
}

/** Runs a Lua script: the one thing that every client of Redis can do, each in its own words. */
export type RunScript = (script: Script, keys: string[], args: string[]) => Promise<unknown>;

/** Runs a script by its hash, and by its text where Redis does not know it yet. */
export const byHash = (run: () => Promise<unknown>, runText: () => Promise<unknown>): Promise<unknown> =>
  run().catch((error: unknown) => {
    if (!(error instanceof Error) || !error.message.includes('NOSCRIPT')) throw error;
    return runText();
  });

/** As many as there are rows of kinds in use, which is a few. */
const scripts = new Map<string, Script>();

function scriptFor(action: Action, policies: readonly Policy[], hasReceipt: boolean): Script {
  let name: string = hasReceipt ? `${action} receipt` : action;
  for (const { kind } of policies) name += kind;
  const known = scripts.get(name);
  if (known) return known;
  const kinds = policies.map(({ kind }) => kind);
  const text = limitLua(action, kinds, hasReceipt);
  const script = { text, sha1: createHash('sha1').update(text).digest('hex') };
  scripts.set(name, script);
  return script;
}

/** All policies in one call, by the clock of Redis. Counters are keys that end by themselves; in a cluster, one subject's share a slot. */
export function redisStore(run: RunScript, prefix = 'rate-limit:'): LimitStore {
  return {
    async apply(action, charge) {
      const { subject, policies, cost, atMs } = charge;
      if (policies.length === 0) return [];
      const slot = `${prefix}{${subject}}:`;
      const receipt = receiptName(charge);
      const keys: string[] = [];
      const args: string[] = [];
      for (const policy of policies) {
        keys.push(slot + counterName(policy, atMs));
        const { kind, limit } = policy;
        if (kind === 'bucket') {
          args.push(String(limit), String(policy.burst * policy.windowMs), String(cost * policy.windowMs));
        } else {
          const size = kind === 'quota' ? policy.periodAt(atMs).endMs : policy.windowMs;
          args.push(String(limit), String(size), String(cost));
        }
      }
      if (receipt !== null) keys.push(`${slot}receipt:${receipt}`);
      const answer = await run(scriptFor(action, policies, receipt !== null), keys, args);
      return resultsOf(policies, cost, args, answer);
    },
  };
}

/** Throws where the answer is not what the script gives, so that nothing is decided on a guess. */
function resultsOf(
  policies: readonly Policy[],
  cost: number,
  args: readonly string[],
  answer: unknown,
): PolicyResult[] {
  const numbers: readonly unknown[] = Array.isArray(answer) ? answer : [];
  const nowMs = numbers[0];
  return policies.map((policy, index) => {
    const first = 3 * index + 1;
    const [fits, used, before] = [numbers[first], numbers[first + 1], numbers[first + 2]];
    const isAnswer = typeof nowMs === 'number' && (fits === 0 || fits === 1);
    if (!isAnswer || typeof used !== 'number' || typeof before !== 'number')
      throw new Error(`Redis answered ${String(answer)}.`);
    const at = startOf(policy, nowMs, args[3 * index + 1]);
    return resultOf(policy, { at, used, before }, fits === 1, cost, nowMs);
  });
}

function startOf(policy: Policy, nowMs: number, size: string | undefined): number {
  if (policy.kind === 'bucket') return nowMs;
  return policy.kind === 'window' ? nowMs - (nowMs % policy.windowMs) : Number(size);
}
