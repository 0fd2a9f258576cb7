import { keyOf, type Syntax, stringValue, unwrap } from '../../text/syntax.ts';
import { comesFrom } from '../code/origin.ts';
import { everyOf, type Source } from '../code/source.ts';
import type { Spot } from '../rule.ts';
import { isSmallTable } from './tables.ts';

const tables = /^drizzle-orm\/pg-core#(pgTable|table|pgTableCreator\(\))$/;

/** `createTable` of a `pgTableCreator`, by its name. */
const isTable = (source: Source, callee: Syntax): boolean =>
  callee.type === 'Identifier' &&
  /^(createTable|pgTable)$/.test(callee.name) &&
  /drizzle-orm\/pg-core/.test(source.text);

/** The keys of a Drizzle table on PostgreSQL that no index begins with; null for what is no such table, or has none. */
export function drizzleKeys(
  source: Source,
  node: Extract<Syntax, { type: 'CallExpression' }>,
): { at: Spot; table: string; columns: { name: string; to: string }[] } | null {
  if (!comesFrom(source, node.callee, tables) && !isTable(source, node.callee)) return null;
  const [name, given, extra] = node.arguments;
  const columns = given ? unwrap(given) : null;
  if (columns?.type !== 'ObjectExpression') return null;
  const indexed = extra ? indexedIn(source, extra) : [];
  const bare = columns.properties.filter((property) => {
    if (property.type !== 'Property') return false;
    const text = source.textOf(property.value);
    const key = keyOf(property);
    return (
      key !== null &&
      /\.references\s*\(/.test(text) &&
      !/\.(primaryKey|unique)\s*\(/.test(text) &&
      !indexed.includes(key) &&
      !isSmallTable(parentIn(text))
    );
  });
  const [first] = bare;
  if (!first) return null;
  const at: Spot = { path: source.path, start: first.start, end: first.end };
  return {
    at,
    table: (name && stringValue(name)) ?? 'table',
    columns: bare.flatMap((one) => {
      const [column, text] = [keyOf(one), one.type === 'Property' ? source.textOf(one.value) : ''];
      return column === null ? [] : [{ name: column, to: parentIn(text) }];
    }),
  };
}

/** `.references(() => users.id)` → 'users'. */
const parentIn = (text: string): string =>
  /\.references\s*\(\s*\([^)]*\)[^=]*=>\s*(?:\w+\.)*?(\w+)\.\w+/.exec(text)?.[1] ?? '';

/** The first column of each index, unique constraint and primary key in a table's third argument. */
function indexedIn(source: Source, extra: Syntax): string[] {
  const found: string[] = [];
  everyOf(extra, ['CallExpression'], (node) => {
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
