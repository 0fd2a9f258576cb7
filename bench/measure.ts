import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

/** The repository. */
export const here = resolve(import.meta.dirname, '..');
/** The program as it is built. */
export const bin = join(here, 'bin/backend-skills.js');

/** What a command took, with all the Node processes that it started, and what it printed. */
export interface Cost {
  /** Wall time. */
  seconds: number;
  /** Seconds of CPU: what it costs on a machine that has other things to do. */
  cpu: number;
  /** Of the largest of its processes. */
  megabytes: number;
  output: string;
}

/** A folder for what is measured, gone when the process is. */
export const work = mkdtempSync(join(tmpdir(), 'backend-skills-bench-'));
process.on('exit', () => rmSync(work, { recursive: true, force: true }));

/** Runs Node with these arguments. Throws what it printed where it ends with another exit code than these. */
export function measure(args: readonly string[], cwd: string, codes: readonly number[] = [0]): Cost {
  const file = join(work, 'cpu.jsonl');
  writeFileSync(file, '');
  const counted = { BENCH_CPU_FILE: file, NODE_OPTIONS: `--require ${join(here, 'bench/cpu.cjs')}`, CI: '1' };
  const env = { ...process.env, ...counted };
  const start = performance.now();
  const options = { cwd, env, encoding: 'utf8', input: '', maxBuffer: 1 << 30 } as const;
  const { status, stdout, stderr } = spawnSync(process.execPath, args, options);
  const seconds = (performance.now() - start) / 1000;
  if (status === null || !codes.includes(status))
    throw new Error(`${args.join(' ')} ended with ${status}: ${stdout.slice(-2000)}${stderr.slice(-2000)}`);
  const lines = readFileSync(file, 'utf8').trim().split('\n');
  const used = lines.map((line) => JSON.parse(line) as { cpu: number; rss: number });
  const cpu = used.reduce((sum, each) => sum + each.cpu, 0) / 1e6;
  return { seconds, cpu, megabytes: Math.max(...used.map(({ rss }) => rss)) / 1024, output: stdout };
}

/** The middle of these numbers, or between the two in the middle; 0 of none. */
export function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  return ((sorted[Math.floor(middle)] ?? 0) + (sorted[Math.ceil(middle) - 1] ?? 0)) / 2;
}
