import type { Tree } from '../../model.ts';
import { filesIn, type Project } from '../project.ts';

/** A key that points at another table. */
interface Key {
  name: string;
  stored?: string;
  to: string;
}

/** Code that asks a database, as texts. */
interface Code {
  texts: readonly string[];
  /** The names of tables that link others, `belongsToMany(…, { through: 'Members' })`, as far as they are given; '' for another. */
  links: readonly string[];
}

const known = new WeakMap<Tree, Code>();
/** More files than that are not read for one question. */
const many = 6000;

/**
 * False where code of the project asks its database, and none of it asks a table by a key, takes the table's rows with
 * their parent, or deletes a parent: then nothing waits for an index. True where that cannot be told.
 */
export function isAskedBy(project: Project, table: string, { name, stored, to }: Key): boolean {
  const { texts, links } = codeAround(project);
  if (texts.length === 0 || name.includes(' ')) return true;
  const asks = askingFor(table, links, { name, to, ...(stored === undefined ? {} : { stored }) });
  const isKept = isPutAway(project);
  return texts.some((text) => asks(text, isKept));
}

/** Whether a text asks for the children of one parent; where rows are only put away, no delete of a parent counts. */
function askingFor(
  table: string,
  links: readonly string[],
  { name, stored, to }: Key,
): (text: string, isKept: boolean) => boolean {
  const [columns, relation] = [[name, stored ?? name].map(escaped).join('|'), name.replace(/_?id$/i, '')];
  const [parent, child] = [stem(to), stem(table)];
  // Code names the two that a table links, and not the table.
  const other = links.length > 0 ? linkedBy(table, parent) : null;
  const isLink = other !== null || links.some((name) => new RegExp(`^${child}(s|es)?$`, 'i').test(name));
  const ofChild = new RegExp(child, 'i');
  const asked = new RegExp(
    `${conditions}[^;]{0,400}?\\b(${columns})\\b|\\b(and|or|on|by|in)\\s+["\`\\w.(]{0,40}\\b(${columns})\\b`,
    'i',
  );
  const through = new RegExp(`${conditions}[^;}]{0,200}?\\b${escaped(relation)}\\b["']?\\s*[:,}=]`);
  const taken = new RegExp(
    `\\b(\\w*${parent}\\w*|this\\.\\w*(repo|repository|model))\\b[^;]{0,400}?${parts}(?:(?!\\bfrom\\b)[^;]){0,300}?\\b\\w*${child}(s|es)?\\b|\\w*join\\w*\\([^;,)]{0,60}${parent}\\w*\\.\\w*${child}`,
    'i',
  );
  const linked = new RegExp(`${parts}[^;]{0,300}?\\b\\w*(${parent}|${other ?? parent})(s|es)?\\b`, 'i');
  const deleted = new RegExp(
    `\\b${parent}(s|es)?(Repository|Repo|Model|Table|Entity)?\\b[^;]{0,60}?\\.\\s*(delete|destroy|remove|findByIdAndDelete)\\w*\\s*\\((?!\\s*\\))|\\bdelete(From|\\s+from)?\\b\\W{1,4}([\\w"]+\\.)?${parent}(s|es)?\\b(?=[^;]{0,200}\\bwhere)|\\bdelete${parent}\\w*\\s*\\(`,
    'i',
  );
  // The parent's own key may have the same name: who asks for that asks for no children.
  const ofParent = new RegExp(`\\b${parent}(s|es)?\\.(${columns})\\b`, 'gi');
  return (text, isKept) => {
    if (!isKept && deleted.test(text)) return true;
    if (isLink && linked.test(text)) return true;
    if (!ofChild.test(text)) return false;
    const rest = text.replace(ofParent, ' ');
    return asked.test(rest) || (relation.length > 2 && through.test(rest)) || taken.test(text);
  };
}

/** What a table links with a parent: 'UsersBands' and 'Users' → 'Band'; null for a table whose name does not say so. */
function linkedBy(table: string, parent: string): string | null {
  const rest = table.replace(/^.*\./, '').replace(new RegExp(`${parent}(s|es)?`, 'i'), '');
  const other = rest.replace(/^(_?to)?_|_(to_?)?$/gi, '');
  return rest.length === table.length || other.length < 3 ? null : stem(other);
}

/** True where all models of Sequelize only note when a row was deleted: no DELETE comes to the database. */
const isPutAway = ({ has, files, tree }: Project): boolean =>
  has('sequelize') &&
  files.some(
    (path) =>
      /\.[cm]?[jt]s(on)?$/.test(path) &&
      /\bnew Sequelize\(|\bdefine["']?\s*:/.test(tree.read(path) ?? '') &&
      /\bparanoid["']?\s*:\s*true/.test(tree.read(path) ?? ''),
  );

/** Where code says which rows it wants. */
const conditions =
  '\\b(\\w*[wW]here\\w*|eq|inArray|filter|match|find\\w*By\\w*|count\\w*By|\\w*[jJ]oin\\w*|populate)\\b';
/** Where code takes rows with those that they belong to. */
const parts =
  '\\b(include|with|relations|populate|select(?!\\s*\\()|_count|\\w*join\\w*|some|every|none)\\b(?!\\s*\\(\\s*(__dirname|process\\b|import\\.meta))';

const escaped = (text: string): string => text.replace(/\W/g, '\\$&');

/** A table's name as code spells it, without the ending of many: 'blog_posts' → 'blog_?post'. */
const stem = (table: string): string =>
  escaped(table.replace(/^.*\./, '').replace(/(Entity|Model)$/, ''))
    .replace(/ies$/, '(?:y|ie)')
    .replace(/s$/, '')
    .replace(/_/g, '_?');

/** What asks a database in the project, or in any package of what is around it; and whether tables there link others. */
function codeAround({ around, tree, files, profile }: Project): Code {
  const root = around?.tree ?? tree;
  const before = known.get(root);
  if (before) return before;
  const all = around === null && profile.workspace.value === null ? files : filesIn(root, null);
  const code = {
    texts: all.length > many ? [] : asking(root, all),
    links: all.flatMap((path) => (/\.[cm]?[jt]s$/.test(path) ? linksIn(root.read(path) ?? '') : [])),
  };
  known.set(root, code);
  return code;
}

const linksIn = (text: string): string[] =>
  [...text.matchAll(/\b(?:belongsToMany|manyToMany)\b[^;]{0,200}/gi)].map(
    ([call]) =>
      /\b(?:through|joinTable|pivotTable)\b\W*(?:(?:model|name|tableName)\W+)?(?:models\.)?(\w+)/.exec(call)?.[1] ?? '',
  );

/** The texts of code that asks a database. */
function asking(tree: Tree, files: readonly string[]): string[] {
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
