import { asObject, asString } from '../../detect/json.ts';
import type { Project } from '../project.ts';

/** Words in names of entries that serve those who write the program, or one desktop. */
const aside = /(^|[.-])(hmr|dev|develop\w*|debug|local|electron|desktop|tests?|e2e|mock|demo|example)([.-]|$)/i;

/** Of several places the one that production starts (by package.json, else by the name of the file), and the files of the others; null of none. */
export function startedFirst<T extends { path: string }>(
  project: Project,
  places: readonly T[],
): { first: T; others: string[] } | null {
  const names = startedNames(project);
  const rank = ({ path }: T): number => (names.has(stemOf(path)) ? 0 : aside.test(stemOf(path)) ? 2 : 1);
  const [first, ...rest] = [...places].sort((a, b) => rank(a) - rank(b));
  return first === undefined
    ? null
    : { first, others: [...new Set(rest.map(({ path }) => path))].filter((path) => path !== first.path) };
}

/** ' It stands in src/main.hmr.ts as well.'; nothing where no other file has it. */
export const alsoIn = (others: readonly string[]): string =>
  others.length === 0 ? '' : ` It stands in ${others.slice(0, 3).join(', ')} as well.`;

/** The files that package.json starts, as they are called without folders and endings: `node dist/main.js` → main. */
function startedNames({ manifest }: Project): ReadonlySet<string> {
  const scripts = asObject(manifest.scripts);
  const command = asString(scripts?.['start:prod']) ?? asString(scripts?.start) ?? '';
  const main = asString(manifest.main) ?? '';
  const files = [...`${command} ${main}`.matchAll(/[\w./-]+/g)].map(([file]) => stemOf(file));
  return new Set([...files, ...(/\bnest start\b/.test(command) ? ['main'] : [])]);
}

const stemOf = (path: string): string => path.replace(/^.*\//, '').replace(/\.[cm]?[jt]sx?$/, '');
