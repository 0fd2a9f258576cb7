import type { Moment } from './moments.ts';
import { at, everyPart, listAt, type Node, opened, stringAt, wordsAt } from './tree.ts';

/** Names of columns that tell one row from the others. */
const keys =
  /^(id|uuid|guid|pk|email|slug|code|key|name|username|handle|token|sku)$|_(id|uuid|key|code|slug)$|[a-z]Id$/;

/** True for a condition that picks single rows: a key compared with a constant, or with a list of them. */
function picksRows(where: unknown, unique: ReadonlySet<string>): boolean {
  const next = (one: unknown): boolean => picksRows(one, unique);
  const part = opened(where);
  if (part === null) return false;
  if (part.kind === 'BoolExpr') {
    const args = listAt(part.node, 'args');
    const operator = stringAt(part.node, 'boolop');
    return operator === 'AND_EXPR' ? args.some(next) : operator === 'OR_EXPR' && args.every(next);
  }
  if (part.kind !== 'A_Expr' || !/^AEXPR_(OP|IN|LIKE)$/.test(stringAt(part.node, 'kind') ?? '')) return false;
  const column = wordsAt(part.node, 'lexpr', 'ColumnRef', 'fields').at(-1) ?? '';
  return (
    (keys.test(column) || unique.has(column)) &&
    wordsAt(part.node, 'name')[0] !== '<>' &&
    isConstant(at(part.node, 'rexpr'))
  );
}

function isConstant(value: unknown): boolean {
  if (Array.isArray(value)) return value.every(isConstant);
  const part = opened(value);
  if (part?.kind === 'List') return listAt(part.node, 'items').every(isConstant);
  if (part?.kind === 'TypeCast') return isConstant(at(part.node, 'arg'));
  return part?.kind === 'A_Const' || part?.kind === 'ParamRef';
}

/** True for an UPDATE that gives each row what is computed of the row (or of its neighbours), or fills what is NULL: not one constant over all. */
function isComputed(node: Node): boolean {
  let reads = at(node, 'fromClause') !== undefined;
  for (const target of listAt(node, 'targetList'))
    everyPart(at(target, 'ResTarget', 'val'), (kind) => {
      if (kind === 'ColumnRef' || kind === 'SubLink' || kind === 'FuncCall' || kind === 'MultiAssignRef') reads = true;
    });
  return reads;
}

/** The columns that an UPDATE writes. */
const writtenBy = (node: Node): string[] =>
  listAt(node, 'targetList').flatMap((target) => stringAt(target, 'ResTarget', 'name') ?? []);

/** Writing rows on a table that was there before, of more than some picked ones, or of a batch. */
export function isMassWrite({ change, isNew, keys: unique }: Moment): boolean {
  if (change.change !== 'update' && change.change !== 'delete') return false;
  return !isNew(change.table) && !picksRows(change.where, unique) && !isBatch(change.node);
}

/** The rows come of a query that ends at a LIMIT. */
function isBatch(node: Node): boolean {
  let found = false;
  for (const key of ['whereClause', 'fromClause', 'usingClause', 'withClause'])
    everyPart({ part: at(node, key) }, (kind, part) => {
      if (kind === 'SelectStmt' && at(part, 'limitCount') !== undefined) found = true;
    });
  return found;
}

/** The columns that a file's moments add before one of them, as 'table column'. */
const addedBefore = (moments: readonly Moment[], before: Moment): ReadonlySet<string> =>
  new Set(
    moments
      .slice(0, moments.indexOf(before))
      .flatMap(({ change }) => (change.change === 'add-column' ? [`${change.table} ${change.column.name}`] : [])),
  );

/** True where only rows are meant in which a column is not null that the file itself has just added: there are none. */
export function isOfNone(moments: readonly Moment[], moment: Moment): boolean {
  const { change } = moment;
  if (change.change !== 'update' && change.change !== 'delete') return false;
  const added = moments.slice(0, moments.indexOf(moment)).flatMap(({ change: before }) => {
    const isEmpty = before.change === 'add-column' && (before.column.default ?? null) === null;
    return isEmpty && before.table === change.table && !before.column.generated && !before.column.identity
      ? [before.column.name]
      : [];
  });
  const isWritten = moments.some(
    (one) => one.change.change === 'update' && one !== moment && one.change.table === change.table,
  );
  return added.length > 0 && !isWritten && asksFor(change.where, added);
}

/** A condition that holds for no row where these columns are null in all. */
function asksFor(where: unknown, columns: readonly string[]): boolean {
  const part = opened(where);
  if (part?.kind === 'BoolExpr' && stringAt(part.node, 'boolop') === 'AND_EXPR')
    return listAt(part.node, 'args').some((one) => asksFor(one, columns));
  if (part?.kind !== 'NullTest' || stringAt(part.node, 'nulltesttype') !== 'IS_NOT_NULL') return false;
  return columns.includes(wordsAt(part.node, 'arg', 'ColumnRef', 'fields').at(-1) ?? '');
}

/** True where only rows are meant that have a value in some column: often a few of them. */
export function isOfSome(where: unknown): boolean {
  const part = opened(where);
  if (part?.kind === 'BoolExpr' && stringAt(part.node, 'boolop') === 'AND_EXPR')
    return listAt(part.node, 'args').some(isOfSome);
  return part?.kind === 'NullTest' && stringAt(part.node, 'nulltesttype') === 'IS_NOT_NULL';
}

/** True for an UPDATE or DELETE without WHERE that loses what the rows hold: one constant over all, or all of them gone. */
export function losesRows(moments: readonly Moment[], moment: Moment): boolean {
  const { change, isNew } = moment;
  if ((change.change !== 'update' && change.change !== 'delete') || change.where !== null || isNew(change.table))
    return false;
  if (change.change === 'delete') return at(change.node, 'usingClause') === undefined;
  if (isComputed(change.node)) return false;
  const added = addedBefore(moments, moment);
  return !writtenBy(change.node).every((column) => added.has(`${change.table} ${column}`));
}

/** The moment before in the same transaction that holds a table so that nobody else can read it; null for none. */
export function heldBy(moments: readonly Moment[], moment: Moment): { table: string; moment: Moment } | null {
  if (moment.transaction === null) return null;
  for (const before of moments) {
    if (before.statement === moment.statement) return null;
    if (before.transaction !== moment.transaction) continue;
    const held = before.effects.find(({ lock }) => lock === 'access exclusive');
    if (held) return { table: held.table, moment: before };
  }
  return null;
}
