import type { Host, Lock, Op } from '../model.ts';
import { has } from '../patch/index.ts';
import { isHashOf, sha256 } from '../text/hash.ts';
import { type Draft, treeAfter } from './draft.ts';
import { checkOrder } from './order.ts';

/**
 * The lock with the hash of every host file that an op stands in, as the draft leaves it: `check` looks no further
 * while it holds. So a file that the user has changed gets one only where everything of ours still stands in it.
 */
export function withPatched(next: Lock, lock: Lock, draft: Draft, host: Host): Lock {
  const before = new Set(opsIn(lock).map(({ op }) => op.file));
  const ops = opsIn(next);
  const rows = [...new Set(ops.map(({ op }) => op.file))].flatMap((file) => {
    const text = draft.read(file);
    if (text === null) return [];
    const known = lock.patched[file];
    // Other line endings are no change.
    if (known !== undefined && isHashOf(known, text)) return [[file, known] as const];
    const ours = known !== undefined && isHashOf(known, host.tree.read(file) ?? '');
    const stands = ours || !before.has(file) || allStand(ops, file, text, draft, host);
    return stands ? [[file, sha256(text)] as const] : [];
  });
  return { ...next, patched: Object.fromEntries(rows) };
}

interface Held {
  id: string;
  op: Op;
}

const opsIn = ({ skills }: Lock): Held[] =>
  Object.entries(skills).flatMap(([id, { ops }]) => ops.map(({ op }) => ({ id, op })));

function allStand(ops: readonly Held[], file: string, text: string, draft: Draft, host: Host): boolean {
  const here = ops.filter(({ op }) => op.file === file);
  if (!here.every(({ op }) => has(text, op))) return false;
  const project = { tree: treeAfter(host.tree, draft.changes()), surroundings: host.surroundings };
  return here.every(({ id, op }) => op.op !== 'statement' || checkOrder(project, id, op).length === 0);
}
