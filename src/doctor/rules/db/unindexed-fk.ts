import type { Project } from '../../project.ts';
import { isAskedBy } from '../../queries/asked-keys.ts';
import { droppedFrom, schemaAfter, servedBy, servingIn } from '../../queries/chosen-indexes.ts';
import { drizzleKeys } from '../../queries/drizzle-keys.ts';
import { entityKeys } from '../../queries/entity-keys.ts';
import { isCovered, prismaKeys } from '../../queries/prisma-keys.ts';
import { growsWithPeople, growsWithUse, isSmallTable } from '../../queries/tables.ts';
import { defineRule, type Spot } from '../../rule.ts';
import type { SqlFile } from '../../sql/file.ts';
import { foldersOf } from '../../sql/folder.ts';
import type { follow } from '../../sql/schema.ts';
import { grouped } from '../../together.ts';

/** A migration, and where it writes each table's keys. */
type Note = FolderNote | Found;

interface FolderNote {
  folder: string;
  order: number;
  file: SqlFile;
  keys: ReadonlyMap<string, Spot>;
}

/** The keys of one table that have no index. */
interface Found {
  at: Spot;
  table: string;
  /** Its name in the database, where code calls it by another. */
  stored?: string;
  columns: readonly Key[];
  /** The file that names the database, where a project may have several. */
  schema?: string;
}

/** A key, as people name it, and the table that it points at. */
interface Key {
  name: string;
  stored?: string;
  to: string;
}

/** More tables than that are told of together: it is a habit of the project, not a slip. */
const many = 3;
/** Names that a summary shows. */
const shown = 8;

export const unindexedFk = defineRule<Note>({
  id: 'db/unindexed-fk',
  since: '0.1.0',
  severity: 'warning',
  confidence: 'likely',
  title: 'A foreign key has no index.',
  why: 'PostgreSQL indexes the column that is pointed at, not the one that points. Without an index of it every DELETE of a parent, and every change of its key, reads the whole table of children while it holds locks, and so does each query for the children of one parent. Make an index that begins with the column.',
  remedy: { skill: 'query-optimisation' },
  mentions: /@ManyToOne\(|\.references\(|^\s*(create|alter|drop)\s+(table|index|unique)/im,
  sql(file, _tell, note) {
    const { migration } = file;
    const keys = new Map<string, Spot>();
    for (const { changes, start, end } of file.statements)
      for (const change of changes)
        if ('table' in change && pointsAway(change)) keys.set(change.table, { path: file.path, start, end });
    note({ folder: migration?.folder ?? file.path, order: migration?.order ?? 0, file, keys });
  },
  file(source, _tell, note) {
    return {
      ClassDeclaration(node) {
        const found = entityKeys(source, node);
        if (found) note(found);
      },
      CallExpression(node) {
        const found = drizzleKeys(source, node);
        if (found) note(found);
      },
    };
  },
  project(project, tell, notes) {
    const own = notes.map(({ note }) => note);
    const all = own.flatMap((note) => ('folder' in note ? note : []));
    // A dump of the schema says nothing new where there are migrations.
    const hasMigrations = all.some(({ file }) => file.migration !== null) || foldersOf(project).size > 0;
    const read = all.filter(({ file }) => file.migration !== null || !hasMigrations);
    const folders = grouped(read, ({ folder }) => folder);
    const modelled = [
      ...withoutCopies(
        project,
        own.flatMap((note) => ('folder' in note ? [] : note)),
      ),
      ...prismaKeys(project),
    ];
    const found = [
      ...notServed(modelled, folders),
      // Prisma's and Drizzle's own schemas say it better than the files that come of them.
      ...folders.flatMap((notes) => (notes.some(({ file }) => isOfSchema(file)) ? [] : inFolder(notes))),
    ];
    const told = onlyOnce(found);
    for (const ofOne of grouped(told, ({ schema = '' }) => schema)) {
      const isWanted = (key: Key, table: string): boolean => isAsked(key, table) && isAskedBy(project, table, key);
      tellOf(withKeys(ofOne, isWanted), (at, words) => tell(at, words));
      tellOf(
        withKeys(ofOne, (key, table) => !isWanted(key, table)),
        (at, words) => tell(at, { ...words, confidence: 'hint' }),
      );
    }
  },
});

/** Of many tables one finding. */
function tellOf(found: readonly Found[], tell: (at: Spot, words: { message: string; fix: string }) => void): void {
  const [first] = found;
  if (first && found.length > many) {
    const names = found.flatMap(({ table, columns }) => columns.map(({ name }) => `${table}.${name}`));
    tell(first.at, {
      message: `${names.length} foreign keys of ${found.length} tables have no index (${names.slice(0, shown).join(', ')}${names.length > shown ? ' …' : ''}): each DELETE of a parent, and each look for its children, reads the whole table.`,
      fix: 'Make an index that begins with each of them.',
    });
  } else
    for (const { at, table, columns } of found)
      tell(at, {
        message: `${columns.map(({ name }) => `${table}.${name}`).join(' and ')} ${columns.length > 1 ? 'are foreign keys' : 'is a foreign key'} without an index: each DELETE of a parent, and each look for its children, reads all of ${table}.`,
        fix: `Make an index that begins with ${columns.length > 1 ? 'each of them' : 'it'}.`,
      });
}

const withKeys = (found: readonly Found[], is: (key: Key, table: string) => boolean): Found[] =>
  found
    .map((one) => ({ ...one, columns: one.columns.filter((key) => is(key, one.table)) }))
    .filter(({ columns }) => columns.length > 0);

/** `createdBy`, `invited_by_id`: who did it, written down and hardly ever asked for. */
const author = /[a-z](ed|t|n)_?by(_?(user_?)?id)?$/i;

/** A key of a table that grows, by itself or with its parents, whose children somebody asks for. */
const isAsked = ({ name, to }: Key, table: string): boolean =>
  !author.test(name) && !isSmallTable(table) && (growsWithPeople(table.replace(general, '')) || growsWithUse(to));

/** Last words of a name that say nothing of what a table holds: `order_info` holds orders. */
const general = /_?(infos?|data|details?|table|tbl)$/i;

/** A table that both an entity and a migration tell of, once. */
function onlyOnce(found: readonly Found[]): Found[] {
  const plain = (text: string): string => text.replace(/^.*\./, '').replace(/_/g, '').toLowerCase().replace(/s$/, '');
  const seen = new Set<string>();
  return found
    .map((one) => ({
      ...one,
      columns: one.columns.filter(({ name }) => {
        const key = `${plain(one.table)} ${plain(name)}`;
        const isNew = !seen.has(key);
        seen.add(key);
        return isNew;
      }),
    }))
    .filter(({ columns }) => columns.length > 0);
}

/** Without what a generator wrote once: files that hold a table which another file holds too, and that nobody names. */
function withoutCopies({ files, tree }: Project, found: readonly Found[]): Found[] {
  const isCopy = (path: string | null): boolean => {
    const tables = new Set(found.flatMap(({ at, table }) => (at.path === path ? table : [])));
    const name = path === null ? null : /([^/]+?)(\/index)?\.[cm]?[jt]s$/.exec(path)?.[1];
    if (!name || !found.some(({ at, table }) => at.path !== path && tables.has(table))) return false;
    const named = new RegExp(`[/'"]${name.replace(/\W/g, '\\$&')}(\\.[cm]?[jt]s)?['"]`);
    return !files.some(
      (other) => other !== path && /\.[cm]?[jt]sx?$/.test(other) && named.test(tree.read(other) ?? ''),
    );
  };
  const copies = new Set([...new Set(found.map(({ at }) => at.path))].filter(isCopy));
  return found.filter(({ at }) => !copies.has(at.path));
}

const pointsAway = (change: Parameters<typeof follow>[1]): boolean =>
  (change.change === 'create-table' &&
    [...change.constraints, ...change.columns.flatMap(({ constraints }) => constraints)].some(
      ({ kind }) => kind === 'foreign',
    )) ||
  (change.change === 'add-column' && change.column.constraints.some(({ kind }) => kind === 'foreign')) ||
  (change.change === 'add-constraint' && change.constraint.kind === 'foreign');

function inFolder(notes: readonly FolderNote[]): Found[] {
  const inOrder = ordered(notes);
  const last = inOrder.at(-1);
  const dropped = droppedFrom(inOrder);
  if (!last) return [];
  return [...schemaAfter(last).tables].flatMap(([table, made]): Found[] => {
    const first = [...servingIn(inOrder, table, made), ...[...(dropped.get(table) ?? [])].map((column) => [column])];
    const bare = made.constraints.filter(
      ({ kind, columns, references }) =>
        kind === 'foreign' && columns.length > 0 && !isCovered(columns, first) && !isSmallTable(references ?? ''),
    );
    const spot = notes
      .filter(({ keys }) => keys.has(table))
      .at(-1)
      ?.keys.get(table);
    const columns = new Map(bare.map((key) => [key.columns.join(' + '), key.references ?? '']));
    return spot && columns.size > 0
      ? [{ at: spot, table, columns: [...columns].map(([name, to]) => ({ name, to })) }]
      : [];
  });
}

const ordered = (notes: readonly FolderNote[]): SqlFile[] =>
  notes.toSorted((a, b) => a.order - b.order).map(({ file }) => file);

const isOfSchema = ({ migration }: SqlFile): boolean => migration?.tool === 'prisma' || migration?.tool === 'drizzle';

/** Without the keys whose index a migration in SQL has made: a schema in code need not know of it. */
function notServed(found: readonly Found[], folders: readonly (readonly FolderNote[])[]): Found[] {
  const serving = found.length === 0 ? [] : folders.map((notes) => servedBy(ordered(notes)));
  return found
    .map((one) => ({
      ...one,
      columns: one.columns.filter(
        ({ name, stored }) =>
          !serving.some((isServed) => isServed(one.stored ?? one.table, (stored ?? name).split(' + '))),
      ),
    }))
    .filter(({ columns }) => columns.length > 0);
}
