import { diffIndices } from 'node-diff3';

interface Edit {
  /** First line and count, 0-based, before and after. */
  from: number;
  removed: number;
  to: number;
  added: number;
}

/** Lines with their line feeds; '' has none. */
const linesOf = (text: string): string[] => text.match(/[^\n]*\n|[^\n]+$/g) ?? [];

/** The edits from one list of lines to another; what both begin and end with is left out before comparing. */
function edits(before: readonly string[], after: readonly string[]): Edit[] {
  const shorter = Math.min(before.length, after.length);
  let head = 0;
  while (head < shorter && before[head] === after[head]) head++;
  let tail = 0;
  while (tail < shorter - head && before.at(-1 - tail) === after.at(-1 - tail)) tail++;
  return diffIndices(before.slice(head, before.length - tail), after.slice(head, after.length - tail)).map(
    ({ buffer1: [from, removed], buffer2: [to, added] }) => ({ from: from + head, removed, to: to + head, added }),
  );
}

/** Puts edits together whose contexts touch. */
function hunks(all: readonly Edit[], context: number): Edit[][] {
  const groups: Edit[][] = [];
  for (const edit of all) {
    const previous = groups.at(-1)?.at(-1);
    if (previous && edit.from - (previous.from + previous.removed) <= context * 2) groups.at(-1)?.push(edit);
    else groups.push([edit]);
  }
  return groups;
}

const marked = (sign: ' ' | '-' | '+', lines: readonly string[]): string[] =>
  lines.flatMap((line) =>
    line.endsWith('\n') ? [`${sign}${line.slice(0, -1)}`] : [`${sign}${line}`, '\\ No newline at end of file'],
  );

/** A hunk's range: an empty one names the line before it. */
const range = (start: number, count: number): string =>
  count === 1 ? `${start + 1}` : `${count === 0 ? start : start + 1},${count}`;

function hunkLines(
  group: readonly Edit[],
  before: readonly string[],
  after: readonly string[],
  context: number,
): string[] {
  const [first, last] = [group[0], group.at(-1)];
  if (!first || !last) return [];
  const lead = Math.min(context, first.from);
  const trail = Math.min(context, before.length - last.from - last.removed);
  const body: string[] = [];
  let at = first.from - lead;
  for (const { from, removed, to, added } of group) {
    body.push(...marked(' ', before.slice(at, from)));
    body.push(...marked('-', before.slice(from, from + removed)), ...marked('+', after.slice(to, to + added)));
    at = from + removed;
  }
  body.push(...marked(' ', before.slice(at, at + trail)));
  const [start, end] = [first.from - lead, last.from + last.removed + trail];
  const [newStart, newEnd] = [first.to - lead, last.to + last.added + trail];
  return [`@@ -${range(start, end - start)} +${range(newStart, newEnd - newStart)} @@`, ...body];
}

/**
 * The change of a file as the lines of a unified diff, as `git apply` reads it; none where nothing changed. Null is no
 * file. A line's carriage return is part of the line, so that a change of line endings shows.
 */
export function unifiedDiff(before: string | null, after: string | null, path: string, context = 3): string[] {
  if (before === after) return [];
  const [old, now] = [linesOf(before ?? ''), linesOf(after ?? '')];
  // A tab ends a name that holds a space, as in git's own output.
  const end = path.includes(' ') ? '\t' : '';
  return [
    before === null ? '--- /dev/null' : `--- a/${path}${end}`,
    after === null ? '+++ /dev/null' : `+++ b/${path}${end}`,
    ...hunks(edits(old, now), context).flatMap((group) => hunkLines(group, old, now, context)),
  ];
}
