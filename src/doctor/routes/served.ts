import type { Syntax } from '../../text/syntax.ts';
import { functionName } from '../code/background.ts';
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

/** True in a function that only what makes data to try the program with calls: `User.random()`, `fakeUser()`. */
export function isForExamples(source: Source, node: Syntax): boolean {
  const calls = [...source.above(node)].filter(isFunction).flatMap((fn) => callsOf(source, fn));
  return (
    calls.length > 0 &&
    calls.every(({ source: from, call }) =>
      [...from.above(call)].some((one) => isFunction(one) && examples.test(functionName(from, one) ?? '')),
    )
  );
}
const examples =
  /^(random|fake|mock|dummy|sample|example|fixture|stub)([A-Z_]\w*)?$|^(create|make|build|generate|get)(Random|Fake|Mock|Dummy|Sample|Example|Fixture|Stub)/;
