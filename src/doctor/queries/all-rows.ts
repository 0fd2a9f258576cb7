import { keyOf, literal, type Syntax, unwrap } from '../../text/syntax.ts';
import { constantOf } from '../code/names.ts';
import { originOf } from '../code/origin.ts';
import { isFunction, type Source } from '../code/source.ts';
import { nameOf } from './base.ts';
import type { Query } from './query.ts';

/** True for an UPDATE or DELETE that has no condition and is sent as it stands: it touches every row of its table. False where that cannot be told. */
export function touchesAllRows(source: Source, query: Query): boolean {
  if (query.model === null || (query.kind !== 'update' && query.kind !== 'delete')) return false;
  if (query.sql !== null) return isWholeStatement(source, query);
  switch (query.library) {
    case 'prisma':
      return (
        /^(update|delete)Many$/.test(methodOf(query)) && !query.options.has('...') && isEmpty(query.options, 'where')
      );
    case 'sequelize':
      return isOfAllOfSequelize(query);
    case 'mongoose':
    case 'mongodb':
      return isOfAllOfMongo(query);
    case 'typeorm':
      return isOfAllOfTypeorm(query) && isSentHere(source, query.node);
    case 'drizzle':
      return isTable(source, query) && !isLimited(query) && isSentHere(source, query.node);
    case 'kysely':
      return [...query.chain.keys()].some((link) => link.startsWith('execute')) && !isLimited(query);
    case 'knex':
      return !isLimited(query) && isSentHere(source, query.node);
    default:
      return false;
  }
}

/** What an UPDATE writes: its values as one expression; null for a DELETE, and where they stand in a text. */
export function writtenBy({ library, chain, node, options }: Query): Syntax | null {
  if (library === 'prisma') return options.get('data') ?? null;
  const call = chain.get('set') ?? chain.get('update') ?? chain.get('patch');
  if (call) return call.arguments.at(-1) ?? null;
  const at = library === 'sequelize' ? 0 : 1;
  return node.type === 'CallExpression' && nameOf(node.callee)?.startsWith('update')
    ? (node.arguments[at] ?? null)
    : null;
}

const methodOf = ({ node }: Query): string => (node.type === 'CallExpression' ? (nameOf(node.callee) ?? '') : '');

const isEmpty = (options: Query['options'], key: string): boolean => {
  const value = options.get(key);
  return value === undefined || isEmptyObject(value);
};

const isEmptyObject = (node: Syntax): boolean => {
  const inner = unwrap(node);
  return inner.type === 'ObjectExpression' && inner.properties.length === 0;
};

/** `{ where: {} }`; without the word Sequelize refuses, and `truncate: true` says what is meant. */
function isOfAllOfSequelize(query: Query): boolean {
  const { node } = query;
  if (node.type !== 'CallExpression') return false;
  const given = node.arguments[query.kind === 'update' ? 1 : 0];
  const options = given ? unwrap(given) : null;
  if (options?.type !== 'ObjectExpression') return false;
  return options.properties.some(
    (one) => one.type === 'Property' && keyOf(one) === 'where' && isEmptyObject(one.value),
  );
}

/** `deleteMany()`, `deleteMany({})`, `updateMany({}, …)`. */
function isOfAllOfMongo({ node, kind, chain, options }: Query): boolean {
  const call = firstCall(node, chain);
  if (call === null || !/^(update|delete)Many$/.test(nameOf(call.callee) ?? '') || options.size > 0) return false;
  if ([...chain.keys()].some((link) => !/^(exec|session|lean|then|catch|orFail)$/.test(link))) return false;
  const [first] = call.arguments;
  return kind === 'update' ? call.arguments.length > 1 && first !== undefined && isEmptyObject(first) : isNone(first);
}

const isNone = (first: Syntax | undefined): boolean => first === undefined || isEmptyObject(first);

/** The call that a chain begins with. */
function firstCall(node: Syntax, chain: Query['chain']): Extract<Syntax, { type: 'CallExpression' }> | null {
  let inner = unwrap(node);
  for (let left = chain.size; left > 0; left--) {
    if (inner.type !== 'CallExpression' || inner.callee.type !== 'MemberExpression') return null;
    inner = unwrap(inner.callee.object);
  }
  return inner.type === 'CallExpression' ? inner : null;
}

/** `repository.clear()`, `repository.delete({})`, `createQueryBuilder().update(User).set(…).execute()`. */
function isOfAllOfTypeorm(query: Query): boolean {
  const { node, chain, options, kind } = query;
  if (chain.has('execute')) return !chain.has('softDelete') && !chain.has('restore') && !isLimited(query);
  const call = firstCall(node, chain);
  if (call === null || options.has('...') || options.size > 0) return false;
  const [first, second] = call.arguments;
  switch (nameOf(call.callee)) {
    case 'clear':
      return first === undefined;
    case 'delete':
      return first !== undefined && isEmptyObject(first);
    default:
      return kind === 'update' && first !== undefined && isEmptyObject(first) && second !== undefined;
  }
}

/** Links of a chain that choose rows, or say by their name that all are meant. */
const choosing =
  /^((and|or)?(where|having)\w*|find\w*|modify\w*|\w*[jJ]oin\w*|limit|top|first|as|\w*ById|\w*Graph\w*|truncate|using|from|with\w*|insert|into|merge|\$\w+|toSQL|toString|toQuery|getSQL|compile|context|relate|unrelate|for|table|on\w*|add\w*|apply\w*|query)$/;

const isLimited = ({ chain, library }: Query): boolean =>
  [...chain.keys()].some((link) => choosing.test(link) && !(library === 'typeorm' && link === 'from'));

/** A table of Drizzle: by where it is made, or by the file that it comes from. */
function isTable(source: Source, { chain, node }: Query): boolean {
  const [table] = firstCall(node, chain)?.arguments ?? [];
  if (chain.has('set')) return true;
  const origin = table ? originOf(source, table) : null;
  return (
    origin !== null &&
    /[tT]able\w*(\(\)|#)|[/@.-](schemas?|tables?|db|database|drizzle|models?|entities)\b/.test(origin)
  );
}

/** The chain ends here and is sent: waited for, given back, or one of a list; what has a name may get a condition later. */
function isSentHere(source: Source, node: Syntax): boolean {
  const parent = source.parentOf(node);
  if (parent?.type === 'AwaitExpression') return true;
  // A link that is added behind a `?` or in brackets is no part of the chain.
  return (
    parent !== null &&
    (/^(ReturnStatement|ArrayExpression|ExpressionStatement)$/.test(parent.type) ||
      (isFunction(parent) && parent.async))
  );
}

/** One statement without WHERE, whose holes are values: what else stands in a hole may be the condition. */
function isWholeStatement(source: Source, { node, sql }: Query): boolean {
  const text = (sql ?? '')
    .replace(/--.*|\/\*[\s\S]*?\*\//g, ' ')
    .trim()
    .replace(/;$/, '');
  const [given] = node.type === 'CallExpression' ? node.arguments : [node];
  const value = given ? unwrap(given) : null;
  if (value?.type === 'Identifier' && constantOf(source, value) === null) return false;
  if (/\b(where|limit|join|using|current\s+of|from\s*\(|with|prepare)\b|;/i.test(text.replace(/'[^']*'/g, "''")))
    return false;
  const isStatement =
    /^(update\s+(only\s+)?[\w."`[\]]+(\s+(as\s+)?\w+)?\s+set\s|delete\s+from\s+[\w."`[\]]+\s*(returning\b[\s\S]*)?$)/i.test(
      text,
    );
  if (!isStatement || /^update[\s\S]*\bfrom\b/i.test(text)) return false;
  const isWritten = value !== null && literal(value) !== undefined;
  return isWritten || [...text.matchAll(/(\S)?\s*\?/g)].every(([, before]) => /[=(,+*/'"-]/.test(before ?? ''));
}
