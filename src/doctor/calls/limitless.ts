import { type Syntax, stringValue, unwrap } from '../../text/syntax.ts';
import { callsOf } from '../code/callers.ts';
import { bindingOf, constantOf } from '../code/names.ts';
import { lacks, optionsIn } from '../code/options.ts';
import { originOf } from '../code/origin.ts';
import { isFunction, type Source } from '../code/source.ts';
import { isElsewhere, isMade } from './elsewhere.ts';
import { type CallSyntax, calledName } from './waits.ts';

/** What sends requests; a project that limits one of them for all calls has nothing to mend there. */
export type Library = 'fetch' | 'node-fetch' | 'axios' | 'got' | 'nest' | 'request' | 'http' | 'needle' | 'superagent';

/** A call that waits for another service as long as that pleases. */
export interface Limitless {
  library: Library;
  /** What makes the calls of a client that is made here: `axios.create(…)`. */
  isClient?: true;
  /** Calls of the function around that give no limit either, where it passes its options on. */
  callers?: number;
}

const forEver = 'a service that never answers holds the request that waits for it, for ever';
const fiveMinutes = 'a service that never answers holds the request that waits for it, up to five minutes';

/** What happens without a limit, how one call is given one, and how all of them are. */
export const about: Readonly<Record<Library, { waits: string; one: string; all: string }>> = {
  fetch: {
    waits: fiveMinutes,
    one: 'Pass `signal: AbortSignal.timeout(…)` with the time that this call may take.',
    all: 'Call through one function that passes `signal: AbortSignal.timeout(…)`, or set a limit for all with setGlobalDispatcher() of undici.',
  },
  'node-fetch': {
    waits: forEver,
    one: 'Pass `signal: AbortSignal.timeout(…)` with the time that this call may take.',
    all: 'Call through one function that passes `signal: AbortSignal.timeout(…)`.',
  },
  axios: {
    waits: forEver,
    one: 'Pass `timeout` in the call’s configuration, or make an instance that has one.',
    all: 'Set `axios.defaults.timeout` where the process starts, or make one instance with a timeout and call through it.',
  },
  got: {
    waits: forEver,
    one: 'Pass `timeout: { request: … }` with the time that this call may take.',
    all: 'Make one client with `got.extend({ timeout: { request: … } })` and call through it.',
  },
  nest: {
    waits: forEver,
    one: 'Pass `timeout` in the call’s configuration, or to HttpModule.register().',
    all: 'Pass `timeout` to HttpModule.register(): it holds for all calls.',
  },
  request: {
    waits: forEver,
    one: 'Pass `timeout`; better, move to fetch with AbortSignal.timeout(): this library is no longer kept.',
    all: 'Pass `timeout` by request.defaults(); better, move to fetch with AbortSignal.timeout(): this library is no longer kept.',
  },
  http: {
    waits: forEver,
    one: 'Pass `timeout` and destroy the request on its `timeout` event, or use fetch with AbortSignal.timeout().',
    all: 'Send them through one function that passes `timeout` and destroys the request on its `timeout` event, or use fetch with AbortSignal.timeout().',
  },
  needle: {
    waits:
      'needle limits the connecting alone, and a service that never answers holds the request that waits for it, for ever',
    one: 'Pass `response_timeout` and `read_timeout`.',
    all: 'Set them for all with needle.defaults({ response_timeout, read_timeout }).',
  },
  superagent: {
    waits: forEver,
    one: 'Add .timeout({ response, deadline }) to the call.',
    all: 'Send them through one agent with .timeout({ response, deadline }).',
  },
};

/** Where a file sets a limit for all calls of a library. */
export const globally: readonly (readonly [Library, RegExp])[] = [
  ['fetch', /\bsetGlobalDispatcher\s*\(/],
  ['axios', /\bdefaults\.timeout\s*=|\bdefaults\.signal\s*=/],
  ['nest', /HttpModule\.register(Async)?\s*\([\s\S]{0,400}?\btimeout\b/],
  ['needle', /\bneedle\.defaults\s*\([^)]*timeout/],
  ['http', /globalAgent\.options\.timeout\s*=/],
];

const fetches = /^(#fetch|#globalThis\.fetch|undici#(fetch|request|stream)|ofetch#(ofetch|\$fetch))$/;
const nodeFetches =
  /^(node-fetch#(default|fetch)|cross-fetch#(default|fetch)|isomorphic-fetch#default|make-fetch-happen#default)$/;
const axiosCall =
  /^axios#(default|axios)?(\.?(get|delete|head|options|post|put|patch|request|postForm|putForm|patchForm))?$/;
const gotCall = /^got#(default|got)?(\.?(get|post|put|patch|head|delete|stream|paginate))?$/;
const fetchKeys = ['signal', 'timeout', 'next', 'cache', 'dispatcher', 'agent', 'headersTimeout', 'bodyTimeout'];

/** `agent: new Agent({ keepAlive: true })`, in a file that sets no limit of time anywhere. */
const isPlainAgent = ({ text }: Source): boolean => /\bagent\s*:\s*new\b/.test(text) && !/timeout/i.test(text);

/** What a call waits without a limit for; null for calls that have one, and all that send nothing. */
export function limitless(source: Source, node: CallSyntax): Limitless | null {
  const origin = originOf(source, node.callee);
  if (origin === null) return null;
  const [first, second, third] = node.arguments;
  if (/^axios#(default\.)?create$/.test(origin)) return created(source, node);
  if (!first) return null;
  if (/^got#(default|got)?\.?extend$/.test(origin))
    return lacks(source, first, 'timeout', 'signal') ? { library: 'got', isClient: true } : null;
  if (fetches.test(origin) || nodeFetches.test(origin)) {
    const library = fetches.test(origin) ? 'fetch' : 'node-fetch';
    if (!isElsewhere(source, first) || isMade(source, first)) return null;
    if (lacks(source, second, ...fetchKeys.filter((key) => key !== 'agent' || !isPlainAgent(source))))
      return { library };
    const callers = second ? limitlessCallers(source, node, second) : 0;
    return callers === 0 ? null : { library, callers };
  }
  if (axiosCall.test(origin)) return isAxiosWithout(source, node) ? { library: 'axios' } : null;
  if (gotCall.test(origin)) {
    const isObject = unwrap(first).type === 'ObjectExpression';
    const has = !lacks(source, second, 'timeout', 'signal') || (isObject && !lacks(source, first, 'timeout', 'signal'));
    return has ? null : { library: 'got' };
  }
  if (/^@nestjs\/axios#HttpService\(\)\.(axiosRef\.)?(get|post|put|patch|delete|head|request)$/.test(origin)) {
    const config = /\.(post|put|patch)$/.test(origin) ? third : /\.request$/.test(origin) ? first : second;
    return !/\btimeout\s*\(/.test(source.text) && lacks(source, config, 'timeout', 'signal')
      ? { library: 'nest' }
      : null;
  }
  if (/^(request|request-promise(-native)?)#(default)?\.?(get|post|put|patch|delete)?$/.test(origin)) {
    const given = [first, second].find((one) => one && optionsIn(source, one) !== null);
    const isUnknown = given === undefined && second !== undefined && !isFunction(unwrap(second)) && !isCallback(second);
    return !isUnknown && lacks(source, given, 'timeout') ? { library: 'request' } : null;
  }
  return older(source, node, origin);
}

/** Node’s own requests, needle and superagent: options may stand anywhere, and limits be set on what is given back. */
function older(source: Source, node: CallSyntax, origin: string): Limitless | null {
  const library = /^https?#(default\.)?(get|request)$/.test(origin)
    ? 'http'
    : /^needle#(default)?\.?(get|head|delete|post|put|patch|request)?$/.test(origin)
      ? 'needle'
      : /^superagent#(default)?\.?(get|post|put|patch|del|delete|head)$/.test(origin)
        ? 'superagent'
        : null;
  if (library === null) return null;
  const around = [...source.above(node)].find(isFunction) ?? source.program;
  if (/timeout|\bsignal\b/i.test(source.textOf(around))) return null;
  const first = node.arguments[0];
  if (first && library !== 'http' && !isElsewhere(source, first)) return null;
  const options = node.arguments.filter((one) => !isFunction(unwrap(one)) && !isCallback(one));
  const isRead = options.every(
    (one, index) => optionsIn(source, one) !== null || (index === 0 && isAddress(source, one)),
  );
  return isRead && options.every((one) => optionsIn(source, one)?.open !== true) ? { library } : null;
}

/** A text, an address that is put together, or a name: what stands first is no options unless it says so. */
const isAddress = (source: Source, node: Syntax): boolean => {
  const inner = constantOf(source, node) ?? unwrap(node);
  return (
    stringValue(inner) !== null ||
    /^(TemplateLiteral|BinaryExpression|NewExpression)$/.test(inner.type) ||
    /(^|\.)\w*(url|uri|link|address)$/i.test(source.textOf(inner))
  );
};

const isCallback = (node: Syntax): boolean => node.type === 'Identifier' && /^(cb|callback|done|next)$/.test(node.name);

function isAxiosWithout(source: Source, node: CallSyntax): boolean {
  const [first, second, third] = node.arguments;
  const method = calledName(node) ?? '';
  if (!first) return false;
  const isBodyless = /^(get|delete|head|options)$/.test(method);
  const config = /^(post|put|patch)(Form)?$/.test(method)
    ? third
    : isBodyless
      ? second
      : optionsIn(source, first)?.values.has('url')
        ? first
        : second;
  // `axios(config)`: what the name holds may have one.
  if (second === undefined && config === undefined && unwrap(first).type === 'Identifier' && !isBodyless)
    if (!/^(post|put|patch)(Form)?$/.test(method)) return false;
  if (isLimitedByAgent(source, config)) return false;
  const base = optionsIn(source, config)?.values.get('baseURL');
  if (base && !isElsewhere(source, base)) return false;
  return isElsewhere(source, first) && lacks(source, config, 'timeout', 'signal', 'cancelToken');
}

/** `httpsAgent: new Agent({ timeout })`: the agent ends sockets on which nothing comes. */
function isLimitedByAgent(source: Source, config: Syntax | undefined): boolean {
  const values = optionsIn(source, config)?.values;
  return ['httpAgent', 'httpsAgent'].some((key) => {
    const given = values?.get(key);
    const agent = given && (constantOf(source, given) ?? unwrap(given));
    return (
      agent?.type === 'NewExpression' &&
      agent.arguments.some((one) => optionsIn(source, one)?.values.has('timeout') === true)
    );
  });
}

/** `axios.create(…)`: told once, where the instance is made; one that sends cookies along is a page's. */
function created(source: Source, node: CallSyntax): Limitless | null {
  if (/NEXT_PUBLIC_|VITE_|REACT_APP_|withCredentials/.test(source.textOf(node))) return null;
  if (isLimitedByAgent(source, node.arguments[0])) return null;
  const base = optionsIn(source, node.arguments[0])?.values.get('baseURL');
  // A path alone: the page's own server, which browsers know.
  if (base && !isElsewhere(source, base)) return null;
  return lacks(source, node.arguments[0], 'timeout', 'signal', 'adapter') ? { library: 'axios', isClient: true } : null;
}

/** A function that passes its caller’s options on: how many callers it has, where none of them gives a limit; 0 where one may. */
function limitlessCallers(source: Source, node: CallSyntax, given: Syntax): number {
  const passed = passedOn(source, given);
  if (passed === null) return 0;
  const { scope, declaration } = passed;
  if (!isFunction(scope)) return 0;
  const index = scope.params.findIndex((one: Syntax) => one === declaration);
  const calls = callsOf(source, scope).filter(
    ({ source: from, call }) =>
      from.path !== source.path || !(call.start >= scope.start && call.end <= scope.end && call !== node),
  );
  const isWithout = calls.every(({ source: from, call }) => lacks(from, call.arguments[index], ...fetchKeys));
  return index >= 0 && isWithout ? calls.length : 0;
}

/** The parameter that a call’s options are, or that they spread: `fetch(url, init)`, `fetch(url, { ...init, headers })`. */
function passedOn(source: Source, given: Syntax): { scope: Syntax; declaration: Syntax } | null {
  const inner = unwrap(given);
  const spreads =
    inner.type === 'ObjectExpression'
      ? inner.properties.flatMap((one) => (one.type === 'SpreadElement' ? [one] : []))
      : [];
  if (inner.type === 'ObjectExpression' && fetchKeys.some((key) => optionsIn(source, inner)?.values.has(key)))
    return null;
  const name =
    inner.type === 'Identifier' ? inner : spreads.length === 1 ? unwrap(spreads[0]?.argument ?? inner) : null;
  const binding = name?.type === 'Identifier' ? bindingOf(source, name) : null;
  return binding?.kind === 'parameter' && binding.path.length === 0 && binding.writes.length === 0 ? binding : null;
}
