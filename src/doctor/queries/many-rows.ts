import { literal, type Syntax, unwrap } from '../../text/syntax.ts';
import { callsOf } from '../code/callers.ts';
import { definitionBeyond } from '../code/definition.ts';
import { type Binding, bindingOf } from '../code/names.ts';
import { everyNode, isFunction, loopAround, type Source } from '../code/source.ts';
import { returnedBy } from '../flow/parameters.ts';
import { taintOf } from '../flow/taint.ts';
import { isSent } from '../flow/taints.ts';
import { tableName } from './base.ts';
import { isHandedWith } from './loaded.ts';
import { nameOf, queryAt, queryOfChain } from './queries.ts';
import type { Call, Query } from './query.ts';
import { isSmallTable } from './tables.ts';

const few = 10;
const deepest = 14;
/** Out of how many functions a list is followed: what has gone through more hands may be anything by then. */
const hands = 1;

/** What is being followed: how far still, through how many functions, and the names that were met. */
interface Way {
  left: number;
  hands: number;
  seen: Set<Syntax>;
}

/** True where a loop goes over rows that a query without a small bound gave, or over a list that the request carries. */
export function isOverRows(source: Source, loop: Syntax): boolean {
  const list = listOf(loop);
  return list !== null && isMany(source, list, { left: deepest, hands, seen: new Set() });
}

/** What a loop goes through: the list of `for … of`, of `list.map(…)`, of `i < list.length`. */
export function listOf(loop: Syntax): Syntax | null {
  if (loop.type === 'ForOfStatement' || loop.type === 'ForInStatement') return loop.right;
  if (loop.type === 'CallExpression') return loop.callee.type === 'MemberExpression' ? loop.callee.object : null;
  if (loop.type !== 'ForStatement' || loop.test?.type !== 'BinaryExpression') return null;
  const right = unwrap(loop.test.right);
  return right.type === 'MemberExpression' && nameOf(right) === 'length' ? right.object : null;
}

function isMany(source: Source, list: Syntax, way: Way): boolean {
  const node = unwrap(list);
  const { left, seen } = way;
  if (left === 0 || seen.has(node)) return false;
  seen.add(node);
  const of = (inner: Syntax): boolean => isMany(source, inner, { ...way, left: left - 1 });
  switch (node.type) {
    case 'AwaitExpression':
    case 'SpreadElement':
      return of(node.argument);
    case 'LogicalExpression':
      return of(node.left) || of(node.right);
    case 'ConditionalExpression':
      return of(node.consequent) || of(node.alternate);
    case 'ArrayExpression':
      return node.elements.some((one) => one?.type === 'SpreadElement' && of(one));
    case 'NewExpression':
      return /^(Set|Map)$/.test(nameOf(node.callee) ?? '') && !!node.arguments[0] && of(node.arguments[0]);
    case 'TaggedTemplateExpression':
      return isOfMany(queryAt(source, node));
    case 'CallExpression':
      return isCallMany(source, node, way, of);
    case 'Identifier':
      return isNameMany(source, node, way);
    case 'MemberExpression':
      return isPartMany(source, node, of);
    default:
      return false;
  }
}

/** Methods of an array, and functions, that give about as many as they are given. */
const keeping =
  /^(filter|map|flatMap|flat|slice|sort|toSorted|orderBy|reverse|toReversed|concat|entries|values|keys|from|all|uniq\w*|unique\w*|compact|sortBy|difference\w*|without|cloneDeep|shuffle|toArray|toJSON|lean|exec|then|catch)$/;

function isCallMany(source: Source, node: Call, way: Way, of: (inner: Syntax) => boolean): boolean {
  const asked = queryOfChain(source, node);
  if (asked) return isOfMany(asked.query);
  const name = nameOf(node.callee) ?? '';
  const [first, second] = node.arguments;
  const callee = unwrap(node.callee);
  if (keeping.test(name)) {
    if (name === 'slice' && second && isFew(second)) return false;
    const isOwn =
      callee.type === 'MemberExpression' && !/^(Object|Array|Promise|_|lodash)$/.test(nameOf(callee.object) ?? '');
    if (isOwn && callee.type === 'MemberExpression' && of(callee.object)) return true;
    if (first && !isFunction(first) && of(first)) return true;
  }
  const place = definitionBeyond(source, callee);
  if (!place && /^(getMany|getManyAndCount|getRawMany|find(All|Many|AndCount)\w*)$/.test(name)) return true;
  if (!place || !isFunction(place.node) || way.hands === 0) return false;
  const inner: Way = { ...way, left: way.left - 1, hands: way.hands - 1 };
  return returnedBy(place.node).some((one) => isMany(place.source, one, inner));
}

/** A number that is written there, of rows for which one query each costs little. */
export const isFew = (node: Syntax): boolean => {
  const rows = literal(node);
  return typeof rows === 'number' && rows <= few;
};

/** Rows without a small bound, of a table that somebody did not fill by hand. */
function isOfMany(query: Query | null): boolean {
  if (query === null) return false;
  const { kind, options, chain, sql, model } = query;
  if (model !== null && isSmallTable(tableName(model))) return false;
  if (sql !== null) {
    const limit = /\blimit\s+(\d+)\s*;?\s*$/i.exec(sql)?.[1];
    return (kind === 'many' || kind === 'raw') && (limit === undefined || Number(limit) > few);
  }
  const limit =
    options.get('take') ?? options.get('limit') ?? chain.get('limit')?.arguments[0] ?? chain.get('take')?.arguments[0];
  return (kind === 'many' || chain.has('groupBy') || chain.has('getMany')) && !(limit && isFew(limit));
}

function isNameMany(source: Source, node: Syntax, way: Way): boolean {
  const binding = bindingOf(source, node);
  if (!binding || (way.seen.has(binding.declaration) && binding.kind === 'parameter')) return false;
  const next: Way = { ...way, left: way.left - 1 };
  const of = (inner: Syntax): boolean => isMany(source, inner, next);
  if (binding.kind === 'parameter')
    return isGivenMany(
      source,
      node,
      binding,
      (inner, from) => way.hands > 0 && isMany(from, inner, { ...next, hands: way.hands - 1 }),
    );
  if (binding.kind !== 'variable') return false;
  // `const { ids } = req.body`
  if (binding.path.length > 0 && isSent(taintOf(source, node))) return true;
  return valuesOf(binding).some((one) => of(one)) || isFilledMany(source, binding, of);
}

/** What a name stands for; of `const [rows, count] = …` what belongs to its place. */
function valuesOf({ declaration, init, name, path, writes }: Binding): Syntax[] {
  if (init === null) return writes;
  const from = unwrap(init);
  const made = from.type === 'AwaitExpression' ? unwrap(from.argument) : from;
  if (declaration.type === 'VariableDeclarator' && declaration.id.type === 'ArrayPattern') {
    const at = declaration.id.elements.findIndex((one) => one?.type === 'Identifier' && one.name === name);
    const all = made.type === 'CallExpression' && nameOf(made.callee) === 'all' ? made.arguments[0] : undefined;
    const each = all && unwrap(all);
    if (each?.type === 'ArrayExpression') return each.elements[at] ? [...writes, each.elements[at]] : writes;
    return at === 0 ? [...writes, init] : writes;
  }
  const [first] = path;
  return path.length === 0 || (path.length === 1 && rowsKey.test(first ?? '')) ? [...writes, init] : writes;
}

/** Where answers hold their rows. */
const rowsKey = /^(rows|data|docs|items|results|records|nodes|edges|list|entries|recordset|documents)$/;

/** `found.push(…)` for each of many, or for each of each. */
function isFilledMany(source: Source, { name, scope }: Binding, of: (inner: Syntax) => boolean): boolean {
  let isIt = false;
  everyNode(scope, (node) => {
    if (isIt || node.type !== 'CallExpression' || !/^(push|add|set)$/.test(nameOf(node.callee) ?? '')) return;
    const callee = unwrap(node.callee);
    if (callee.type !== 'MemberExpression' || callee.object.type !== 'Identifier' || callee.object.name !== name)
      return;
    const [first] = node.arguments;
    const loop = loopAround(source, node);
    const around = loop && listOf(loop);
    isIt =
      (first?.type === 'SpreadElement' && of(first)) ||
      (loop !== null &&
        loop.start > scope.start &&
        (loopsUp(source, loop, scope) > 1 || (around !== null && of(around))));
  });
  return isIt;
}

/** How many loops stand within each other below a scope; callbacks of arrays count. */
function loopsUp(source: Source, innermost: Syntax, scope: Syntax): number {
  let found = 0;
  for (let loop: Syntax | null = innermost; loop && loop.start > scope.start; loop = loopAround(source, loop)) found++;
  return found;
}

/** A list that the request carries, or that a caller hands over. */
function isGivenMany(
  source: Source,
  node: Syntax,
  binding: Binding,
  of: (inner: Syntax, from: Source) => boolean,
): boolean {
  if (isSent(taintOf(source, node))) return true;
  const { declaration, path, scope } = binding;
  if (!isFunction(scope)) return false;
  const at = scope.params.findIndex(({ start }) => start === declaration.start);
  return callsOf(source, scope).some(({ source: from, call }) => {
    const given = call.arguments[at];
    if (!given) return false;
    const value = unwrap(given);
    if (path.length === 0) return of(value, from);
    const key = path[0];
    if (value.type !== 'ObjectExpression' || path.length > 1) return false;
    const part = value.properties.find(
      (one) => one.type === 'Property' && one.key.type === 'Identifier' && one.key.name === key,
    );
    return part?.type === 'Property' && of(part.value, from);
  });
}

/** `answer.rows`, `req.body.ids`, and a relation that was asked for with its row. */
function isPartMany(
  source: Source,
  node: Extract<Syntax, { type: 'MemberExpression' }>,
  of: (inner: Syntax) => boolean,
): boolean {
  if (isSent(taintOf(source, node))) return true;
  const name = nameOf(node) ?? '';
  if (rowsKey.test(name) && of(node.object)) return true;
  const holder = bindingOf(source, unwrap(node.object));
  if (holder && isHandedWith(source, holder, name)) return true;
  const [value] = node.object.type === 'Identifier' ? valuesOfName(source, node.object) : [node.object];
  const made = value ? unwrap(value) : null;
  const call = made?.type === 'AwaitExpression' ? unwrap(made.argument) : made;
  const query = call?.type === 'CallExpression' ? queryOfChain(source, call)?.query : null;
  if (query?.kind !== 'one') return false;
  return ['include', 'with', 'relations', 'select'].some((key) => {
    const asked = query.options.get(key);
    return (
      asked !== undefined &&
      new RegExp(`\\b${name}\\b['"]?\\s*(:\\s*\\{|:\\s*true|,|\\])`).test(source.textOf(asked)) &&
      (key !== 'select' || new RegExp(`\\b${name}\\s*:\\s*\\{`).test(source.textOf(asked)))
    );
  });
}

function valuesOfName(source: Source, node: Syntax): Syntax[] {
  const binding = bindingOf(source, node);
  return binding?.kind === 'variable' ? valuesOf(binding) : [];
}
