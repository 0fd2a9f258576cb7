import { keyOf, type Syntax } from '../../../text/syntax.ts';
import { wordsOf } from '../../code/reach.ts';
import { everyOf, sourceAt } from '../../code/source.ts';
import type { Project } from '../../project.ts';
import { queryAt } from '../../queries/queries.ts';
import type { Query } from '../../queries/query.ts';
import { handlerAround } from '../../routes/roles.ts';
import { defineRule } from '../../rule.ts';

/** What a table's owner is called. */
const tenant = /^(tenant|org|organization|organisation|workspace|company|team)_?id$/i;
const offline =
  /(^|[/.-])(seeds?|migrat\w*|scripts?|jobs?|workers?|cron|tasks?|admin|backfill\w*|cli|commands?)([/.-]|$)/i;

export const unscopedQuery = defineRule({
  id: 'tenant/unscoped-query',
  since: '0.1.0',
  severity: 'warning',
  confidence: 'hint',
  title: 'A query on a table with a tenant does not ask for the tenant.',
  why: 'Where many customers share a table, each query must say whose rows it means. One that forgets shows, changes or deletes another customer’s. Row-level security in the database, or one place that adds the tenant to every query, cannot forget.',
  remedy: { skill: 'tenancy' },
  owasp: 'API1',
  securitySeverity: 7.1,
  applies: (project) => tablesOf(project).size > 0,
  mentions:
    /\.(find\w*|update\w*|delete\w*|from|query|execute|select\w*|count|aggregate)\(|`\s*(select|update|delete)\b/i,
  file: (source, tell) => {
    if (offline.test(source.path)) return {};
    const tables = tablesOf(source.project);
    const look = (node: Syntax): void => {
      const query = queryAt(source, node);
      if (query === null || query.kind === 'create' || query.kind === 'raw' || query.model === null) return;
      const column = tables.get(plain(query.model));
      if (column === undefined || isScoped(query, column)) return;
      // A condition that is put together elsewhere may hold it.
      if (isBuilt(query)) return;
      const handler = handlerAround(source, node);
      // A service that is given the id of one row: who calls it may have looked.
      if (handler === null && isById(query)) return;
      if (isOfSomebody(query, handler !== null)) return;
      if (
        handler &&
        new RegExp(`\\b${column}\\b|assert\\w*(Access|Owner|Member)|authorize|can[A-Z]\\w*\\(`, 'i').test(
          source.textOf(handler).replace(source.textOf(query.node), ''),
        )
      )
        return;
      tell(query.node, {
        message: `This ${query.kind === 'delete' ? 'deletes from' : query.kind === 'update' ? 'changes' : 'reads'} ${query.model} of every tenant: it does not ask for ${column}.`,
        fix: `Add ${column} to the condition, or let row-level security do it.`,
      });
    };
    return { CallExpression: look, TaggedTemplateExpression: look };
  },
});

const plain = (name: string): string =>
  name
    .toLowerCase()
    .replace(/[^a-z0-9]/g, '')
    .replace(/(table|model|repository|repo)$/, '')
    .replace(/s$/, '');

const known = new WeakMap<Project, ReadonlyMap<string, string>>();

/** Tables that have a tenant's column, by their plain names: of Prisma's schema, Drizzle's tables and SQL. */
function tablesOf(project: Project): ReadonlyMap<string, string> {
  const before = known.get(project);
  if (before) return before;
  const tables = new Map<string, string>();
  for (const path of project.files) {
    if (path.endsWith('.prisma')) prisma(project.tree.read(path) ?? '', tables);
    else if (path.endsWith('.sql')) sql(project.tree.read(path) ?? '', tables);
    else if (/\.[cm]?[jt]s$/.test(path) && /(schema|table|model|entit)/i.test(path)) drizzle(project, path, tables);
  }
  known.set(project, tables);
  return tables;
}

function prisma(text: string, tables: Map<string, string>): void {
  for (const [, name = '', body = ''] of text.matchAll(/^\s*model\s+(\w+)\s*\{([\s\S]*?)^\s*\}/gm))
    for (const [, column = ''] of body.matchAll(/^\s*(\w+)\s+(?:String|Int|BigInt)\b(?!\?)(?!.*@id\b)/gm))
      if (tenant.test(column)) tables.set(plain(name), column);
}

function sql(text: string, tables: Map<string, string>): void {
  for (const [, name = '', body = ''] of text.matchAll(
    /create\s+table\s+(?:if\s+not\s+exists\s+)?(?:"?\w+"?\.)?"?(\w+)"?\s*\(([\s\S]*?)\)\s*;/gi,
  ))
    for (const [, column = ''] of body.matchAll(/^\s*"?(\w+)"?\s+\w+/gm))
      if (tenant.test(column)) tables.set(plain(name), column);
}

function drizzle(project: Project, path: string, tables: Map<string, string>): void {
  const text = project.tree.read(path) ?? '';
  const source = /\b(pg|mysql|sqlite)Table\(/.test(text) ? sourceAt(project, path) : null;
  if (source === null) return;
  everyOf(source.program, ['VariableDeclarator'], (node) => {
    if (node.type !== 'VariableDeclarator' || node.id.type !== 'Identifier' || node.init?.type !== 'CallExpression')
      return;
    if (!/^(pg|mysql|sqlite)Table$/.test(source.textOf(node.init.callee))) return;
    const columns = node.init.arguments[1];
    if (columns?.type !== 'ObjectExpression') return;
    for (const property of columns.properties) {
      const key = keyOf(property);
      if (key !== null && tenant.test(key)) tables.set(plain(node.id.name), key);
    }
  });
}

const isScoped = ({ node }: Query, column: string): boolean => {
  const words = wordsOf(node).toLowerCase().replace(/_/g, '');
  return (
    words.includes(column.toLowerCase().replace(/_/g, '')) ||
    /tenant|organi[sz]ation|workspace|\borg|team|company|account/.test(words.replace(/^.*$/m, ''))
  );
};

/** True where the condition is no object that is written there. */
const isBuilt = ({ options, library, chain }: Query): boolean => {
  if (options.has('...')) return true;
  const where = options.get('where');
  if (where) return where.type !== 'ObjectExpression' || where.properties.some((one) => one.type !== 'Property');
  const call = chain.get('where');
  const [first] = call?.arguments ?? [];
  return library !== 'sql' && first?.type === 'Identifier';
};

/** One row by its own key. */
const isById = ({ node, kind }: Query): boolean =>
  kind !== 'many' && (/^(id|\w*Id|uuid|slug)$/m.test(wordsOf(node)) || !/where/.test(wordsOf(node)));

/** Rows of one user, or those that a code, a token or their parent's key finds: nobody else has it, or who calls has looked. */
const isOfSomebody = ({ node }: Query, isInHandler: boolean): boolean => {
  const words = wordsOf(node);
  if (/^(user|owner|member|author)_?id$/im.test(words)) return true;
  return (
    !isInHandler && /^(\w*_?(codes?|tokens?|secrets?|hash|emails?|ids?|keys?))$/im.test(words.replace(/^id$/gm, ''))
  );
};
