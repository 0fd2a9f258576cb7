import { type Syntax, unwrap } from '../../../text/syntax.ts';
import { about, globally, type Library, type Limitless, limitless } from '../../calls/limitless.ts';
import { isAnsweredInTime, isAskedByNobody, isRacedAround, isUncalled } from '../../calls/ended.ts';
import {
  isForNobody,
  isLetGo,
  isLetGoByAll,
  isOfOwnServer,
  isOnEdge,
  isStreamed,
  isTimed,
} from '../../calls/waited.ts';
import { calledName } from '../../calls/waits.ts';
import { isOfExtension, isUsedInBrowser } from '../../code/browser.ts';
import { constantOf } from '../../code/names.ts';
import { isCommandLine, isRunByHand } from '../../code/packages.ts';
import { isOnDeno, isOnWorkers } from '../../code/serverless.ts';
import { functionAround, type Source } from '../../code/source.ts';
import { handlerAround } from '../../routes/roles.ts';
import { isForDevelopment } from '../../routes/development.ts';
import { defineRule, type Tell } from '../../rule.ts';
import { type At, atNode } from '../../spot.ts';
import { grouped } from '../../together.ts';

interface Call extends Limitless {
  at: At;
  name: string;
  /** True for code that may as well run where nobody waits: when a site is built, once by hand. */
  isUnsure: boolean;
  /** Where fetch is not Node's: nothing is known of when it ends by itself, and undici sets nothing. */
  isOffNode: boolean;
}
/** A call without a limit of time, or that the project sets one for all calls of a library. */
type Note = Call | { limits: Library };

/** In so many files each is told of by itself; in more, the package needs one answer. */
const mostFiles = 3;
/** So many clients are told of one by one: more are made by habit. */
const mostClients = 2;

export const noTimeout = defineRule<Note>({
  id: 'res/no-timeout',
  since: '0.1.0',
  severity: 'warning',
  confidence: 'likely',
  title: 'A request to another service has no limit of time.',
  why: 'A service that accepts the connection and never answers holds the request that called it: `fetch` waits five minutes for the first byte, axios and got for ever. Callers pile up behind it with their sockets and memory until this process is down too, though nothing in it is wrong. Give every call a limit that fits it: `AbortSignal.timeout(5_000)` for fetch, `timeout` for axios and got, and answer 504 or from a cache when it is over.',
  remedy: { skill: 'api-client' },
  running: true,
  owasp: 'API10',
  mentions:
    /\bo?fetch\b|axios|undici|['"](got|request|request-promise(-native)?|superagent|needle|(node:)?https?)['"]|HttpModule|HttpService|setGlobalDispatcher/,
  file(source, _tell, note) {
    for (const [library, pattern] of globally) if (pattern.test(source.text)) note({ limits: library });
    if (runsInBrowser(source) || isOfExtension(source.project, source.path) || isTestTooling(source)) return {};
    const isOnWorker = isOnWorkers(source.project, source.path);
    const isOffNode = isOnWorker || isOnDeno(source.path, source.text);
    return {
      CallExpression(node) {
        const call = limitless(source, node);
        if (!call || isLimitedAround(source, node) || isRacedAround(source, node) || isForDevelopment(source, node))
          return;
        const name = source.textOf(node.callee).replace(/\s+/g, '');
        // Where fetch itself ends after minutes, a hang is felt by those alone who wait for it.
        const isBrief =
          call.library === 'fetch' &&
          [isOnEdge, isLetGo, isLetGoByAll, isTimed, isStreamed].some((is) => is(source, node));
        const isOff =
          isBrief ||
          // There the request ends as its client leaves, and no process or pool is held by it.
          isOnWorker ||
          isForNobody(source) ||
          isOfOwnServer(source) ||
          isUnsure(source, node) ||
          isUncalled(source, node) ||
          isAskedByNobody(source, node);
        note({ ...call, at: atNode(source, node), name, isUnsure: isOff, isOffNode });
      },
    };
  },
  project(project, tell, notes) {
    const limited = new Set(notes.flatMap(({ note }) => ('limits' in note ? [note.limits] : [])));
    const calls = notes.flatMap(({ note }) => ('limits' in note || limited.has(note.library) ? [] : [note]));
    const isHint = ({ at, isUnsure: is }: Call): boolean =>
      is ||
      isAnsweredInTime(project) ||
      [isUsedInBrowser, isCommandLine, isRunByHand].some((isOff) => isOff(project, at.path));
    const [sure, unsure] = [calls.filter((call) => !isHint(call)), calls.filter(isHint)];
    for (const [isHint, some] of [
      [false, sure],
      [true, unsure],
    ] as const)
      for (const [n, group] of groups(some).entries())
        for (const call of group) say(tell, call, String(n), group.length, isHint);
  },
});

/** Calls that one answer mends: those of a file, and those of a library where they are in many files. A few clients are told of one by one. */
function groups(calls: readonly Call[]): Call[][] {
  const kind = ({ library, isClient, callers }: Call): string =>
    callers !== undefined ? 'passed on' : `${library} ${isClient === true}`;
  return grouped(calls, kind).flatMap((ofKind) => {
    const files = grouped(ofKind, ({ at }) => at.path);
    if (ofKind[0]?.callers !== undefined) return files;
    const isClient = ofKind[0]?.isClient === true;
    if (files.length > mostFiles || (isClient && ofKind.length > mostClients)) return [ofKind];
    return isClient ? ofKind.map((one) => [one]) : files;
  });
}

function say(
  tell: Tell,
  { library, name, at, isClient, callers, isOffNode }: Call,
  together: string,
  size: number,
  isHint: boolean,
): void {
  const { waits, one, all } = isOffNode && library === 'fetch' ? fetchOffNode : about[library];
  const subject =
    isClient === true
      ? `The client of ${name}(…) has no limit of time for its calls`
      : callers !== undefined
        ? `${name}(…) has no limit of time, nor ${callers === 1 ? 'does the call' : `do the ${callers} calls`} whose options it takes give one`
        : `${name}(…) has no limit of time`;
  tell(at, {
    message: `${subject}: ${waits}.`,
    fix: isClient === true && size === 1 ? (clientFix[library] ?? one) : size > 2 ? all : one,
    together,
    ...(isHint ? { confidence: 'hint' as const } : {}),
  });
}

/** What is said of Deno and of Cloudflare Workers. */
const fetchOffNode = {
  waits: 'a service that never answers holds the request that waits for it',
  one: about['node-fetch'].one,
  all: about['node-fetch'].all,
};

const clientFix: Partial<Record<Library, string>> = {
  axios: 'Pass `timeout` to axios.create(): it holds for all calls of the instance.',
  got: 'Pass `timeout: { request: … }` to got.extend(): it holds for all calls of the client.',
};

/** Files that use what only browsers have, and write no page that does; components may run on either side, what they use cannot be told. */
const runsInBrowser = (source: Source): boolean =>
  (!/<script\b/.test(source.text) &&
    /\b(localStorage|sessionStorage|window\.|document\.(cookie|querySelector|getElementById|createElement)|navigator\.|chrome\.(runtime|storage|tabs)|browser\.runtime)/.test(
      source.text,
    )) ||
  (/\.[jt]sx$/.test(source.path) && !/(^|\/)app\/(.*\/)?(page|layout|route)\.[jt]sx$/.test(source.path)) ||
  /(^|\/)(hooks|components|stores?|client-only|generators)\//.test(source.path);

/** What tests are run with, a folder or a package of its own. */
const isTestTooling = ({ path, project }: Source): boolean =>
  /(^|[/-])(test-?utils?|test-?containers?|test-?runner|dev-env(ironment)?)([/.-]|$)/i.test(
    `${project.manifest.name ?? ''}/${path}`,
  );

const builtFiles =
  /(^|\/)app\/(.*\/)?(page|layout|template|sitemap|robots|manifest|opengraph-image|twitter-image|icon)\.[cm]?[jt]sx?$/;

/** `const baseUrl = process.env.NEXT_PUBLIC_API`: what a build gives to pages, whose client this is as well. */
const forPages = /\b\w*base_?url\w*\s*[:=]\s*[^;\n]*\b(NEXT_PUBLIC|VITE|REACT_APP|EXPO_PUBLIC|VUE_APP)_/i;

/** `http://localhost:3000/…`, written there, or a socket of the machine: what answers runs beside it. */
function isOnThisMachine(source: Source, node: Syntax): boolean {
  if (/\bsocketPath\s*:/.test(source.textOf(node))) return true;
  const address = node.type === 'CallExpression' ? node.arguments[0] : undefined;
  const inner = address && (constantOf(source, address) ?? unwrap(address));
  return inner !== undefined && /^[`'"]https?:\/\/(localhost|127\.0\.0\.1)([:/]|.$)/.test(source.textOf(inner));
}

/** Pages that a framework builds ahead, and files that are run by hand: they export nothing and answer nobody. */
function isUnsure(source: Source, node: Syntax): boolean {
  const { path, text } = source;
  if (builtFiles.test(path) || isOnThisMachine(source, node)) return true;
  for (const parent of source.above(node))
    if (
      parent.type === 'FunctionDeclaration' &&
      /^(generateStaticParams|getStaticProps|getStaticPaths)$/.test(parent.id?.name ?? '')
    )
      return true;
  if (handlerAround(source, node) !== null) return false;
  if (forPages.test(text)) return true;
  // What a build runs, and counts of use, which nobody waits for.
  if (
    /\b(onBuild(Start|Complete|End)|buildStart|buildEnd|BuildExtension)\b/.test(text) ||
    /telemetry/i.test(`${source.project.manifest.name ?? ''}/${path}`)
  )
    return true;
  return (
    !/\bexport\b|\bmodule\.exports\b|\bexports\.|\bexports\[/.test(text) &&
    ((/\bprocess\.argv\b/.test(text) && /\bprocess\.exit\(/.test(text) && !/\.listen\(/.test(text)) ||
      !/\.listen\(|\bserve\(|createServer|\.(get|post|use|on)\(|\bnew (Worker|CronJob)\b|\bcron\b|schedule/.test(text))
  );
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
