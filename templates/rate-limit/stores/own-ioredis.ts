import { Redis } from 'ioredis';
import { redisScripts } from './core/redis-client.js';
import { redisStore } from './core/redis-store.js';

let redis: Redis | undefined;

/** Connects at the first request, when the variables are loaded, and gives up soon: nobody waits for a limit. */
function client(): Redis {
  const { REDIS_URL } = process.env;
  if (!REDIS_URL) throw new Error('REDIS_URL is not set.');
  redis ??= new Redis(REDIS_URL, { maxRetriesPerRequest: 1, connectTimeout: 3_000, commandTimeout: 1_000 })
    // What fails is logged by who asked.
    .on('error', () => {});
  return redis;
}

export const store = redisStore(async (script, keys, args) => redisScripts(client())(script, keys, args));
