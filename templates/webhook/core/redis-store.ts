import { claimOf, type DeliveryStore, retentionMs } from './store.js';

/** Runs a Lua script: the one thing that every client of Redis can do, each in its own words. */
export type RunScript = (script: string, keys: string[], args: string[]) => Promise<unknown>;

const claim = `
local state = redis.call('get', KEYS[1])
if state then return state == 'done' and 'done' or 'processing' end
redis.call('set', KEYS[1], ARGV[1], 'px', ARGV[2])
return 'claimed'`;

// An expired claim that nobody has taken over may still complete.
const complete = `
local state = redis.call('get', KEYS[1])
if state and state ~= ARGV[1] then return 0 end
redis.call('set', KEYS[1], 'done', 'px', ARGV[2])
return 1`;

const fail = `
if redis.call('get', KEYS[1]) ~= ARGV[1] then return 0 end
return redis.call('del', KEYS[1])`;

/** One key per event: its claim's token while it is handled, then 'done'. Redis itself forgets what is too old. */
export function redisStore(run: RunScript, prefix = 'webhook:'): DeliveryStore {
  return {
    async claim(key, token, leaseMs) {
      return claimOf(await run(claim, [prefix + key], [token, String(leaseMs)]));
    },
    async complete(key, token) {
      await run(complete, [prefix + key], [token, String(retentionMs)]);
    },
    async fail(key, token) {
      await run(fail, [prefix + key], [token]);
    },
  };
}
