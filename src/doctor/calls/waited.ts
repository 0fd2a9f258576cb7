import type { Syntax } from '../../text/syntax.ts';
import { callsOf, functionName } from '../code/callers.ts';
import { functionAround, isFunction, type Source } from '../code/source.ts';
import { isUnused } from '../code/unused.ts';
import { isHandler } from '../routes/roles.ts';
import { calledName } from './waits.ts';

/** True where no request of the application’s users waits for what a file asks for: the file is shown beside it, or nothing uses it. */
export const isForNobody = (source: Source): boolean => isShown(source) || isUnused(source.project, source.path);

/** The site of the documentation, and examples. */
const isShown = ({ path, project: { around } }: Source): boolean =>
  /(^|\/)(examples?|samples?|demos?)\/|^((apps|packages|www|sites)\/)?(docs|documentation|docs-site|docusaurus)\//i.test(
    around === null ? path : `${around.folder}/${path}`,
  );

/** True for what runs on the platform’s edge, where other limits hold than Node’s. */
export const isOnEdge = ({ text }: Source): boolean =>
  /\bexport const runtime\b[^=\n]*=\s*['"](experimental-)?edge['"]/.test(text);

/** `fetch(url).catch(log);`: sent and let go, nothing comes after it. */
export function isLetGo(source: Source, node: Syntax): boolean {
  const parents = [...source.above(node)];
  const isMeant = parents.some((one) => one.type === 'UnaryExpression' && one.operator === 'void');
  let inner = node;
  for (const parent of parents) {
    if (parent.type === 'ExpressionStatement') return true;
    const isChain =
      (parent.type === 'MemberExpression' && parent.object === inner) ||
      (parent.type === 'CallExpression' &&
        parent.callee === inner &&
        (isMeant ? /^(then|catch|finally)$/ : /^(catch|finally)$/).test(calledName(parent) ?? ''));
    const isVoid = parent.type === 'UnaryExpression' && parent.operator === 'void';
    if (!isChain && !isVoid && parent.type !== 'ChainExpression') return false;
    inner = parent;
  }
  return false;
}

/** True in a function whose callers all let it go: `void update(key).then(log)`. */
export function isLetGoByAll(source: Source, node: Syntax): boolean {
  const fn = functionAround(source, node);
  const calls = fn === null || isHandler(source, fn) ? [] : callsOf(source, fn);
  return calls.length > 0 && calls.every(({ source: from, call }) => isLetGo(from, call));
}

/** `response.body.getReader()`, `pipeline(response.body, …)` behind the call: what comes is read for as long as it comes. */
export function isStreamed(source: Source, node: Syntax): boolean {
  const wait = source.parentOf(node);
  const holder = wait?.type === 'AwaitExpression' ? source.parentOf(wait) : null;
  const fn =
    holder?.type === 'VariableDeclarator' && holder.id.type === 'Identifier' ? functionAround(source, node) : null;
  if (holder?.type !== 'VariableDeclarator' || holder.id.type !== 'Identifier' || fn === null) return false;
  const body = `\\b${escaped(holder.id.name)}\\.body\\b`;
  const read = `${body}[!?]*\\.(getReader|pipeTo|pipeThrough|pipe)\\(|pipeline\\([^;]{0,60}?${body}|fromWeb\\([^;]{0,20}?${body}|\\bof\\s+${body}`;
  return new RegExp(read).test(source.text.slice(node.end, fn.end));
}

/** The application's own server, asked by what Next runs before each page: beside it by default, `API_URL ?? 'http://localhost:8080'`. */
export const isOfOwnServer = ({ path, text, project }: Source): boolean =>
  /^(src\/)?(middleware|proxy)\.[cm]?[jt]s$/.test(path) &&
  project.has('next') &&
  /(\|\||\?\?)\s*['"`]https?:\/\/(localhost|127\.0\.0\.1)\b/.test(text);

const deepest = 3;

/** True where timers start the function around, and no handler does: one round that hangs ends by itself, and the next one comes. */
export function isTimed(source: Source, node: Syntax, depth = 0): boolean {
  for (const fn of source.above(node)) {
    if (!isFunction(fn)) continue;
    if (isHandler(source, fn)) return false;
    const parent = source.parentOf(fn);
    if (parent?.type === 'CallExpression' && calledName(parent) === 'setInterval') return true;
    const name = functionName(source, fn);
    const calls = name === null || depth === deepest ? [] : callsOf(source, fn);
    const isNamed = name !== null && new RegExp(`\\bsetInterval\\(\\s*(this\\.)?${escaped(name)}\\b`).test(source.text);
    // What starts the timer calls the function once itself.
    const others = calls.filter(({ source: from, call }) => !(from === source && isNamed && isBeside(from, call)));
    if (isNamed || others.length > 0)
      return others.every(({ source: from, call }) => isTimed(from, call, depth + 1)) && (isNamed || others.length > 0);
  }
  return false;
}

/** A call in the function that sets the timer. */
function isBeside(source: Source, call: Syntax): boolean {
  for (const fn of source.above(call))
    if (isFunction(fn)) return !isHandler(source, fn) && /\bsetInterval\(/.test(source.textOf(fn));
  return /\bsetInterval\(/.test(source.text);
}

const escaped = (name: string): string => name.replace(/[$]/g, '\\$&');
