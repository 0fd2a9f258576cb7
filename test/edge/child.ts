import { appendFileSync } from 'node:fs';
import { realDisk } from '../../src/edge/disk.ts';
import { realFiles } from '../../src/edge/files.ts';
import { recover } from '../../src/edge/recover.ts';
import { takeRunLock } from '../../src/edge/run-lock.ts';
import { type Transaction, transact } from '../../src/edge/transaction.ts';
import { Cancelled, UserError } from '../../src/errors.ts';
import type { Change } from '../../src/model.ts';
import { faulty } from './faults.ts';

/** What the children of these tests change in their project. */
export const changes: Change[] = [
  { path: 'package.json', before: '{}\n', after: '{ "a": 1 }\n' },
  { path: 'src/new/a.ts', before: null, after: 'export {};\n' },
  { path: 'src/old/b.ts', before: 'old\n', after: null },
];

const plan = (over: Partial<Transaction>): Transaction => ({
  verb: 'add',
  skill: 'webhook',
  changes,
  during: null,
  snapshotFiles: [],
  removeEmpty: ['src/old'],
  ...over,
});

/** A disk on which the n-th call that writes is this process's last. */
function dyingAt(n: number) {
  const { files, calls } = faulty(realFiles, null);
  const doomed = { ...files };
  for (const [name, run] of Object.entries(files)) {
    const call = run as (...args: unknown[]) => unknown;
    Object.assign(doomed, {
      [name]: (...args: unknown[]) => {
        if (calls() >= n) process.kill(process.pid, 'SIGKILL');
        return call(...args);
      },
    });
  }
  return { ...realDisk(), files: doomed };
}

const forever = (signal: AbortSignal): Promise<void> =>
  new Promise((_, reject) => {
    const beat = setInterval(() => {}, 1000);
    signal.addEventListener('abort', () => {
      clearInterval(beat);
      reject(new Error('the install was stopped'));
    });
    process.stdout.write('installing\n');
  });

const jobs: Record<string, (root: string, argument: string) => Promise<void>> = {
  async hold(root) {
    const letGo = takeRunLock(root, realDisk());
    process.stdout.write('held\n');
    await new Promise((resolve) => process.stdin.on('end', resolve).resume());
    letGo();
  },
  async contend(root, log) {
    for (let round = 0; round < 20; ) {
      try {
        const letGo = takeRunLock(root, realDisk());
        appendFileSync(log, `in ${process.pid}\n`);
        await new Promise((resolve) => setImmediate(resolve));
        appendFileSync(log, `out ${process.pid}\n`);
        letGo();
        round++;
      } catch (error) {
        if (!(error instanceof UserError)) throw error;
        await new Promise((resolve) => setTimeout(resolve, 1));
      }
    }
  },
  async die(root, at) {
    await transact(root, plan({ disk: dyingAt(Number(at)) }));
  },
  async install(root) {
    await transact(root, plan({ during: forever }));
  },
  async apply(root) {
    await transact(root, plan({}));
  },
  async recover(root) {
    process.stdout.write(JSON.stringify(recover(root)));
  },
};

const [job, root, argument] = process.argv.slice(2);
const run = jobs[job ?? ''];
if (run !== undefined && root !== undefined) {
  try {
    await run(root, argument ?? '');
  } catch (error) {
    process.exitCode = error instanceof Cancelled ? 130 : error instanceof UserError ? 2 : 70;
    process.stderr.write(`${error instanceof UserError ? `${error.message} -> ${error.hint}` : error}\n`);
  }
}
