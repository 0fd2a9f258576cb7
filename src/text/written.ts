/** Most characters that a file of source has, and how long its lines are in the mean at most. */
export const largest = 1_000_000;
const longest = 400;

/** True for lines of a length that people write: no bundle, no data; a short text may be of one line. */
export const hasWrittenLines = (text: string): boolean => text.length < 2_000 || text.length / linesOf(text) < longest;

/** True for a text of a size and shape that people write. */
export const isWritten = (text: string): boolean => text.length <= largest && hasWrittenLines(text);

/** How many lines a text has. */
export function linesOf(text: string): number {
  let count = 1;
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) count++;
  return count;
}
