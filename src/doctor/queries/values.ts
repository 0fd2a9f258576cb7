import { keyOf, type Syntax, stringValue, unwrap } from '../../text/syntax.ts';
import type { Source } from '../code/source.ts';
import { nameOf } from './base.ts';
import type { Query } from './query.ts';

/** A look by what would be doubled: not one by the row's own id. */
export const asksByValue = ({ options, sql, chain, library, node }: Query): boolean => {
  const where = options.get('where');
  const inner = where ? unwrap(where) : null;
  if (inner?.type === 'ObjectExpression') return !inner.properties.some(isId);
  if (inner !== null) return !comparesId(inner);
  if (library === 'mongoose' || library === 'mongodb' || library === 'typeorm')
    return [...options.keys()].some((key) => !/^(_?id|where|select|relations|\.\.\.)$/.test(key));
  if (library === 'supabase') {
    const [column] = chain.get('eq')?.arguments ?? [];
    return column !== undefined && stringValue(column) !== 'id';
  }
  if (sql !== null) return /\bwhere\b/i.test(sql) && !/\bwhere\s+("?\w+"?\.)?"?id"?\s*=/i.test(sql);
  const [condition] = chain.get('where')?.arguments ?? [];
  return condition !== undefined && node.type === 'CallExpression' && !comparesId(unwrap(condition));
};

/** Drizzle's `eq(users.id, id)`. */
const comparesId = (condition: Syntax): boolean => {
  const first = condition.type === 'CallExpression' ? condition.arguments[0] : undefined;
  return first !== undefined && nameOf(first) === 'id';
};

/** `id: userId`; `id: { not: userId }` and `id: Not(userId)` are about all others. */
const isId = (property: Syntax): boolean =>
  property.type === 'Property' &&
  property.key.type === 'Identifier' &&
  /^_?id$/.test(property.key.name) &&
  !/^(ObjectExpression|CallExpression)$/.test(unwrap(property.value).type);

/** The columns that a look compares with values, all of which must hold; empty where that is not plain. */
export function lookedBy(source: Source, query: Query): string[] {
  const { options, sql, chain, library } = query;
  if (sql !== null) {
    const where = /\bwhere\b([\s\S]*)/i.exec(sql)?.[1] ?? '';
    return /\bor\b/i.test(where)
      ? []
      : [...where.matchAll(/(\w+)["`]?\s*=\s*[$?:%'\d]/g)].map(([, column = '']) => column);
  }
  const isBare = library === 'typeorm' && options.size > 0 && !options.has('where') && !options.has('...');
  if (library === 'mongoose' || library === 'mongodb' || isBare) return [...options.keys()];
  const given = options.get('where') ?? chain.get('where')?.arguments[0];
  const where = given ? unwrap(given) : null;
  if (where?.type === 'ObjectExpression')
    return where.properties.flatMap((one) => {
      if (one.type !== 'Property') return [];
      const value = unwrap(one.value);
      // Prisma's `{ teamId_email: { teamId, email } }`.
      const isGroup = value.type === 'ObjectExpression' && /_/.test(keyOf(one) ?? '');
      return isGroup
        ? value.properties.flatMap((inner) => (inner.type === 'Property' ? (keyOf(inner) ?? []) : []))
        : // `{ id: { not: id } }`: no value that is looked for.
          value.type === 'ObjectExpression'
          ? []
          : (keyOf(one) ?? []);
    });
  // Knex's `.where('email', email)`.
  const column = where && library === 'knex' ? stringValue(where) : null;
  if (column) return [column.replace(/^.*\./, '')];
  const text = where ? source.textOf(where) : '';
  if (library !== 'drizzle' || /\b(or|not|inArray)\(/.test(text)) return [];
  const table = (query.model ?? '').replace(/^.*\./, '');
  return [...text.matchAll(/\beq\(\s*(\w+)\.(\w+)/g)].flatMap(([, of, column = '']) => (of === table ? column : []));
}

/** Prisma's `findUnique` can only be asked by a unique index. */
export const isByUnique = ({ library, node }: Query): boolean =>
  library === 'prisma' && node.type === 'CallExpression' && /^findUnique(OrThrow)?$/.test(nameOf(node.callee) ?? '');

/** The name that a query's answer is given: `const [user] = await …`, `const { rows } = await …`. */
export function nameGiven(source: Source, query: Syntax): string | null {
  let value = query;
  for (const parent of source.above(query)) {
    if (parent.type === 'VariableDeclarator') {
      if (parent.init === null || !(parent.init.start <= value.start)) return null;
      return /\w+/.exec(source.textOf(parent.id).replace(/^[[{\s]*(rows|rowCount|data)\s*:\s*\[?/, ''))?.[0] ?? null;
    }
    if (parent.type === 'AssignmentExpression') return source.textOf(parent.left);
    if (parent.type !== 'AwaitExpression' && parent.type !== 'ChainExpression') return null;
    value = parent;
  }
  return null;
}
