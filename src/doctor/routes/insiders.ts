import type { Syntax } from '../../text/syntax.ts';
import { callsOf } from '../code/callers.ts';
import { type FunctionSyntax, isFunction, type Source } from '../code/source.ts';
import { isForAdmins } from './handlers.ts';
import { handlerAround } from './roles.ts';

const secret = String.raw`(process\.)?env\.\w*(KEY|SECRET|TOKEN|PASSWORD)\b`;
const compared = new RegExp(`[!=]==?\\s*[\`'"\\w ]*(\\$\\{)?${secret}|${secret}\\s*[!=]==?`);

/** True for a handler that lets nobody in but administrators, or who sends a secret of the environment. */
export const isForInsiders = (source: Source, fn: FunctionSyntax): boolean =>
  (fn.body !== null && compared.test(source.textOf(fn.body))) || isForAdmins(source, fn.body ?? fn);

const deepest = 3;

/**
 * True for code that administrators alone reach: in a handler whose every route has their guard, beside it as one of its
 * decorators, or in a function that such code alone calls.
 */
export function isForAdminsOnly(source: Source, node: Syntax, depth = 0): boolean {
  if (handlerAround(source, node) !== null) return isForAdmins(source, node);
  let inner = node;
  for (const parent of source.above(node)) {
    if (parent.type === 'MethodDefinition' && inner.type === 'Decorator')
      return isForAdmins(source, parent.value.body ?? parent.value);
    if (isFunction(parent)) {
      const calls = depth < deepest ? callsOf(source, parent) : [];
      if (calls.length > 0) return calls.every(({ source: from, call }) => isForAdminsOnly(from, call, depth + 1));
    }
    inner = parent;
  }
  return false;
}

/** True for code that requests reach by routes of administrators alone; what the program does by itself, or a bot, counts for nothing. */
export function isAskedByAdminsOnly(source: Source, node: Syntax): boolean {
  const asked = askedBy(source, node, 0);
  return asked.length > 0 && asked.every((isAdmins) => isAdmins);
}

function askedBy(source: Source, node: Syntax, depth: number): boolean[] {
  if (handlerAround(source, node) !== null) return [isForAdmins(source, node)];
  const scope = depth > deepest ? undefined : [...source.above(node)].find(isFunction);
  return scope === undefined
    ? []
    : callsOf(source, scope).flatMap(({ source: from, call }) => askedBy(from, call, depth + 1));
}
