import { type Syntax, stringValue, unwrap } from '../../text/syntax.ts';
import type { Source } from '../code/source.ts';
import { nameOf } from './base.ts';
import type { Query } from './query.ts';

/** A look by what would be doubled: not one by the row's own id. */
export const asksByValue = ({ options, sql, chain, library, node }: Query): boolean => {
  const where = options.get('where');
  const inner = where ? unwrap(where) : null;
  if (inner?.type === 'ObjectExpression') return !inner.properties.every(isId);
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

const isId = (property: Syntax): boolean =>
  property.type === 'Property' && property.key.type === 'Identifier' && /^_?id$/.test(property.key.name);

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
