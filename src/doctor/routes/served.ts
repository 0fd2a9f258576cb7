import type { Syntax } from '../../text/syntax.ts';
import { callsOf } from '../code/callers.ts';
import { type FunctionSyntax, isFunction, type Source } from '../code/source.ts';
import { isHandler } from './roles.ts';

/** A function that answers requests; pages and layouts may run when the site is built. */
export const isServed = (source: Source, fn: FunctionSyntax): boolean =>
  isHandler(source, fn) && !/(^|\/)app\/(.*\/)?(page|layout|sitemap|robots)\.[cm]?[jt]sx?$/.test(source.path);

/** True for a function that a handler calls, through others of the project too. */
export function isCalledByHandler(source: Source, fn: FunctionSyntax, depth = 3, seen = new Set<Syntax>()): boolean {
  if (depth === 0 || seen.has(fn)) return false;
  seen.add(fn);
  return callsOf(source, fn).some(({ source: from, call }) => {
    for (const parent of from.above(call)) {
      if (!isFunction(parent)) continue;
      if (isServed(from, parent) || isCalledByHandler(from, parent, depth - 1, seen)) return true;
    }
    return false;
  });
}

/** `if (isDev) app.get(…)`: no code of production, nor is a file that is named for it. */
export function isForDevelopment(source: Source, call: Syntax): boolean {
  if (/(^|\/)(debug|dev|development)\.[cm]?[jt]s$/.test(source.path)) return true;
  if (/\.transformIndexHtml\(/.test(source.textOf(call)) && !/prod|NODE_ENV/i.test(source.text)) return true;
  for (const parent of source.above(call)) {
    // What is given Vite's server is only there while somebody develops.
    if (isFunction(parent) && parent.params.some((one) => /:\s*ViteDevServer\b/.test(source.textOf(one)))) return true;
    if (parent.type !== 'IfStatement' || call.start < parent.consequent.start || call.end > parent.consequent.end)
      continue;
    if (
      /^(?!.*!\s*[\w.]*(isDev|isTest))(.*(isDev|isTest|isE2E|\bE2E|_E2E|__DEV__|\.DEV\b))|NODE_ENV\)?\s*(!==?\s*['"]prod|===?\s*['"](dev|test))/i.test(
        source.textOf(parent.test),
      )
    )
      return true;
  }
  return false;
}
