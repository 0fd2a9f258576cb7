import type { Finding } from '../model.ts';
import type { Syntax } from '../text/syntax.ts';
import type { Source } from './code/source.ts';
import type { Spot } from './rule.ts';

/** A place of a node, as plain data. */
export interface At {
  path: string;
  start: number;
  end: number;
}

/** Where a node stands. */
export const atNode = ({ path }: Source, { start, end }: Syntax): At => ({ path, start, end });

/** Lines and columns of a spot in a text: 1-based, columns in UTF-16 units, the end behind the last character. */
export function spotted(
  text: string | null,
  spot: Spot,
): Pick<Finding, 'line'> & Required<Pick<Finding, 'endLine' | 'column' | 'endColumn'>> {
  if (!('start' in spot) || text === null) {
    return { line: 'line' in spot ? spot.line : null, endLine: null, column: null, endColumn: null };
  }
  const [from, to] = [pointAt(text, spot.start), pointAt(text, spot.end)];
  return { line: from.line, column: from.column, endLine: to.line, endColumn: to.column };
}

/** True where a finding of this file is about a line: it stands there, or goes on there. */
export const isAbout = ({ line, endLine }: Finding, asked: number): boolean =>
  line !== null && asked >= line && asked <= (endLine ?? line);

/** Where the lines of a text start. The last one is kept: findings come file by file. */
function startsOf(text: string): readonly number[] {
  if (last.text === text) return last.starts;
  const starts = [0];
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  last = { text, starts };
  return starts;
}

let last: { text: string; starts: readonly number[] } = { text: '', starts: [0] };

function pointAt(text: string, offset: number): { line: number; column: number } {
  const starts = startsOf(text);
  let [low, high] = [0, starts.length - 1];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((starts[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return { line: low + 1, column: offset - (starts[low] ?? 0) + 1 };
}
