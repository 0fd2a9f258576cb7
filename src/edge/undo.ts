import { join } from 'node:path';
import { UserError } from '../errors.ts';
import type { Change } from '../model.ts';
import { type Disk, realDisk } from './disk.ts';
import { bytesOf, deleteFile, deleteIfEmpty, factsOf, makeFolders, writeNew } from './files.ts';
import { resolveInside } from './inside.ts';
import { type FileRecord, hashOf, isFileRecord, isRecord, isTexts, otherSide, reversed } from './splice.ts';

/** The last plan, ready to be taken back. The records lead from what is on disk now to what was before. */
export interface UndoRecord {
  verb: string;
  skill: string;
  changes: readonly FileRecord[];
  /** Folders the plan made, innermost first: to be removed where they are left empty. */
  removeEmpty: readonly string[];
  /** The package manager's lockfiles, by path from the root (may begin with '..'). */
  lockfiles: readonly FileRecord[];
}

/** Keeps how to take a plan back. Gives false where the user's state folder cannot be written. */
export function keepUndo(root: string, undo: UndoRecord, disk: Disk = realDisk()): boolean {
  const folder = folderOf(root, disk);
  if (folder === null) return false;
  const { files } = disk;
  const draft = join(folder, 'undo.json.tmp');
  try {
    makeFolders(files, folder, 0o700);
    deleteFile(files, draft);
    writeNew(files, draft, Buffer.from(JSON.stringify({ version: 1, ...undo })), 0o600);
    files.renameSync(draft, join(folder, 'undo.json'));
    return true;
  } catch {
    // An undo that cannot be kept must not fail the run, but an older one must not be taken for it.
    return forgetQuietly(root, disk);
  }
}

/** The same where it must not fail a run that is over. */
export function forgetQuietly(root: string, disk: Disk): false {
  try {
    forgetUndo(root, disk);
  } catch {
    // The older record then refuses by itself: its hashes do not fit any more.
  }
  return false;
}

/** Forgets the last plan: it was taken back. */
export function forgetUndo(root: string, disk: Disk = realDisk()): void {
  const folder = folderOf(root, disk);
  if (folder === null || factsOf(disk.files, folder) === null) return;
  deleteFile(disk.files, join(folder, 'undo.json.tmp'));
  deleteFile(disk.files, join(folder, 'undo.json'));
  deleteIfEmpty(disk.files, folder);
}

/** The last plan of this project, or null where there is none to take back. */
export function lastUndo(root: string, disk: Disk = realDisk()): UndoRecord | null {
  const folder = folderOf(root, disk);
  const bytes = folder === null ? null : bytesOf(disk.files, join(folder, 'undo.json'));
  return bytes === null ? null : parse(bytes.toString('utf8'));
}

/**
 * The changes that take the last plan back, from what is on disk. Throws UserError where there is no last plan,
 * or where files were edited since: they are named, and nothing is touched.
 */
export function undoChanges(root: string, disk: Disk = realDisk()): Change[] {
  const undo = lastUndo(root, disk);
  if (undo === null)
    throw new UserError('There is nothing to undo here.', 'Run `backend-skills remove <skill>` to take a skill out.');
  const edited: string[] = [];
  const changes = undo.changes.flatMap((record) => {
    const bytes = bytesOf(disk.files, resolveInside(root, record.path, disk.files));
    const hash = bytes === null ? null : hashOf(bytes);
    if (hash === record.before) {
      const before = bytes?.toString('utf8') ?? null;
      return [{ path: record.path, before, after: otherSide(record, 'before', before) }];
    }
    edited.push(record.path);
    return [];
  });
  if (edited.length > 0) throw editedSince(edited, undo);
  return changes;
}

/** The modes of the files that the undo brings back, by path. */
export const undoModes = (undo: UndoRecord): ReadonlyMap<string, number> =>
  new Map(undo.changes.flatMap(({ path, mode }) => (mode === null ? [] : [[path, mode] as const])));

/** The undo of what a run did. */
export function undoOf(
  {
    verb,
    skill,
    records,
    folders,
  }: { verb: string; skill: string; records: readonly FileRecord[]; folders: readonly string[] },
  lockfiles: readonly FileRecord[],
): UndoRecord {
  return {
    verb,
    skill,
    changes: records.map(reversed),
    removeEmpty: [...folders].reverse(),
    lockfiles: lockfiles.map(reversed),
  };
}

const editedSince = (edited: readonly string[], { verb, skill }: UndoRecord): UserError =>
  new UserError(
    `${edited.join(', ')} changed since \`${verb} ${skill}\`, so it cannot be taken back whole. Nothing was touched.`,
    verb === 'add'
      ? `Run \`backend-skills remove ${skill}\`: it keeps what you edited.`
      : 'Take the change back with git.',
  );

function folderOf(root: string, { files, state }: Disk): string | null {
  return state === null ? null : join(state, hashOf(files.realpathSync(root)).slice(0, 16));
}

function parse(text: string): UndoRecord | null {
  try {
    const value: unknown = JSON.parse(text);
    if (!isRecord(value) || value.version !== 1) return null;
    const { verb, skill, changes, removeEmpty, lockfiles } = value;
    if (typeof verb !== 'string' || typeof skill !== 'string' || !isTexts(removeEmpty)) return null;
    if (!Array.isArray(changes) || !changes.every(isFileRecord)) return null;
    if (!Array.isArray(lockfiles) || !lockfiles.every(isFileRecord)) return null;
    return { verb, skill, changes, removeEmpty, lockfiles };
  } catch {
    return null;
  }
}
