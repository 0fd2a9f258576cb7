/** Something that a text must have for an expression to match it: what stands there, and whether a word starts or ends with it. */
export interface Needed {
  text: string;
  starts: boolean;
  ends: boolean;
}

/**
 * For each way in which a regular expression can match, the longest piece of text that it must have; null where there is
 * a way that needs nothing. `/\b(fs|fs-extra)\b|unzip/` → 'fs' as a word, 'fs-extra' as words, 'unzip'. Pure.
 */
export function neededBy({ source, flags }: RegExp): readonly Needed[] | null {
  if (/[uv]/.test(flags) || source.includes('\\k<')) return null;
  const needed: Needed[] = [];
  for (const way of waysOf(source)) {
    const longest = piecesOf(way).reduce((a, b) => (weightOf(b) > weightOf(a) ? b : a), {
      text: '',
      starts: false,
      ends: false,
    });
    if (weightOf(longest) < 2) return null;
    needed.push(longest);
  }
  return needed;
}

const weightOf = ({ text, starts, ends }: Needed): number =>
  text === '' ? 0 : text.length + Number(starts) + Number(ends);

/** What a place of an expression stands for: a character, one or more of any kind or none, or the edge of a word. */
type Place = string | typeof any | typeof edge;
/** The ways in which an expression can be read, without alternatives and groups. */
type Ways = readonly (readonly Place[])[];

const any = Symbol('any');
const edge = Symbol('edge');
const anything: Ways = [[any]];
/** More ways than this cost more than they spare. */
const most = 400;

function piecesOf(way: readonly Place[]): Needed[] {
  const pieces: Needed[] = [];
  let [text, starts] = ['', false];
  const end = (ends: boolean): void => {
    if (text !== '') pieces.push({ text, starts: starts && isWord(text[0]), ends: ends && isWord(text.at(-1)) });
    [text, starts] = ['', false];
  };
  for (const [at, place] of way.entries()) {
    if (typeof place === 'string') text += place;
    else if (place === any) end(false);
    else if (text === '') starts = true;
    else if (typeof way[at + 1] !== 'string') end(true);
  }
  end(false);
  return pieces;
}

const isWord = (character: string | undefined): boolean => character !== undefined && /\w/.test(character);

/** Reads the source of an expression. What is not known to it stands for anything. */
function waysOf(source: string): Ways {
  let at = 0;
  const alternatives = (): Ways => {
    const all: (readonly Place[])[] = [];
    for (;;) {
      all.push(...sequence());
      if (source[at] !== '|') return all;
      at++;
    }
  };
  const sequence = (): Ways => {
    let ways: Ways = [[]];
    while (at < source.length && source[at] !== '|' && source[at] !== ')') {
      const next = repeated(item());
      const ends = ways.length * next.length > most ? anything : next;
      ways = ways.flatMap((way) => ends.map((last) => [...way, ...last]));
    }
    return ways;
  };
  const repeated = (ways: Ways): Ways => {
    const [sign] = /^(?:[*+?]|\{\d+(?:,\d*)?\})\??/.exec(source.slice(at)) ?? [];
    if (sign === undefined) return ways;
    at += sign.length;
    if (sign.startsWith('?')) return [[], ...ways];
    return sign.startsWith('+') ? ways.map((way) => [...way, any]) : anything;
  };
  const item = (): Ways => {
    if (source[at] === '(') return group();
    const rest = source.slice(at);
    const [written = rest[0] ?? ''] = /^(?:\[\^?(?:\\.|[^\\\]])*\]|\\(?:[ux][\da-fA-F]{2,4}|\d+|.))/.exec(rest) ?? [];
    at += written.length;
    return placesOf(written).map((place) => [place]);
  };
  const group = (): Ways => {
    const [start = '('] = /^\((?:\?(?::|[=!]|<[=!]|<\w+>))?/.exec(source.slice(at)) ?? [];
    at += start.length;
    const inner = alternatives();
    at++;
    return /[=!]$/.test(start) ? anything : inner;
  };
  return alternatives();
}

/** What a character, a class or an escape of an expression stands for: each of few characters. */
function placesOf(written: string): readonly Place[] {
  if (written === '\\b') return [edge];
  if (!written.startsWith('[')) return [plainly(written) ?? any];
  const inner = written.slice(1, -1);
  const all = (/\\.|[^\\]/g[Symbol.match](inner) ?? []).map(plainly);
  const isRange = /.-./.test(inner.replaceAll('\\-', ''));
  return isRange || inner.startsWith('^') || all.length > 4 || all.includes(null)
    ? [any]
    : all.map((one) => one ?? any);
}

/** A character as it is written in an expression; null for what stands for others, or for none. */
function plainly(written: string): string | null {
  if (written.length === 1) return /[.^$\P{ASCII}]/u.test(written) ? null : written;
  return /^\\[^\w]$/.test(written) ? written.slice(1) : null;
}
