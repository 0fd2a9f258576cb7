import { Redis } from '@upstash/redis';
import { redisScripts } from './core/redis-client.js';
import { redisStore } from './core/redis-store.js';

let redis: Redis | undefined;

/** Made at the first request, when the variables are loaded. */
function client(): Redis {
  const { UPSTASH_REDIS_REST_URL: url, UPSTASH_REDIS_REST_TOKEN: token } = process.env;
  if (!url || !token) throw new Error('UPSTASH_REDIS_REST_URL or UPSTASH_REDIS_REST_TOKEN is not set.');
  redis ??= new Redis({ url, token, retry: false });
  return redis;
}

export const store = redisStore(async (script, keys, args) => redisScripts(client())(script, keys, args));
