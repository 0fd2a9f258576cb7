import { stringValue, type Syntax, unwrap } from '../../../text/syntax.ts';
import { isUsedInBrowser } from '../../browser.ts';
import { constantOf } from '../../names.ts';
import { lacks, optionsIn } from '../../options.ts';
import { originOf } from '../../origin.ts';
import { type Confidence, defineRule, type Spot } from '../../rule.ts';
import { functionAround, isFunction, type Source } from '../../source.ts';
import { calledName, type CallSyntax } from '../../waits.ts';

interface Call {
  spot: Spot;
  library: Library;
  name: string;
  waits: string;
  fix: string;
  confidence: Confidence;
}
type Library = 'fetch' | 'axios' | 'got' | 'nest' | 'other';
/** A call without a limit of time, or that the project sets one for all calls of a library. */
type Note = Call | { limits: Library };

const globally: readonly (readonly [Library, RegExp])[] = [
  ['fetch', /\bsetGlobalDispatcher\s*\(/],
  ['axios', /\bdefaults\.timeout\s*=|\bdefaults\.signal\s*=/],
  ['nest', /HttpModule\.register(Async)?\s*\([\s\S]{0,400}?\btimeout\b/],
];

const fetches =
  /^(#fetch|#globalThis\.fetch|undici#fetch|node-fetch#(default|fetch)|cross-fetch#(default|fetch)|isomorphic-fetch#default)$/;
const axiosCall =
  /^axios#(default|axios)?(\.?(get|delete|head|options|post|put|patch|request|postForm|putForm|patchForm))?$/;
const gotCall = /^got#(default|got)?(\.?(get|post|put|patch|head|delete|stream|paginate))?$/;

export const noTimeout = defineRule<Note>({
  id: 'res/no-timeout',
  since: '0.1.0',
  severity: 'warning',
  confidence: 'likely',
  title: 'A request to another service has no limit of time.',
  why: 'A service that accepts the connection and never answers holds the request that called it: `fetch` waits five minutes for the first byte, axios and got for ever. Callers pile up behind it with their sockets and memory until this process is down too, though nothing in it is wrong. Give every call a limit that fits it: `AbortSignal.timeout(5_000)` for fetch, `timeout` for axios and got, and answer 504 or from a cache when it is over.',
  remedy: { skill: 'api-client' },
  owasp: 'API10',
  mentions:
    /\bfetch\b|axios|['"](got|request|request-promise(-native)?)['"]|HttpModule|HttpService|setGlobalDispatcher/,
  file(source, _tell, note) {
    for (const [library, pattern] of globally) if (pattern.test(source.text)) note({ limits: library });
    if (runsInBrowser(source)) return {};
    return {
      CallExpression(node) {
        const call = limitless(source, node);
        if (!call || isLimitedAround(source, node)) return;
        const { path } = source;
        note({
          ...call,
          spot: { path, start: node.start, end: node.end },
          name: source.textOf(node.callee).replace(/\s+/g, ''),
        });
      },
    };
  },
  project(project, tell, notes) {
    const limited = new Set(notes.flatMap(({ note }) => ('limits' in note ? [note.limits] : [])));
    for (const { note } of notes) {
      if ('limits' in note || limited.has(note.library)) continue;
      const isShared = note.spot.path !== null && isUsedInBrowser(project, note.spot.path);
      tell(note.spot, {
        message: `${note.name}(…) has no limit of time: ${note.waits}.`,
        fix: note.fix,
        confidence: isShared ? 'hint' : note.confidence,
      });
    }
  },
});

/** Files that use what only browsers have; components may run on either side, what they use cannot be told. */
const runsInBrowser = (source: Source): boolean =>
  /\b(localStorage|sessionStorage|window\.|document\.(cookie|querySelector|getElementById|createElement)|navigator\.)/.test(
    source.text,
  ) ||
  (/\.[jt]sx$/.test(source.path) && !/(^|\/)app\/(.*\/)?(page|layout|route)\.[jt]sx$/.test(source.path)) ||
  /(^|\/)(hooks|components|stores?|client-only|generators)\//.test(source.path);

type Limitless = Omit<Call, 'spot' | 'name'>;
const found = (library: Library, waits: string, fix: string, confidence: Confidence = 'likely'): Limitless => ({
  library,
  waits,
  fix,
  confidence,
});
const forEver = 'a service that never answers holds the request that waits for it, for ever';

function limitless(source: Source, node: CallSyntax): Limitless | null {
  const origin = originOf(source, node.callee);
  const [first, second, third] = node.arguments;
  if (origin === null || !first)
    return origin === 'axios#default.create' || origin === 'axios#create' ? created(source, node) : null;
  if (fetches.test(origin))
    return isElsewhere(source, first) &&
      lacks(source, second, 'signal', 'timeout', 'next', 'cache', 'dispatcher', 'agent')
      ? found(
          'fetch',
          'a service that never answers holds the request that waits for it, up to five minutes',
          'Pass `signal: AbortSignal.timeout(…)` with the time that this call may take.',
        )
      : null;
  if (/^axios#(default\.)?create$/.test(origin)) return created(source, node);
  if (axiosCall.test(origin)) {
    const method = calledName(node) ?? '';
    const config = /^(post|put|patch)(Form)?$/.test(method)
      ? third
      : /^(get|delete|head|options)$/.test(method)
        ? second
        : optionsIn(source, first)?.values.has('url')
          ? first
          : second;
    const isWhole =
      config === second &&
      unwrap(first).type === 'Identifier' &&
      second === undefined &&
      !/^(get|delete|head|options)$/.test(method);
    return !isWhole && isElsewhere(source, first) && lacks(source, config, 'timeout', 'signal', 'cancelToken')
      ? found('axios', forEver, 'Pass `timeout` in the call’s configuration, or make an instance that has one.')
      : null;
  }
  if (gotCall.test(origin))
    return lacks(source, second, 'timeout', 'signal') &&
      lacks(source, unwrap(first).type === 'ObjectExpression' ? first : undefined, 'timeout', 'signal')
      ? found('got', forEver, 'Pass `timeout: { request: … }` with the time that this call may take.')
      : null;
  if (/^@nestjs\/axios#HttpService\(\)\.(axiosRef\.)?(get|post|put|patch|delete|head|request)$/.test(origin)) {
    const config = /\.(post|put|patch)$/.test(origin) ? third : /\.request$/.test(origin) ? first : second;
    return !/\btimeout\s*\(/.test(source.text) && lacks(source, config, 'timeout', 'signal')
      ? found('nest', forEver, 'Pass `timeout` in the call’s configuration, or to HttpModule.register().')
      : null;
  }
  if (/^(request|request-promise(-native)?)#(default)?\.?(get|post|put|patch|delete)?$/.test(origin)) {
    const given = [first, second].find((one) => one && optionsIn(source, one) !== null);
    const isUnknown = given === undefined && second !== undefined && !isFunction(unwrap(second)) && !isCallback(second);
    return !isUnknown && lacks(source, given, 'timeout')
      ? found(
          'other',
          forEver,
          'Pass `timeout`; better, move to fetch with AbortSignal.timeout(): this library is no longer kept.',
        )
      : null;
  }
  return null;
}

const isCallback = (node: Syntax): boolean => node.type === 'Identifier' && /^(cb|callback|done|next)$/.test(node.name);

/** `axios.create(…)`: told once, where the instance is made. */
function created(source: Source, node: CallSyntax): Limitless | null {
  if (/NEXT_PUBLIC_|VITE_|REACT_APP_/.test(source.textOf(node))) return null;
  return lacks(source, node.arguments[0], 'timeout', 'signal', 'adapter')
    ? found(
        'axios',
        'its calls wait for ever for a service that never answers',
        'Pass `timeout` to axios.create(): it holds for all calls of the instance.',
      )
    : null;
}

/** An address outside of this process: no path of the own page, nothing that browsers alone are given, no request passed on. */
function isElsewhere(source: Source, url: Syntax): boolean {
  const inner = constantOf(source, url) ?? unwrap(url);
  const text = stringValue(inner) ?? source.textOf(inner);
  if (/^[`'"]?(\/(?!\/)|data:|blob:|file:)/.test(text) || /NEXT_PUBLIC_|VITE_|REACT_APP_|window\b/.test(text))
    return false;
  if (/^(import\.meta\.url|new URL\([^)]*import\.meta\.url\))/.test(text)) return false;
  return !/^(req|request|r|c\.req(\.raw)?|ctx\.request|event\.request)$/.test(text) && !/^new (Request)\(/.test(text);
}

/** True where something around the call ends the waiting: a race against a timer, a limit of the flow's own. */
function isLimitedAround(source: Source, node: Syntax): boolean {
  const around = functionAround(source, node);
  const text = around ? source.textOf(around) : '';
  if (/\b(Promise\.race|pTimeout|withTimeout|AbortController|AbortSignal)\b/.test(text)) return true;
  for (const parent of source.above(node)) {
    if (parent.type !== 'CallExpression' || parent === node) continue;
    const name = calledName(parent) ?? '';
    if (/timeout/i.test(name)) return true;
  }
  return false;
}
