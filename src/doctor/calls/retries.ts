import { keyOf, type Syntax, unwrap } from '../../text/syntax.ts';
import { definitionOf, originOf } from '../code/origin.ts';
import { isFunction, type Source } from '../code/source.ts';
import { type CallSyntax, calledName } from './waits.ts';

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
  if (!isRetrier || call.arguments.some((one) => isForRefusals(source, one))) return null;
  for (const argument of call.arguments) {
    const inner = unwrap(argument);
    if (isFunction(inner)) return { source, node: inner };
    const place = inner.type === 'Identifier' || inner.type === 'MemberExpression' ? definitionOf(source, inner) : null;
    if (place && isFunction(place.node)) return { source: place.source, node: place.node };
  }
  return null;
}

/** `{ retryIf: isRateLimitError }`: only what was refused, and so not done, is sent again. */
function isForRefusals(source: Source, options: Syntax): boolean {
  const inner = unwrap(options);
  if (inner.type !== 'ObjectExpression') return false;
  return inner.properties.some(
    (one) =>
      one.type === 'Property' &&
      /^(retryIf|shouldRetry|retryOn|when|predicate|retryCondition)$/.test(keyOf(one) ?? '') &&
      /rate_?limit|tooManyRequests|\b429\b/i.test(source.textOf(one.value)),
  );
}

export type Loop = Extract<Syntax, { type: 'ForStatement' | 'WhileStatement' | 'DoWhileStatement' }>;

/**
 * The work of a loop that runs again what fails: `for (let attempt = 0; attempt < 3; attempt++) { try { … } catch { … } }`.
 * Null for every other loop, and for one that goes on only where the other side asked it to wait (429).
 */
export function retriedIn(source: Source, loop: Loop): Syntax | null {
  const head =
    loop.type === 'DoWhileStatement' ? source.textOf(loop.test) : source.text.slice(loop.start, loop.body.start);
  if (!/retr(y|ies)|attempt|\btries\b/i.test(head) || loop.body.type !== 'BlockStatement') return null;
  const attempt = loop.body.body.find((one) => one.type === 'TryStatement');
  if (attempt?.type !== 'TryStatement' || !attempt.handler) return null;
  const { body } = attempt.handler;
  const isOver = body.body.some(({ type }) => /^(Throw|Return|Break)Statement$/.test(type));
  return isOver || /429|rate.?limit|too.?many/i.test(source.textOf(body)) ? null : attempt.block;
}
