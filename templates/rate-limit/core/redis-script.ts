import { createHash } from 'node:crypto';

export interface Script {
  readonly text: string;
  readonly sha1: string;
}

/** Runs a Lua script: the one thing that every client of Redis can do, each in its own words. */
export type RunScript = (script: Script, keys: string[], args: string[]) => Promise<unknown>;

export const scriptOf = (text: string): Script => ({ text, sha1: createHash('sha1').update(text).digest('hex') });

/** Runs a script by its hash, and by its text where Redis does not know it yet. */
export const byHash = (run: () => Promise<unknown>, runText: () => Promise<unknown>): Promise<unknown> =>
  run().catch((error: unknown) => {
    if (!(error instanceof Error) || !error.message.includes('NOSCRIPT')) throw error;
    return runText();
  });
