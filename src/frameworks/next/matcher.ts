/** What a path pattern of Next ('/api/:path*', '/((?!api|_next).*)') says of a path: null where it cannot be read. */
export function covers(pattern: string, path: string): boolean | null {
  const source = toRegExp(pattern);
  if (source === null) return null;
  try {
    return new RegExp(`^${source}[/#?]?$`, 'i').test(path);
  } catch {
    return null;
  }
}

interface Piece {
  text: string;
  /** Where the pattern goes on. */
  end: number;
}

function toRegExp(pattern: string): string | null {
  let result = '';
  for (let at = 0; at < pattern.length; ) {
    const piece = pieceAt(pattern, at);
    if (!piece) return null;
    result += piece.text;
    at = piece.end;
  }
  return result;
}

function pieceAt(pattern: string, at: number): Piece | null {
  const char = pattern[at] ?? '';
  if (char === '\\') return { text: escaped(pattern[at + 1] ?? ''), end: at + 2 };
  if (char === '{') return groupAt(pattern, at);
  const isPrefix = (char === '/' || char === '.') && /[:(]/.test(pattern[at + 1] ?? '');
  const matched = matchAt(pattern, isPrefix ? at + 1 : at);
  if (matched) return repeated(pattern, isPrefix ? escaped(char) : '', matched.text, '', matched.end);
  return /[:(*+?}]/.test(char) ? null : { text: escaped(char), end: at + 1 };
}

/** A named parameter or a bare regular expression: ':path', ':id(\\d+)', '((?!api).*)'. */
function matchAt(pattern: string, at: number): Piece | null {
  const name = /^:\w+/.exec(pattern.slice(at))?.[0] ?? '';
  const open = at + name.length;
  if (pattern[open] !== '(') return name === '' ? null : { text: '[^/#?]+?', end: open };
  const close = closing(pattern, open);
  return close === -1 ? null : { text: pattern.slice(open + 1, close), end: close + 1 };
}

function closing(pattern: string, open: number): number {
  let depth = 0;
  for (let at = open; at < pattern.length; at++) {
    if (pattern[at] === '\\') at++;
    else if (pattern[at] === '(') depth++;
    else if (pattern[at] === ')' && --depth === 0) return at;
  }
  return -1;
}

/** '{prefix:name(pattern)suffix}' with its modifier. */
function groupAt(pattern: string, at: number): Piece | null {
  const close = pattern.indexOf('}', at);
  if (close === -1) return null;
  const inner = pattern.slice(at + 1, close);
  const start = inner.search(/[:(]/);
  if (start === -1) return repeated(pattern, escaped(inner.replace(/\\(.)/g, '$1')), '', '', close + 1);
  const matched = matchAt(inner, start);
  if (!matched) return null;
  return repeated(pattern, escaped(inner.slice(0, start)), matched.text, escaped(inner.slice(matched.end)), close + 1);
}

/** A match with what stands around it, as often as its modifier says; the surroundings are repeated with it. */
function repeated(pattern: string, before: string, match: string, after: string, at: number): Piece {
  const modifier = /[*+?]/.exec(pattern[at] ?? '')?.[0] ?? '';
  const end = at + modifier.length;
  const once = `${before}(?:${match})${after}`;
  if (modifier === '' || modifier === '?') return { text: `(?:${once})${modifier}`, end };
  const many = `${before}(?:${match})(?:${after}${before}(?:${match}))*${after}`;
  return { text: modifier === '*' ? `(?:${many})?` : `(?:${many})`, end };
}

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
