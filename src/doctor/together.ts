import type { Syntax } from '../text/syntax.ts';
import type { Source } from './source.ts';
import { spotted } from './spot.ts';

/** A place of a finding, as plain data. */
export interface At {
  path: string;
  line: number;
  start: number;
  end: number;
}

/** Where a node stands. */
export const atNode = (source: Source, { start, end }: Syntax): At => {
  const { path, text } = source;
  return { path, start, end, line: spotted(text, { path, start, end }).line ?? 1 };
};

/** Things by a key of theirs, in the order in which they come. */
export function grouped<T>(all: readonly T[], keyOf: (one: T) => string): T[][] {
  const groups = new Map<string, T[]>();
  for (const one of all) {
    const key = keyOf(one);
    const group = groups.get(key);
    if (group) group.push(one);
    else groups.set(key, [one]);
  }
  return [...groups.values()];
}

const mostFiles = 5;

/** The end of a path, which says enough beside the file that it is told of. */
const short = (path: string): string => path.split('/').slice(-2).join('/');

/** The other places that have the same cause, as seen from the first: 'on lines 12 and 40', 'in a.ts:3, b.ts:7 and 12 more files'. */
export function alsoAt({ path }: At, others: readonly At[]): string {
  const [here = [], elsewhere = []] = [
    others.filter((one) => one.path === path),
    grouped(
      others.filter((one) => one.path !== path),
      (one) => one.path,
    ),
  ];
  const lines = [...new Set(here.map(({ line }) => line))].sort((a, b) => a - b);
  const onLines = lines.length === 0 ? '' : `on ${lines.length === 1 ? 'line' : 'lines'} ${listed(lines.map(String))}`;
  const files = elsewhere.slice(0, mostFiles).map(([first]) => (first ? `${short(first.path)}:${first.line}` : ''));
  const more = elsewhere.length - files.length;
  const inFiles =
    files.length === 0
      ? ''
      : more === 0
        ? `in ${listed(files)}`
        : `in ${files.join(', ')} and ${more} more ${more === 1 ? 'file' : 'files'}`;
  return [onLines, inFiles].filter((one) => one !== '').join(', and ');
}

const listed = (all: readonly string[]): string =>
  all.length < 2 ? all.join('') : `${all.slice(0, -1).join(', ')} and ${all.at(-1)}`;
