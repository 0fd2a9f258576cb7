import { canonical } from '../lock/lock.ts';
import type { LockEntry, LockedOp, Op } from '../model.ts';

/**
 * The entries that stay, told what only a removed one knew: that a list or an object which they have added to was not
 * the host's. The first that stands in it takes it over, so that the last one to go takes it along.
 */
export function inherit(
  skills: Readonly<Record<string, LockEntry>>,
  removed: readonly LockedOp[],
): Record<string, LockEntry> {
  let heirs = Object.entries(skills);
  for (const { op, standing } of removed) {
    if (standing === 'already') continue;
    let found = false;
    heirs = heirs.map(([id, entry]) => {
      const ops = entry.ops.map((own) => {
        const taken = found || own.standing === 'already' ? null : takenOver(own.op, op);
        if (taken === null) return own;
        found = true;
        return { ...own, op: taken };
      });
      return [id, { ...entry, ops }];
    });
  }
  return Object.fromEntries(heirs);
}

/** An op of another entry as the heir of a removed one; null where it does not stand in what that one made. */
function takenOver(own: Op, removed: Op): Op | null {
  if (own.file !== removed.file) return null;
  if (own.op === 'element' && removed.op === 'property') {
    const inside = { ...removed.target, path: [...removed.target.path, removed.key] };
    if (!isSame(canonical(own.target), canonical(inside))) return null;
    return { ...removed, value: `[${own.text}]` };
  }
  if (own.op !== 'json' || removed.op !== 'json' || removed.was === undefined || own.was !== undefined) return null;
  const depth = Number(removed.was.split(' ')[0]);
  return isSame(own.path.slice(0, depth), removed.path.slice(0, depth)) ? { ...own, was: removed.was } : null;
}

const isSame = (left: unknown, right: unknown): boolean => JSON.stringify(left) === JSON.stringify(right);
