import { sha256 } from '../text/hash.ts';

/** How large a skill that is not ours may be. */
export const contentLimits = { files: 500, file: 1_000_000, whole: 10_000_000 } as const;

/**
 * What a skill's texts are, as one sha256 (hex): over its paths and texts in the order of the paths. Line endings aside,
 * because git writes one and the same file with others on another system.
 */
export function contentHash(texts: ReadonlyMap<string, string>): string {
  const rows = [...texts].sort(([a], [b]) => (a < b ? -1 : 1));
  return sha256(JSON.stringify(rows.map(([path, text]) => [path, text.replaceAll('\r\n', '\n')])));
}

/** What is too much about a skill's texts, in words; null where it is within bounds. */
export function excessOf(texts: ReadonlyMap<string, string>): string | null {
  if (texts.size > contentLimits.files) return `it has more than ${contentLimits.files} files`;
  let whole = 0;
  for (const [path, text] of texts) {
    const bytes = Buffer.byteLength(text);
    if (bytes > contentLimits.file) return tooLarge(path);
    whole += bytes;
  }
  return whole > contentLimits.whole ? tooMuch : null;
}

export const tooLarge = (path: string): string =>
  `${JSON.stringify(path)} has more than ${inWords(contentLimits.file)} bytes`;

export const tooMuch = `it has more than ${inWords(contentLimits.whole)} bytes in all`;

/** With commas, and without the tables of languages that `toLocaleString` would load. */
function inWords(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ',');
}
