import { type Syntax, unwrap } from '../../text/syntax.ts';
import { callsOf } from '../code/callers.ts';
import { definitionOf } from '../code/definition.ts';
import { heldUnder, partsNamed } from '../code/held.ts';
import { type Binding, bindingOf, constantOf } from '../code/names.ts';
import { originOf } from '../code/origin.ts';
import { type FunctionSyntax, isFunction, type Source } from '../code/source.ts';
import { callbackValue } from '../routes/callbacks.ts';
import { partAt } from '../routes/handlers.ts';
import { roleOf } from '../routes/roles.ts';
import { isNarrowed, spreadIn } from './fields.ts';
import { parsesForm } from './forms.ts';
import { openResults } from './given-back.ts';
import { isGuarded } from './guards.ts';
import { isUsedOnce } from './handed.ts';
import { isOfList } from './listed.ts';
import { isLookedUp } from './looked-up.ts';
import { decoratedTaint, isGivenNumber, objectProperty, pushed, returnedBy, undeclared } from './parameters.ts';
import { isMadeOfUpload, roleAt, sentCalls } from './request.ts';
import { resolverTaint } from './resolvers.ts';
import { carriers, checks, cleaning, isOfPaths, isStripped, passesOn, plainCalls, plainMethods } from './results.ts';
import { type Call, type Following, isTooFar, type Search } from './search.ts';
import { isSent, type Taint, worse, worst } from './taints.ts';

export { isGuarded } from './guards.ts';
export { isSent, type Taint } from './taints.ts';

/** What an expression may hold. Follows names, patterns, templates, the project's own functions and who calls them; gives `unknown` where it cannot tell. What was looked up before the place where it is used is no free text. */
export function taintOf(source: Source, node: Syntax, following: Following = {}, at: Syntax = node): Taint {
  return taint({ source, at, seen: new Set(), hops: 0, handed: 0, given: new Map(), following }, node);
}

function taint(search: Search, outer: Syntax): Taint {
  const node = unwrap(outer);
  if (search.seen.has(node) || search.seen.size > 400) return 'constant';
  search.seen.add(node);
  const found = valueTaint(search, node);
  const isNamed = node.type === 'Identifier' || node.type === 'MemberExpression';
  if (!isNamed || !isSent(found)) return found;
  if (isOfList(search.source, node)) return 'plain';
  return search.at && isLookedUp(search.source, node, search.at) ? 'plain' : found;
}

function valueTaint(search: Search, node: Syntax): Taint {
  const of = (one: Syntax): Taint => taint(search, one);
  switch (node.type) {
    case 'Literal':
      return 'constant';
    case 'TemplateLiteral':
      return worst(node.expressions.map(of));
    case 'TaggedTemplateExpression':
      return worst(node.quasi.expressions.map(of));
    case 'BinaryExpression':
      return node.operator === '+' ? worst([of(node.left), of(node.right)]) : 'plain';
    case 'UnaryExpression':
    case 'UpdateExpression':
      return 'plain';
    case 'LogicalExpression':
      return worse(of(node.left), of(node.right));
    case 'ConditionalExpression':
      return worse(of(node.consequent), of(node.alternate));
    case 'AwaitExpression':
    case 'SpreadElement':
      return of(node.argument);
    case 'AssignmentExpression':
      return of(node.right);
    case 'SequenceExpression':
      return worst(node.expressions.slice(-1).map(of));
    case 'ArrayExpression':
      return worst(node.elements.map((one) => (one ? of(one) : 'constant')));
    case 'ObjectExpression':
      return worst(node.properties.map((one) => of(one.type === 'Property' ? one.value : one.argument)));
    case 'Identifier':
      return named(search, node);
    case 'MemberExpression':
      return member(search, node);
    case 'NewExpression':
      return construction(search, node);
    case 'CallExpression':
      return call(search, node);
    default:
      return isFunction(node) ? 'constant' : 'unknown';
  }
}

function named(search: Search, node: Extract<Syntax, { type: 'Identifier' }>): Taint {
  if (/^(undefined|NaN|Infinity|__dirname|__filename)$/.test(node.name)) return 'constant';
  const binding = bindingOf(search.source, node);
  if (binding !== null) return bindingTaint(search, binding);
  return worst(['unknown', ...undeclared(search.source, node).map((value) => taint(search, value))]);
}

function bindingTaint(search: Search, binding: Binding): Taint {
  switch (binding.kind) {
    case 'variable': {
      const values = [...(binding.init ? [binding.init] : []), ...binding.writes];
      if (values.length === 0) return 'unknown';
      const [first] = binding.path;
      const role = binding.init && typeof first === 'string' ? roleAt(search.source, binding.init) : null;
      if (role && role !== 'data')
        return typeof first === 'string' ? partAt(search.source, binding.declaration, role, first) : 'unknown';
      const isPart = typeof first === 'string' && binding.writes.length === 0;
      if (isPart && binding.init) return part(search, binding.init, first);
      return worst([...values, ...pushed(search.source, binding)].map((value) => taint(search, value)));
    }
    case 'parameter':
      return parameterTaint(search, binding);
    case 'import':
      return /^[A-Z][A-Z0-9_]*$/.test(binding.name) ? 'constant' : 'unknown';
    default:
      return /^(function|class|other)$/.test(binding.kind) ? 'constant' : 'unknown';
  }
}

function parameterTaint(search: Search, binding: Binding): Taint {
  const { source, given } = search;
  const role = roleOf(source, binding);
  if (role === 'data') return decoratedTaint(source, binding);
  if (role !== null)
    return typeof binding.path[0] === 'string' ? partAt(source, binding.declaration, role, binding.path[0]) : 'unknown';
  const { scope } = binding;
  if (!isFunction(scope)) return 'unknown';
  const entered = given.get(scope);
  if (entered) return argumentTaint(entered.search, entered.call, binding, scope);
  const callback = resolverTaint(source, binding) ?? callbackValue(source, binding, scope);
  if (callback !== null) return typeof callback === 'string' ? callback : taint(search, callback);
  const next = { ...search, hops: search.hops + 1, handed: search.handed + (isUsedOnce(source, binding) ? 1 : 0) };
  const calls = isTooFar(next) ? [] : callsOf(source, scope);
  const found = calls.map(({ source: from, call: one }) =>
    argumentTaint({ ...next, source: from, at: one, seen: new Set() }, one, binding, scope),
  );
  const all = found.length === 0 ? 'unknown' : worst(found);
  return !isSent(all) && isGivenNumber(binding) ? 'plain' : all;
}

/** What a call gives to a parameter of the function that it calls; unknown where the caller has looked at it. */
function argumentTaint(search: Search, call: Call, binding: Binding, scope: FunctionSyntax): Taint {
  const index = scope.params.findIndex((parameter: Syntax) => parameter === binding.declaration);
  const argument = call.arguments[index];
  if (call.arguments.slice(0, index + 1).some(({ type }) => type === 'SpreadElement')) return 'unknown';
  if (argument === undefined) return 'constant';
  const [key] = binding.path;
  const object = unwrap(argument);
  if (typeof key === 'string' && isMadeOfUpload(search.source, object, key)) return 'unknown';
  const named = typeof key === 'string' ? partsNamed(search.source, object, key) : [argument];
  const whole = (): Taint => (typeof key === 'string' ? held(search, argument, key) : taint(search, argument));
  const found =
    named === null ? whole() : named.length === 0 ? 'unknown' : worst(named.map((one) => taint(search, one)));
  if (found === 'checked' && typeof key === 'string' && isNarrowed(search.source, object, key)) return 'plain';
  // Who has looked at one part of an object has not looked at the others.
  const isAsked = named?.some((one) => isGuarded(search.source, one, call)) ?? false;
  return isSent(found) && isAsked ? 'unknown' : found;
}

function member(search: Search, node: Extract<Syntax, { type: 'MemberExpression' }>): Taint {
  const { source } = search;
  const key = !node.computed && node.property.type === 'Identifier' ? node.property.name : null;
  if (key !== null && /^(length|size|byteLength)$/.test(key)) return 'plain';
  const role = roleAt(source, node.object);
  // What a framework has filled in itself is as good as its own pipes and checks.
  if (role !== null && role !== 'data') return key === null ? 'unknown' : partAt(source, node, role, key);
  const object = unwrap(node.object);
  const table = constantOf(source, object);
  // A table of the program's own, looked up: what comes out is what was written there.
  if (node.computed && /^(Object|Array)Expression$/.test(table?.type ?? '')) return taint(search, table ?? object);
  if (object.type === 'MetaProperty') return 'constant';
  if (originOf(source, node)?.startsWith('#process.env')) return 'constant';
  if (key !== null && isMadeOfUpload(source, object, key)) return 'unknown';
  return key === null ? taint(search, object) : part(search, object, key);
}

/** What an object holds under a name, where the object is written out; else whatever the object may hold. */
function part(search: Search, outer: Syntax, key: string): Taint {
  const found = held(search, outer, key);
  return found === 'checked' && isNarrowed(search.source, outer, key) ? 'plain' : found;
}

function held(search: Search, outer: Syntax, key: string): Taint {
  const { source } = search;
  const object = constantOf(source, outer) ?? unwrap(outer);
  const property = object.type === 'ObjectExpression' ? objectProperty(object, key) : null;
  if (property) return taint(search, property);
  const rest = object.type === 'ObjectExpression' ? spreadIn(object) : [];
  if (rest.length > 0) return worst(rest.map((one) => part(search, one, key)));
  const made = object.type === 'AwaitExpression' ? unwrap(object.argument) : object;
  const own = made.type === 'CallExpression' ? returned(search, made, key) : null;
  if (own !== null) return own;
  const binding = object.type === 'Identifier' ? bindingOf(source, object) : null;
  return binding?.kind === 'parameter' && binding.path.length === 0 && roleOf(source, binding) === null
    ? parameterTaint(search, { ...binding, path: [key] })
    : taint(search, outer);
}

function construction(search: Search, node: Extract<Syntax, { type: 'NewExpression' }>): Taint {
  const name = unwrap(node.callee).type === 'Identifier' ? search.source.textOf(node.callee) : '';
  // A URL's base gives only what its first argument leaves out.
  if (/^(URL|URLSearchParams|String|Map|Set|FormData|Blob|Buffer|Uint8Array)$/.test(name))
    return worst(node.arguments.slice(0, 1).map((one) => taint(search, one)));
  if (/(^|\.)(Date|ObjectId|ObjectID)$/.test(search.source.textOf(node.callee))) return 'plain';
  return 'unknown';
}

function call(search: Search, node: Call): Taint {
  const { source } = search;
  const callee = unwrap(node.callee);
  const given = (): Taint => worst(node.arguments.map((one) => taint(search, one)));
  const origin = originOf(source, callee);
  if (search.following.cleans?.(node, origin, source) || plainCalls.test(origin ?? '')) return 'plain';
  if (parsesForm(origin)) return 'request';
  if (isOfPaths(origin) || (origin !== null && carriers.test(origin))) return given();
  if (callee.type !== 'MemberExpression' || callee.computed || callee.property.type !== 'Identifier')
    return returned(search, node) ?? 'unknown';
  const method = callee.property.name;
  if (plainMethods.test(method)) return 'plain';
  const role = roleAt(source, callee.object);
  if (role === 'request' || role === 'context')
    return method === 'valid' ? 'checked' : sentCalls.test(method) && role === 'request' ? 'request' : 'unknown';
  const [first] = node.arguments;
  const own = returned(search, node);
  if (own !== null) return own;
  if (checks.test(method)) return isSent(given()) ? 'checked' : 'unknown';
  if (/^(map|flatMap)$/.test(method) && first && isFunction(first))
    return worst(returnedBy(first).map((one) => taint(search, one)));
  if (/^replace(All)?$/.test(method) && isStripped(source, node, search.following.without)) return 'plain';
  const result = worse(taint(search, callee.object), passesOn(method) ? given() : 'constant');
  // A method of a literal gives a literal; one of anything else that came from nowhere may give anything.
  return result === 'constant' && origin !== null ? 'unknown' : result;
}

/** What one of the project's own functions gives back for these arguments (as a whole, or under a name); null where it is not known or not worth a look. */
function returned(search: Search, node: Call, key?: string): Taint | null {
  const hops = search.hops + 1;
  if (isTooFar({ ...search, hops }) || node.arguments.length === 0) return null;
  const place = definitionOf(search.source, node.callee);
  if (place === null || !isFunction(place.node) || search.given.has(place.node)) return null;
  if (cleaning.test(search.source.textOf(node.callee))) return 'unknown';
  const values = openResults(place.source, place.node);
  if (values.length === 0) return null;
  const inside: Search = {
    ...search,
    source: place.source,
    at: null,
    seen: new Set(),
    hops,
    given: new Map([...search.given, [place.node, { search, call: node }]]),
  };
  const held = values.map((value) => (key === undefined ? value : heldUnder(value, key)));
  const found = worst(held.map((one) => (one ? taint(inside, one) : 'constant')));
  return found === 'constant' ? 'unknown' : found;
}
