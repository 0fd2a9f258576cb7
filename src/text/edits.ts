/** A replacement in a text by offsets in UTF-16 units; an insertion where start equals end. */
export interface Edit {
  start: number;
  end: number;
  text: string;
}

/** Applies edits that do not overlap, in any order. Throws an Error where two overlap. */
export function splice(text: string, edits: readonly Edit[]): string {
  const ordered = [...edits].sort((a, b) => a.start - b.start || a.end - b.end);
  let [result, at] = ['', 0];
  for (const { start, end, text: replacement } of ordered) {
    if (start < at) throw new Error('Two edits of one text overlap.');
    result += text.slice(at, start) + replacement;
    at = end;
  }
  return result + text.slice(at);
}
