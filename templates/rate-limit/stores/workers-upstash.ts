import { Redis } from '@upstash/redis/cloudflare';
import { redisScripts } from './core/redis-client.js';
import { redisStore } from './core/redis-store.js';
import type { LimitStore } from './core/store.js';

/** What this reads of a Worker's bindings. */
export type Variables = Record<string, string | undefined>;

export function storeFor({ UPSTASH_REDIS_REST_URL: url, UPSTASH_REDIS_REST_TOKEN: token }: Variables): LimitStore {
  return redisStore(async (script, keys, args) => {
    if (!url || !token) throw new Error('UPSTASH_REDIS_REST_URL or UPSTASH_REDIS_REST_TOKEN is not set.');
    return redisScripts(new Redis({ url, token, retry: false }))(script, keys, args);
  });
}
