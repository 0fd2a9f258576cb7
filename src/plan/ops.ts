import type { LockEntry, LockedOp, ManualStep, Op } from '../model.ts';
import { add, addAll, drop, has } from '../patch/index.ts';
import { parse, walk } from '../text/syntax.ts';
import { dependenciesIn } from './dependencies.ts';
import type { Draft } from './draft.ts';
import { inSlot, withoutMoved } from './moved.ts';
import { opKey } from './op-key.ts';

export interface Applied {
  ops: LockedOp[];
  steps: ManualStep[];
  notes: string[];
}

/**
 * Applies ops to a draft, file by file. An op that an entry already holds is kept as recorded; one that the host
 * already says is recorded as `already` (or `done` where another skill of ours wrote it). A file whose code cannot
 * take all of its ops takes none of them: its lines become a step for a person. A line of ours that now belongs
 * elsewhere is moved, unless the user has moved it; with `goneStays`, one that the user has taken out stays out.
 */
export function applyOps(
  draft: Draft,
  ops: readonly Op[],
  own: readonly LockedOp[],
  others: readonly LockEntry[],
  goneStays = false,
): Applied {
  const applied: Applied = { ops: [], steps: [], notes: [] };
  const recorded = new Map(own.map((locked) => [opKey(locked.op), locked]));
  const theirs = new Map(others.flatMap((entry) => entry.ops.filter(isDone).map(({ op }) => [opKey(op), op] as const)));
  const ours = own.filter(isDone).flatMap(({ op }) => (op.op === 'import' ? [op] : []));
  for (const [file, group] of byFile(ops)) {
    const before = draft.read(file) ?? '';
    const { text, moved, notes } = withoutMoved(before, group, recorded, others);
    applied.notes.push(...notes);
    const fresh = group.filter((op) => moved.has(op) || !recorded.has(opKey(op)) || !(goneStays || stands(text, op)));
    const gone = group.filter((op) => !fresh.includes(op) && !stands(text, op));
    applied.notes.push(...gone.map((op) => `${file}: \`${wordsOf(op)}\` stays out, because you have taken it out.`));
    const kept = group.filter((op) => !fresh.includes(op)).map((op) => inSlot(recorded.get(opKey(op)), op));
    const result: Result = isCode(file) ? { refusals: [], ...addAll(text, fresh, file) } : addOneByOne(text, fresh);
    applied.ops.push(...kept.filter((locked) => locked !== undefined));
    if ('refused' in result) {
      applied.steps.push(stepFor(file, fresh, result.refused));
      continue;
    }
    for (const { op, standing } of result.ops) {
      const shared = standing === 'already' ? theirs.get(opKey(op)) : undefined;
      const known = shared !== undefined || uses(op, ours);
      // A line that another skill wrote has that skill's comment above it, to be taken out with it by whoever goes last.
      const stood = shared?.op === 'line' ? shared : op;
      applied.ops.push({ op: stood, standing: standing === 'already' && known ? 'done' : standing });
    }
    applied.steps.push(...result.refusals.map(({ op, refused }) => stepFor(file, [op], refused)));
    if (result.text !== before) draft.write(file, result.text);
  }
  // In the order they are wished for, whichever of them were there before: the same plan is the same record.
  const order = new Map(ops.map((op, index) => [opKey(op), index]));
  applied.ops.sort((a, b) => (order.get(opKey(a.op)) ?? 0) - (order.get(opKey(b.op)) ?? 0));
  return applied;
}

/**
 * Takes ops out of a draft. What another entry still holds stays; what the user changed stays and is named.
 * `created` are files that exist only because of us: deleted when nothing else is left in them.
 */
export function dropOps(
  draft: Draft,
  ops: readonly LockedOp[],
  others: readonly LockEntry[],
  created: readonly string[],
): string[] {
  const held = new Set(others.flatMap((entry) => entry.ops.map(({ op }) => opKey(op))));
  const notes: string[] = [];
  const absent: Op[] = [];
  for (const { op, standing } of [...ops].reverse()) {
    const text = draft.read(op.file);
    if (standing === 'already' || held.has(opKey(op)) || text === null) continue;
    const after = drop(text, op);
    if (after === text && has(text, op))
      notes.push(`${op.file}: kept \`${wordsOf(op)}\`, which was edited since it was added.`);
    if (after === text && isChangedKey(text, op))
      notes.push(`${op.file}: kept "${op.path.join('.')}", which was changed since it was added.`);
    if (after === text && isCode(op.file) && !has(text, op)) absent.push(op);
    const empty = after.trim() === '' && created.includes(op.file);
    draft.write(op.file, empty ? null : after);
  }
  const names = ops.flatMap(({ op }) => (op.op === 'import' ? op.names.map((name) => ({ name, file: op.file })) : []));
  const edited = absent.flatMap((op) => leftOver(draft, op, names));
  const told = new Set(absent.map(({ file }) => file));
  return [...notes, ...edited, ...stillNamed(draft, ops, held, told)];
}

/** What to say of a line of ours that is not as we wrote it: where what it names still stands, the user has changed it. */
function leftOver(draft: Draft, op: Op, names: readonly { name: string; file: string }[]): string[] {
  const words = namesIn(draft.read(op.file), op.file);
  const left = names.filter(({ name, file }) => file === op.file && words.has(name)).map(({ name }) => `\`${name}\``);
  if (left.length === 0) return [];
  return [
    `${op.file}: \`${wordsOf(op)}\` was edited since it was added; take out what is left of ${left.join(', ')} yourself.`,
  ];
}

/** What to say where a line of the user's still names what we no longer import. */
function stillNamed(
  draft: Draft,
  ops: readonly LockedOp[],
  held: ReadonlySet<string>,
  told: ReadonlySet<string>,
): string[] {
  return ops.flatMap(({ op, standing }) => {
    if (op.op !== 'import' || standing === 'already' || held.has(opKey(op)) || told.has(op.file)) return [];
    const words = namesIn(draft.read(op.file), op.file);
    const left = op.names.map((name) => name.split(' as ').at(-1) ?? name).filter((name) => words.has(name));
    if (left.length === 0) return [];
    return [`${op.file}: a line of yours still names \`${left.join('`, `')}\`, which is gone: take it out yourself.`];
  });
}

/** The names that a file's code holds, not its comments and texts; all of its words where it does not parse. */
function namesIn(text: string | null, path: string): ReadonlySet<string> {
  const program = text === null ? null : parse(text, path);
  if (program === null) return new Set((text ?? '').match(/[\w$]+/g));
  const names = new Set<string>();
  walk(program, (node) => node.type === 'Identifier' && names.add(node.name));
  return names;
}

/** True where the host says it, or declares the dependency with a range of its own by now. */
function stands(text: string, op: Op): boolean {
  if (has(text, op)) return true;
  const name = dependenciesIn([op]).keys().next().value;
  return name !== undefined && text.includes(`"${name}":`);
}

/** True where the op names what only an import of ours can have brought into its file: the user has rewritten our line. */
function uses(op: Op, imports: readonly Extract<Op, { op: 'import' }>[]): boolean {
  if (op.op === 'import' || op.op === 'json' || op.op === 'line') return false;
  const words = new Set((op.op === 'property' ? op.value : op.text).match(/[\w$]+/g));
  return imports.some(({ file, names }) => file === op.file && names.some((name) => words.has(name)));
}

/** True for a key of ours in a JSON file that has another value by now. */
function isChangedKey(text: string, op: Op): op is Extract<Op, { op: 'json' }> {
  return op.op === 'json' && op.path.at(-1) !== '-' && !has(text, op) && 'refused' in add(text, op);
}

const isDone = ({ standing }: LockedOp): boolean => standing === 'done';
const isCode = (file: string): boolean => /\.[cm]?[jt]sx?$/.test(file) || !/\.[a-z]+$|(^|\/)\./.test(file);

function byFile(ops: readonly Op[]): Map<string, Op[]> {
  const groups = new Map<string, Op[]>();
  for (const op of ops) groups.set(op.file, [...(groups.get(op.file) ?? []), op]);
  return groups;
}

type Result =
  | { refused: string }
  | { text: string; ops: readonly LockedOp[]; refusals: readonly { op: Op; refused: string }[] };

/** Lines of text and keys of JSON do not depend on each other: one that is refused leaves the others be. */
function addOneByOne(start: string, ops: readonly Op[]) {
  let text = start;
  const done: LockedOp[] = [];
  const refusals: { op: Op; refused: string }[] = [];
  for (const op of ops) {
    const already = has(text, op);
    const result = add(text, op);
    if ('refused' in result) refusals.push({ op, refused: result.refused });
    else {
      done.push({ op: result.op, standing: already ? 'already' : 'done' });
      text = result.text;
    }
  }
  return { text, ops: done, refusals };
}

function stepFor(file: string, ops: readonly Op[], because: string): ManualStep {
  const lines = ops.map(wordsOf);
  return {
    title: `Add ${lines.length === 1 ? 'a line' : `${lines.length} lines`} to ${file}`,
    file,
    place: because,
    lines,
    done: { file, text: lines.at(-1) ?? '' },
  };
}

/** An op as the line a person would write. */
export function wordsOf(op: Op): string {
  switch (op.op) {
    case 'import': {
      const names = op.names.join(', ');
      return op.style === 'esm'
        ? `import { ${names} } from '${op.from}';`
        : `const { ${names} } = require('${op.from}');`;
    }
    case 'property':
      return `${op.key}: ${op.value},`;
    case 'json':
      return `"${op.path.at(-1)}": ${JSON.stringify(op.value)}`;
    case 'statement':
    case 'chain':
    case 'argument':
    case 'element':
    case 'line':
      return op.text;
  }
}
