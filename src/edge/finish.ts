import { resolve } from 'node:path';
import { clearUp } from './apply.ts';
import type { Disk } from './disk.ts';
import { bytesOf, type Files } from './files.ts';
import { type Journal, removeJournal, snapshotBytes } from './journal.ts';
import { type FileRecord, recordOf } from './splice.ts';
import { forgetUndo, keepUndo, undoOf } from './undo.ts';

/** Ends a run that did everything: the journal becomes the undo record. Never fails: the next run ends what is left. */
export function finish(root: string, journal: Journal, disk: Disk): { undoable: boolean } {
  let undoable = false;
  try {
    clearUp(root, journal, disk.files);
    if (journal.verb === 'undo') forgetUndo(root, disk);
    else undoable = keepUndo(root, undoOf(journal, lockfileRecords(root, journal, disk.files)), disk);
    removeJournal(root, disk.files);
  } catch {
    // The project is as planned; a journal that is still there is marked as done.
  }
  return { undoable };
}

function lockfileRecords(root: string, journal: Journal, files: Files): FileRecord[] {
  const changed = new Set(journal.records.map(({ path }) => path));
  return journal.snapshots.flatMap(({ path, hash }, n) => {
    if (changed.has(path)) return [];
    const before = hash === null ? null : textOf(snapshotBytes(root, n, hash, files));
    const now = bytesOf(files, resolve(files.realpathSync(root), path));
    const after = now === null ? null : textOf(now);
    if (before === undefined || after === undefined || before === after) return [];
    return [recordOf({ path, before, after }, null)];
  });
}

// undefined for what cannot be kept: a copy that is lost, or bytes that are no text (bun.lockb).
function textOf(bytes: Buffer | null): string | undefined {
  if (bytes === null) return undefined;
  const text = bytes.toString('utf8');
  return Buffer.from(text).equals(bytes) ? text : undefined;
}
