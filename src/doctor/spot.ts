import type { Finding } from '../model.ts';
import type { Spot } from './rule.ts';

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

function pointAt(text: string, offset: number): { line: number; column: number } {
  let [line, start] = [1, 0];
  for (let at = text.indexOf('\n'); at !== -1 && at < offset; at = text.indexOf('\n', at + 1)) {
    line++;
    start = at + 1;
  }
  return { line, column: offset - start + 1 };
}
