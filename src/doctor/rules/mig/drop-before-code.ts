import type { Project } from '../../project.ts';
import { isSource, kindOf } from '../../project.ts';
import { defineRule, type Spot } from '../../rule.ts';
import { momentsOf } from '../../sql/moments.ts';
import { isSilenced } from '../../sql/squawk.ts';

/** What a migration drops. */
interface Note {
  at: Spot;
  table: string;
  /** Null where the whole table goes. */
  column: string | null;
  recent: boolean;
}

export const dropBeforeCode = defineRule<Note>({
  id: 'mig/drop-before-code',
  since: '0.1.0',
  severity: 'warning',
  confidence: 'likely',
  title: 'A column or table is dropped while code still uses it.',
  why: 'While a deployment runs, the old version of the code still reads and writes: every query of it that names the column fails, and an ORM names all columns that its model declares. First deploy code and models that no longer mention it; drop it in a later migration.',
  remedy: { skill: 'migrations' },
  where: 'all',
  mentions: /\bdrop\b/i,
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
    for (const { change, statement, isNew } of moments) {
      if (change.change !== 'drop-table' && change.change !== 'drop-column') continue;
      if (isNew(change.table) || made.has(change.table) || renamed.has(change.table)) continue;
      const column = change.change === 'drop-column' ? change.column : null;
      if (column !== null && added.has(`${change.table}.${column}`)) continue;
      if (isSilenced('mig/drop-before-code', statement, file.text)) continue;
      const { start, end } = statement;
      note({ at: { path, start, end }, table: change.table, column, recent: migration.recent });
    }
  },
  project(project, tell, notes) {
    if (notes.length === 0) return;
    const sources = sourcesOf(project);
    for (const { note } of notes) {
      const user = note.recent ? sources.find(({ text }) => mentions(text, note)) : undefined;
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

interface Text {
  path: string;
  text: string;
}

/** The project's own code and its schema of an ORM, without tests and migrations. */
const sourcesOf = ({ files, tree }: Project): Text[] =>
  files.flatMap((path): Text[] => {
    if (/(^|\/)(migrations?|drizzle)\//.test(path)) return [];
    const text = /\.([cm]?[jt]sx?|prisma)$/.test(path) ? tree.read(path) : null;
    if (text === null || (!path.endsWith('.prisma') && (!isSource(path, text) || kindOf(path, text) !== 'app')))
      return [];
    return [{ path, text }];
  });

const camel = (name: string): string => name.replace(/_+([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());

/** A file that names the table, in any of its usual spellings, and the column. */
function mentions(text: string, { table, column }: Note): boolean {
  const bare = table.replace(/^.*\./, '');
  const names = new Set([bare, camel(bare), bare.replace(/s$/, ''), camel(bare).replace(/s$/, '')]);
  const word = (name: string): RegExp => new RegExp(`\\b${name.replace(/\W/g, '\\$&')}\\b`, 'i');
  const inTable = [...names].some((name) => name.length > 1 && word(name).test(text));
  if (!inTable) return false;
  if (column === null) return isQueried(text, [...names]);
  return [column, camel(column)].some((name) => word(name).test(text)) && (column.length > 3 || /_/.test(column));
}

/** The table itself is asked, not only a word that is spelt like it. */
const isQueried = (text: string, names: readonly string[]): boolean =>
  names.some((name) =>
    new RegExp(
      `\\b(from|join|into|update|model)\\s+"?${name.replace(/\W/g, '\\$&')}"?\\b|Table\\(\\s*['"\`]${name}['"\`]|\\b(prisma|db|tx)\\.${name}\\b|@@map\\("${name}"\\)|knex\\(['"]${name}['"]|from\\(['"]${name}['"]`,
      'i',
    ).test(text),
  );
