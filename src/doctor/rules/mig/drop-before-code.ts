import type { Project } from '../../project.ts';
import { isSource, kindOf } from '../../project.ts';
import { defineRule, type Spot } from '../../rule.ts';
import { folderOfMigration } from '../../sql/folder.ts';
import { momentsOf } from '../../sql/moments.ts';
import { isSilenced } from '../../sql/squawk.ts';

/** What a migration drops. */
interface Drop {
  does: 'drop';
  at: Spot;
  folder: string;
  order: number;
  table: string;
  /** Null where the whole table goes. */
  column: string | null;
  recent: boolean;
}

/** What a migration makes: a table, or a column of one. */
interface Make extends Pick<Drop, 'folder' | 'order' | 'table' | 'column'> {
  does: 'make';
}

type Note = Drop | Make;

export const dropBeforeCode = defineRule<Note>({
  id: 'mig/drop-before-code',
  since: '0.1.0',
  severity: 'warning',
  confidence: 'likely',
  title: 'A column or table is dropped while code still uses it.',
  why: 'While a deployment runs, the old version of the code still reads and writes: every query of it that names the column fails, and an ORM names all columns that its model declares. First deploy code and models that no longer mention it; drop it in a later migration.',
  remedy: { skill: 'migrations' },
  where: 'all',
  mentions: /\b(drop|add|create)\b/i,
  sql(file, _tell, note) {
    const { migration, path } = file;
    if (migration === null) return;
    const moments = momentsOf(file);
    const made = new Set(
      moments.flatMap(({ change }) =>
        change.change === 'create-table' || change.change === 'create-view'
          ? ['table' in change ? change.table : change.view]
          : [],
      ),
    );
    const added = new Set(
      moments.flatMap(({ change }) =>
        change.change === 'add-column' ? [`${change.table}.${change.column.name}`] : [],
      ),
    );
    const renamed = new Set(moments.flatMap(({ change }) => (change.change === 'rename' ? [change.to] : [])));
    const { folder, order, recent } = migration;
    for (const { change, statement, isNew } of moments) {
      if (recent && (change.change === 'create-table' || change.change === 'add-column')) {
        const column = change.change === 'add-column' ? change.column.name : null;
        note({ does: 'make', folder, order, table: change.table, column });
      }
      if (change.change !== 'drop-table' && change.change !== 'drop-column') continue;
      if (isNew(change.table) || made.has(change.table) || renamed.has(change.table)) continue;
      const column = change.change === 'drop-column' ? change.column : null;
      if (column !== null && added.has(`${change.table}.${column}`)) continue;
      if (isSilenced('mig/drop-before-code', statement, file.text)) continue;
      const { start, end } = statement;
      note({ does: 'drop', at: { path, start, end }, folder, order, table: change.table, column, recent });
    }
  },
  project(project, tell, notes) {
    const all = notes.map(({ note }) => note);
    const drops = all.filter((note) => note.does === 'drop');
    if (drops.length === 0) return;
    const made = all.filter((note) => note.does === 'make');
    const sources = drops.some(({ recent }) => recent) ? sourcesOf(project) : [];
    for (const note of drops) {
      // What a later migration makes anew, the code of today may name.
      const isBack = made.some(
        ({ folder, order, table, column }) =>
          folder === note.folder && order > note.order && table === note.table && column === note.column,
      );
      const user =
        note.recent && !isBack
          ? ofItsDatabase(sources, note.folder).find((source) => mentions(source, note))
          : undefined;
      const what = note.column === null ? `The table ${note.table}` : `${note.table}.${note.column}`;
      tell(
        note.at,
        user
          ? {
              message: `${what} is dropped, and ${user.path} still names it: its queries fail from here on.`,
              fix: 'Deploy code and models that no longer name it first, and drop it in a later migration.',
            }
          : {
              message: `${what} is dropped: where the version of the code that runs during the deployment still names it, its queries fail.`,
              fix: 'Be sure that the deployment before this one no longer names it.',
              confidence: 'hint',
            },
      );
    }
  },
});

const otherDatabase = /clickhouse|bigquery|snowflake|duckdb|elasticsearch|mongoose/i;

interface Text {
  path: string;
  text: string;
}

/** The project's own code and its schema of an ORM, without tests and migrations. */
const sourcesOf = (project: Project): Text[] =>
  project.files.flatMap((path): Text[] => {
    const { tree } = project;
    if (/(^|\/)(migrations?|alterations|drizzle)\//.test(path) || folderOfMigration(project, path) !== null) return [];
    const text = /\.([cm]?[jt]sx?|prisma)$/.test(path) ? tree.read(path) : null;
    if (text === null || (!path.endsWith('.prisma') && (!isSource(path, text) || kindOf(path, text) !== 'app')))
      return [];
    return [{ path, text }];
  });

/** Where a schema of Prisma lies beside the migrations they are of that one; another package's is of another database. */
function ofItsDatabase(sources: readonly Text[], folder: string): readonly Text[] {
  const beside = folder.includes('/') ? folder.replace(/[^/]+$/, '') : '';
  const isModels = ({ path }: Text): boolean => path.endsWith('.prisma');
  return sources.some((one) => isModels(one) && one.path.startsWith(beside))
    ? sources.filter((one) => !isModels(one) || one.path.startsWith(beside))
    : sources;
}

const plain = (name: string): string => name.replace(/^.*\./, '').replace(/[^\w]/g, '\\$&');

/** A file that asks the table for the column: a model that declares it, or a query that names both. */
function mentions({ path, text }: Text, { table, column }: Drop): boolean {
  const bare = table.replace(/^.*\./, '');
  if (!text.includes(bare)) return false;
  if (path.endsWith('.prisma')) return declaresInPrisma(text, bare, column);
  if (column !== null && !text.includes(column)) return false;
  // Another database's tables can have the same names.
  if (otherDatabase.test(path) || otherDatabase.test(text)) return false;
  return declaresInDrizzle(text, bare, column) || declaresInClass(text, bare, column) || asksFor(text, bare, column);
}

function declaresInPrisma(text: string, table: string, column: string | null): boolean {
  for (const [, name, body = ''] of text.matchAll(/^[ \t]*model\s+(\w+)\s*\{([\s\S]*?)^[ \t]*\}/gm)) {
    if (name !== table && !body.includes(`@@map("${table}")`)) continue;
    if (column === null) return true;
    const field = new RegExp(`^[ \\t]*${plain(column)}[ \\t]+(?!.*@map\\()\\w|@map\\("${plain(column)}"\\)`, 'm');
    return field.test(body);
  }
  return false;
}

/** `pgTable('users', { email: text('email') })`. */
function declaresInDrizzle(text: string, table: string, column: string | null): boolean {
  const found = new RegExp(
    `Table\\(\\s*['"\`]${plain(table)}['"\`]\\s*,\\s*(\\([^)]*\\)\\s*=>\\s*\\(?)?\\{([\\s\\S]*?)\\n\\}`,
  ).exec(text);
  if (!found) return false;
  return (
    column === null || new RegExp(`['"\`]${plain(column)}['"\`]|^\\s*${plain(column)}\\s*:`, 'm').test(found[2] ?? '')
  );
}

/** A model of Sequelize, TypeORM, MikroORM or Objection that says the table's name: `@Entity('users')`, `tableName: 'users'`. */
function declaresInClass(text: string, table: string, column: string | null): boolean {
  const name = plain(table);
  const isModel = new RegExp(
    `@Entity\\(\\s*(\\{[^}]*?\\b(name|tableName)\\s*:\\s*)?['"\`]${name}['"\`]|\\btableName\\s*[:=]\\s*['"\`]${name}['"\`]`,
  ).test(text);
  if (!isModel || column === null) return isModel;
  const own = plain(column);
  return new RegExp(
    `^\\s*(?:(?:declare|public|private|readonly|@\\w+(?:\\([^()]*\\))?)\\s+)*${own}\\s*[!?]?\\s*:|\\b(field|name|fieldName)\\s*:\\s*['"\`]${own}['"\`]`,
    'm',
  ).test(text);
}

/** A text of SQL that names the table where tables stand, and its column; or a builder's `from('users')` with `'email'`. */
function asksFor(text: string, table: string, column: string | null): boolean {
  const inSql = new RegExp(`\\b(from|join|into|update)\\s+(public\\.)?"?${plain(table)}\\b`, 'i');
  for (const words of stringsIn(text))
    if (inSql.test(words) && (column === null || isColumnOf(words, table, column))) return true;
  return builtOf(text, table).some(
    (query) =>
      column === null ||
      stringsIn(query).some((words) => isColumnOf(words, table, column, query)) ||
      new RegExp(`[{,]\\s*${plain(column)}\\s*[,:}]`).test(query.replace(/\[[^\]]*\]/g, '[]')),
  );
}

const stringsIn = (text: string): string[] =>
  [...text.matchAll(/(['"`])((?:\\[\s\S]|(?!\1)[^\\])*)\1/g)].map(([, , words = '']) => words);

/** True where words name the column by itself, or with the table or its alias before it: `orders.id` is none of `users`. */
function isColumnOf(words: string, table: string, column: string, query = words): boolean {
  const aliases = [...query.matchAll(new RegExp(`\\b${plain(table)}"?\\s+(?:as\\s+)?"?(\\w+)`, 'gi'))].map(
    ([, alias = '']) => alias.toLowerCase(),
  );
  const own = [table.toLowerCase(), ...aliases];
  return [...words.matchAll(new RegExp(`(?:(\\w+)"?\\.)?"?\\b${plain(column)}\\b`, 'gi'))].some(
    ([, before]) => before === undefined || own.includes(before.toLowerCase()),
  );
}

/** Each query that a builder begins with the table, to its end or to the table that it asks next. */
function builtOf(text: string, table: string): string[] {
  const asked = [
    ...text.matchAll(/\b(?:from|table|into|knex|db|selectFrom|insertInto|updateTable)\(\s*['"`]([\w.]+)/g),
  ];
  return asked.flatMap((one, place) => {
    if (one[1] !== table) return [];
    const [previous, next] = [asked[place - 1], asked[place + 1]];
    const [before = ''] = text
      .slice(previous?.index ?? 0, one.index)
      .split(ending)
      .slice(-1);
    const [after = ''] = text.slice(one.index, next?.index).split(ending);
    // What stands between two tables of one statement is of the first.
    return previous && text.slice(previous.index, one.index) === before ? [after] : [`${before}${after}`];
  });
}

const ending = /;|\n\s*\n/;
