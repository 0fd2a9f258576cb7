import { randomBytes } from 'node:crypto';
import { dirname, resolve } from 'node:path';
import { Cancelled, UserError } from '../errors.ts';
import type { Change } from '../model.ts';
import { apply, draftOf, takeBack, writeOver } from './apply.ts';
import { type Disk, realDisk } from './disk.ts';
import { asUserError, bytesOf, type Files, factsOf, posixBelow } from './files.ts';
import { finish } from './finish.ts';
import { checkFresh } from './fresh.ts';
import { resolveInside } from './inside.ts';
import { hasJournal, type Journal, markDone, removeJournal, type Snapshot, writeJournal } from './journal.ts';
import { takeRunLock } from './run-lock.ts';
import { listenForStop, type Stop } from './signals.ts';
import { type FileRecord, hashOf, otherSide, recordOf } from './splice.ts';

/** What is to be done, all or nothing. */
export interface Transaction {
  verb: string;
  skill: string;
  changes: readonly Change[];
  /** Runs after the files are written (the install); aborted when the user stops the run. A failure takes all back. */
  during: ((signal: AbortSignal) => Promise<void>) | null;
  /** Absolute paths of files that `during` may change: put back as they were where it fails. */
  snapshotFiles: readonly string[];
  /** Folders to remove where the deletions leave them empty. */
  removeEmpty?: readonly string[];
  /** Modes of files that are created again, by path. */
  modes?: ReadonlyMap<string, number>;
  /** Lockfiles to put back before `during` (an undo), where they are still as the last plan left them. */
  lockfiles?: readonly FileRecord[];
  disk?: Disk;
}

/**
 * Applies changes all or nothing: an error, a signal or a kill at any point leaves the project as it was or as planned
 * (after a kill: once `recover` has run). Throws UserError, Cancelled, or what `during` threw.
 */
export async function transact(root: string, transaction: Transaction): Promise<{ undoable: boolean }> {
  const disk = transaction.disk ?? realDisk();
  const changes = transaction.changes.filter(({ before, after }) => before !== after);
  if (changes.length === 0 && transaction.during === null) return { undoable: false };
  const letGo = locked(root, disk);
  const stop = listenForStop();
  try {
    refuseLeftover(root, disk.files);
    const journal = planned(root, { ...transaction, changes }, disk.files);
    await carryOut(root, journal, { ...transaction, changes }, disk.files, stop);
    return finish(root, journal, disk);
  } catch (error) {
    throw asUserError(error, 'Writing to', root);
  } finally {
    stop.end();
    letGo();
  }
}

function locked(root: string, disk: Disk): () => void {
  try {
    return takeRunLock(root, disk);
  } catch (error) {
    throw asUserError(error, 'Writing to', root);
  }
}

function refuseLeftover(root: string, files: Files): void {
  if (!hasJournal(root, files)) return;
  throw new UserError('An interrupted run has left its journal here. Nothing was written.', 'Run the command again.');
}

function planned(root: string, transaction: Transaction, files: Files): Journal {
  const { verb, skill, changes, during } = transaction;
  const found = checkFresh(root, changes, files);
  const records = changes.map((change, n) => recordOf(change, found[n] ?? transaction.modes?.get(change.path) ?? null));
  return {
    version: 1,
    id: randomBytes(8).toString('hex'),
    verb,
    skill,
    during: during !== null,
    records,
    folders: missingFolders(root, changes, files),
    removeEmpty: emptied(changes, transaction.removeEmpty ?? []),
    snapshots: transaction.snapshotFiles.map((path) => snapshotOf(root, path, files)),
  };
}

function missingFolders(root: string, changes: readonly Change[], files: Files): string[] {
  const folders = changes.filter(({ after }) => after !== null).flatMap(({ path }) => foldersOf(path));
  const missing = (folder: string): boolean => factsOf(files, resolveInside(root, folder, files)) === null;
  return [...new Set(folders)].sort().filter(missing);
}

// Only a folder that a deletion empties: an empty folder of the user's own stays.
function emptied(changes: readonly Change[], wanted: readonly string[]): string[] {
  const touched = new Set(changes.filter(({ after }) => after === null).flatMap(({ path }) => foldersOf(path)));
  return [...new Set(wanted)]
    .filter((folder) => touched.has(folder))
    .sort()
    .reverse();
}

const foldersOf = (path: string): string[] => {
  const parts = path.split('/').slice(0, -1);
  return parts.map((_, n) => parts.slice(0, n + 1).join('/'));
};

function snapshotOf(root: string, path: string, files: Files): Snapshot {
  const bytes = bytesOf(files, path);
  const folder = files.realpathSync(dirname(path));
  return {
    path: posixBelow(files.realpathSync(root), resolve(folder, path.slice(dirname(path).length + 1))),
    hash: bytes === null ? null : hashOf(bytes),
  };
}

async function carryOut(
  root: string,
  journal: Journal,
  { changes, during, lockfiles }: Transaction,
  files: Files,
  stop: Stop,
): Promise<void> {
  try {
    writeJournal(root, journal, files);
    apply(root, journal, changes, files);
    restoreLockfiles(root, journal, lockfiles ?? [], files);
    await stop.refuse();
    if (during !== null) await during(stop.signal);
    await stop.refuse();
    markDone(root, files);
  } catch (error) {
    const kept = backOrSay(root, journal, files, error);
    if (stop.signal.aborted) throw new Cancelled('Stopped. Everything was taken back.');
    const cause = asUserError(error, 'Writing to', root);
    if (kept.length === 0 || !(cause instanceof UserError)) throw cause;
    throw new UserError(`${cause.message} These changed meanwhile and were left: ${kept.join(', ')}.`, cause.hint);
  }
}

function backOrSay(root: string, journal: Journal, files: Files, cause: unknown): string[] {
  try {
    const kept = takeBack(root, journal, files, true);
    removeJournal(root, files);
    return kept;
  } catch (error) {
    const why = [cause, error]
      .map((one) => (one instanceof Error ? one.message : String(one)))
      .join(' And taking it back failed: ');
    throw new UserError(why, 'Put the disk right and run the command again: it takes back the rest first.');
  }
}

function restoreLockfiles(root: string, journal: Journal, lockfiles: readonly FileRecord[], files: Files): void {
  for (const [n, { path }] of journal.snapshots.entries()) {
    const record = lockfiles.find((one) => one.path === path);
    if (record === undefined || record.before === null || record.before !== journal.snapshots[n]?.hash) continue;
    const real = resolve(files.realpathSync(root), path);
    const text = otherSide(record, 'before', bytesOf(files, real)?.toString('utf8') ?? null);
    if (text === null) files.unlinkSync(real);
    else writeOver(files, real, Buffer.from(text), draftOf(real, journal.id, `s${n}`));
  }
}
