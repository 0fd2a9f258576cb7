import type { GitFacts } from '../project.ts';
import type { Spot, Words } from '../rule.ts';

/** What a rule says of a statement of a migration. */
export interface Saying {
  folder: string;
  /** The migration's place in its folder. */
  order: number;
  /** One of the last of its folder, and the very last. */
  recent: boolean;
  newest: boolean;
  /** Also where it has run it teaches something for the next one: what it waits for, or breaks, is in use. */
  isTeaching: boolean;
  at: Spot & { path: string };
  words: Words;
}

/** More statements of one file than that are told of together. */
const many = 3;

/**
 * What is worth saying of migrations, most of which have run: all of what is not committed yet, or changed since the
 * commit that the run compares with; of the others the newest file of the folder that does it to a table in use, with how
 * many of the last ones do so too, where it is the last of all or they are a habit. The rest is history, and a hint.
 */
export function worthSaying(
  git: GitFacts | null,
  onlyOpen: boolean,
  said: readonly Saying[],
): { at: Spot; words: Words }[] {
  const isOpen = ({ at: { path } }: Saying): boolean =>
    [git?.untracked, git?.modified, git?.changed].some((paths) => paths?.has(path));
  const open = said.filter(isOpen);
  const run = said.filter((one) => !isOpen(one));
  return [
    ...byFile(open).flatMap((file) => together(file, () => '')),
    ...byFolder(run).flatMap((all) => ofHistory(git !== null && onlyOpen ? all.map(hinted) : all, git)),
  ];
}

function ofHistory(all: readonly Saying[], git: GitFacts | null): { at: Spot; words: Words }[] {
  const files = byFile(
    all.filter(
      ({ recent, isTeaching, words }) => recent && (isTeaching || git === null) && words.confidence !== 'hint',
    ),
  );
  const newest = files.reduce<readonly Saying[]>((a, b) => ((b[0]?.order ?? 0) >= (a[0]?.order ?? 0) ? b : a), []);
  const others = files.length - 1;
  // Long since run, and done once: nobody mends it, and nobody is about to do it again.
  if (git !== null && others === 0 && newest[0]?.newest !== true) return all.map(hinted);
  const also =
    others === 1 ? ' One more of the last migrations does so.' : ` ${others} more of the last migrations do so.`;
  const told = together(newest, (isFirst) => (isFirst && others > 0 ? also : '')).map(({ at, words }) => {
    const fix = git === null ? words.fix : `${words.fix} Where this has run, do so from the next migration on.`;
    return { at, words: { ...words, fix, ...(git === null || newest[0]?.newest ? {} : milder(words)) } };
  });
  const rest = all.filter((one) => !newest.includes(one));
  return [...told, ...rest.map(hinted)];
}

const hinted = (one: Saying): Saying => ({ ...one, words: { ...one.words, confidence: 'hint' } });

/** What others came after has run: it cannot be mended, and where it fails it did not fail there. */
const milder = ({ severity }: Words): Pick<Words, 'severity'> =>
  severity === undefined ? {} : { severity: severity === 'error' ? 'warning' : 'info' };

/** A file's sayings: where they are many, the first speaks for the others, which are hints. */
function together(file: readonly Saying[], behind: (isFirst: boolean) => string): { at: Spot; words: Words }[] {
  const isMany = file.length > many;
  const also = isMany ? ` So do ${file.length - 1} more statements of the file.` : '';
  return file.map(({ at, words }, index) => ({
    at,
    words: {
      ...words,
      message: `${words.message}${index === 0 ? also : ''}${behind(index === 0)}`,
      ...(isMany && index > 0 ? { confidence: 'hint' as const } : {}),
    },
  }));
}

const byFile = (said: readonly Saying[]): Saying[][] => grouped(said, ({ at }) => at.path);
const byFolder = (said: readonly Saying[]): Saying[][] => grouped(said, ({ folder }) => folder);

function grouped(said: readonly Saying[], key: (one: Saying) => string): Saying[][] {
  const groups = new Map<string, Saying[]>();
  for (const one of said) {
    const group = groups.get(key(one));
    if (group) group.push(one);
    else groups.set(key(one), [one]);
  }
  return [...groups.values()];
}
