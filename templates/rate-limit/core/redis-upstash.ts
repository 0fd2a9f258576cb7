import { byHash, type RunScript } from './redis-store.js';

/** What this needs of `Redis` of @upstash/redis. */
interface Client {
  evalsha(sha1: string, keys: string[], args: string[]): Promise<unknown>;
  eval(script: string, keys: string[], args: string[]): Promise<unknown>;
}

export const redisScripts =
  (client: Client): RunScript =>
  ({ sha1, text }, keys, args) =>
    byHash(
      () => client.evalsha(sha1, keys, args),
      () => client.eval(text, keys, args),
    );
