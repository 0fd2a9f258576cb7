import { type Syntax, unwrap } from '../../text/syntax.ts';
import { definitionOf } from '../code/definition.ts';
import type { Place } from '../code/exports.ts';
import { bound } from '../code/names.ts';
import { originOf } from '../code/origin.ts';
import { everyNode, type FunctionSyntax, isFunction, type Source } from '../code/source.ts';
import { queryAt } from '../queries/queries.ts';
import { isBody, isJson } from './body.ts';
import { roleAt } from './request.ts';

type Call = Extract<Syntax, { type: 'CallExpression' }>;

/** What fails, or does something else, where it is given nothing, a list or an object: commands, files, hashes. */
const particular =
  /^(node:)?(child_process|fs(\/promises)?|crypto|vm)#|^(bcrypt(js)?|argon2|@node-rs\/(argon2|bcrypt))#|^#(eval|Function)$/;
const deepest = 2;

/**
 * The call that depends on what a part of the body is: a query, a command, a hash, in a handler or in the project's own
 * functions that it hands the part on to. Null where the body goes only to what cannot be read here, which may check it.
 */
export const dependedOn = (source: Source, handler: FunctionSyntax): Place | null =>
  within(source, handler, new Set(), deepest);

function within(source: Source, fn: FunctionSyntax, given: ReadonlySet<string>, depth: number): Place | null {
  const names = partsIn(source, fn, given);
  const isPart = (one: Syntax): boolean => isMadeOf(source, one, names);
  let found: Place | null = null;
  everyNode(fn.body ?? fn, (node) => {
    if (found) return;
    const query = queryAt(source, node);
    if (query) found = takes(query.node, isPart) ? { source, node } : null;
    else if (node.type === 'CallExpression' && node.arguments.some(isPart))
      found = particular.test(originOf(source, node.callee) ?? '')
        ? { source, node }
        : depth > 0
          ? handedOn(source, node, isPart, depth - 1)
          : null;
  });
  return found;
}

/** What an own function does with the parts that it is given. */
function handedOn(source: Source, call: Call, isPart: (one: Syntax) => boolean, depth: number): Place | null {
  const place = definitionOf(source, call.callee);
  if (!place || !isFunction(place.node)) return null;
  const { params } = place.node;
  const names = call.arguments.flatMap((one, index) => {
    const param = params[index];
    return param && isPart(one) ? bound(param).map(({ name }) => name) : [];
  });
  return names.length === 0 ? null : within(place.source, place.node, new Set(names), depth);
}

/** True where a call of a query's chain is given such a part. */
function takes(query: Syntax, isPart: (one: Syntax) => boolean): boolean {
  const node = unwrap(query);
  if (node.type === 'TaggedTemplateExpression') return node.quasi.expressions.some(isPart);
  if (node.type === 'AwaitExpression') return takes(node.argument, isPart);
  if (node.type === 'MemberExpression') return takes(node.object, isPart);
  return node.type === 'CallExpression' && (node.arguments.some(isPart) || takes(node.callee, isPart));
}

/** The names that parts of the body have in a function. */
function partsIn(source: Source, fn: FunctionSyntax, given: ReadonlySet<string>): ReadonlySet<string> {
  const names = new Set(given);
  for (const param of fn.params)
    if (roleAt(source, param) === null)
      for (const { name, path } of bound(param)) if (path[0] === 'body') names.add(name);
  everyNode(fn.body ?? fn, (node) => {
    if (node.type !== 'VariableDeclarator' || !node.init) return;
    const isRequest = roleAt(source, node.init) === 'request';
    for (const { name, path } of bound(node.id))
      if (isRequest ? path[0] === 'body' : isMadeOf(source, node.init, names)) names.add(name);
  });
  return names;
}

/** True for what still is what the client sent: a field, a text or an object with it, but not what a call made of it. */
function isMadeOf(source: Source, outer: Syntax, names: ReadonlySet<string>): boolean {
  const node = unwrap(outer);
  const of = (one: Syntax | null | undefined): boolean => (one ? isMadeOf(source, one, names) : false);
  switch (node.type) {
    case 'Identifier':
      return names.has(node.name);
    case 'MemberExpression':
      return isBody(source, node) || of(node.object);
    case 'AwaitExpression':
    case 'SpreadElement':
      return of(node.argument);
    case 'LogicalExpression':
    case 'BinaryExpression':
      return (node.type === 'LogicalExpression' || node.operator === '+') && (of(node.left) || of(node.right));
    case 'ConditionalExpression':
      return of(node.consequent) || of(node.alternate);
    case 'TemplateLiteral':
      return node.expressions.some(of);
    case 'ArrayExpression':
      return node.elements.some(of);
    case 'ObjectExpression':
      return node.properties.some((one) => of(one.type === 'Property' ? one.value : one.argument));
    case 'CallExpression':
      return isJson(source, node) || ofMethod(node, of);
    default:
      return false;
  }
}

/** `name.trim()`: of a field that is no text it fails, and of a text it is one. */
const ofMethod = ({ callee }: Call, of: (one: Syntax) => boolean): boolean => {
  const inner = unwrap(callee);
  return inner.type === 'MemberExpression' && of(inner.object);
};
