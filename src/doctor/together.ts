import type { Finding, Location } from '../model.ts';
import type { Found } from './examine.ts';
import type { Tell } from './rule.ts';

/** Things by a key of theirs, in the order in which they come. */
export function grouped<T>(all: readonly T[], keyOf: (one: T, index: number) => string): T[][] {
  const groups = new Map<string, T[]>();
  for (const [index, one] of all.entries()) {
    const key = keyOf(one, index);
    const group = groups.get(key);
    if (group) group.push(one);
    else groups.set(key, [one]);
  }
  return [...groups.values()];
}

/** Tells of a file what is said in the same words of many places as one finding. */
export const onceFor =
  (path: string, tell: Tell): Tell =>
  (at, words) =>
    tell(at, { ...words, together: words.together ?? `${path}\n${words.message}` });

/**
 * Findings as reports tell of them: those that one answer mends as one, at the first place, with the others named; and so what
 * packages that began as copies of one (templates, examples) have at the same place. Each has been let be, or not, by itself
 * before. Pure.
 */
export const together = (findings: readonly Found[]): Found[] =>
  grouped(grouped(findings, keyOf), ([first], index) => copyOf(first, index)).flatMap((groups) => {
    const [first, ...others] = groups.flat();
    return first === undefined ? [] : [asOne(first, others)];
  });

function keyOf(found: Found, index: number): string {
  const { rule, together, across, severity, confidence, suppressed } = found;
  const name = across ? null : found.package;
  if (together === undefined) return String(index);
  return JSON.stringify([rule, together, name, severity, confidence, suppressed?.kind, suppressed?.justification]);
}

/** The same code at the same path of its package has the same fingerprint; in one package there is no other with it. */
const copyOf = (found: Found | undefined, index: number): string =>
  found?.fingerprint === undefined || found.path === null
    ? String(index)
    : JSON.stringify([
        found.rule,
        found.fingerprint,
        found.message,
        found.severity,
        found.confidence,
        found.suppressed?.kind,
        found.suppressed?.justification,
      ]);

function asOne(first: Found, others: readonly Found[]): Found {
  const also = others.flatMap(({ path, line, endLine, column, endColumn }): Location[] =>
    path === null ? [] : [{ path, line, ...given({ endLine, column, endColumn }) }],
  );
  if (also.length === 0) return first;
  const edits = others.flatMap(({ path, edits }) =>
    path === null || path === first.path ? edits : edits.map((edit) => ({ path, ...edit })),
  );
  return {
    ...first,
    message: `${first.message} The same ${alsoAt(first, also)}.`,
    also,
    edits: [...first.edits, ...edits],
  };
}

const mostLines = 8;
const mostFiles = 5;

/** The end of a path, which says enough beside the file that it is told of; the whole where that file, or another, ends so too. */
const shortened = (path: string, all: readonly string[]): string => {
  const end = endOf(path);
  return all.some((other) => other !== path && endOf(other) === end) ? path : end;
};

const endOf = (path: string): string => path.split('/').slice(-2).join('/');

/** Places with the same cause, as seen from the first: 'on lines 12 and 40', 'in a.ts:3, b.ts:7 and 12 more files'. */
function alsoAt({ path }: Pick<Finding, 'path'>, others: readonly Location[]): string {
  const lines = [...new Set(others.flatMap((one) => (one.path === path && one.line !== null ? [one.line] : [])))];
  const elsewhere = grouped(
    others.filter((one) => one.path !== path),
    (one) => one.path,
  );
  const paths = [path ?? '', ...elsewhere.flatMap(([first]) => (first === undefined ? [] : [first.path]))];
  const onLines = atMost(lines.sort((a, b) => a - b).map(String), mostLines, 'more');
  const inFiles = atMost(
    elsewhere.map(([first]) => (first === undefined ? '' : `${shortened(first.path, paths)}:${first.line ?? 1}`)),
    mostFiles,
    'more file',
  );
  const here = lines.length === 0 ? 'here' : `on ${lines.length === 1 ? 'line' : 'lines'} ${onLines}`;
  if (elsewhere.length === 0) return here;
  return lines.length === 0 ? `in ${inFiles}` : `${here}, and in ${inFiles}`;
}

/** 'a, b and c'; of more than `most`, how many more: 'a, b and 3 more files'. */
function atMost(all: readonly string[], most: number, more: string): string {
  const rest = all.length - most;
  const shown = rest > 0 ? [...all.slice(0, most), `${rest} ${more}${more === 'more' || rest === 1 ? '' : 's'}`] : all;
  return shown.length < 2 ? shown.join('') : `${shown.slice(0, -1).join(', ')} and ${shown.at(-1)}`;
}

const given = <T extends object>(values: T): Partial<T> =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Partial<T>;
