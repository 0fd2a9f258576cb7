import { type Syntax, unwrap } from '../../text/syntax.ts';
import { bindingOf, constantOf } from '../code/names.ts';
import { everyNode, type FunctionSyntax, isFunction, type Source } from '../code/source.ts';
import { nameOf } from './queries.ts';
import type { Call } from './query.ts';

/** What a model asks for itself; a row's own methods (`save`, `reload`, `$relatedQuery`) ask the same table each time. */
const ofModel =
  /^(find(One|All|Many|First|Unique|By|ById|ByPk|AndCount\w*)?|count\w*|query|exists|aggregate|distinct|createQueryBuilder|max|min|sum)$/;

/** True where a query is asked of what the loop goes through: `models.map((model) => model.count())`. No one query asks them all. */
export function isOfRound(source: Source, query: Syntax, loop: Syntax): boolean {
  const receiver = receiverOf(source, query);
  return receiver !== null && isOfLoop(source, receiver, loop);
}

/** The same for a function that asks what it is given: `isUsed(model)`. Takes the call, and the function with its query. */
export function isGivenRound(
  source: Source,
  call: Call,
  loop: Syntax,
  asked: { source: Source; node: FunctionSyntax; query: Syntax },
): boolean {
  const receiver = receiverOf(asked.source, asked.query);
  const given = receiver && givenFor(call, asked, receiver);
  if (given) return isOfLoop(source, unwrap(given), loop);
  const table = tableIn(asked.query);
  const named = table && givenFor(call, asked, table);
  return !!named && hasOfRound(source, named, loop);
}

/** What a call gives for a name of the function: for its parameter, or for what it takes out of one. */
function givenFor(call: Call, { source, node }: { source: Source; node: FunctionSyntax }, name: Syntax): Syntax | null {
  let binding = bindingOf(source, rootOf(name));
  if (binding?.kind === 'variable' && binding.init) binding = bindingOf(source, rootOf(binding.init));
  if (binding?.kind !== 'parameter') return null;
  const { start } = binding.declaration;
  return call.arguments[node.params.findIndex((one) => one.start === start)] ?? null;
}

/** `options.table` → options. */
function rootOf(node: Syntax): Syntax {
  const inner = unwrap(node);
  return inner.type === 'MemberExpression' ? rootOf(inner.object) : inner;
}

/** The table that a query names by a value: `knex(options.table)`, `db.collection(name)`, `.from(table)`. */
function tableIn(query: Syntax): Syntax | null {
  let found: Syntax | null = null;
  everyNode(query, (node) => {
    const [first] = node.type === 'CallExpression' && takesTable.test(nameOf(node.callee) ?? '') ? node.arguments : [];
    if (first && /^(Identifier|MemberExpression)$/.test(unwrap(first).type)) found ??= first;
  });
  return found;
}

/** Calls whose first argument is a table. */
const takesTable =
  /^_?(collection|getRepository|getModel|model|knex|db|trx|from|into|table|selectFrom|insertInto|updateTable|deleteFrom)$/;

/** True where each round asks the table that its row names. */
export function namesTableOfRound(source: Source, query: Syntax, loop: Syntax): boolean {
  let isIt = false;
  everyNode(query, (node) => {
    if (isIt || node.type !== 'CallExpression' || !takesTable.test(nameOf(node.callee) ?? '')) return;
    const [table] = node.arguments;
    isIt = table !== undefined && !isFunction(unwrap(table)) && hasOfRound(source, table, loop);
  });
  return isIt;
}

/** Something that each round has anew stands in the expression. */
function hasOfRound(source: Source, root: Syntax, loop: Syntax): boolean {
  let isIt = false;
  everyNode(root, (node) => {
    const declared = isIt || node.type !== 'Identifier' ? null : bindingOf(source, node)?.declaration;
    if (declared) isIt = declared.start >= loop.start && declared.end <= loop.end;
  });
  return isIt;
}

/** The name that the query's first call is asked of. */
function receiverOf(source: Source, query: Syntax): Syntax | null {
  let at = unwrap(query);
  for (;;) {
    const callee = at.type === 'CallExpression' ? unwrap(at.callee) : at;
    if (callee.type !== 'MemberExpression') return null;
    const object = unwrap(callee.object);
    if (object.type !== 'Identifier') {
      at = object;
      continue;
    }
    // A query that is put together in steps: `const asked = model.query(); asked.first()`.
    const before = constantOf(source, object);
    if (before?.type === 'CallExpression' && receiverOf(source, before) !== null) return receiverOf(source, before);
    return at.type === 'CallExpression' && ofModel.test(nameOf(callee) ?? '') ? object : null;
  }
}

/** The loop's own variable, or what a call makes of it. */
function isOfLoop(source: Source, name: Syntax, loop: Syntax, depth = 3): boolean {
  const binding = bindingOf(source, name);
  if (!binding || depth === 0) return false;
  const { declaration, kind } = binding;
  if (loop.type === 'ForOfStatement' && loop.left.start <= declaration.start && declaration.end <= loop.left.end)
    return true;
  if (kind === 'parameter')
    return (
      loop.type === 'CallExpression' &&
      loop.arguments.some((one) => isFunction(one) && one.params.some((parameter) => parameter === declaration))
    );
  const init = binding.init && unwrap(binding.init);
  const made = init?.type === 'AwaitExpression' ? unwrap(init.argument) : init;
  if (made?.type !== 'CallExpression' || made.start < loop.start || made.end > loop.end) return false;
  let isOf = false;
  everyNode(made, (node) => {
    if (node !== name && node.type === 'Identifier') isOf ||= isOfLoop(source, node, loop, depth - 1);
  });
  return isOf;
}
