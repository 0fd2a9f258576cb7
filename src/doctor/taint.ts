import { type Syntax, textOf, unwrap } from '../text/syntax.ts';
import { handlerAround, type Role, roleOf } from './roles.ts';
import { type Binding, bindingOf } from './names.ts';
import { originOf } from './origin.ts';
import { everyNode, functionAround, isFunction, type Source } from './source.ts';

/**
 * What an expression may hold, from harmless to the client's own words:
 * `constant` is written in the source · `plain` is a number, a boolean or a length · `unknown` comes from anywhere ·
 * `checked` is the client's and has been through a schema · `request` is the client's as it was sent.
 */
export type Taint = 'constant' | 'plain' | 'unknown' | 'checked' | 'request';

const ranks: readonly Taint[] = ['constant', 'plain', 'unknown', 'checked', 'request'];
const worse = (a: Taint, b: Taint): Taint => (ranks.indexOf(a) >= ranks.indexOf(b) ? a : b);
const worst = (all: readonly Taint[]): Taint => all.reduce(worse, 'constant');

/** True for what the client sent, checked or not. */
export const isSent = (taint: Taint): boolean => taint === 'request' || taint === 'checked';

/** What an expression may hold. Follows names, patterns, templates and calls within one function; gives `unknown` where it cannot tell. */
export function taintOf(source: Source, node: Syntax): Taint {
  return taint({ source, seen: new Set() }, node);
}

interface Search {
  source: Source;
  seen: Set<Syntax>;
}

function taint(search: Search, outer: Syntax): Taint {
  const node = unwrap(outer);
  if (search.seen.has(node) || search.seen.size > 400) return 'constant';
  search.seen.add(node);
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
      return 'plain';
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
  if (binding === null) return 'unknown';
  return bindingTaint(search, binding);
}

function bindingTaint(search: Search, binding: Binding): Taint {
  switch (binding.kind) {
    case 'variable': {
      const values = [...(binding.init ? [binding.init] : []), ...binding.writes];
      if (values.length === 0) return 'unknown';
      const [first] = binding.path;
      const role = binding.init && typeof first === 'string' ? roleAt(search.source, binding.init) : null;
      if (role)
        return binding.path.reduce<Taint>((_, key) => (key === null ? 'unknown' : partOf(role, key)), 'unknown');
      return worst(values.map((value) => taint(search, value)));
    }
    case 'parameter':
      return parameterTaint(search, binding);
    case 'import':
      return /^[A-Z][A-Z0-9_]*$/.test(binding.name) ? 'constant' : 'unknown';
    case 'function':
    case 'class':
    case 'other':
      return 'constant';
    default:
      return 'unknown';
  }
}

function parameterTaint(search: Search, binding: Binding): Taint {
  const role = roleOf(search.source, binding);
  if (role === 'data') return 'request';
  if (role !== null) {
    const [first] = binding.path;
    return first === undefined ? 'unknown' : first === null ? 'unknown' : partOf(role, first);
  }
  return callbackTaint(search, binding);
}

/** `req.body.items.map((item) => …)`: the callback's parameter is a part of what it is called on. */
function callbackTaint(search: Search, { scope }: Binding): Taint {
  if (!isFunction(scope)) return 'unknown';
  const parent = search.source.parentOf(scope);
  if (parent?.type !== 'CallExpression' || parent.callee.type !== 'MemberExpression' || parent.arguments[0] !== scope)
    return 'unknown';
  const { property, object } = parent.callee;
  const isEach =
    property.type === 'Identifier' && /^(map|forEach|flatMap|filter|find|some|every|reduce|then)$/.test(property.name);
  return isEach ? taint(search, object) : 'unknown';
}

const sentParts =
  /^(body|query|params|headers|cookies|signedCookies|url|originalUrl|path|rawBody|file|files|searchParams|nextUrl|hostname|host|querystring|queryStringParameters|pathParameters|multiValueQueryStringParameters|rawPath|rawQueryString)$/;
const sentCalls =
  /^(get|header|json|text|formData|arrayBuffer|blob|param|query|queries|parseBody|cookie|field|fields|parts|body)$/;

/** What a part of the request holds. */
function partOf(role: Role, key: string): Taint {
  if (role === 'data') return 'request';
  if (role === 'checked') return key === 'input' ? 'checked' : 'unknown';
  if (role === 'response') return 'unknown';
  return sentParts.test(key) ? 'request' : 'unknown';
}

/** The role of an expression: a handler's parameter, or the request in a context (`c.req`, `ctx.request`). */
function roleAt(source: Source, outer: Syntax): Role | null {
  const node = unwrap(outer);
  if (node.type === 'Identifier') {
    const binding = bindingOf(source, node);
    if (binding === null) return null;
    if (binding.kind === 'parameter') {
      const role = roleOf(source, binding);
      if (binding.path.length === 0) return role;
      return role === 'context' && binding.path.length === 1 && /^(req|request)$/.test(binding.path[0] ?? '')
        ? 'request'
        : null;
    }
    const alias = binding.init && binding.path.length === 0 ? unwrap(binding.init) : null;
    return alias && binding.writes.length === 0 && alias !== node ? roleAt(source, alias) : null;
  }
  if (node.type === 'ThisExpression') return null;
  if (node.type !== 'MemberExpression' || node.computed || node.property.type !== 'Identifier') return null;
  if (!/^(req|request|raw)$/.test(node.property.name)) return null;
  const outerRole = roleAt(source, node.object);
  return outerRole === 'context' || outerRole === 'request' ? 'request' : null;
}

function member(search: Search, node: Extract<Syntax, { type: 'MemberExpression' }>): Taint {
  const { source } = search;
  const key = !node.computed && node.property.type === 'Identifier' ? node.property.name : null;
  if (key !== null && /^(length|size|byteLength)$/.test(key)) return 'plain';
  const role = roleAt(source, node.object);
  if (role !== null) return key === null ? 'unknown' : partOf(role, key);
  const object = unwrap(node.object);
  // A table of the program's own, looked up: what comes out is what was written there.
  if (node.computed) {
    const table = bindingOf(source, object);
    const value = table?.init && table.path.length === 0 ? unwrap(table.init) : null;
    if (value?.type === 'ObjectExpression' || value?.type === 'ArrayExpression') return taint(search, value);
  }
  if (object.type === 'MetaProperty') return 'constant';
  if (originOf(source, node)?.startsWith('#process.env')) return 'constant';
  return taint(search, object);
}

function construction(search: Search, node: Extract<Syntax, { type: 'NewExpression' }>): Taint {
  if (
    node.callee.type === 'Identifier' &&
    /^(URL|URLSearchParams|Date|String|Map|Set|FormData)$/.test(node.callee.name)
  ) {
    const given = worst(node.arguments.map((one) => taint(search, one)));
    return node.callee.name === 'Date' ? 'plain' : given;
  }
  return node.arguments.some((one) => taint(search, one) === 'request') ? 'request' : 'unknown';
}

/** Calls whose result is a number or a boolean, whatever goes in. */
const plainCalls =
  /^#(Number|parseInt|parseFloat|Boolean|BigInt|isNaN|Number\.\w+|Math\.\w+|Array\.isArray|Date\.now|String\.fromCharCode)$|^(crypto#(randomUUID|randomBytes|createHash)|uuid#\w+|nanoid#\w+)/;
/** Methods whose result is one as well. */
const plainMethods =
  /^(includes|indexOf|startsWith|endsWith|test|has|toFixed|getTime|valueOf|some|every|findIndex|charCodeAt|codePointAt)$/;
/** Methods that give a checked value: schemas of every library. */
const checks =
  /^(parse|parseAsync|safeParse|safeParseAsync|validate|validateAsync|validateSync|assert|decode|cast|Parse|Check|valid)$/;

function call(search: Search, node: Extract<Syntax, { type: 'CallExpression' }>): Taint {
  const { source } = search;
  const callee = unwrap(node.callee);
  const given = (): Taint => worst(node.arguments.map((one) => taint(search, one)));
  const origin = originOf(source, callee);
  if (origin !== null && plainCalls.test(origin)) return 'plain';
  if (callee.type === 'MemberExpression' && callee.property.type === 'Identifier' && !callee.computed) {
    const method = callee.property.name;
    if (plainMethods.test(method)) return 'plain';
    const role = roleAt(source, callee.object);
    if (role === 'request' || role === 'context')
      return method === 'valid' ? 'checked' : sentCalls.test(method) && role === 'request' ? 'request' : 'unknown';
    if (
      origin === '#JSON.parse' ||
      origin === '#JSON.stringify' ||
      origin === '#Object.fromEntries' ||
      origin === '#Object.assign'
    )
      return given();
    if (checks.test(method)) return isSent(given()) ? 'checked' : 'unknown';
    const result = worse(taint(search, callee.object), passesOn(origin, method) ? given() : 'constant');
    // A method of a literal gives a literal; one of anything else that came from nowhere may give anything.
    return result === 'constant' && origin !== null ? 'unknown' : result;
  }
  if (origin !== null && /^#(String|decodeURIComponent|decodeURI|encodeURI|unescape|structuredClone)$/.test(origin))
    return given();
  if (origin === '#encodeURIComponent') return 'plain';
  // An unknown function of the client's words: what it gives back may be anything, most often not those words.
  return 'unknown';
}

/** True where the result holds the arguments: paths, strings put together, buffers. */
const passesOn = (origin: string | null, method: string): boolean =>
  /^(concat|join|replace|replaceAll|padStart|padEnd|format|from|resolve|normalize)$/.test(method) ||
  (origin !== null && /^(path|util|querystring|url)#/.test(origin));

/**
 * True where the expression was looked at in a condition before (or around) the place where it is used, in the same
 * function: `if (!allowed.includes(x)) return`, `x.startsWith(root) && …`, `/^[a-z]+$/.test(x)`.
 */
export function isGuarded(source: Source, expression: Syntax, at: Syntax): boolean {
  const scope = functionAround(source, at) ?? source.program;
  const words = new Set(namesIn(expression).map((node) => node.name));
  if (words.size === 0) return false;
  let guarded = false;
  everyNode(scope, (node) => {
    if (guarded || node.start > at.start) return;
    const test =
      node.type === 'IfStatement' || node.type === 'ConditionalExpression'
        ? node.test
        : node.type === 'LogicalExpression'
          ? node.left
          : null;
    if (!test) return;
    const text = textOf(source.text, test);
    if (
      !/\.(includes|has|test|startsWith|endsWith|match|indexOf|hasOwn|some|every|find|get)\(|\bin\b|===|!==|is[A-Z]\w*\(|(valid|allow|safe|trusted)\w*\(/i.test(
        text,
      )
    )
      return;
    guarded = namesIn(test).some((name) => words.has(name.name));
  });
  return guarded;
}

function namesIn(node: Syntax): Extract<Syntax, { type: 'Identifier' }>[] {
  const names: Extract<Syntax, { type: 'Identifier' }>[] = [];
  everyNode(node, (one) => {
    if (one.type === 'Identifier' && !/^(req|request|res|c|ctx|body|query|params|headers)$/.test(one.name))
      names.push(one);
  });
  return names;
}

/** True where the node stands in a request handler. */
export const inHandler = (source: Source, node: Syntax): boolean => handlerAround(source, node) !== null;
