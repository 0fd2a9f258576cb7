import { type Syntax, stringValue, unwrap } from '../../text/syntax.ts';
import { definitionOf } from '../code/definition.ts';
import { memberName } from '../code/objects.ts';
import { type FunctionSyntax, isFunction, type Source } from '../code/source.ts';
import { handlerAround } from '../routes/roles.ts';
import { asyncCalled, type CallSyntax, calledName, ioWithin, isClosing, uncaughtIn } from './waits.ts';

/** What throws the promise of an async function away. */
export type Async = 'each' | 'map' | 'timer' | 'event' | 'callback';

/**
 * An async function given to what throws its promise away, and what of it may reject, in words: `list.forEach(async …)`,
 * `list.map(async …)` as a statement, `setInterval(async …)`, `socket.on('message', async …)`; also by the name of such a function.
 */
export function forgottenIn(source: Source, call: CallSyntax): { name: string; does: Async } | null {
  // What draws a page runs in browsers, where nothing ends by it.
  const does = /\.[jt]sx$/.test(source.path) ? null : throwsAway(source, call);
  const given = does === 'callback' ? call.arguments.at(-1) : call.arguments[does === 'event' ? 1 : 0];
  if (does === null || !given) return null;
  const work = isFunction(given) && given.async ? { source, node: given } : passedOn(source, given, does);
  // The last thing that the process does may as well end it.
  if (work === null || /\bprocess\.exit\b/.test(work.source.textOf(work.node))) return null;
  const waits = uncaughtIn(work.source, work.node);
  // What stands elsewhere is told of where it is known to leave the process: other awaits may well never reject.
  if (waits !== null && work.node !== given && ioWithin(work.source, waits, 1) === null) return null;
  // A library may wait for what it calls back: what surely goes out of the process is told of alone.
  if (does === 'callback' && waits !== null && ioWithin(source, waits, 1) === null) return null;
  if (does === 'event' && waits?.type === 'AwaitExpression' && isClosingAll(waits.argument)) return null;
  return waits === null ? null : { name: work.source.textOf(waits).replace(/\s+/g, ' ').slice(0, 60), does };
}

/** `setInterval(sweep, …)`, `setInterval(() => sweep(), …)`: the async function of the project that is run, and by whom nobody waits. */
function passedOn(source: Source, given: Syntax, does: Async): { source: Source; node: FunctionSyntax } | null {
  if (does !== 'timer' && does !== 'event') return null;
  if (!isFunction(given)) {
    const place = /^(Identifier|MemberExpression)$/.test(given.type) ? definitionOf(source, given) : null;
    return place && isFunction(place.node) && place.node.async ? { source: place.source, node: place.node } : null;
  }
  const only = given.body?.type === 'BlockStatement' ? given.body.body : [];
  const [first] = only;
  const body = first === undefined ? given.body : first.type === 'ExpressionStatement' ? first.expression : null;
  const run = body && only.length < 2 ? unwrap(body) : null;
  return run?.type === 'CallExpression' && does === 'timer' && !isClosing(run) ? asyncCalled(source, run) : null;
}

/** `await server.stop()`: what is closed as the process stops, and not one thing of many. */
function isClosingAll(node: Syntax): boolean {
  const call = unwrap(node);
  return isClosing(call) && call.type === 'CallExpression' && call.arguments.length === 0;
}

function throwsAway(source: Source, call: CallSyntax): Async | null {
  const name = calledName(call);
  const { callee } = call;
  if (callee.type === 'Identifier' && !isCallback(source, call))
    return /^set(Interval|Timeout|Immediate)$/.test(callee.name) ? 'timer' : null;
  if (isCallback(source, call)) return 'callback';
  if (callee.type !== 'MemberExpression') return null;
  switch (name) {
    case 'forEach':
      return 'each';
    case 'map':
      return source.parentOf(call)?.type === 'ExpressionStatement' ? 'map' : null;
    case 'on':
    case 'once':
    case 'addListener': {
      const [event] = call.arguments;
      const object = unwrap(callee.object);
      const holder = memberName(object) ?? (object.type === 'Identifier' ? object.name : '');
      return event && isNamed(event) && sockets.test(holder) ? 'event' : null;
    }
    default:
      return null;
  }
}

/** 'message', `Events.MESSAGE`. */
const isNamed = (event: Syntax): boolean =>
  stringValue(event) !== null ||
  (event.type === 'MemberExpression' && !event.computed) ||
  (event.type === 'Identifier' && /^[A-Z]/.test(event.name));

/** What takes a function of `(error, …)` and calls it once: `req.logIn(user, async (error) => …)` in a handler. */
function isCallback(source: Source, call: CallSyntax): boolean {
  const given = call.arguments.at(-1);
  if (!given || !isFunction(given) || !given.async || !called.test(calledName(call) ?? '')) return false;
  const [first] = given.params;
  return first?.type === 'Identifier' && /^_?err(or)?$/.test(first.name) && handlerAround(source, call) !== null;
}
const called =
  /^(log_?[iI]n|log_?[oO]ut|regenerate|destroy|hash|compare|genSalt|sign|verify|randomBytes|pbkdf2|scrypt|readFile|writeFile|unlink|mkdir|sendMail|parse|upload\w*)$/;

/** What emits events for as long as the process lives. */
const sockets = /^(io|ws|wss|\w*([sS]ocket|[eE]mitter|[sS]erver|[nN]amespace|[sS]ubscriber|eventBus))$/;

/** `(async () => { … stream.update(part) … })()`, and the function returns the stream: the answer lasts as long as the work. */
export function feedsReturned(source: Source, call: CallSyntax, fn: FunctionSyntax): boolean {
  const work = unwrap(call.callee);
  if (!isFunction(work)) return false;
  const after = source.text.slice(call.end, fn.end);
  return [...source.textOf(work).matchAll(/([\w$]+)\.(update|append|write|enqueue|push|done|close|end|error)\(/g)].some(
    ([, name = '']) => new RegExp(`\\breturn\\b[^;]*\\b${name.replace(/\$/g, '\\$')}\\b`).test(after),
  );
}
