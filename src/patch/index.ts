import type { LockedOp, Op, OpKind, Patched, PatchOp } from '../model.ts';
import { dialectOf, parses } from '../text/syntax.ts';
import { argument } from './argument.ts';
import { chain } from './chain.ts';
import { element } from './element.ts';
import { importOp } from './import.ts';
import { json } from './json.ts';
import { line } from './line.ts';
import { property } from './property.ts';
import { syntaxErrors } from './source.ts';
import { statement } from './statement.ts';

const table = { import: importOp, statement, chain, argument, property, element, json, line } satisfies {
  [K in OpKind]: PatchOp<K>;
};

/** The functions for an op's kind: the one place where a kind and its op are known to belong together. */
const functionsFor = (op: Op): PatchOp<OpKind> => table[op.op] as PatchOp<OpKind>;

/** True where the file already says what the op would add. */
export const has = (text: string, op: Op): boolean => functionsFor(op).has(text, op);

/** The file with the op in it, and the op as it must be recorded; or what is in the way. */
export const add = (text: string, op: Op): Patched => functionsFor(op).add(text, op);

/** The file without the op; unchanged where it is not there, or is no longer what we wrote. */
export const drop = (text: string, op: Op): string => functionsFor(op).drop(text, op);

/** Applies several ops to one file, in order and all or none; refuses where the file would no longer parse. */
export function addAll(
  text: string,
  ops: readonly Op[],
  path: string,
): { text: string; ops: LockedOp[] } | { refused: string } {
  const done: LockedOp[] = [];
  let patched = text;
  for (const op of ops) {
    const standing = has(patched, op) ? 'already' : 'done';
    const result = add(patched, op);
    if ('refused' in result) return result;
    done.push({ op: standing === 'done' ? shareWas(result.op, done) : result.op, standing });
    patched = result.text;
  }
  const isCode = ops.some(({ op }) => op !== 'json' && op !== 'line');
  // The quick parser's yes is enough; where it says no, the host's own errors are not held against us.
  const mayBreak = isCode && patched !== text && !parses(patched, dialectOf(path));
  if (mayBreak && syntaxErrors(patched, path) > syntaxErrors(text, path))
    return { refused: `${path} would no longer parse with our lines in it.` };
  return { text: patched, ops: done };
}

/** What a container held before us is known to the op that filled it first; whichever is dropped last needs it. */
function shareWas(op: Op, before: readonly LockedOp[]): Op {
  if (op.op !== 'json' || op.was !== undefined) return op;
  for (const { op: other, standing } of before) {
    if (standing !== 'done' || other.op !== 'json' || other.was === undefined) continue;
    const depth = Number.parseInt(other.was, 10);
    const shared = op.path.length > depth && other.path.slice(0, depth).every((key, index) => key === op.path[index]);
    if (shared) return { ...op, was: other.was };
  }
  return op;
}
