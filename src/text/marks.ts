/** What a template needs at most: the parser's time grows with the square of the depth. */
const limits = { marks: 5_000, length: 2_000, depth: 100 };

/** What would keep the parser of templates busy for ever, in words; null where nothing would. In one pass. */
export function faultInMarks(template: string): string | null {
  // How many blocks each open block stands for: an `else if` is one inside of the one before.
  const open: number[] = [];
  let depth = 0;
  let marks = 0;
  for (let start = template.indexOf('{{'); start >= 0; ) {
    const close = template.indexOf('}}', start);
    const end = close < 0 ? template.length : close;
    const mark = template.slice(start, Math.min(end, start + limits.length + 1));
    if (++marks > limits.marks) return `it has more than ${limits.marks} marks`;
    if (mark.length > limits.length && !/^\{\{~?!/.test(mark))
      return `it has a mark of more than ${limits.length} characters`;
    const kind = /^\{\{+~?(#|\^(?!~?$)|\/|else\s+\S)?/.exec(mark)?.[1] ?? '';
    if (kind === '#' || kind === '^') {
      open.push(1);
      depth += 1;
    } else if (kind === '/') depth -= open.pop() ?? 0;
    else if (kind !== '' && open.length > 0) {
      open[open.length - 1] = (open.at(-1) ?? 0) + 1;
      depth += 1;
    }
    if (depth > limits.depth) return `it is nested more than ${limits.depth} levels deep`;
    start = template.indexOf('{{', end);
  }
  return null;
}
