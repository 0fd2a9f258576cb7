import { dirname, join, resolve } from 'node:path';
import type { Change } from '../model.ts';
import { bytesOf, deleteFile, deleteIfEmpty, type Files, factsOf, makeFolders, unless, writeNew } from './files.ts';
import { resolveInside } from './inside.ts';
import { type Journal, snapshotBytes } from './journal.ts';
import { type FileRecord, hashOf, otherSide } from './splice.ts';

/**
 * Carries out what the journal says. Everything is written beside its place before anything takes its place, so that
 * a full disk is met while nothing has changed yet.
 */
export function apply(root: string, journal: Journal, changes: readonly Change[], files: Files): void {
  for (const folder of journal.folders) {
    unless(['EEXIST'], () => files.mkdirSync(resolveInside(root, folder, files), { mode: 0o777 }), undefined);
  }
  const staged = changes.map(({ path, after }, n) => {
    const real = resolveInside(root, path, files);
    const draft = draftOf(real, journal.id, n);
    if (after !== null) writeDraft(files, draft, Buffer.from(after), journal.records[n]?.mode ?? null);
    return { real, draft, gone: after === null };
  });
  for (const { real, draft, gone } of staged) if (!gone) files.renameSync(draft, real);
  for (const { real, gone } of staged) if (gone) files.unlinkSync(real);
  removeEmptied(root, journal, files);
}

/** Whether every file stands as the plan wants it. */
export const isApplied = (root: string, { records }: Journal, files: Files): boolean =>
  records.every((record) => hashAt(resolveInside(root, record.path, files), files) === record.after);

/** What a run that did everything still has to clear away. */
export function clearUp(root: string, journal: Journal, files: Files): void {
  for (const [n, { path }] of journal.records.entries()) {
    deleteFile(files, draftOf(resolveInside(root, path, files), journal.id, n));
  }
  removeEmptied(root, journal, files);
}

/**
 * Takes back what the journal says was done, as far as it was done; gives the files that are neither as before nor
 * as planned and were left. `live`: the run itself takes back, so what changed meanwhile was its own install's doing.
 */
export function takeBack(root: string, journal: Journal, files: Files, live: boolean): string[] {
  const snapped = new Set(journal.snapshots.map(({ path }) => path));
  const kept = [...journal.records.entries()]
    .reverse()
    .filter(([n, record]) => !restored(root, journal.id, n, record, files))
    .map(([, { path }]) => path)
    .filter((path) => !(live && snapped.has(path)));
  const drafts = journal.snapshots.map(({ path }, n) =>
    draftOf(resolve(files.realpathSync(root), path), journal.id, `s${n}`),
  );
  for (const draft of drafts) deleteFile(files, draft);
  // Edited since: the user has worked on, and the lockfile may be theirs by now.
  if (kept.length === 0) restoreSnapshots(root, journal, files);
  for (const folder of [...journal.folders].reverse()) deleteIfEmpty(files, resolveInside(root, folder, files));
  return kept.reverse();
}

/** Writes a file whole over another, keeping the other's mode. */
export function writeOver(files: Files, path: string, bytes: Uint8Array, draft: string): void {
  writeDraft(files, draft, bytes, factsOf(files, path)?.mode ?? null);
  files.renameSync(draft, path);
}

/** The name a file has until it is whole: beside its place, because a rename does not cross file systems. */
export const draftOf = (real: string, id: string, n: number | string): string => join(dirname(real), `.${id}.${n}.tmp`);

function writeDraft(files: Files, draft: string, bytes: Uint8Array, mode: number | null): void {
  writeNew(files, draft, bytes);
  if (mode !== null) files.chmodSync(draft, mode & 0o7777);
}

function restored(root: string, id: string, n: number, record: FileRecord, files: Files): boolean {
  const real = resolveInside(root, record.path, files);
  const draft = draftOf(real, id, n);
  deleteFile(files, draft);
  const hash = hashAt(real, files);
  if (hash === record.before) return true;
  if (hash !== record.after) return false;
  const text = otherSide(record, 'after', bytesOf(files, real)?.toString('utf8') ?? null);
  if (text === null) {
    deleteFile(files, real);
    return true;
  }
  makeFolders(files, dirname(real));
  writeDraft(files, draft, Buffer.from(text), record.mode);
  files.renameSync(draft, real);
  return true;
}

function restoreSnapshots(root: string, journal: Journal, files: Files): void {
  for (const [n, { path, hash }] of journal.snapshots.entries()) {
    const real = resolve(files.realpathSync(root), path);
    if (hashAt(real, files) === hash) continue;
    if (hash === null) {
      deleteFile(files, real);
      continue;
    }
    const bytes = snapshotBytes(root, n, hash, files);
    if (bytes !== null) writeOver(files, real, bytes, draftOf(real, journal.id, `s${n}`));
  }
}

function removeEmptied(root: string, { removeEmpty }: Journal, files: Files): void {
  for (const folder of removeEmpty) deleteIfEmpty(files, resolveInside(root, folder, files));
}

// A folder in a file's place is neither the file before nor the file after.
const hashAt = (path: string, files: Files): string | null =>
  unless(
    ['EISDIR'],
    () => {
      const bytes = bytesOf(files, path);
      return bytes === null ? null : hashOf(bytes);
    },
    'a folder',
  );
