import { keyOf, type Syntax, stringValue, unwrap } from '../../text/syntax.ts';
import type { Source } from '../code/source.ts';
import type { Project } from '../project.ts';
import type { Spot } from '../rule.ts';
import { isSmallTable } from './tables.ts';

type Class = Extract<Syntax, { type: 'ClassDeclaration' | 'ClassExpression' }>;
type Call = Extract<Syntax, { type: 'CallExpression' }>;

/**
 * The keys of a TypeORM entity that no index begins with, where its database makes none by itself. Null for what is no
 * such entity, or has none.
 */
export function entityKeys(
  source: Source,
  node: Class,
): { at: Spot; table: string; columns: { name: string; to: string }[] } | null {
  if (!isPostgres(source.project) || decorators(node, 'Entity').length === 0) return null;
  const indexed = new Set(firstColumns(node));
  const table = node.id?.name.replace(/Entity$/, '') ?? 'table';
  const made = indexesMade(source.project, entityName(node) ?? table);
  const bare: { name: string; to: string; at: Syntax }[] = [];
  for (const item of node.body.body) {
    if (item.type !== 'PropertyDefinition') continue;
    const name = keyOf(item);
    const [relation] = decorators(item, 'ManyToOne');
    if (name === null || !relation || isSmallTable(parentOf(source, relation))) continue;
    const column = joined(item) ?? `${name}Id`;
    const isIndexed =
      decorators(item, 'Index').length > 0 || indexed.has(name) || indexed.has(column) || hasOwn(node, column);
    if (!isIndexed && !made.has(column) && !isInMigration(source.project, column))
      bare.push({ name: column, to: parentOf(source, relation), at: item });
  }
  const [first] = bare;
  if (!first) return null;
  return {
    at: { path: source.path, start: first.at.start, end: first.at.end },
    table,
    columns: bare.map(({ name, to }) => ({ name, to })),
  };
}

/** MySQL makes the index itself. */
const isPostgres = (project: Project): boolean =>
  project.has('typeorm') && project.has('pg') && !project.has('mysql') && !project.has('mysql2');

const decorators = (node: Syntax, name: string): Call[] =>
  'decorators' in node && Array.isArray(node.decorators)
    ? node.decorators.flatMap(({ expression }) => {
        const call = unwrap(expression);
        return call.type === 'CallExpression' && call.callee.type === 'Identifier' && call.callee.name === name
          ? [call]
          : [];
      })
    : [];

/** `@ManyToOne(() => UserEntity, …)` → 'User'. */
function parentOf(source: Source, relation: Call): string {
  const [first] = relation.arguments;
  const text = first ? (stringValue(first) ?? source.textOf(first)) : '';
  return (/(\w+)\W*$/.exec(text)?.[1] ?? '').replace(/Entity$/, '');
}

/** `@Entity('books')`, `@Entity({ name: 'books' })` → 'books'. */
function entityName(node: Class): string | null {
  const [first] = decorators(node, 'Entity')[0]?.arguments ?? [];
  const object = first ? unwrap(first) : null;
  if (object?.type !== 'ObjectExpression') return object ? stringValue(object) : null;
  const name = object.properties.find((one) => keyOf(one) === 'name');
  return name?.type === 'Property' ? stringValue(name.value) : null;
}

/** The column that `@JoinColumn({ name })` names. */
function joined(item: Syntax): string | null {
  const options = decorators(item, 'JoinColumn')[0]?.arguments[0];
  const object = options ? unwrap(options) : null;
  if (object?.type !== 'ObjectExpression') return null;
  const name = object.properties.find((one) => keyOf(one) === 'name');
  return name?.type === 'Property' ? stringValue(name.value) : null;
}

/** A property of the column's own that an index, a key or a unique constraint is put on. */
const hasOwn = (node: Class, column: string): boolean =>
  node.body.body.some(
    (item) =>
      item.type === 'PropertyDefinition' &&
      keyOf(item) === column &&
      (decorators(item, 'Index').length > 0 || decorators(item, 'PrimaryColumn').length > 0),
  );

/** The first columns of `@Index(['author', 'at'])` and `@Unique('name', ['author'])` on the class. */
const firstColumns = (node: Class): string[] =>
  [...decorators(node, 'Index'), ...decorators(node, 'Unique')].flatMap(({ arguments: given }) =>
    given.flatMap((one) => {
      const list = unwrap(one);
      const [first] = list.type === 'ArrayExpression' ? list.elements : [];
      return first ? (stringValue(first) ?? []) : [];
    }),
  );

const tables = new WeakMap<Project, Map<string, Set<string>>>();

/** The first columns of the `indices` and `uniques` that a migration makes with the table: `new Table({ name: 'books', indices: [ … ] })`. */
function indexesMade(project: Project, table: string): ReadonlySet<string> {
  const before = tables.get(project);
  const all = before ?? new Map<string, Set<string>>();
  if (before === undefined) {
    tables.set(project, all);
    for (const path of project.files.filter((one) => /migrations?\//.test(one)))
      for (const made of (project.tree.read(path) ?? '').split(/\bnew Table\(/).slice(1)) {
        const name = /\bname\s*:\s*['"`](\w+)['"`]/.exec(made)?.[1];
        const indexes = made.split(/\b(?:indices|uniques)\s*:\s*\[/).slice(1);
        const columns = indexes.flatMap((text) =>
          [...endOfList(text).matchAll(/\bcolumnNames\s*:\s*\[\s*['"`](\w+)['"`]/g)].flatMap(
            ([, column]) => column ?? [],
          ),
        );
        if (name) all.set(plain(name), new Set([...(all.get(plain(name)) ?? []), ...columns]));
      }
  }
  return all.get(plain(table)) ?? new Set();
}

/** A text up to the bracket that closes a list which was opened before it. */
function endOfList(text: string): string {
  let depth = 1;
  for (let at = 0; at < text.length; at++) {
    if (text[at] === '[') depth++;
    if (text[at] === ']' && --depth === 0) return text.slice(0, at);
  }
  return text;
}

const plain = (name: string): string => name.replace(/_/g, '').toLowerCase().replace(/s$/, '');

const known = new WeakMap<Project, string>();

/** True where a migration makes an index and names the column in it. */
function isInMigration(project: Project, column: string): boolean {
  let text = known.get(project);
  if (text === undefined) {
    text = project.files
      .filter((path) => /migrations?\//.test(path))
      .flatMap(
        (path) =>
          (project.tree.read(path) ?? '').match(/CREATE (UNIQUE )?INDEX[^;`]*|createIndex\([\s\S]{0,300}/gi) ?? [],
      )
      .join('\n');
    known.set(project, text);
  }
  return new RegExp(`[("'\\s]${column}["'\\s,)]`).test(text);
}
