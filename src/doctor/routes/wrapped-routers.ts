import { type Syntax, unwrap } from '../../text/syntax.ts';
import { definitionOf } from '../code/definition.ts';
import { bindingOf } from '../code/names.ts';
import { originOf } from '../code/origin.ts';
import { everyOf, type FunctionSyntax, isFunction, type Source } from '../code/source.ts';

type CallSyntax = Extract<Syntax, { type: 'CallExpression' }>;
type Wrapped = 'waits' | 'may wait';

/** Packages that are given a router or an application of Express, and wait for its handlers from then on. */
const waiting =
  /^(async-express-decorator|@awaitjs\/express|express-async-router|express-async-handler|express-promise-router|express-async-await|express-asyncify|express-async-errors-2)#/;

/**
 * What the router that a route is registered on went through: `asyncRouter()`, a function of the project that gives back
 * `wrap(Router())`; or `wrap(Router())` where it stands. Null for a plain one, and where it cannot be told.
 */
export function routerWrapped(source: Source, registration: CallSyntax): Wrapped | null {
  if (registration.callee.type !== 'MemberExpression') return null;
  let object = unwrap(registration.callee.object);
  // `router.route('/orders').get(…)`, `router.get(…).post(…)`
  while (object.type === 'CallExpression' && object.callee.type === 'MemberExpression')
    object = unwrap(object.callee.object);
  const call = callAt(source, object);
  return call && wrapping(source, call, 1);
}

function wrapping(source: Source, call: CallSyntax, depth: number): Wrapped | null {
  const isGivenRouter = call.arguments.some((one) => makesRouter.test(originOf(source, one) ?? ''));
  if (isGivenRouter) return waiting.test(originOf(source, call.callee) ?? '') ? 'waits' : 'may wait';
  const place = depth > 0 ? definitionOf(source, call.callee) : null;
  if (!place || !isFunction(place.node)) return null;
  for (const given of givenBack(place.node)) {
    const inner = callAt(place.source, given);
    const found = inner && wrapping(place.source, inner, depth - 1);
    if (found) return found;
  }
  return null;
}

function givenBack(fn: FunctionSyntax): Syntax[] {
  if (!fn.body) return [];
  if (fn.body.type !== 'BlockStatement') return [fn.body];
  const given: Syntax[] = [];
  everyOf(fn.body, ['ReturnStatement'], (node) => {
    if (node.type === 'ReturnStatement' && node.argument) given.push(node.argument);
  });
  return given;
}

/** A call that stands there, or that a name holds. */
function callAt(source: Source, node: Syntax): CallSyntax | null {
  const inner = unwrap(node);
  const made = inner.type === 'Identifier' ? bindingOf(source, inner)?.init : inner;
  const call = made ? unwrap(made) : null;
  return call?.type === 'CallExpression' ? call : null;
}

const makesRouter = /^express#(default)?(\.?Router)?\(\)$/;
