import { keyOf, type Syntax, unwrap } from '../../text/syntax.ts';
import { callsOf, functionName } from '../code/callers.ts';
import { bindingOf, constantOf } from '../code/names.ts';
import { everyNode, isFunction, type Source } from '../code/source.ts';
import { isFew, listOf } from './many-rows.ts';
import { nameOf, queryAt, queryOfChain } from './queries.ts';
import { isOfState } from './reuse.ts';

/** True where a schema beside the handler lets so few through: `validate({ series: z.array(one).max(5) })`. */
export function isShortBySchema(source: Source, loop: Syntax): boolean {
  const list = listOf(loop);
  const field = list && fieldOf(source, list);
  if (!field) return false;
  const around = [...source.above(loop)];
  const fn = around.findLast(isFunction);
  const route = around.findLast(({ type }) => type === 'CallExpression');
  if (fn === undefined || route === undefined) return false;
  const [bounds, seen]: [boolean[], Set<Syntax>] = [[], new Set()];
  const look = (whole: Syntax): void =>
    everyNode(whole, (node) => {
      if (node.start >= fn.start && node.end <= fn.end) return;
      if (node.type === 'Property' && keyOf(node) === field) bounds.push(isFewBySchema(node.value));
      const made = node.type === 'Identifier' ? constantOf(source, node) : null;
      if (made === null || seen.has(made) || !/^(CallExpression|ObjectExpression)$/.test(made.type)) return;
      seen.add(made);
      look(made);
    });
  look(route);
  return bounds.length > 0 && bounds.every(Boolean);
}

/** True for a loop over what one person or thing has in one state, `where: { workerId, state: 'OPEN' }`: what is at work at a time is little. */
export function isOfOneAtWork(source: Source, loop: Syntax): boolean {
  const list = listOf(loop);
  const node = list && unwrap(list);
  const rows = node?.type === 'MemberExpression' && nameOf(node) === 'rows' ? unwrap(node.object) : node;
  const made = rows ? unwrap(constantOf(source, rows) ?? rows) : null;
  const call = made?.type === 'AwaitExpression' ? unwrap(made.argument) : made;
  const query = call?.type === 'CallExpression' ? queryOfChain(source, call)?.query : call && queryAt(source, call);
  if (!query) return false;
  const text = source.textOf(query.node);
  return isOfState(text) && ofOneId.test(text);
}

const ofOneId = /\b\w+(_id|Id)\b["`]?\s*([:,]|={1,3}\s*(\$|\?|:))|\{\s*\w+Id\s*[,}]/;

/** The name under which a list was sent: `req.body.series`, `const { series: given } = req.body`. */
function fieldOf(source: Source, list: Syntax): string | null {
  const node = unwrap(list);
  if (node.type === 'MemberExpression') return nameOf(node);
  const binding = node.type === 'Identifier' ? bindingOf(source, node) : null;
  const last = binding?.path.at(-1);
  if (last) return last;
  return binding?.init && unwrap(binding.init).type === 'MemberExpression' ? nameOf(unwrap(binding.init)) : null;
}

/** `z.array(one).min(1).max(5)`, `{ type: 'array', maxItems: 5 }`. */
function isFewBySchema(value: Syntax): boolean {
  const node = unwrap(value);
  if (node.type === 'ObjectExpression')
    return node.properties.some((one) => one.type === 'Property' && keyOf(one) === 'maxItems' && isFew(one.value));
  let found = false;
  for (let at: Syntax = node; at.type === 'CallExpression' && at.callee.type === 'MemberExpression'; ) {
    const name = nameOf(at.callee);
    if (name === 'max' || name === 'length') found = at.arguments[0] !== undefined && isFew(at.arguments[0]);
    if (name === 'array') return found;
    at = unwrap(at.callee.object);
  }
  return false;
}

const removing = /^_?(delete|remove|destroy|erase|close)(?!.*(All|Many|Bulk|Batch))(?![A-Z]\w*[^s]s$)(?=[A-Z_]|$)/;

/** True where the code runs as one thing is removed, and at no other time: in `deleteAccount()`, or for `@Delete(':id')` alone. */
export function isForRemoval(source: Source, node: Syntax, depth = 1): boolean {
  const outer = [...source.above(node)].findLast(isFunction);
  if (outer === undefined) return false;
  if (removing.test(functionName(source, outer) ?? '')) return true;
  const member = source.parentOf(outer);
  if (member?.type === 'MethodDefinition' && member.decorators?.some((one) => ofOne.test(source.textOf(one))))
    return true;
  if (depth === 0) return false;
  const calls = callsOf(source, outer).filter(
    ({ source: from, call }) => from !== source || call.start < outer.start || call.end > outer.end,
  );
  return calls.length > 0 && calls.every(({ source: from, call }) => isForRemoval(from, call, depth - 1));
}

const ofOne = /^@Delete\(\s*['"`][^'"`]*:\w+['"`]/;
