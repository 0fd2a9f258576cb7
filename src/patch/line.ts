import type { Op, PatchOp } from '../model.ts';
import { bomLength, insertLines, lineEnd, lineStart, removeLines } from '../text/lines.ts';

type LineOp = Extract<Op, { op: 'line' }>;

/** Appends a line to a text file; a variable counts as present by its name, whatever its value is. */
export const line: PatchOp<'line'> = {
  has(text, op) {
    const name = nameOf(op.text);
    const wanted = op.text.trimEnd();
    return linesOf(text).some((there) => (name === null ? there.said === wanted : nameOf(there.said) === name));
  },

  add(text, op) {
    if (line.has(text, op)) return { text, op };
    if (/[\r\n]/.test(op.text)) return { refused: `\`${op.text.split(/[\r\n]/)[0]}\` would be more than one line.` };
    return { text: insertLines(text, text.length, [...commentsOf(op), op.text]), op };
  },

  drop(text, op) {
    const ours = linesOf(text).findLast(({ said }) => said === op.text.trimEnd());
    if (!ours) return text;
    let start = ours.start;
    for (const comment of commentsOf(op).reverse()) {
      const above = lineStart(text, start - 1);
      if (start <= bomLength(text) || text.slice(above, start).trimEnd() !== comment.trimEnd()) {
        start = ours.start;
        break;
      }
      start = above;
    }
    return removeLines(text, start, ours.start);
  },
};

/** The variable that a line sets; null for any other line. */
const nameOf = (said: string): string | null => /^\s*(?:export\s+)?([A-Za-z_][\w.-]*)\s*=/.exec(said)?.[1] ?? null;

const commentsOf = ({ comment }: LineOp): string[] =>
  comment === null ? [] : comment.split(/\r?\n/).map((said) => (said.startsWith('#') ? said : `# ${said}`.trimEnd()));

function linesOf(text: string): { start: number; said: string }[] {
  const lines: { start: number; said: string }[] = [];
  for (let start = bomLength(text); start < text.length; start = lineEnd(text, start))
    lines.push({ start, said: text.slice(start, lineEnd(text, start)).trimEnd() });
  return lines;
}
