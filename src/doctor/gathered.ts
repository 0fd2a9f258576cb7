import type { Syntax } from '../text/syntax.ts';
import type { Spot, Tell, Words } from './rule.ts';
import type { Source } from './source.ts';

/** Keeps what is told of a file until all of it is seen: what is said in the same words of many places is said once, with their lines. */
export interface Kept {
  tell: Tell;
  /** Tells all that was kept, in the order in which it came. */
  flush(): void;
}

const mostLines = 8;

/** Gathers findings of a file; `flush` tells them to `tell`, each message once at its first place. */
export function keptOf(source: Source, tell: Tell): Kept {
  const kept = new Map<string, { at: Syntax | Spot; words: Words; more: number[] }>();
  return {
    tell(at, words) {
      const key = `${words.severity}\n${words.confidence}\n${words.message}`;
      const before = kept.get(key);
      if (before) {
        before.more.push(lineOf(source, at));
        before.words = { ...before.words, edits: [...(before.words.edits ?? []), ...(words.edits ?? [])] };
      } else kept.set(key, { at, words, more: [] });
    },
    flush() {
      for (const { at, words, more } of kept.values())
        tell(at, more.length === 0 ? words : { ...words, message: `${words.message} ${alsoIn(more)}` });
    },
  };
}

/** 'The same in the lines 12 and 40.' */
function alsoIn(lines: readonly number[]): string {
  const all = [...new Set(lines)].sort((a, b) => a - b);
  const shown = all.slice(0, mostLines).join(', ');
  const rest = all.length - mostLines;
  return all.length === 1
    ? `The same in line ${shown}.`
    : `The same in the lines ${shown}${rest > 0 ? ` and ${rest} more` : ''}.`;
}

const lineOf = ({ text }: Source, at: Syntax | Spot): number =>
  'line' in at ? (at.line ?? 1) : text.slice(0, at.start).split('\n').length;
