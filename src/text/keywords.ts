import { type Needed, neededBy } from './ways.ts';

/** False for a text that an expression cannot match. */
export type MayMatch = (expression: RegExp, text: string) => boolean;

/**
 * Says of many regular expressions at once which may match a text: all that any of them needs is looked for in one pass,
 * and only an expression of which a text has something is asked itself. Its table is made once, for as many texts as may be.
 */
export function keywordsOf(expressions: Iterable<RegExp>): MayMatch {
  const words: Word[] = [];
  const wanted = new Map<RegExp, readonly number[] | undefined>();
  for (const expression of expressions) {
    const isLoose = expression.flags.includes('i');
    const needed = neededBy(expression);
    wanted.set(
      expression,
      needed?.map((one) => words.push({ ...one, isLoose }) - 1),
    );
  }
  const look = lookFor(words);
  let [last, found]: [string | null, Uint8Array] = [null, new Uint8Array(0)];
  return (expression, text) => {
    const own = wanted.get(expression);
    if (!own) return true;
    if (text !== last) [last, found] = [text, look(text)];
    for (const word of own) if (found[word] === 1) return true;
    return false;
  };
}

/** A word to look for; a loose one in small or large letters. */
interface Word extends Needed {
  isLoose: boolean;
}

const width = 128;
const small = (code: number): number => (code >= 65 && code <= 90 ? code + 32 : code);
const isWord = (code: number): boolean => /\w/.test(String.fromCharCode(code));
const inWords = Uint8Array.from({ length: width }, (_, code) => Number(isWord(code)));
const isInWord = (text: string, at: number): boolean => inWords[text.charCodeAt(at)] === 1;

/** Looks for all words in one pass (Aho and Corasick's way): which of them a text has. */
function lookFor(words: readonly Word[]): (text: string) => Uint8Array {
  const { next, ends } = tableOf(words);
  const found = new Uint8Array(words.length);
  const isThere = ({ text: word, starts, ends: isEnd, isLoose }: Word, text: string, end: number): boolean => {
    const start = end - word.length;
    if (starts && isInWord(text, start - 1)) return false;
    if (isEnd && isInWord(text, end)) return false;
    return isLoose || text.startsWith(word, start);
  };
  return (text) => {
    found.fill(0);
    let state = 0;
    for (let at = 0; at < text.length; at++) {
      const code = text.charCodeAt(at);
      state = code < width ? (next[state * width + code] ?? 0) : 0;
      const ended = ends[state];
      if (ended === undefined) continue;
      for (const one of ended) {
        const word = found[one] === 0 ? words[one] : undefined;
        if (word !== undefined && isThere(word, text, at + 1)) found[one] = 1;
      }
    }
    return found;
  };
}

/** For each state and character the next state, and for each state the words that end there. */
function tableOf(words: readonly Word[]): { next: Uint16Array; ends: readonly (readonly number[] | undefined)[] } {
  const states: { after: Map<number, number>; ends: number[] }[] = [{ after: new Map(), ends: [] }];
  for (const [at, { text }] of words.entries()) {
    let state = 0;
    for (let place = 0; place < text.length; place++) {
      const code = small(text.charCodeAt(place));
      const before = states[state]?.after.get(code);
      const next = before ?? states.push({ after: new Map(), ends: [] }) - 1;
      states[state]?.after.set(code, next);
      state = next;
    }
    states[state]?.ends.push(at);
  }
  const next = new Uint16Array(states.length * width);
  const shorter = new Uint16Array(states.length);
  const queue = [0];
  for (const state of queue) {
    const own = states[state];
    const fallback = shorter[state] ?? 0;
    if (state > 0) {
      next.copyWithin(state * width, fallback * width, (fallback + 1) * width);
      own?.ends.push(...(states[fallback]?.ends ?? []));
    }
    for (const [code, after] of own?.after ?? []) {
      shorter[after] = state === 0 ? 0 : (next[state * width + code] ?? 0);
      next[state * width + code] = after;
      if (code >= 97 && code <= 122) next[state * width + code - 32] = after;
      queue.push(after);
    }
  }
  return { next, ends: states.map(({ ends }) => (ends.length === 0 ? undefined : ends)) };
}
