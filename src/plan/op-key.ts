import { canonical } from '../lock/lock.ts';
import type { Op } from '../model.ts';

/** What makes two ops the same wish: everything but the place and the traces of the splice. */
export function opKey(op: Op): string {
  const { was: _, ...wish } = inList(op);
  if (wish.op === 'statement') return JSON.stringify([wish.file, wish.op, wish.text]);
  if (wish.op === 'chain') return JSON.stringify([wish.file, wish.op, wish.text]);
  if (wish.op === 'line') return JSON.stringify([wish.file, wish.op, wish.text]);
  return JSON.stringify(canonical(wish));
}

/** A list that is made for one element is the wish for that element: by the next time there may be such a list. */
function inList(op: Op): Op {
  const only = op.op === 'property' ? /^\[([\w$]+)\]$/.exec(op.value)?.[1] : undefined;
  if (op.op !== 'property' || only === undefined) return op;
  return { op: 'element', file: op.file, target: { ...op.target, path: [...op.target.path, op.key] }, text: only };
}
