import { type Syntax, stringValue, unwrap } from '../../text/syntax.ts';
import { memberName } from '../code/objects.ts';
import { type FunctionSyntax, isFunction, type Source } from '../code/source.ts';
import { type CallSyntax, calledName, isClosing, uncaughtIn } from './waits.ts';

/** What throws the promise of an async function away. */
export type Async = 'each' | 'map' | 'timer' | 'event';

/**
 * An async function given to what throws its promise away, and what of it may reject, in words: `list.forEach(async …)`,
 * `list.map(async …)` as a statement, `setInterval(async …)`, `socket.on('message', async …)`.
 */
export function forgottenIn(source: Source, call: CallSyntax): { name: string; does: Async } | null {
  // What draws a page runs in browsers, where nothing ends by it.
  const does = /\.[jt]sx$/.test(source.path) ? null : throwsAway(source, call);
  const work = does === 'event' ? call.arguments[1] : call.arguments[0];
  if (does === null || !work || !isFunction(work) || !work.async) return null;
  // The last thing that the process does may as well end it.
  if (/\bprocess\.exit\b/.test(source.textOf(work))) return null;
  const waits = uncaughtIn(source, work);
  if (does === 'event' && waits?.type === 'AwaitExpression' && isClosingAll(waits.argument)) return null;
  return waits === null ? null : { name: source.textOf(waits).replace(/\s+/g, ' ').slice(0, 60), does };
}

/** `await server.stop()`: what is closed as the process stops, and not one thing of many. */
function isClosingAll(node: Syntax): boolean {
  const call = unwrap(node);
  return isClosing(call) && call.type === 'CallExpression' && call.arguments.length === 0;
}

function throwsAway(source: Source, call: CallSyntax): Async | null {
  const name = calledName(call);
  const { callee } = call;
  if (callee.type === 'Identifier') return /^set(Interval|Timeout|Immediate)$/.test(callee.name) ? 'timer' : null;
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
      return event && stringValue(event) !== null && sockets.test(holder) ? 'event' : null;
    }
    default:
      return null;
  }
}

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
