import { basename, dirname, join, resolve } from 'node:path';
import { UserError } from '../errors.ts';
import {
  bytesOf,
  deleteFile,
  deleteIfEmpty,
  type Files,
  factsOf,
  makeFolders,
  posixBelow,
  unless,
  writeNew,
} from './files.ts';
import { resolveInside } from './inside.ts';
import { lockfileNames } from './lockfiles.ts';
import { type FileRecord, hashOf, isFileRecord, isHash, isRecord, isTexts } from './splice.ts';
import { workspaceAbove } from './workspace.ts';

/** A file that the package manager may change, as it was: its raw copy is `snapshot-<n>`; null where it was absent. */
export interface Snapshot {
  /** From the project root, POSIX; may begin with '..' (the workspace root's lockfile). */
  path: string;
  hash: string | null;
}

/** What a run is about to do, written before it does it. */
export interface Journal {
  version: 1;
  id: string;
  verb: string;
  skill: string;
  /** Whether something (the install) runs after the files are written. */
  during: boolean;
  records: readonly FileRecord[];
  /** Folders that are missing and will be made, outermost first. */
  folders: readonly string[];
  /** Folders to remove where the deletions leave them empty, innermost first. */
  removeEmpty: readonly string[];
  snapshots: readonly Snapshot[];
}

const folderName = '.backend-skills/journal';
const leftover = /^(journal\.json(\.tmp)?|pending|done|snapshot-\d+)$/;

const fileIn = (root: string, name: string, files: Files): string =>
  resolveInside(root, `${folderName}/${name}`, files);

/** True where a journal, or the rest of one, lies in the project. */
export const hasJournal = (root: string, files: Files): boolean =>
  factsOf(files, resolveInside(root, folderName, files)) !== null;

/** Writes the journal and the raw copies; it counts from the moment its file has its name. */
export function writeJournal(root: string, journal: Journal, files: Files): void {
  makeFolders(files, resolveInside(root, folderName, files), 0o700);
  for (const [n, { path, hash }] of journal.snapshots.entries()) {
    const bytes = hash === null ? null : bytesOf(files, resolve(root, path));
    if (bytes !== null) writeNew(files, fileIn(root, `snapshot-${n}`, files), bytes, 0o600);
  }
  writeNew(files, fileIn(root, 'pending', files), Buffer.alloc(0), 0o600);
  const draft = fileIn(root, 'journal.json.tmp', files);
  writeNew(files, draft, Buffer.from(JSON.stringify(journal)), 0o600);
  files.renameSync(draft, fileIn(root, 'journal.json', files));
}

/** Marks that everything was done: from here on the run is finished, never undone. Needs no room on the disk. */
export const markDone = (root: string, files: Files): void =>
  files.renameSync(fileIn(root, 'pending', files), fileIn(root, 'done', files));

/** Whether that mark is set. */
export const isDone = (root: string, files: Files): boolean => factsOf(files, fileIn(root, 'done', files)) !== null;

/** A snapshot's bytes, or null where its copy is not what was written. */
export function snapshotBytes(root: string, n: number, hash: string, files: Files): Buffer | null {
  const bytes = bytesOf(files, fileIn(root, `snapshot-${n}`, files));
  return bytes !== null && hashOf(bytes) === hash ? bytes : null;
}

/** Removes the journal: first its file, so that the rest can never be taken for one. */
export function removeJournal(root: string, files: Files): void {
  const folder = resolveInside(root, folderName, files);
  deleteFile(files, fileIn(root, 'journal.json', files));
  for (const name of unless(['ENOENT', 'ENOTDIR'], () => files.readdirSync(folder), [])) {
    if (leftover.test(name)) deleteFile(files, join(folder, name));
  }
  deleteIfEmpty(files, folder);
}

/** The journal, or null where none was completed. Throws UserError where it is damaged or reaches where it must not. */
export function readJournal(root: string, files: Files): Journal | null {
  const bytes = bytesOf(files, fileIn(root, 'journal.json', files));
  if (bytes === null) return null;
  const journal = parse(bytes.toString('utf8'));
  if (journal === null) throw damaged('it does not have the shape of one');
  for (const path of [...journal.records.map((record) => record.path), ...journal.folders, ...journal.removeEmpty]) {
    resolveInside(root, path, files);
  }
  for (const { path } of journal.snapshots) refuseForeign(root, path, files);
  return journal;
}

function parse(text: string): Journal | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  if (!isRecord(value) || value.version !== 1) return null;
  const { id, verb, skill, during, records, folders, removeEmpty, snapshots } = value;
  if (typeof id !== 'string' || !/^[0-9a-f]{16}$/.test(id)) return null;
  if (typeof verb !== 'string' || typeof skill !== 'string' || typeof during !== 'boolean') return null;
  if (!Array.isArray(records) || !records.every(isFileRecord) || !isTexts(folders) || !isTexts(removeEmpty))
    return null;
  if (!Array.isArray(snapshots) || !snapshots.every(isSnapshot)) return null;
  return { version: 1, id, verb, skill, during, records, folders, removeEmpty, snapshots };
}

const isSnapshot = (value: unknown): value is Snapshot =>
  isRecord(value) && typeof value.path === 'string' && (value.hash === null || isHash(value.hash));

// A snapshot may lie outside of the project, so a journal from a stranger must not choose where: only a lockfile,
// and only in the project or in the workspace that the project is a package of.
function refuseForeign(root: string, path: string, files: Files): void {
  const real = files.realpathSync(root);
  const absolute = resolve(real, path);
  const home = dirname(absolute);
  const below = posixBelow(real, absolute);
  if (below === 'package.json') return;
  if (!lockfileNames.includes(basename(absolute)))
    throw damaged(`it names ${JSON.stringify(path)}, which is no lockfile`);
  if (home !== real && home !== workspaceAbove(real, files)?.root)
    throw damaged(`it names ${JSON.stringify(path)}, which is not this project's`);
}

const damaged = (why: string): UserError =>
  new UserError(
    `The journal of an interrupted run (${folderName}) cannot be used: ${why}.`,
    `Compare your files with git, then delete ${folderName}.`,
  );
