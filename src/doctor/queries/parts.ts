import { type Syntax, unwrap } from '../../text/syntax.ts';
import { isFunction, type Source } from '../code/source.ts';
import { nameOf } from './queries.ts';
import type { Query } from './query.ts';

/** What a builder takes another query by. */
const taking =
  /^(with\w*|union\w*|intersect\w*|except\w*|(or|and)?where\w*|(or|and)?having\w*|\w*[jJ]oin\w*|from\w*|select\w*|addSelect|insert|into|exists|notExists|inArray|notInArray|as|raw)$/i;

/** True for a query that is only put together: its text is asked for, or another query is made of it. Nothing is asked there. */
export function isOnlyBuilt(source: Source, { chain, library, node }: Query): boolean {
  if (!/^(knex|kysely|drizzle|typeorm)$/.test(library)) return false;
  if (['toQuery', 'toSQL', 'toString', 'toNative', 'compile', 'getQuery', 'getSql', 'as'].some((one) => chain.has(one)))
    return true;
  let inner = node;
  for (const parent of source.above(node)) {
    if (parent.type === 'CallExpression' && parent.arguments.some((one) => one === inner)) {
      if (isTaking(parent.callee)) return true;
      if (!isFunction(inner) || !/^(map|flatMap)$/.test(nameOf(parent.callee) ?? '')) return false;
    } else if (
      !/^(ArrowFunctionExpression|ReturnStatement|ArrayExpression|SpreadElement|MemberExpression|CallExpression|TSAsExpression|ParenthesizedExpression)$/.test(
        parent.type,
      ) &&
      !(parent.type === 'BlockStatement' && parent.body.length === 1)
    )
      return false;
    inner = parent;
  }
  return false;
}

const isTaking = (callee: Syntax): boolean => {
  const inner = unwrap(callee);
  if (inner.type === 'MemberExpression' && nameOf(inner.object) === 'Array') return false;
  return (inner.type === 'MemberExpression' || inner.type === 'Identifier') && taking.test(nameOf(inner) ?? '');
};
