import type { RunScript } from './redis-store.js';

/** What this needs of a client of node-redis, which the host has connected. */
interface Client {
  eval(script: string, options: { keys: string[]; arguments: string[] }): Promise<unknown>;
}

export const redisScripts =
  (client: Client): RunScript =>
  (script, keys, args) =>
    client.eval(script, { keys, arguments: args });
