import { Redis } from 'ioredis';
import { redisScripts } from './core/redis-client.js';
import { redisStore } from './core/redis-store.js';

let redis: Redis | undefined;

/** Connects at the first event, when the variables are loaded, and gives up soon: the provider will try again. */
function client(): Redis {
  const { REDIS_URL } = process.env;
  if (!REDIS_URL) throw new Error('REDIS_URL is not set.');
  redis ??= new Redis(REDIS_URL, { maxRetriesPerRequest: 1, connectTimeout: 3_000, commandTimeout: 5_000 })
    // The claim that fails is logged.
    .on('error', () => undefined);
  return redis;
}

export const store = redisStore(async (script, keys, args) => redisScripts(client())(script, keys, args));
