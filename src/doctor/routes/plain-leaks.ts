import { keyOf, type Syntax, stringValue, unwrap } from '../../text/syntax.ts';
import { functionName } from '../code/callers.ts';
import { bindingOf } from '../code/names.ts';
import { memberName } from '../code/objects.ts';
import { reachedFrom } from '../code/reach.ts';
import { everyOf, type FunctionSyntax, functionAround, isFunction, type Source } from '../code/source.ts';
import { queryAt } from '../queries/queries.ts';
import type { Leak } from './error-parts.ts';

/**
 * True where what goes out is surely more than a text for the client: a stack, an error that a library made, or the
 * message of whatever failed in all routes, or in code that asks a database.
 */
export function isPlainLeak(source: Source, { what, at }: Leak): boolean {
  if (what === 'stack') return true;
  const scope = scopeOf(source, at);
  if (scope === null || isOfAllRoutes(source, scope)) return true;
  if (what === 'whole') return !isOwnCallback(source, scope, at) || asksDatabase(source, tried(source, at, scope));
  return asksDatabase(source, tried(source, at, scope));
}

/** The function whose parameter the error is, or that catches it. */
function scopeOf(source: Source, at: Syntax): FunctionSyntax | null {
  const error = errorIn(source, at);
  const binding = error && bindingOf(source, error);
  if (binding?.kind === 'parameter' && isFunction(binding.scope)) return binding.scope;
  return functionAround(source, at);
}

/** The error itself: `error` of `error.message`. */
function errorIn(source: Source, at: Syntax): Syntax | null {
  const inner = unwrap(at);
  if (inner.type === 'MemberExpression') return errorIn(source, inner.object);
  return inner.type === 'Identifier' ? inner : null;
}

/** What is asked whenever a route fails: Express's handler of four, Fastify's and Hono's, Nest's filters. */
function isOfAllRoutes(source: Source, fn: FunctionSyntax): boolean {
  const call = source.parentOf(fn);
  const callee = call?.type === 'CallExpression' ? unwrap(call.callee) : null;
  const name = functionName(source, fn) ?? '';
  return (
    fn.params.length === 4 ||
    /^(onError|setErrorHandler)$/.test((callee && memberName(callee)) ?? '') ||
    /error_?(handler|middleware)|handle_?errors?$|exception_?filter/i.test(name) ||
    (call?.type === 'MethodDefinition' && keyOf(call) === 'catch')
  );
}

/** `send(body, (error) => …)`: what a function of somebody's own calls back with may be a text that it chose. */
function isOwnCallback(source: Source, fn: FunctionSyntax, at: Syntax): boolean {
  const call = source.parentOf(fn);
  if (call?.type !== 'CallExpression' || bindingOf(source, unwrap(at))?.scope !== fn) return false;
  return memberName(unwrap(call.callee)) !== 'catch';
}

/** The code whose failing it is: what is tried, or the call that gives the error. */
function tried(source: Source, at: Syntax, scope: FunctionSyntax): Syntax {
  for (const parent of source.above(at)) {
    if (parent.type === 'TryStatement' && parent.handler && parent.handler.start <= at.start) return parent.block;
    if (parent === scope) break;
  }
  const call = source.parentOf(scope);
  return call?.type === 'CallExpression' ? call : scope;
}

/** A query in the code, or in a function of the project that it calls. */
function asksDatabase(source: Source, node: Syntax): boolean {
  if (hasQuery(source, node)) return true;
  const callees: Syntax[] = [];
  everyOf(node, ['CallExpression'], (one) => {
    if (one.type === 'CallExpression') callees.push(one.callee);
  });
  return reachedFrom(source, callees, 2).some((place) => hasQuery(place.source, place.node));
}

function hasQuery(source: Source, node: Syntax): boolean {
  let has = false;
  everyOf(node, ['CallExpression', 'TaggedTemplateExpression'], (one) => {
    has ||= queryAt(source, one) !== null;
  });
  return has;
}

/** False where the page that is drawn never prints what it is given: the text of its file does not name it. */
export function isPrinted(source: Source, call: Syntax, at: Syntax): boolean {
  if (call.type !== 'CallExpression' || memberName(unwrap(call.callee)) !== 'render') return true;
  const [page] = call.arguments;
  const name = page && stringValue(page)?.replace(/^\.?\/|\.\w+$/g, '');
  const holder = [...source.above(at)].find((one) => one.type === 'Property');
  const key = holder && keyOf(holder);
  if (!name || !key) return true;
  const { files, tree } = source.project;
  const file = files.find(
    (one) => new RegExp(`(^|/)${name.replace(/[^\w/]/g, '\\$&')}\\.\\w+$`).test(one) && views.test(one),
  );
  const text = file === undefined ? null : tree.read(file);
  return text === null || new RegExp(`\\b${key}\\b`).test(text);
}
const views = /\.(ejs|pug|jade|hbs|handlebars|njk|html|mustache|twig|liquid|eta|edge)$/;
