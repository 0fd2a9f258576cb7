import { keyOf, type Syntax, unwrap } from '../../text/syntax.ts';
import { bindingOf, bound, constantOf } from '../code/names.ts';
import { everyNode, functionAround, isFunction, type Source } from '../code/source.ts';

type Call = Extract<Syntax, { type: 'CallExpression' }>;

/** A record that is looked up by an id: the call, what it is given as the id, and the names that hold the answer. */
interface LookUp {
  call: Call;
  ids: readonly Syntax[];
  held: ReadonlySet<string>;
  /** Nothing behind it is reached where there is no such record. */
  throws: boolean;
}

const finding = /^(find(?!OrCreate|OrInsert|OrBuild)\w*|first\w*|single|maybeSingle|select|where|query|get)$/;
const byFirst = /^(findById\w*|findByPk|findOrFail|findByIdOrFail)$/;
const byPair = /^(eq|equalTo|equals|where|andWhere)$/;
const throwing = /Or(Throw|Fail)$|^throwIfNotFound$/;
const idName = /^(_?id|objectId|uuid|\w+(Id|_id|Uuid|_uuid))$/;
/** Conditions that hold for other records as well. */
const loose = /\bupsert\b|\bOR\b|\bNOT\b|\$(or|nor|ne|nin|not)\b|\b(or|not|ne|like|ilike|orWhere)\(/;

const known = new WeakMap<Syntax, readonly LookUp[]>();

/**
 * True for an id where it is only reached with one that a record of the server's own has: `await query.get(id)` that
 * throws, `const found = await findUnique({ where: { id } }); if (!found) return`. Such a value is no free text.
 */
export function isLookedUp(source: Source, value: Syntax, at: Syntax): boolean {
  // MySQL takes '5/../x' for 5 where the column is a number.
  if (source.project.has('mysql') || source.project.has('mysql2')) return false;
  const scope = outermost(source, at);
  if (scope === null) return false;
  return lookUpsIn(source, scope).some(
    (one) =>
      one.call.end < at.start &&
      one.ids.some((id) => isSame(source, id, value)) &&
      (one.throws ? holdsAt(source, one.call, at) : isAsked(source, scope, one, at)),
  );
}

function outermost(source: Source, at: Syntax): Syntax | null {
  let scope: Syntax | null = functionAround(source, at);
  for (const parent of scope ? source.above(scope) : []) if (isFunction(parent)) scope = parent;
  return scope;
}

function lookUpsIn(source: Source, scope: Syntax): readonly LookUp[] {
  const before = known.get(scope);
  if (before) return before;
  const all: LookUp[] = [];
  everyNode(scope, (node) => {
    if (node.type !== 'AwaitExpression') return;
    const call = unwrap(node.argument);
    const one = call.type === 'CallExpression' ? lookUp(source, node, call) : null;
    if (one) all.push(one);
  });
  known.set(scope, all);
  return all;
}

function lookUp(source: Source, awaited: Syntax, call: Call): LookUp | null {
  const names = chain(call);
  if (!names.some((name) => finding.test(name)) || loose.test(source.textOf(call))) return null;
  const query = queryOf(source, call);
  const throws = names.some((name) => throwing.test(name)) || (query !== null && names[0] === 'get');
  // `get` is a word of everyone's: only a query's own looks a record up.
  if (names.every((name) => name === 'get' || !finding.test(name)) && query === null) return null;
  const ids = [...idsIn(call), ...(query === null ? [] : idsOfQuery(source, query, call))];
  return ids.length === 0 ? null : { call, ids, held: heldBy(source, awaited), throws };
}

/** The names of the methods of a chain of calls, the last one first. */
function chain(call: Call): string[] {
  const names: string[] = [];
  for (let node: Syntax = call; ; ) {
    if (node.type === 'CallExpression') node = unwrap(node.callee);
    else if (node.type === 'MemberExpression') {
      if (!node.computed && node.property.type === 'Identifier') names.push(node.property.name);
      node = unwrap(node.object);
    } else return node.type === 'Identifier' ? [...names, node.name] : names;
  }
}

/** The variable of a query that is put together before it is asked: `const query = new Parse.Query('Note')`. */
function queryOf(source: Source, { callee: outer }: Call): Syntax | null {
  const callee = unwrap(outer);
  if (callee.type !== 'MemberExpression') return null;
  const object = unwrap(callee.object);
  const made = constantOf(source, object) ?? object;
  return made.type === 'NewExpression' && /Query$/.test(source.textOf(made.callee)) ? object : null;
}

function idsOfQuery(source: Source, query: Syntax, call: Call): Syntax[] {
  const [first] = call.arguments;
  if (chain(call)[0] === 'get') return first ? [first] : [];
  const ids: Syntax[] = [];
  everyNode(functionAround(source, call) ?? call, (node) => {
    if (node.type !== 'CallExpression' || node.end > call.start) return;
    if (source.textOf(node.callee) === `${source.textOf(query)}.equalTo`) ids.push(...idsIn(node));
  });
  return ids;
}

/** What the calls of a chain and of their conditions are given as an id. */
function idsIn(call: Syntax): Syntax[] {
  const ids: Syntax[] = [];
  everyNode(call, (node) => {
    if (node.type === 'Property' && idName.test(keyOf(node) ?? '')) ids.push(node.value);
    if (node.type !== 'CallExpression') return;
    const name = chain(node)[0] ?? '';
    const [first, second, third] = node.arguments;
    if (first && byFirst.test(name)) ids.push(first);
    if (first && second && !third && byPair.test(name) && isIdColumn(first)) ids.push(second);
  });
  return ids;
}

function isIdColumn(outer: Syntax): boolean {
  const node = unwrap(outer);
  if (node.type === 'Literal') return typeof node.value === 'string' && idName.test(node.value.replace(/^\w+\./, ''));
  return node.type === 'MemberExpression' && node.property.type === 'Identifier' && idName.test(node.property.name);
}

function heldBy(source: Source, awaited: Syntax): ReadonlySet<string> {
  let parent = source.parentOf(awaited);
  while (parent && /^(ParenthesizedExpression|TSAsExpression|TSNonNullExpression)$/.test(parent.type))
    parent = source.parentOf(parent);
  if (parent?.type === 'VariableDeclarator')
    return new Set(
      bound(parent.id).flatMap(({ name, path }) => (path.length < 2 && path[0] !== 'error' ? [name] : [])),
    );
  const target = parent?.type === 'AssignmentExpression' ? parent.left : null;
  return new Set(target?.type === 'Identifier' ? [target.name] : []);
}

/** True where an id is the value, as it stands or as a text or key of it. */
function isSame(source: Source, id: Syntax, value: Syntax): boolean {
  const inner = unwrap(id);
  if (inner.type === 'NewExpression' || inner.type === 'CallExpression') {
    const isForm = /(^|\.)(String|Number|ObjectId|toString)$/.test(source.textOf(inner.callee));
    const [first] = inner.arguments;
    const of = first ?? (inner.callee.type === 'MemberExpression' ? inner.callee.object : null);
    return isForm && of !== null && isSame(source, of, value);
  }
  if (inner.type !== 'Identifier' && inner.type !== 'MemberExpression') return false;
  const isChanged = (node: Syntax): boolean =>
    node.type === 'Identifier' && (bindingOf(source, node)?.writes.length ?? 0) > 0;
  if (isChanged(inner)) return false;
  const wanted = [value, constantOf(source, value)].flatMap((one) => (one ? [source.textOf(unwrap(one))] : []));
  return [inner, constantOf(source, inner)].some((one) => one !== null && wanted.includes(source.textOf(unwrap(one))));
}

/** True where what stands in a statement holds at a place: in the same block, further down or inside of it. */
function holdsAt(source: Source, node: Syntax, at: Syntax): boolean {
  for (const parent of source.above(node)) {
    if (isFunction(parent) && !contains(parent, at)) return false;
    if (/^(BlockStatement|Program|SwitchCase)$/.test(parent.type)) return contains(parent, at);
    // What stands behind `&&` or `?` may not be reached.
    if (/^(LogicalExpression|ConditionalExpression|IfStatement)$/.test(parent.type)) return contains(parent, at);
  }
  return false;
}

/** True where a place is reached only with a record that was found. */
function isAsked(source: Source, scope: Syntax, { call, held }: LookUp, at: Syntax): boolean {
  const isHeld = (node: Syntax): boolean => {
    const inner = unwrap(node);
    if (inner.type === 'AwaitExpression') return unwrap(inner.argument) === call;
    if (inner.type === 'ChainExpression') return isHeld(inner.expression);
    if (inner.type === 'CallExpression') return isHeld(inner.callee);
    return inner.type === 'MemberExpression'
      ? isHeld(inner.object)
      : inner.type === 'Identifier' && held.has(inner.name);
  };
  let isFound = false;
  everyNode(scope, (node) => {
    if (isFound || node.type !== 'IfStatement' || node.start > at.start || node.end < call.end) return;
    const isThere = contains(node.consequent, at) && says(node.test, true, isHeld);
    const isMissing = says(node.test, false, isHeld);
    const isElse = isMissing && node.alternate != null && contains(node.alternate, at);
    isFound =
      isThere || isElse || (isMissing && node.end < at.start && leaves(node.consequent) && holdsAt(source, node, at));
  });
  return isFound;
}

/** True where a condition is only met (or only failed) with a record. */
function says(outer: Syntax, isThere: boolean, isHeld: (node: Syntax) => boolean): boolean {
  const test = unwrap(outer);
  if (test.type === 'LogicalExpression' && test.operator === (isThere ? '&&' : '||'))
    return says(test.left, isThere, isHeld) || says(test.right, isThere, isHeld);
  if (test.type === 'UnaryExpression' && test.operator === '!') return !isThere && isHeld(test.argument);
  if (test.type !== 'BinaryExpression') return isThere && isHeld(test);
  const isNone = /^(null|undefined|0)$/.test(noneOf(test.right));
  return isNone && isHeld(test.left) && (isThere ? /^(!==?|>)$/ : /^===?$/).test(test.operator);
}

const noneOf = (node: Syntax): string => {
  const inner = unwrap(node);
  return inner.type === 'Literal' ? String(inner.value) : inner.type === 'Identifier' ? inner.name : '';
};

function leaves(node: Syntax): boolean {
  const last = node.type === 'BlockStatement' ? node.body.at(-1) : node;
  return last?.type === 'ReturnStatement' || last?.type === 'ThrowStatement' || last?.type === 'ContinueStatement';
}

const contains = (outer: Syntax, inner: Syntax): boolean => outer.start <= inner.start && inner.end <= outer.end;
