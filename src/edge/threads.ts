import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { setFlagsFromString } from 'node:v8';
import { Worker } from 'node:worker_threads';

/** How many things this machine does at once. */
export const cores = (): number => availableParallelism();

/**
 * Keeps memory small, in every thread that is started after it and mostly in this one: garbage is taken away when memory
 * has grown by a third since the last time, and what is new gets 4 MB (16 otherwise, twice, per thread). Left to itself, a
 * process on a machine with much memory lets it grow to several times what is in use; trees of files do not live long.
 */
export function keepMemorySmall(): void {
  setFlagsFromString('--heap-growing-percent=33');
  setFlagsFromString('--max-semi-space-size=4');
}

/**
 * Makes code that runs once over many files cheap to compile, in every thread that is started after it and in this one: all
 * functions at once by the quick compiler, and only those that run for long by the one that optimizes. Left to itself it
 * works on two thousand functions, most of which are then hardly called, beside each thread and as long as a third of it.
 * Newer engines have a compiler between the two and gain nothing; of a flag that they do not know they complain aloud.
 */
export function compileForOneRun(): void {
  if (!/^11\./.test(process.versions.v8)) return;
  setFlagsFromString('--always-sparkplug');
  setFlagsFromString('--interrupt-budget=500000');
}

/** True where a file that a thread starts from is there: the program as it is built, not its source. */
export const canStart = (file: URL): boolean => existsSync(fileURLToPath(file));

/**
 * Starts a thread from a file of this program with what it is given (plain data), and waits for the one value that it
 * posts. Rejects with what the thread fails with, and where it ends without a word.
 */
export function inThread(file: URL, given: unknown): { posted: Promise<unknown>; stop: () => void } {
  const worker = new Worker(file, { workerData: given });
  const posted = new Promise<unknown>((resolve, reject) => {
    worker.once('message', resolve);
    worker.once('error', reject);
    worker.once('exit', (code) => reject(new Error(`A thread ended with ${code}.`)));
  });
  // Whoever started it may not listen yet when it fails.
  posted.catch(() => {});
  return { posted, stop: () => void worker.terminate() };
}
