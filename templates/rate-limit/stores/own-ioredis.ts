import { Redis } from 'ioredis';
import { redisScripts } from './core/redis-client.js';
import { type RunScript, redisStore } from './core/redis-store.js';

let run: RunScript | undefined;

/** Connects at the first request, when the variables are loaded, and gives up soon: nobody waits for a limit. */
function connected(): RunScript {
  const { REDIS_URL } = process.env;
  if (!REDIS_URL) throw new Error('REDIS_URL is not set.');
  const options = { maxRetriesPerRequest: 1, connectTimeout: 3_000, commandTimeout: 1_000 };
  // What fails is logged by who asked.
  return redisScripts(new Redis(REDIS_URL, options).on('error', () => undefined));
}

export const store = redisStore(async (script, keys, args) => {
  run ??= connected();
  return run(script, keys, args);
});
