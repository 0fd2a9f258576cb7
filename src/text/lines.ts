/** How many characters a byte order mark takes at the start of the text: 0 or 1. */
export const bomLength = (text: string): number => (text.startsWith('\uFEFF') ? 1 : 0);

/** Where the line that holds `at` starts; the first line starts behind a byte order mark. */
export function lineStart(text: string, at: number): number {
  const found = at <= 0 ? -1 : text.lastIndexOf('\n', at - 1);
  return found < 0 ? Math.min(bomLength(text), Math.max(at, 0)) : found + 1;
}

/** Where the line after the one that holds `at` starts, or the text's end. */
export function lineEnd(text: string, at: number): number {
  const found = text.indexOf('\n', at);
  return found < 0 ? text.length : found + 1;
}

/** True where only blanks stand between the line's start and `at`. */
export const startsLine = (text: string, at: number): boolean => text.slice(lineStart(text, at), at).trim() === '';

/** The blanks that the line which holds `at` starts with. */
export function indentAt(text: string, at: number): string {
  const start = lineStart(text, at);
  return /^[ \t]*/.exec(text.slice(start, lineEnd(text, start)))?.[0] ?? '';
}

/** `text` with what stands between `start` and `end` replaced. */
export const splice = (text: string, start: number, end: number, by: string): string =>
  text.slice(0, start) + by + text.slice(end);

/** The line ending of the line above `at`, else the nearest one, else LF. */
export function eolNear(text: string, at: number): '\n' | '\r\n' {
  const above = at <= 0 ? -1 : text.lastIndexOf('\n', at - 1);
  const found = above < 0 ? text.indexOf('\n', at) : above;
  return found > 0 && text[found - 1] === '\r' ? '\r\n' : '\n';
}

/** Puts whole lines at `at`, a line's start or the text's end; a text without a final newline stays without one. */
export function insertLines(text: string, at: number, lines: readonly string[]): string {
  // Behind a lone carriage return, LF alone would make one line ending of the two.
  const eol = text[at - 1] === '\r' ? '\r\n' : eolNear(text, at);
  const block = lines.join(eol);
  return splice(text, at, at, at === lineStart(text, at) ? block + eol : eol + block);
}

/** Takes the whole lines from `start`'s to `end`'s out: the inverse of `insertLines`. */
export function removeLines(text: string, start: number, end: number): string {
  const from = lineStart(text, start);
  const to = lineEnd(text, end);
  const last = to === text.length && text[to - 1] !== '\n';
  if (!last || from === bomLength(text)) return splice(text, from, to, '');
  return splice(text, from - (text[from - 2] === '\r' ? 2 : 1), to, '');
}

/** Walks over blanks and comments to the end of the line; null where code is met before it. */
export function restOfLine(text: string, from: number): { next: number; comment: boolean } | null {
  let at = from;
  let comment = false;
  while (at < text.length) {
    if (text[at] === '\n') return { next: at + 1, comment };
    if (text.startsWith('//', at)) {
      comment = true;
      at = lineEnd(text, at);
      if (text[at - 1] === '\n') return { next: at, comment };
    } else if (text.startsWith('/*', at)) {
      comment = true;
      const close = text.indexOf('*/', at + 2);
      at = close < 0 ? text.length : close + 2;
    } else if (/\s/.test(text.charAt(at))) at += 1;
    else return null;
  }
  return { next: text.length, comment };
}
