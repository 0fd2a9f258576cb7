import { byHash, type RunScript, type Script } from './redis-store.js';

/** What this needs of `Redis` or `Cluster` of ioredis. */
interface Client {
  readonly isCluster?: boolean;
  evalsha(sha1: string, keyCount: number, ...keysAndArgs: string[]): Promise<unknown>;
  eval(script: string, keyCount: number, ...keysAndArgs: string[]): Promise<unknown>;
  pipeline(commands: (string | number)[][]): { exec(): Promise<[Error | null, unknown][] | null> };
}

interface Call {
  readonly command: [sha1: string, keyCount: number, ...keysAndArgs: string[]];
  readonly resolve: (answer: unknown) => void;
  readonly reject: (error: unknown) => void;
}

/** Calls of one turn of the event loop go out together, which is most of what a call costs; in a cluster each has its own node. */
export function redisScripts(client: Client): RunScript {
  let waiting: Call[] = [];

  function send(): void {
    const [calls, first] = [waiting, waiting[0]];
    waiting = [];
    if (first && calls.length === 1) {
      client.evalsha(...first.command).then(first.resolve, first.reject);
      return;
    }
    const answers = client.pipeline(calls.map(({ command }) => ['evalsha', ...command])).exec();
    answers.then(
      (all) => {
        for (const [index, { resolve, reject }] of calls.entries()) {
          const [error, answer] = all?.[index] ?? [new Error('Redis gave no answer.'), null];
          if (error) reject(error);
          else resolve(answer);
        }
      },
      (error) => {
        for (const { reject } of calls) reject(error);
      },
    );
  }

  const run = ({ sha1 }: Script, keys: string[], args: string[]): Promise<unknown> =>
    client.isCluster
      ? client.evalsha(sha1, keys.length, ...keys, ...args)
      : new Promise((resolve, reject) => {
          if (waiting.push({ command: [sha1, keys.length, ...keys, ...args], resolve, reject }) === 1)
            process.nextTick(send);
        });

  return (script, keys, args) =>
    byHash(
      () => run(script, keys, args),
      () => client.eval(script.text, keys.length, ...keys, ...args),
    );
}
