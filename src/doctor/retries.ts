import { type Syntax, unwrap } from '../text/syntax.ts';
import { definitionOf, originOf } from './origin.ts';
import { isFunction, type Source } from './source.ts';
import { calledName, type CallSyntax } from './waits.ts';

const retriers =
  /^(p-retry|async-retry|promise-retry|retry-as-promised|exponential-backoff|ts-retry-promise|@lifeomic\/attempt|ts-retry|cockatiel|@\w+\/retry|retry|attempt|poll)#/;
const named =
  /^(with_?retr(y|ies)|retry(With\w*|Async|Operation|Request|Fn|able|ing)?|try_?again|backOff|pRetry|callWithRetry|executeWithRetry|runWithRetry|retryable\w*)$/i;

/** The work that a call runs again where it fails: the function that a retrier is given. Null for every other call. */
export function retriedBy(source: Source, call: CallSyntax): { source: Source; node: Syntax } | null {
  const name = calledName(call) ?? '';
  const origin = originOf(source, call.callee);
  const isRetrier =
    (origin !== null &&
      retriers.test(origin) &&
      !/\.(handle\w*|or\w*)$/.test(origin) &&
      (!origin.startsWith('cockatiel') || name === 'execute')) ||
    named.test(name);
  if (!isRetrier) return null;
  for (const argument of call.arguments) {
    const inner = unwrap(argument);
    if (isFunction(inner)) return { source, node: inner };
    const place = inner.type === 'Identifier' || inner.type === 'MemberExpression' ? definitionOf(source, inner) : null;
    if (place && isFunction(place.node)) return { source: place.source, node: place.node };
  }
  return null;
}
