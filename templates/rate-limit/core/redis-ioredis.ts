import { byHash, type RunScript } from './redis-script.js';

/** What this needs of `Redis` or `Cluster` of ioredis. */
interface Client {
  evalsha(sha1: string, keyCount: number, ...keysAndArgs: string[]): Promise<unknown>;
  eval(script: string, keyCount: number, ...keysAndArgs: string[]): Promise<unknown>;
}

export const redisScripts =
  (client: Client): RunScript =>
  ({ sha1, text }, keys, args) =>
    byHash(
      () => client.evalsha(sha1, keys.length, ...keys, ...args),
      () => client.eval(text, keys.length, ...keys, ...args),
    );
