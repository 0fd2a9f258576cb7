import { createFsFromVolume, Volume } from 'memfs';
import type { Disk } from '../../src/edge/disk.ts';
import type { Files } from '../../src/edge/files.ts';

/** Stands for SIGKILL: after it, no call reaches the disk. */
export class Killed extends Error {}

export interface Fault {
  /** Which write-side call fails, from 1. */
  at: number;
  how: 'kill' | { code: string; lasting: boolean };
}

export interface Faulty {
  files: Files;
  /** Write-side calls so far. */
  calls(): number;
  killed(): boolean;
}

const writeSide = [
  'writeSync',
  'fsyncSync',
  'closeSync',
  'chmodSync',
  'mkdirSync',
  'linkSync',
  'renameSync',
  'unlinkSync',
  'rmdirSync',
] as const;

/** The same files, where the n-th call that writes is the last one (half done), or fails with a code. */
export function faulty(inner: Files, fault: Fault | null): Faulty {
  let calls = 0;
  let dead = false;
  const die = (): never => {
    dead = true;
    throw new Killed('killed');
  };
  const guarded =
    <A extends unknown[], R>(run: (...args: A) => R, half?: (...args: A) => void) =>
    (...args: A): R => {
      if (dead) throw new Killed('a call after death');
      calls++;
      if (fault?.how === 'kill' && calls === fault.at) {
        half?.(...args);
        die();
      }
      if (fault !== null && fault.how !== 'kill' && (calls === fault.at || (fault.how.lasting && calls > fault.at))) {
        throw Object.assign(new Error(fault.how.code), { code: fault.how.code });
      }
      return run(...args);
    };
  const files: Files = { ...inner, openSync: guarded((path, flags, mode) => inner.openSync(path, flags, mode)) };
  for (const name of writeSide)
    Object.assign(files, { [name]: guarded(inner[name].bind(inner) as (...args: unknown[]) => unknown) });
  files.writeSync = guarded(
    (file, bytes, at) => inner.writeSync(file, bytes, at),
    (file, bytes, at) => inner.writeSync(file, bytes.slice(0, at + Math.floor((bytes.length - at) / 2)), at),
  );
  // Only a call that gives room back works on a disk that stays full.
  if (fault !== null && fault.how !== 'kill' && fault.how.lasting) {
    Object.assign(files, {
      unlinkSync: inner.unlinkSync.bind(inner),
      rmdirSync: inner.rmdirSync.bind(inner),
      closeSync: inner.closeSync.bind(inner),
      renameSync: inner.renameSync.bind(inner),
    });
  }
  return { files, calls: () => calls, killed: () => dead };
}

/** The same where every call counts, those that only read too. A failing call does nothing. */
export function faultyEverywhere(inner: Files, fault: Fault | null): Faulty {
  let calls = 0;
  let dead = false;
  const files = Object.fromEntries(
    Object.entries(inner).map(([name, run]: [string, (...args: unknown[]) => unknown]) => [
      name,
      (...args: unknown[]): unknown => {
        if (dead) throw new Killed('a call after death');
        calls++;
        if (fault?.how === 'kill' && calls === fault.at) {
          dead = true;
          if (name === 'writeSync') halfWritten(run, args);
          throw new Killed('killed');
        }
        if (fault !== null && fault.how !== 'kill' && calls === fault.at)
          throw Object.assign(new Error(fault.how.code), { code: fault.how.code });
        return run(...args);
      },
    ]),
  ) as unknown as Files;
  return { files, calls: () => calls, killed: () => dead };
}

function halfWritten(write: (...args: unknown[]) => unknown, [file, bytes, at]: readonly unknown[]): void {
  const from = Number(at);
  const text = bytes as Uint8Array;
  write(file, text.slice(0, from + Math.floor((text.length - from) / 2)), from);
}

export interface Seen {
  [path: string]: string;
}

/** A disk in memory with these files, as `Files`. */
export function inMemory(
  contents: Readonly<Record<string, string>>,
  modes: Readonly<Record<string, number>> = {},
): Files {
  const volume = Volume.fromJSON({ ...contents });
  const fs = createFsFromVolume(volume);
  for (const [path, mode] of Object.entries(modes)) fs.chmodSync(path, mode);
  const {
    readFileSync,
    readdirSync,
    lstatSync,
    statSync,
    realpathSync,
    openSync,
    writeSync,
    fsyncSync,
    closeSync,
    chmodSync,
    mkdirSync,
    linkSync,
    renameSync,
    unlinkSync,
    rmdirSync,
  } = fs;
  return {
    readFileSync,
    readdirSync,
    lstatSync,
    statSync,
    realpathSync,
    openSync,
    writeSync,
    fsyncSync,
    closeSync,
    chmodSync,
    mkdirSync,
    linkSync,
    renameSync,
    unlinkSync,
    rmdirSync,
  } as unknown as Files;
}

/** Every file and folder below a folder: its mode and its bytes. */
export function photo(files: Files, folder: string, prefix = ''): Seen {
  const seen: Seen = {};
  for (const name of files.readdirSync(folder).sort()) {
    const path = `${folder}/${name}`;
    const facts = files.lstatSync(path);
    const mode = (facts.mode & 0o777).toString(8);
    if (facts.isDirectory())
      Object.assign(seen, { [`${prefix}${name}/`]: 'folder' }, photo(files, path, `${prefix}${name}/`));
    else seen[prefix + name] = `${mode} ${Buffer.from(files.readFileSync(path)).toString('latin1')}`;
  }
  return seen;
}

/** A disk for a process with this number; `living` are the others that still run. */
export const diskOf = (
  files: Files,
  pid = 100,
  living: readonly number[] = [],
  state: string | null = '/state',
): Disk => ({
  files,
  run: {
    pid,
    host: 'here',
    command: `backend-skills add webhook`,
    now: () => new Date(0),
    alive: (one) => living.includes(one),
  },
  state,
});
