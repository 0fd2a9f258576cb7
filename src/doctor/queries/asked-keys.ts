import type { Project } from '../project.ts';

/** A key that points at another table. */
interface Key {
  name: string;
  stored?: string;
  to: string;
}

const known = new WeakMap<Project, readonly string[]>();

/**
 * False where code of the project asks its database, and none of it asks a table by a key, takes the table's rows with
 * their parent, or deletes a parent: then nothing waits for an index. True where that cannot be told.
 */
export function isAskedBy(project: Project, table: string, { name, stored, to }: Key): boolean {
  // The code that asks may be in another package.
  if (project.around !== null || project.profile.workspace.value !== null) return true;
  const before = known.get(project);
  const texts = before ?? asking(project);
  known.set(project, texts);
  if (texts.length === 0 || name.includes(' ')) return true;
  const relation = name.replace(/_?id$/i, '');
  const columns = [name, stored ?? name, ...(relation.length > 2 ? [relation] : [])].map(escaped).join('|');
  const asked = new RegExp(`${conditions}[^;]{0,400}?\\b(${columns})\\b`, 'i');
  const taken = new RegExp(`${parts}(?:(?!\\bfrom\\b)[^;]){0,300}?\\b\\w*${stem(table)}(s|es)?\\b`, 'i');
  const parent = stem(to);
  const deleted = new RegExp(
    `\\b${parent}(s|es)?(Repository|Repo|Model|Table|Entity)?\\b[^;]{0,60}?\\.\\s*(delete|destroy|remove|findByIdAndDelete)\\w*\\s*\\(|\\bdelete(From|\\s+from)?\\b\\W{1,4}([\\w"]+\\.)?${parent}(s|es)?\\b|\\bdelete${parent}\\w*\\s*\\(`,
    'i',
  );
  return texts.some((text) => asked.test(text) || taken.test(text) || deleted.test(text));
}

/** Where code says which rows it wants. */
const conditions =
  '\\b(\\w*where\\w*|eq|inArray|in|and|or|on|by|filter|match|find\\w*By\\w*|count\\w*By|\\w*join\\w*|populate)\\b';
/** Where code takes rows with those that they belong to. */
const parts =
  '\\b(include|with|relations|populate|select|_count|\\w*join\\w*|some|every|none)\\b(?!\\s*\\(\\s*(__dirname|process\\b|import\\.meta))';

const escaped = (text: string): string => text.replace(/\W/g, '\\$&');

/** A table's name as code spells it, without the ending of many: 'blog_posts' → 'blog_?post'. */
const stem = (table: string): string =>
  escaped(table.replace(/^.*\./, '').replace(/(Entity|Model)$/, ''))
    .replace(/ies$/, '(?:y|ie)')
    .replace(/s$/, '')
    .replace(/_/g, '_?');

/** The texts of code that asks a database. */
function asking({ files, tree }: Project): string[] {
  return files.flatMap((path) => {
    if (
      !/\.[cm]?[jt]sx?$/.test(path) ||
      /\.d\.ts$|(^|\/)(migrations?|seeds?|tests?|__tests__|generated)\/|\.(entity|test|spec)\./i.test(path)
    )
      return [];
    const text = tree.read(path) ?? '';
    if (/@Entity\(|\bpgTable\(/.test(text)) return [];
    return /\b(find(One|Many|First|Unique|By|All)?\w*|delete\w*|query|createQueryBuilder|selectFrom|\$queryRaw\w*)\s*[(`]|\.from\(/.test(
      text,
    )
      ? [withoutPinned(text)]
      : [];
  });
}

/** Without comments, and without what is asked beside the primary key, which finds its one row by itself: `{ id, ownerId }`, `'id = :id and "ownerId" = :owner'`. */
const withoutPinned = (text: string): string =>
  text
    .replace(/(^|\s)\/\/.*$/gm, '$1')
    .replace(/\{\s*id\s*(:[^,{}]*)?,[^{}]*\}/g, '{ id }')
    .replace(/(['"`])(id\s*=\s*[:$?]\w*)\s+and\s(?:(?!\1|\bor\b)[^;])*\1/gi, '$1$2$1');
