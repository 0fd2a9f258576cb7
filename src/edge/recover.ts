import { clearUp, isApplied, takeBack } from './apply.ts';
import { type Disk, realDisk } from './disk.ts';
import { asUserError } from './files.ts';
import { finish } from './finish.ts';
import { hasJournal, isDone, readJournal, removeJournal } from './journal.ts';
import { hasRunLock, sweepRunLock, takeRunLock } from './run-lock.ts';

/** What an interrupted run had left, and what was done about it. `kept`: edited since, and left as they are. */
export type Recovery =
  | { found: false }
  | { found: true; did: 'finished' | 'undone'; verb: string; skill: string; files: string[]; kept: string[] };

/**
 * Finishes or undoes an interrupted run; to be called before every command that writes.
 * Throws UserError where the run is still at work, or where its journal cannot be trusted.
 */
export function recover(root: string, disk: Disk = realDisk()): Recovery {
  if (!hasJournal(root, disk.files) && !hasRunLock(root, disk)) return { found: false };
  try {
    const letGo = takeRunLock(root, disk);
    try {
      sweepRunLock(root, disk);
      return resolved(root, disk);
    } finally {
      letGo();
    }
  } catch (error) {
    throw asUserError(error, 'Clearing up after an interrupted run in', root);
  }
}

function resolved(root: string, disk: Disk): Recovery {
  const { files } = disk;
  if (!hasJournal(root, files)) return { found: false };
  const journal = readJournal(root, files);
  if (journal === null) {
    removeJournal(root, files);
    return { found: false };
  }
  const { verb, skill, records } = journal;
  const paths = records.map(({ path }) => path);
  if (isDone(root, files) || (!journal.during && isApplied(root, journal, files))) {
    clearUp(root, journal, files);
    finish(root, journal, disk);
    return { found: true, did: 'finished', verb, skill, files: paths, kept: [] };
  }
  const kept = takeBack(root, journal, files, false);
  removeJournal(root, files);
  return { found: true, did: 'undone', verb, skill, files: paths, kept };
}
