import { type Syntax, unwrap } from '../../text/syntax.ts';
import { callsOf } from '../code/callers.ts';
import { type FunctionSyntax, isFunction, type Source } from '../code/source.ts';
import { type CallSyntax, calledName } from './waits.ts';

type Clause = Extract<Syntax, { type: 'CatchClause' }>;

/** `res.status(500);`: a status by itself sends nothing. */
const bareStatus = /^res(ponse)?\.(status|code)\([^()]*\);?$/;
const logs = /^(console|\w*log(ger)?|this\.\w*log(ger)?|(\w+\.)?debug|Sentry)\b[\w.]*\(/i;
/** What may answer, or leaves it to others. */
const answering = /\b(res|response|next|reply|done|cb|callback)\b|\bthrow\b|\breturn\s+[\w(]|\bawait\b/;

/** `catch (error) { res.status(500); }`, `catch (error) { console.log(error); }`: what it does instead of an answer; null where it may answer. */
export const leftUnanswered = (source: Source, { body }: Clause): 'status' | 'logs' | null => leftBy(source, body);

/** `check(token).then(() => next()).catch((error) => console.log(error))` in a handler that does nothing more. */
export function chainUnanswered(source: Source, call: CallSyntax, handler: FunctionSyntax): 'status' | 'logs' | null {
  const [taken] = call.arguments;
  if (calledName(call) !== 'catch' || call.callee.type !== 'MemberExpression' || !taken || !isFunction(taken))
    return null;
  if (source.parentOf(call)?.type !== 'ExpressionStatement' || !taken.body) return null;
  // What goes on when all is well answers: else it is no part of the answer.
  if (!/\.then\([\s\S]*\b(res\.|next\()/.test(source.textOf(call.callee.object))) return null;
  if (isFollowed(source, call, handler)) return null;
  return leftBy(source, taken.body);
}

function leftBy(source: Source, body: Syntax): 'status' | 'logs' | null {
  const statements = body.type === 'BlockStatement' ? body.body : [body];
  const texts = statements.map((one) => source.textOf(one).trim());
  const isStatus = texts.some((text) => bareStatus.test(text));
  const others = texts.filter((text) => !bareStatus.test(text));
  if (texts.length === 0 || others.some((text) => !logs.test(text) || answering.test(text))) return null;
  return isStatus ? 'status' : 'logs';
}

/** True where the handler goes on behind a node, and may answer there. */
function isFollowed(source: Source, node: Syntax, handler: FunctionSyntax): boolean {
  let inner = node;
  for (const parent of source.above(node)) {
    if (parent === handler) return false;
    if (isFunction(parent)) return true;
    if (parent.type === 'BlockStatement') {
      const after = parent.body.filter(({ start }) => start >= inner.end);
      if (after.some((one) => answering.test(source.textOf(unwrap(one))))) return true;
    }
    inner = parent;
  }
  return true;
}

/** True where a `try` waits for a function that is given the response itself, or an object with it: that may have answered before it fails. */
export function mayBeAnswered(tried: string): boolean {
  const holders = [...tried.matchAll(/\b(\w+)\s*=\s*\{[^{}]*\b(?:res|response|reply)\b[^{}]*\}/g)].map(
    ([, name]) => name,
  );
  const given = ['res', 'response', 'reply', ...holders].join('|');
  return new RegExp(`\\bawait\\s+(?!res\\.)[\\w.]+\\((?:[^()]*,)?\\s*(?:${given})\\s*[,)]`).test(tried);
}

/** True for a function that is started beside a request, and that nobody who calls it waits for: what it does is no part of the answer. */
export function isStartedAside(source: Source, fn: FunctionSyntax): boolean {
  const calls = callsOf(source, fn);
  return calls.length > 0 && calls.every(({ source: from, call }) => isLetGo(from, call));
}

/** `save(request);`, `void save(request);`, `tap((data) => save(data))`. */
function isLetGo(source: Source, call: Syntax): boolean {
  const parent = source.parentOf(call);
  if (parent?.type === 'UnaryExpression') return parent.operator === 'void';
  const taker = parent?.type === 'ArrowFunctionExpression' ? source.parentOf(parent) : null;
  if (taker?.type === 'CallExpression') return /^(tap|forEach|set(Timeout|Immediate))$/.test(calledName(taker) ?? '');
  return parent?.type === 'ExpressionStatement';
}
