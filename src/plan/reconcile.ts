import { basePath } from '../lock/lock.ts';
import type { DesiredFile, Host, LockEntry, LockedFile } from '../model.ts';
import { isHashOf, sha256 } from '../text/hash.ts';
import { merge, type Overlap } from '../text/merge.ts';
import type { Draft } from './draft.ts';

export interface Reconciled {
  files: LockedFile[];
  notes: string[];
  conflicts: { path: string; message: string }[];
  /** Files that were written with conflict markers. */
  open: string[];
}

/** How to treat what is not plainly ours. */
export interface Policy {
  /** Keep a file of the user's that is in the way as `.orig`, instead of refusing. */
  force: boolean;
  /** Lines that the user and the template both changed: refuse, or merge them so. */
  overlap: Overlap | 'fail';
  /** Wiring of ours that the user has taken out stays out; else it is put back. */
  goneStays?: boolean;
}

/**
 * Brings the module's files to what is desired, by the table base / mine / theirs. The user's edits are kept, a file
 * the user deleted stays deleted, and a file that is not ours is a conflict (with `force` it is kept as `.orig`).
 */
export function reconcile(
  draft: Draft,
  host: Host,
  desired: readonly DesiredFile[],
  previous: LockEntry | null,
  policy: Policy,
): Reconciled {
  const result: Reconciled = { files: [], notes: [], conflicts: [], open: [] };
  const known = new Map(previous?.files.map((file) => [file.path, file]));
  for (const file of desired) {
    const locked = known.get(file.path);
    const mine = draft.read(file.path);
    if (locked === undefined) placeNew(draft, file, mine, policy.force, result);
    else if (locked.kind === 'owned' || file.kind === 'owned') result.files.push(locked);
    else settle(draft, host, file, locked, mine, policy, result);
  }
  const wanted = new Set(desired.map(({ path }) => path));
  for (const file of previous?.files ?? []) {
    if (!wanted.has(file.path)) takeAway(draft, file, result.notes);
  }
  return result;
}

/** Deletes one of our files, unless the user has edited it. */
export function takeAway(draft: Draft, { path, hash }: LockedFile, notes: string[]): void {
  const text = draft.read(path);
  draft.write(basePath(path), null);
  if (text === null) return;
  if (isHashOf(hash, text)) draft.write(path, null);
  else notes.push(`${path}: kept, because you have edited it.`);
}

function placeNew(draft: Draft, file: DesiredFile, mine: string | null, force: boolean, result: Reconciled): void {
  if (mine !== null && !force) {
    const same = mine === file.text ? 'with the very text that would be written' : 'a file of yours has this name';
    result.conflicts.push({ path: file.path, message: `is in the way: ${same}.` });
    return;
  }
  if (mine !== null && mine !== file.text) {
    if (draft.read(`${file.path}.orig`) !== null) {
      result.conflicts.push({ path: `${file.path}.orig`, message: 'is in the way of keeping your file.' });
      return;
    }
    draft.write(`${file.path}.orig`, mine);
    result.notes.push(`${file.path}: your file is kept as ${file.path}.orig.`);
  }
  write(draft, file, result);
}

function settle(
  draft: Draft,
  host: Host,
  file: DesiredFile,
  locked: LockedFile,
  mine: string | null,
  policy: Policy,
  result: Reconciled,
): void {
  const outdated = locked.rendered !== file.rendered;
  if (mine === null) {
    result.files.push(locked);
    result.notes.push(`${file.path}: left out, because you have deleted it.`);
  } else if (!outdated) {
    result.files.push(locked);
  } else if (isHashOf(locked.hash, mine)) {
    write(draft, file, result);
  } else {
    mergeInto(draft, host, file, mine, policy.overlap, result);
  }
}

function mergeInto(
  draft: Draft,
  host: Host,
  file: DesiredFile,
  mine: string,
  overlap: Policy['overlap'],
  result: Reconciled,
): void {
  const base = host.tree.read(basePath(file.path));
  const merged = merge(base ?? '', mine, file.text, overlap === 'fail' ? 'markers' : overlap);
  if (merged.conflicts > 0 && overlap === 'fail') {
    result.conflicts.push({ path: file.path, message: 'has edits of yours in lines that must change.' });
    return;
  }
  write(draft, file, result);
  draft.write(file.path, merged.text);
  if (merged.conflicts === 0) result.notes.push(`${file.path}: changed around your edits.`);
  else if (overlap === 'markers') result.open.push(file.path);
  else
    result.notes.push(
      `${file.path}: where both had changed a line, ${overlap === 'ours' ? 'yours' : 'ours'} was taken.`,
    );
}

/** Writes the text and its merge base, and records what we wrote (not what a merge makes of it). */
function write(draft: Draft, { path, kind, text, rendered }: DesiredFile, result: Reconciled): void {
  draft.write(path, text);
  if (kind === 'managed') draft.write(basePath(path), text);
  result.files.push({ path, kind, hash: sha256(text), rendered });
}
