import { byHash, type RunScript } from './redis-store.js';

interface ScriptOptions {
  keys: string[];
  arguments: string[];
}

/** What this needs of a client of node-redis, which the host has connected. */
interface Client {
  evalSha(sha1: string, options: ScriptOptions): Promise<unknown>;
  eval(script: string, options: ScriptOptions): Promise<unknown>;
}

export const redisScripts =
  (client: Client): RunScript =>
  ({ sha1, text }, keys, args) =>
    byHash(
      () => client.evalSha(sha1, { keys, arguments: args }),
      () => client.eval(text, { keys, arguments: args }),
    );
