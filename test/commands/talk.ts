import { stripVTControlCharacters } from 'node:util';
import { expect } from 'vitest';
import type { Place } from './program.ts';

/** Waits for each text in turn and then types; gives all that was shown, and the exit code. */
export async function talk(
  run: ReturnType<Place['atTerminal']>,
  lines: readonly (readonly [shows: string, types: string])[],
) {
  let seen = '';
  let from = 0;
  const waiting = [...lines];
  run.stdout.on('data', (chunk) => {
    seen += stripVTControlCharacters(String(chunk));
    const [next] = waiting;
    if (next === undefined || !seen.slice(from).includes(next[0])) return;
    waiting.shift();
    from = seen.length;
    run.stdin?.write(next[1]);
  });
  const { exitCode } = await run;
  expect(waiting, seen).toEqual([]);
  return { shown: seen, exitCode };
}
