/**
 * The regular expressions of text choices, without backtracking: a skill that is not ours must not be able to keep us
 * busy for ever. Literals, classes, groups, alternatives, `? * + {m,n}` and anchors; nothing that looks around or back.
 */
type Node =
  | { kind: 'one'; test: RegExp }
  | { kind: 'all'; parts: readonly Node[] }
  | { kind: 'any'; parts: readonly Node[] }
  | { kind: 'repeat'; part: Node; least: number; most: number };

const limits = { pattern: 300, value: 200, repeat: 200, cost: 2_000, depth: 20 };

/** True where the whole value matches. Throws an Error for a pattern that is none of these. */
export function matchesPattern(pattern: string, value: string): boolean {
  if (value.length > limits.value) return false;
  const characters = [...value];
  return reach(parsePattern(pattern), new Set([0]), characters).has(characters.length);
}

/** What is wrong with a pattern, in words; null where it can be used. */
export function faultInPattern(pattern: string): string | null {
  try {
    parsePattern(pattern);
    return null;
  } catch (error) {
    return (error as Error).message;
  }
}

/** Where one can be after the node, having been at `from`. */
function reach(node: Node, from: ReadonlySet<number>, value: readonly string[]): Set<number> {
  switch (node.kind) {
    case 'one':
      return new Set([...from].filter((at) => node.test.test(value[at] ?? '')).map((at) => at + 1));
    case 'all':
      return node.parts.reduce((at, part) => reach(part, at, value), new Set(from));
    case 'any':
      return new Set(node.parts.flatMap((part) => [...reach(part, from, value)]));
    case 'repeat':
      return repeat(node, from, value);
  }
}

function repeat(
  { part, least, most }: Extract<Node, { kind: 'repeat' }>,
  from: ReadonlySet<number>,
  value: readonly string[],
) {
  let at = new Set(from);
  for (let round = 0; round < least; round++) at = reach(part, at, value);
  const all = new Set(at);
  // A round that leads nowhere new ends it, so that an endless repeat of nothing ends as well.
  for (let round = least; round < most && at.size > 0; round++) {
    at = new Set([...reach(part, at, value)].filter((place) => !all.has(place)));
    for (const place of at) all.add(place);
  }
  return all;
}

interface Reader {
  text: readonly string[];
  at: number;
  depth: number;
}

function parsePattern(pattern: string): Node {
  if (pattern.length > limits.pattern) throw new Error(`it is longer than ${limits.pattern} characters`);
  const reader: Reader = { text: [...pattern], at: 0, depth: 0 };
  const node = alternatives(reader);
  if (reader.at < reader.text.length) throw new Error('a ")" is not opened');
  if (costOf(node) > limits.cost) throw new Error('its repetitions multiply');
  return node;
}

/** How many single characters it stands for, counted repetitions written out. */
function costOf(node: Node): number {
  if (node.kind === 'one') return 1;
  if (node.kind === 'repeat')
    return costOf(node.part) * Math.max(1, node.least, Number.isFinite(node.most) ? node.most : 1);
  return node.parts.reduce((sum, part) => sum + costOf(part), 1);
}

function alternatives(reader: Reader): Node {
  if (++reader.depth > limits.depth) throw new Error(`it is nested more than ${limits.depth} levels deep`);
  const parts = [sequence(reader)];
  while (reader.text[reader.at] === '|') {
    reader.at++;
    parts.push(sequence(reader));
  }
  reader.depth--;
  return { kind: 'any', parts };
}

function sequence(reader: Reader): Node {
  const parts: Node[] = [];
  for (;;) {
    const next = reader.text[reader.at];
    if (next === undefined || next === '|' || next === ')') return { kind: 'all', parts };
    // The whole value has to match in any case.
    if (next === '^' && parts.length === 0) reader.at++;
    else if (next === '$' && isEnd(reader.text[reader.at + 1])) reader.at++;
    else parts.push(repeated(atom(reader), reader));
  }
}

const isEnd = (next: string | undefined): boolean => next === undefined || next === '|' || next === ')';

function repeated(part: Node, reader: Reader): Node {
  const rest = reader.text.slice(reader.at, reader.at + 12).join('');
  const found = /^(?:([?*+])|\{(\d{1,4})(,?)(\d{0,4})\})/.exec(rest);
  if (found === null) return part;
  reader.at += found[0].length;
  const [, sign, low = '', comma, high = ''] = found;
  const least = sign === undefined ? Number(low) : sign === '+' ? 1 : 0;
  const open = sign === '*' || sign === '+' || (comma === ',' && high === '');
  const most = open ? Number.POSITIVE_INFINITY : sign === '?' ? 1 : comma === ',' ? Number(high) : least;
  if (most < least || least > limits.repeat || (!open && most > limits.repeat))
    throw new Error(`"${found[0]}" is no repetition that is allowed`);
  if (/[?*+]/.test(reader.text[reader.at] ?? '')) throw new Error('a repetition is followed by another');
  return { kind: 'repeat', part, least, most };
}

function atom(reader: Reader): Node {
  const first = reader.text[reader.at++] ?? '';
  if (first === '(') return group(reader);
  if (first === '[') return set(reader);
  if (first === '.') return { kind: 'one', test: /^.$/u };
  if (first === '\\') return { kind: 'one', test: one(escaped(reader, '')) };
  if (/[?*+{}^$\]]/.test(first)) throw new Error(`"${first}" stands where nothing can be repeated or ended`);
  return { kind: 'one', test: one(literal(first)) };
}

function group(reader: Reader): Node {
  if (reader.text[reader.at] === '?') {
    if (reader.text[reader.at + 1] !== ':') throw new Error('it looks around, or names a group');
    reader.at += 2;
  }
  const node = alternatives(reader);
  if (reader.text[reader.at++] !== ')') throw new Error('a "(" is not closed');
  return node;
}

/** A class of characters: one character at a time, so that the engine's own has nothing to go back to. */
function set(reader: Reader): Node {
  let source = '[';
  if (reader.text[reader.at] === '^') {
    source += '^';
    reader.at++;
  }
  for (;;) {
    const next = reader.text[reader.at++];
    if (next === undefined) throw new Error('a "[" is not closed');
    if (next === ']') break;
    source += next === '\\' ? escaped(reader, '-') : next === '[' ? '\\[' : next;
  }
  return { kind: 'one', test: one(`${source}]`) };
}

/** What stands behind a backslash; `also` has to be escaped as well where it stands. */
function escaped(reader: Reader, also: string): string {
  const next = reader.text[reader.at++] ?? '';
  if (/[dDwWsS]/.test(next)) return `\\${next}`;
  if (/[A-Za-z0-9]/.test(next) || next === '') throw new Error(`"\\${next}" is not allowed`);
  return next === also ? `\\${next}` : literal(next);
}

const literal = (character: string): string => character.replace(/[\\^$.*+?()[\]{}|/]/, '\\$&');

const one = (source: string): RegExp => new RegExp(`^${source}$`, 'u');
