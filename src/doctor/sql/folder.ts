import { folderOf } from '../../detect/paths.ts';
import type { Project } from '../project.ts';
import { codeToolOf } from './code/tools.ts';
import type { Migration } from './file.ts';

/** Migrations behind the last ten are history: long applied, nothing to be done about them. */
const current = 10;

interface Folder {
  tool: Migration['tool'];
  /** Its migrations' paths in the order in which they are applied. */
  paths: readonly string[];
  /** The paths that Drizzle's journal names; null where the folder has none. */
  listed: ReadonlySet<string> | null;
}

const known = new WeakMap<Project, Map<string, Folder>>();

/** Where a migration stands among the others of its folder, those that undo one left out. Null where the file is no migration. */
export function folderOfMigration(project: Project, path: string): Place | null {
  const before = places.get(project);
  if (before) return before.get(path) ?? null;
  const found = new Map<string, Place>();
  // What the journal does not name, Drizzle never runs: somebody does by hand.
  for (const [folder, own] of foldersOf(project))
    for (const [order, one] of own.paths.entries())
      found.set(one, { folder, order, ...own, isListed: own.listed?.has(one) ?? true });
  places.set(project, found);
  return found.get(path) ?? null;
}

interface Place extends Folder {
  folder: string;
  order: number;
  isListed: boolean;
}

const places = new WeakMap<Project, ReadonlyMap<string, Place>>();

/** All folders of migrations of a project, by their paths. */
export function foldersOf(project: Project): ReadonlyMap<string, Folder> {
  const before = known.get(project);
  if (before) return before;
  const grouped = new Map<string, string[]>();
  for (const path of project.files) {
    const folder = path.endsWith('.sql') ? holderOf(project, path) : holderOfCode(project, path);
    if (folder === null || undoes.test(path) || isPutAway(project, folder)) continue;
    const paths = grouped.get(folder);
    if (paths) paths.push(path);
    else grouped.set(folder, [path]);
  }
  const folders = new Map(
    [...grouped].map(([folder, paths]): [string, Folder] => [
      folder,
      { tool: toolOf(project, folder, paths), ...ordered(project, folder, paths) },
    ]),
  );
  known.set(project, folders);
  return folders;
}

/** Kept to be read, beside those that run: `migrations/archived/…`. */
const isPutAway = ({ profile }: Project, folder: string): boolean =>
  /(^|\/)_?(archived?|old|obsolete|legacy|backups?|deprecated)(\/|$)/i.test(folder) &&
  folder !== profile.migrations.value.folder;

const codeFolders = /(^|[-_/])(migrations?|migrate|alterations?|changesets)(\/[^/]*)?$/i;
const codeNames = /^(V?\d{3,}|.*\d{10})/;

/** The folder of a migration in JavaScript: by where it lies or the number in its name, and by what it says. */
function holderOfCode(project: Project, path: string): string | null {
  if (!/\.[cm]?[jt]s$/.test(path) || /\.d\.[cm]?ts$/.test(path)) return null;
  const folder = folderOf(path);
  const name = path.slice(folder === '' ? 0 : folder.length + 1);
  if (!codeFolders.test(folder) && !codeNames.test(name)) return null;
  if (
    /(^|\/)(seed(er)?s?|tests?|__tests__|__mocks__|e2e|fixtures?|templates?|stubs?)\//i.test(path) ||
    /\.(test|spec)\./.test(name)
  )
    return null;
  const text = project.tree.read(path);
  return text !== null && codeToolOf(project, text) !== null ? folder : null;
}

/** `0001_x.down.sql`, `U2__x.sql`, `down/…`, `…/down.sql`. */
const undoes =
  /(\.|[-_])(down|undo|rollback|revert)\.sql$|(^|\/)(down|rollbacks?|undo|revert)(\/[^/]*)?\.sql$|(^|\/)(down|rollbacks?|undo|revert)\/|(^|\/)U\d[^/]*__/i;
const numbered = /^(V?\d{3,}|V\d+(\.\d+)*_|\d{4}[-_]\d\d)/i;
const holders = /^(migrations?|migrate|drizzle|changesets|versions)$/i;

function holderOf(project: Project, path: string): string | null {
  const folder = folderOf(path);
  const name = path.slice(folder === '' ? 0 : folder.length + 1);
  const { value: declared } = project.profile.migrations;
  if (folder === declared.folder) return folder;
  if (/^(migration|up)\.sql$/.test(name)) return folderOf(folder);
  const parts = folder.split('/');
  const last = parts.at(-1) ?? '';
  if (holders.test(last) || project.tree.has(`${folder}/meta/_journal.json`)) return folder;
  // `migrations/sqls/…` and `migrations/1.2/…`
  if (parts.length > 1 && holders.test(parts.at(-2) ?? '')) return folder;
  return numbered.test(name) && /(^|\/)(sql|db|database|schema|ddl)$/i.test(folder) ? folder : null;
}

function toolOf({ tree, profile }: Project, folder: string, paths: readonly string[]): Migration['tool'] {
  if (tree.has(`${folder}/meta/_journal.json`)) return 'drizzle';
  if (paths.some((path) => path.endsWith('/migration.sql')))
    return tree.list(`${folder}/${paths[0]?.split('/').at(-2)}`).includes('snapshot.json') ? 'drizzle' : 'prisma';
  if (/(^|\/)supabase\/migrations$/.test(folder)) return 'supabase';
  const { value: declared } = profile.migrations;
  return folder === declared.folder && declared.tool !== 'prisma' ? declared.tool : 'plain';
}

/** Drizzle goes by its journal, all others by names; numbers count as numbers (`2_b` before `10_a`), times of all before names. */
function ordered({ tree }: Project, folder: string, paths: readonly string[]): Pick<Folder, 'paths' | 'listed'> {
  const journal = tree.read(`${folder}/meta/_journal.json`);
  const tags = [...(journal ?? '').matchAll(/"tag"\s*:\s*"([^"]+)"/g)].map(([, tag]) => `${folder}/${tag}.sql`);
  const place = (path: string): number => (tags.includes(path) ? tags.indexOf(path) : tags.length);
  const times = new Map(paths.map((path) => [path, /\d{10,}/.exec(path.slice(folder.length))?.[0] ?? '']));
  const isTimed = [...times.values()].filter((time) => time !== '').length > 0.8 * paths.length;
  const byTime = (a: string, b: string): number => (isTimed ? byLength(times.get(a) ?? '', times.get(b) ?? '') : 0);
  return {
    paths: [...paths].sort((a, b) => place(a) - place(b) || byTime(a, b) || byName(a, b)),
    listed: journal === null ? null : new Set(tags),
  };
}

const byLength = (a: string, b: string): number => a.length - b.length || (a < b ? -1 : a > b ? 1 : 0);

const byName = (a: string, b: string): number => {
  const [first, second] = [numberIn(a), numberIn(b)];
  if (first !== second && first.length !== second.length) return first.length - second.length;
  return a < b ? -1 : a > b ? 1 : 0;
};
const numberIn = (path: string): string =>
  /^V?0*(\d*)/i.exec(
    path
      .replace(/\/(migration|up)\.sql$/, '')
      .split('/')
      .at(-1) ?? '',
  )?.[1] ?? '';

/** True for one of the last of its folder. */
export const isRecent = (order: number, count: number): boolean => order >= count - current;
