import { createClient } from 'redis';
import { redisScripts } from './core/redis-client.js';
import { redisStore } from './core/redis-store.js';

let connection: ReturnType<typeof connect> | undefined;

/** Connects at the first request, when the variables are loaded, and anew after a failure. */
function connect() {
  const { REDIS_URL } = process.env;
  if (!REDIS_URL) throw new Error('REDIS_URL is not set.');
  return createClient({ url: REDIS_URL, socket: { connectTimeout: 3_000, reconnectStrategy: false } })
    .on('error', () => {
      connection = undefined;
    })
    .connect();
}

export const store = redisStore(async (script, keys, args) => {
  connection ??= connect();
  return redisScripts(await connection)(script, keys, args);
});
