import { Redis } from '@upstash/redis/cloudflare';
import { redisScripts } from './core/redis-client.js';
import { redisStore } from './core/redis-store.js';
import type { DeliveryStore } from './core/store.js';
import type { Variables } from './routes.js';

export function storeFor({ UPSTASH_REDIS_REST_URL: url, UPSTASH_REDIS_REST_TOKEN: token }: Variables): DeliveryStore {
  return redisStore(async (script, keys, args) => {
    if (!url || !token) throw new Error('UPSTASH_REDIS_REST_URL or UPSTASH_REDIS_REST_TOKEN is not set.');
    return redisScripts(new Redis({ url, token }))(script, keys, args);
  });
}
