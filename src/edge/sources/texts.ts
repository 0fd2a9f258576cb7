import { TextDecoder } from 'node:util';
import { UserError } from '../../errors.ts';
import { contentLimits, tooLarge, tooMuch } from '../../skills/content.ts';

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Collects the files of a skill from outside, and stops at the first that is too much. */
export interface Collector {
  /** Throws where a file of this size would be one too many or too large: asked before it is read. */
  expect(path: string, bytes: number): void;
  /** Takes a file that was expected. Throws where it is no text. */
  take(path: string, bytes: Uint8Array): void;
  readonly texts: ReadonlyMap<string, string>;
}

/** An empty collector for the skill of this source. */
export function collector(from: string): Collector {
  const texts = new Map<string, string>();
  let count = 0;
  let whole = 0;
  return {
    texts,
    expect(path, bytes) {
      count += 1;
      whole += bytes;
      if (count > contentLimits.files) throw refused(from, `it has more than ${contentLimits.files} files`);
      if (bytes > contentLimits.file) throw refused(from, tooLarge(path));
      if (whole > contentLimits.whole) throw refused(from, tooMuch);
    },
    take(path, bytes) {
      if (texts.has(path)) throw refused(from, `${JSON.stringify(path)} is in it twice`);
      texts.set(path, textOf(from, path, bytes));
    },
  };
}

function textOf(from: string, path: string, bytes: Uint8Array): string {
  try {
    if (!bytes.includes(0)) return decoder.decode(bytes);
  } catch {
    // Said below: it is no text in either case.
  }
  throw refused(from, `${JSON.stringify(path)} is not a text`);
}

/** What is wrong with a skill from outside, before it was read. */
export const refused = (from: string, fault: string): UserError =>
  new UserError(`The skill "${from}" is refused: ${fault}.`, 'Do not add it; ask who made it to correct it.');
