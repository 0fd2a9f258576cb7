import { setFlagsFromString } from 'node:v8';

/**
 * Lets a run of less than a second spend less on compiling: on Node 20 a third of what `add` costs goes into optimising functions that
 * are done before it pays. Later versions of V8 wait of themselves, and some no longer know the flag.
 */
export function favourShortRun(): void {
  if (process.versions.v8.startsWith('11.')) setFlagsFromString('--interrupt-budget=1000000');
}
