import { folder } from '../lock/lock.ts';
import type { Change, LockEntry, Plan } from '../model.ts';
import { isHashOf } from '../text/hash.ts';

/** How a file stands between what was written, what is on disk, and what would be written now. */
export type Standing = 'edited' | 'missing' | 'outdated' | 'diverged' | 'conflict' | 'new' | 'removed' | 'wiring';

export interface StandingChange extends Change {
  skill: string;
  standing: Standing;
}

/** What each standing means for the file, as the user reads it. */
export const standingWords: Readonly<Record<Standing, string>> = {
  edited: 'edited by you',
  missing: 'deleted by you',
  outdated: 'untouched, and moves to the newer text',
  diverged: 'edited by you, and the newer text is merged around it',
  conflict: 'edited by you where the newer text differs: markers would be left',
  new: 'new',
  removed: 'no longer part of the module',
  wiring: 'your file, with lines of the module in it',
};

/** What an update would do to each file, with where the file stands. Our own records are left out. */
export const standingsIn = ({ skill, changes, entry, open }: Plan, previous: LockEntry): StandingChange[] =>
  changes
    .filter(({ path }) => !path.startsWith(`${folder}/`))
    .map((change) => ({ ...change, skill, standing: standingOf(change, previous, entry, open) }));

function standingOf(
  { path, before, after }: Change,
  previous: LockEntry,
  entry: LockEntry | null,
  open: readonly string[],
): Standing {
  if (open.includes(path)) return 'conflict';
  const locked = previous.files.find((file) => file.path === path);
  if (locked === undefined) return entry?.files.some((file) => file.path === path) ? 'new' : 'wiring';
  if (after === null) return 'removed';
  return before !== null && isHashOf(locked.hash, before) ? 'outdated' : 'diverged';
}
