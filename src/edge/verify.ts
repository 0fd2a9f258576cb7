import { join } from 'node:path';
import { execa } from 'execa';
import type { Language, TestRunner } from '../model.ts';
import { factsOf, realFiles } from './files.ts';
import { hostBin } from './host-bin.ts';

/** A type check's errors, one line each; `ran` is why there was none. */
export type TypeCheck = { ran: true; errors: string[] } | { ran: false; because: string };

/** What a test run said: the last lines, and whether all passed. */
export interface TestRun {
  ok: boolean;
  tail: string[];
}

const tailLines = 30;
const quiet = { stdin: 'ignore', all: true, reject: false, env: { CI: '1', NO_COLOR: '1', FORCE_COLOR: '0' } } as const;

/** The host's own type check, with its compiler and its tsconfig. Writes nothing. */
export async function typeCheck(root: string, language: Language): Promise<TypeCheck> {
  if (language === 'js') return { ran: false, because: 'the project is JavaScript' };
  const bin = hostBin(root, 'tsc');
  if (bin === null) return { ran: false, because: 'typescript is not installed in the project' };
  if (factsOf(realFiles, join(root, 'tsconfig.json')) === null)
    return { ran: false, because: 'there is no tsconfig.json' };
  const { all, exitCode } = await execa(bin, ['--noEmit', '--pretty', 'false', '-p', '.'], { ...quiet, cwd: root });
  const errors = errorsIn(all);
  return {
    ran: true,
    errors: exitCode !== 0 && errors.length === 0 ? [`tsc ended with exit code ${exitCode ?? 'none'}`] : errors,
  };
}

/** The errors of the second check that the first did not have: places move, so only file, code and message count. */
export function newErrors(before: readonly string[], after: readonly string[]): string[] {
  const known = new Map<string, number>();
  for (const error of before) known.set(withoutPlace(error), (known.get(withoutPlace(error)) ?? 0) + 1);
  return after.filter((error) => {
    const left = known.get(withoutPlace(error)) ?? 0;
    known.set(withoutPlace(error), left - 1);
    return left <= 0;
  });
}

/** Runs these test files (paths from the root) with the host's own runner. */
export async function runTests(root: string, runner: TestRunner, files: readonly string[]): Promise<TestRun> {
  const [program, ...args] = commandFor(root, runner, files);
  if (program === undefined) return { ok: false, tail: [`${runner} is not installed in the project.`] };
  const { all, failed, message } = await execa(program, args, { ...quiet, cwd: root });
  const lines = (all ?? message ?? '').split('\n').filter((line) => line.trim() !== '');
  return { ok: !failed, tail: lines.slice(-tailLines) };
}

function commandFor(root: string, runner: TestRunner, files: readonly string[]): string[] {
  if (runner === 'node') return [process.execPath, ...loaders(root, files), '--test', ...files];
  if (runner === 'bun') return ['bun', 'test', ...files.map((file) => `./${file}`)];
  const bin = hostBin(root, runner);
  if (bin === null) return [];
  if (runner === 'vitest') return [bin, 'run', ...files];
  if (runner === 'jest') return [bin, '--runTestsByPath', ...files];
  return [bin, ...loaders(root, files), ...files];
}

// TypeScript tests under a runner that does not compile: with the loader that the host has.
function loaders(root: string, files: readonly string[]): string[] {
  if (!files.some((file) => /\.[cm]?tsx?$/.test(file))) return [];
  return factsOf(realFiles, join(root, 'node_modules', 'tsx')) === null && hostBin(root, 'tsx') === null
    ? []
    : ['--import', 'tsx'];
}

function errorsIn(output: string): string[] {
  return output
    .split(/\r?\n/)
    .filter((line) => /(^|: )error TS\d+: /.test(line))
    .map((line) => line.trim().replaceAll('\\', '/'));
}

const withoutPlace = (error: string): string => error.replace(/\(\d+,\d+\)(?=: error)/, '');
