import {
  eolNear,
  indentAt,
  insertLines,
  lineStart,
  removeLines,
  restOfLine,
  splice,
  startsLine,
} from '../text/lines.ts';

/** A bracketed, comma-separated list in code or JSON, as offsets: behind the opening bracket, at the closing one. */
export interface List {
  open: number;
  close: number;
  items: readonly { start: number; end: number }[];
}

export interface Entry {
  /** The entry's lines; each but the first starts with `base`. */
  lines(base: string): string[];
  /** One step of indentation. */
  unit: string;
  /** What stands inside the brackets when the entry is alone in them: ' ' in objects, '' elsewhere. */
  pad: string;
  /** What stands behind the comma between two items on one line. */
  gap: string;
}

/** Puts an entry among the list's items, on its own line where they have theirs. */
export function insertItem(text: string, list: List, index: number, entry: Entry): string {
  const previous = list.items[index - 1];
  const next = list.items[index];
  if (next) return insertBefore(text, list, previous, next, entry);
  if (!previous) return insertAlone(text, list, entry);
  const comma = commaIn(text, previous.end, list.close);
  const rest = restOfLine(text, comma === null ? previous.end : comma + 1);
  if (!rest) return splice(text, previous.end, previous.end, `,${entry.gap}${inline(text, previous.start, entry)}`);
  const base = startsLine(text, previous.start) ? indentAt(text, previous.start) : inner(text, list, entry);
  if (comma !== null) return ownLines(text, rest.next, entry, base, ',');
  return splice(ownLines(text, rest.next, entry, base, ''), previous.end, previous.end, ',');
}

/** Takes an item out again, exactly as `insertItem` put it in; unchanged where a comment of the host's hangs on it. */
export function removeItem(text: string, list: List, index: number): string {
  const item = list.items[index];
  if (!item) return text;
  const previous = list.items[index - 1];
  const next = list.items[index + 1];
  const comma = commaIn(text, item.end, next?.start ?? list.close);
  const end = comma === null ? item.end : comma + 1;
  const rest = restOfLine(text, end);
  if (startsLine(text, item.start) && rest) {
    if (rest.comment) return text;
    const removed = removeLines(text, item.start, end);
    const above = previous && comma === null ? commaIn(text, previous.end, item.start) : null;
    return above === null ? removed : splice(removed, above, above + 1, '');
  }
  if (previous) {
    const above = commaIn(text, previous.end, item.start);
    return above === null || !isBlank(text, above + 1, item.start) ? text : splice(text, above, item.end, '');
  }
  if (next) return isBlank(text, end, next.start) ? splice(text, item.start, next.start, '') : text;
  return item.start > list.open && isBlank(text, list.open, item.start) && isBlank(text, end, list.close)
    ? splice(text, list.open, list.close, '')
    : splice(text, item.start, end, '');
}

/** Where a comma stands between two offsets that hold nothing but blanks, comments and it. */
function commaIn(text: string, from: number, to: number): number | null {
  const pattern = /\/\/[^\n]*|\/\*[\s\S]*?\*\/|,/g;
  const gap = text.slice(from, to);
  for (const { 0: found, index } of gap.matchAll(pattern)) if (found === ',') return from + index;
  return null;
}

const isBlank = (text: string, from: number, to: number): boolean => text.slice(from, to).trim() === '';

/** The indentation inside a list, told from its closing bracket. */
const inner = (text: string, { close }: List, { unit }: Entry): string => indentAt(text, close) + unit;

const inline = (text: string, near: number, entry: Entry): string =>
  entry.lines(indentAt(text, near)).join(eolNear(text, near));

function ownLines(text: string, at: number, entry: Entry, base: string, end: string): string {
  const [first = '', ...more] = entry.lines(base);
  const lines = [base + first, ...more];
  return insertLines(text, at, [...lines.slice(0, -1), `${lines.at(-1)}${end}`]);
}

function insertAlone(text: string, list: List, entry: Entry): string {
  if (text.slice(list.open, list.close).includes('\n') && startsLine(text, list.close))
    return ownLines(text, lineStart(text, list.close), entry, inner(text, list, entry), '');
  const pad = list.open === list.close ? entry.pad : '';
  return splice(text, list.open, list.open, pad + inline(text, list.open, entry) + pad);
}

function insertBefore(
  text: string,
  list: List,
  previous: List['items'][number] | undefined,
  next: List['items'][number],
  entry: Entry,
): string {
  const comma = previous ? commaIn(text, previous.end, next.start) : null;
  const rest = restOfLine(text, comma === null ? list.open : comma + 1);
  if (rest && startsLine(text, next.start)) return ownLines(text, rest.next, entry, indentAt(text, next.start), ',');
  return splice(text, next.start, next.start, `${inline(text, next.start, entry)},${entry.gap}`);
}
