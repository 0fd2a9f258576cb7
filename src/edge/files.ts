import * as nodeFs from 'node:fs';
import { dirname, relative, sep } from 'node:path';
import { UserError } from '../errors.ts';

/** What the edge needs to know about a file or folder. */
export interface FileFacts {
  mode: number;
  size: number;
  isFile(): boolean;
  isDirectory(): boolean;
  isSymbolicLink(): boolean;
}

/** The part of `node:fs` that the edge uses, so that tests can count, fail or stop every call. */
export interface Files {
  readFileSync(path: string): Uint8Array;
  readdirSync(path: string): string[];
  lstatSync(path: string): FileFacts;
  statSync(path: string): FileFacts;
  realpathSync(path: string): string;
  openSync(path: string, flags: string, mode?: number): number;
  writeSync(file: number, bytes: Uint8Array, offset: number): number;
  fsyncSync(file: number): void;
  closeSync(file: number): void;
  chmodSync(path: string, mode: number): void;
  mkdirSync(path: string, options: { mode: number }): unknown;
  linkSync(from: string, to: string): void;
  renameSync(from: string, to: string): void;
  unlinkSync(path: string): void;
  rmdirSync(path: string): void;
}

/** The disk. */
export const realFiles: Files = nodeFs;

/** The system's code of a failed call ('ENOENT' …), or null where it is no such failure. */
export function codeOf(error: unknown): string | null {
  if (!(error instanceof Error) || !('code' in error)) return null;
  return typeof error.code === 'string' ? error.code : null;
}

/** What stands at a path, links not followed; null where nothing does. Throws what the system says otherwise. */
export function factsOf(files: Files, path: string): FileFacts | null {
  return unless(['ENOENT', 'ENOTDIR'], () => files.lstatSync(path), null);
}

/** A file's bytes, or null where there is no such file. */
export function bytesOf(files: Files, path: string): Buffer | null {
  return unless(['ENOENT', 'ENOTDIR'], () => Buffer.from(files.readFileSync(path)), null);
}

/** Runs it; gives the other value where it fails with one of these codes. */
export function unless<T, U>(codes: readonly string[], run: () => T, otherwise: U): T | U {
  try {
    return run();
  } catch (error) {
    const code = codeOf(error);
    if (code !== null && codes.includes(code)) return otherwise;
    throw error;
  }
}

/** Writes a new file whole and waits until the disk has it. Refuses one that exists (EEXIST). */
export function writeNew(files: Files, path: string, bytes: Uint8Array, mode = 0o666): void {
  const file = files.openSync(path, 'wx', mode);
  try {
    for (let at = 0; at < bytes.length; ) at += files.writeSync(file, bytes, at);
    files.fsyncSync(file);
  } finally {
    files.closeSync(file);
  }
}

/** Creates a folder and those above it that are missing; gives those it made, outermost first. */
export function makeFolders(files: Files, folder: string, mode = 0o777): string[] {
  if (factsOf(files, folder) !== null) return [];
  const made = makeFolders(files, dirname(folder), mode);
  unless(['EEXIST'], () => files.mkdirSync(folder, { mode }), undefined);
  return [...made, folder];
}

/** Deletes a file that may be gone already. */
export function deleteFile(files: Files, path: string): void {
  unless(['ENOENT', 'ENOTDIR'], () => files.unlinkSync(path), undefined);
}

/** Deletes a folder if nothing is left in it. */
export function deleteIfEmpty(files: Files, folder: string): void {
  const names = unless(['ENOENT', 'ENOTDIR'], () => files.readdirSync(folder), null);
  if (names?.length === 0) unless(['ENOENT', 'ENOTEMPTY', 'EEXIST'], () => files.rmdirSync(folder), undefined);
}

/** A path below a folder as the domain writes it: relative and with '/'. */
export const posixBelow = (folder: string, path: string): string => relative(folder, path).split(sep).join('/');

const remedies: Readonly<Record<string, (path: string) => string>> = {
  EACCES: (path) => `Give yourself the right to write ${path}, then run the command again.`,
  EPERM: (path) => `Give yourself the right to write ${path}, then run the command again.`,
  EROFS: () => 'Mount the folder writable, then run the command again.',
  ENOSPC: () => 'Free some disk space, then run the command again.',
  EDQUOT: () => 'Free some of your disk quota, then run the command again.',
  EIO: () => 'Check the disk, then run the command again.',
  EBUSY: (path) => `Close the program that holds ${path}, then run the command again.`,
  EMFILE: () => 'Close programs that hold many files open, then run the command again.',
};

/** A failure of the disk as the user can act on it; anything else as it came. */
export function asUserError(error: unknown, doing: string, path: string): unknown {
  const code = codeOf(error);
  const remedy = code === null ? undefined : remedies[code];
  return remedy === undefined ? error : new UserError(`${doing} ${path} failed (${code}).`, remedy(path));
}
