import type { RunScript } from './redis-store.js';

/** What this needs of `Redis` of @upstash/redis. */
interface Client {
  eval(script: string, keys: string[], args: string[]): Promise<unknown>;
}

export const redisScripts =
  (client: Client): RunScript =>
  (script, keys, args) =>
    client.eval(script, keys, args);
