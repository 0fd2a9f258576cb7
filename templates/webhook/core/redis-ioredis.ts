import type { RunScript } from './redis-store.js';

/** What this needs of `Redis` or `Cluster` of ioredis. */
interface Client {
  eval(script: string, keyCount: number, ...keysAndArgs: string[]): Promise<unknown>;
}

export const redisScripts =
  (client: Client): RunScript =>
  (script, keys, args) =>
    client.eval(script, keys.length, ...keys, ...args);
