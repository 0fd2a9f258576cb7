import type { Project } from '../../project.ts';
import { defineRule, type Spot } from '../../rule.ts';
import { type Access, saidBy } from '../../sql/access.ts';
import type { SqlFile, Statement } from '../../sql/file.ts';
import { foldersOf } from '../../sql/folder.ts';
import { type ByTemplate, judged } from '../../sql/left-open.ts';

type Note = Access & { at: Spot; order: number };

export const rls = defineRule<Note>({
  id: 'sec/rls',
  since: '0.1.0',
  severity: 'error',
  confidence: 'certain',
  title: 'Rows are open to everybody that can reach the database.',
  why: 'Where clients speak to the database themselves, as with Supabase, the row policies are all that stands between them and every row: a table without row security is public, a policy `USING (true)` lets everybody write, `user_metadata` can be changed by the user, a view runs with the rights of its owner, and a `SECURITY DEFINER` function without a `search_path` can be made to run somebody else’s code. Enable row security on each table, write a policy for each command and role, and test them with two users.',
  remedy: { skill: 'tenancy' },
  owasp: 'API1',
  securitySeverity: 9.1,
  where: 'all',
  mentions: /\b(create|alter|drop|enable|revoke|do)\b/i,
  sql(file, _tell, note) {
    if (staysNot(file)) return;
    for (const statement of file.statements)
      for (const one of saidBy(file, statement)) note({ ...one, at: spotOf(file, statement), order: statement.start });
  },
  project(project, tell, notes) {
    const order = orderOf(project);
    const all = notes
      .map(({ note, path }) => ({ note, place: order.get(path) ?? -1 }))
      .sort((a, b) => a.place - b.place || a.note.order - b.note.order)
      .map(({ note }) => note);
    if (judged(all, isExposed(project)).length === 0) return;
    for (const { at: spot, words } of judged(all, isExposed(project), byTemplate(project))) tell(spot, words);
  },
});

/** What a test of the database makes, or a file that takes all of its work back: nobody ever reaches it. */
const staysNot = ({ path, text, migration }: SqlFile): boolean =>
  migration === null &&
  (/(^|\/)(tests?|__tests__|pgtap)\//i.test(path) ||
    /(^|;)\s*rollback(\s+(work|transaction))?\s*;?\s*$/i.test(text.replace(/--.*$/gm, '')));

const spotOf = ({ path }: SqlFile, { start, end }: Statement): Spot => ({ path, start, end });

const name = /["'`]?(\$\{|%|\{\{|:\w|["'`]\s*\+)/.source;
const securing = new RegExp(
  `alter\\s+table\\s+(if\\s+exists\\s+)?(only\\s+)?${name}[^;]*enable\\s+row\\s+level\\s+security`,
  'i',
);
const restricting = new RegExp(`create\\s+policy\\s+${name}[^;]*\\bas\\s+restrictive`, 'i');

/** What one text does to many tables: which ones, nobody can read. */
function byTemplate({ files, tree }: Project): ByTemplate {
  const texts = files.filter((path) => /\.([cm]?[jt]s|sql)$/.test(path)).map((path) => tree.read(path) ?? '');
  return {
    secures: texts.some((text) => securing.test(text)),
    restricts: texts.some((text) => restricting.test(text)),
  };
}

/** Clients reach the tables themselves: Supabase, or PostgREST. */
const isExposed = (project: Project): boolean =>
  project.has('@supabase/supabase-js') ||
  project.has('@supabase/ssr') ||
  project.has('@supabase/postgrest-js') ||
  project.files.some((path) => /(^|\/)supabase\/(config\.toml|migrations\/)/.test(path));

/** Migrations in the order in which they run; files that are none come first. */
function orderOf(project: Project): Map<string, number> {
  const order = new Map<string, number>();
  for (const { paths } of foldersOf(project).values()) for (const path of paths) order.set(path, order.size);
  return order;
}
