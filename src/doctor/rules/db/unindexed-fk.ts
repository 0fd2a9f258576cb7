import { keyOf, type Syntax, unwrap } from '../../../text/syntax.ts';
import { modelsOf } from '../../files/prisma.ts';
import { comesFrom } from '../../origin.ts';
import type { Project } from '../../project.ts';
import { defineRule, type Spot, type Tell } from '../../rule.ts';
import { everyNode, type Source } from '../../source.ts';
import { type Schema, follow } from '../../sql/schema.ts';
import type { SqlFile } from '../../sql/file.ts';
import { providerOf } from '../../sql/dialect.ts';

/** A folder's schema when all of its migrations have run, and where each table's keys were written. */
interface Note {
  folder: string;
  order: number;
  schema: Schema;
  keys: ReadonlyMap<string, Spot>;
}

export const unindexedFk = defineRule<Note>({
  id: 'db/unindexed-fk',
  since: '0.1.0',
  severity: 'warning',
  confidence: 'likely',
  title: 'A foreign key has no index.',
  why: 'PostgreSQL indexes the column that is pointed at, not the one that points. Without an index of it every DELETE of a parent, and every change of its key, reads the whole table of children while it holds locks, and so does each query for the children of one parent. Make an index that begins with the column.',
  remedy: { skill: 'query-optimisation' },
  mentions: /\.references\(|^\s*(create|alter|drop)\s+(table|index|unique)/im,
  sql(file, _tell, note) {
    const { migration } = file;
    // Prisma's and Drizzle's own schemas say it better than the files that come of them.
    if (migration === null || migration.tool === 'prisma' || migration.tool === 'drizzle') return;
    const schema = file.before();
    const keys = new Map<string, Spot>();
    for (const { changes, start, end } of file.statements)
      for (const change of changes) {
        follow(schema, change, file.path);
        if ('table' in change && pointsAway(change)) keys.set(change.table, { path: file.path, start, end });
      }
    note({ folder: migration.folder, order: migration.order, schema, keys });
  },
  file(source, tell) {
    return {
      CallExpression(node) {
        if (
          comesFrom(source, node.callee, /^drizzle-orm\/pg-core#(pgTable|table|pgTableCreator\(\))$/) ||
          isTable(source, node.callee)
        )
          drizzleTable(source, node, tell);
      },
    };
  },
  project(project, tell, notes) {
    prismaModels(project, tell);
    for (const folder of new Set(notes.map(({ note }) => note.folder)))
      inFolder(
        notes.map(({ note }) => note).filter((note) => note.folder === folder),
        tell,
      );
  },
});

const pointsAway = (change: Parameters<typeof follow>[1]): boolean =>
  (change.change === 'create-table' &&
    [...change.constraints, ...change.columns.flatMap(({ constraints }) => constraints)].some(
      ({ kind }) => kind === 'foreign',
    )) ||
  (change.change === 'add-column' && change.column.constraints.some(({ kind }) => kind === 'foreign')) ||
  (change.change === 'add-constraint' && change.constraint.kind === 'foreign');

function inFolder(notes: readonly Note[], tell: Tell): void {
  const last = notes.reduce((a, b) => (b.order > a.order ? b : a));
  for (const [name, { constraints, indexes }] of last.schema.tables) {
    const first = [
      ...indexes.filter(({ partial }) => !partial).map(({ columns }) => columns),
      ...constraints.filter(({ kind }) => kind === 'primary' || kind === 'unique').map(({ columns }) => columns),
    ];
    for (const key of constraints) {
      if (key.kind !== 'foreign' || key.columns.length === 0 || isCovered(key.columns, first)) continue;
      const spot = notes
        .filter(({ keys }) => keys.has(name))
        .at(-1)
        ?.keys.get(name);
      if (spot) tell(spot, words(`${name}.${key.columns.join(', ')}`, key.references ?? 'its parent'));
    }
  }
}

/** True where an index begins with the column, or with one of several: that already leaves few rows. */
const isCovered = (columns: readonly string[], indexes: readonly (readonly string[])[]): boolean =>
  indexes.some(([first]) => first !== undefined && columns.includes(first));

const words = (what: string, parent: string): { message: string; fix: string } => ({
  message: `${what} points at ${parent} and has no index: each DELETE there, and each look for its children, reads the whole table.`,
  fix: 'Make an index that begins with it.',
});

/** MySQL makes the index itself; without foreign keys in the database Prisma warns of it. */
function prismaModels(project: Project, tell: Tell): void {
  const paths = project.files.filter((path) => path.endsWith('.prisma'));
  const all = paths.map((path) => project.tree.read(path) ?? '').join('\n');
  const provider = providerOf(all);
  if (provider === null || !/^(postgres|postgresql|cockroachdb|sqlite|sqlserver)$/.test(provider)) return;
  for (const path of paths)
    for (const { name, indexes, foreign } of modelsOf(project.tree.read(path) ?? ''))
      for (const { columns, start, end } of foreign)
        if (!isCovered(columns, indexes))
          tell({ path, start, end }, words(`${name}.${columns.join(', ')}`, 'its parent'));
}

/** `createTable` of a `pgTableCreator`, by its name. */
const isTable = (source: Source, callee: Syntax): boolean =>
  callee.type === 'Identifier' &&
  /^(createTable|pgTable)$/.test(callee.name) &&
  /drizzle-orm\/pg-core/.test(source.text);

function drizzleTable(source: Source, node: Extract<Syntax, { type: 'CallExpression' }>, tell: Tell): void {
  const [, given, extra] = node.arguments;
  const columns = given ? unwrap(given) : null;
  if (columns?.type !== 'ObjectExpression') return;
  const indexed = extra ? indexedIn(source, extra) : [];
  for (const property of columns.properties) {
    if (property.type !== 'Property') continue;
    const text = source.textOf(property.value);
    const name = keyOf(property);
    if (name === null || !/\.references\s*\(/.test(text) || /\.(primaryKey|unique)\s*\(/.test(text)) continue;
    if (!indexed.includes(name))
      tell(property, words(name, /references\s*\(\s*\([^)]*\)[^=]*=>\s*(\w+)/.exec(text)?.[1] ?? 'its parent'));
  }
}

/** The first column of each index, unique constraint and primary key in a table's third argument. */
function indexedIn(source: Source, extra: Syntax): string[] {
  const found: string[] = [];
  everyNode(extra, (node) => {
    if (node.type !== 'CallExpression') return;
    const text = source.textOf(node);
    if (/^(\w+\.)?(index|uniqueIndex|unique)\(/.test(text) && /\.(on|onOnly|using)\(/.test(text)) {
      const first = /\.(?:on|onOnly)\(\s*\w+\.(\w+)|\.using\([^,]+,\s*\w+\.(\w+)/.exec(text);
      if (first) found.push(first[1] ?? first[2] ?? '');
    }
    if (/^primaryKey\(/.test(text)) {
      const first = /\[\s*\w+\.(\w+)/.exec(text) ?? /\(\s*\w+\.(\w+)/.exec(text);
      if (first) found.push(first[1] ?? '');
    }
  });
  return found;
}
