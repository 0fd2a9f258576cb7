import type { LockEntry, LockedOp, Op, Slot } from '../model.ts';
import { add, drop, has } from '../patch/index.ts';
import { opKey } from './op-key.ts';

const wherefore: Readonly<Record<Slot, string>> = {
  first: 'before everything else',
  raw: 'before any body parser',
  routes: 'after your routes',
};

type Statement = Extract<Op, { op: 'statement' }>;

/** A file's text without the lines of ours that belong into another slot by now: to be put in anew. */
interface Moved {
  text: string;
  moved: ReadonlySet<Op>;
  /** What is left where it is, because the user has moved it, or has written around it. */
  notes: string[];
}

/** Takes the lines out of a file that are wanted in another slot than the recorded one, where they stand as we left them. */
export function withoutMoved(
  text: string,
  ops: readonly Op[],
  recorded: ReadonlyMap<string, LockedOp>,
  others: readonly LockEntry[],
): Moved {
  const held = new Set(others.flatMap((entry) => entry.ops.map(({ op }) => opKey(op))));
  const result = { text, moved: new Set<Op>(), notes: [] as string[] };
  for (const op of ops) {
    const locked = recorded.get(opKey(op));
    if (op.op !== 'statement' || locked?.op.op !== 'statement' || locked.standing === 'already') continue;
    if (op.slot === undefined || locked.op.slot === undefined || locked.op.slot === op.slot) continue;
    if (held.has(opKey(op)) || !has(result.text, locked.op)) continue;
    if (isAsWePut(result.text, locked.op, others)) {
      result.text = drop(result.text, locked.op);
      result.moved.add(op);
    } else {
      const note = `\`${op.text}\` stays where you have it; this version wants it ${wherefore[op.slot]}.`;
      result.notes.push(`${op.file}: ${note}`);
    }
  }
  return result;
}

/** A recorded op that stays where it is, in the slot that it is wanted in. */
export function inSlot(locked: LockedOp | undefined, wanted: Op): LockedOp | undefined {
  if (locked?.op.op !== 'statement' || wanted.op !== 'statement' || wanted.slot === undefined) return locked;
  return { ...locked, op: { ...locked.op, slot: wanted.slot } };
}

/** True where the line stands where its op would put it, what other modules of ours have put there aside. */
function isAsWePut(text: string, op: Statement, others: readonly LockEntry[]): boolean {
  const strangers = others.flatMap((entry) =>
    entry.ops.filter((one) => one.op.op === 'statement' && one.op.file === op.file && one.standing === 'done'),
  );
  const alone = strangers.reduce((rest, one) => drop(rest, one.op), text);
  const again = add(drop(alone, op), op);
  return 'text' in again && again.text === alone;
}
