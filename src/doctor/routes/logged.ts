import { type Syntax, unwrap } from '../../text/syntax.ts';
import { memberName } from '../code/objects.ts';
import { isFunction, type Source } from '../code/source.ts';
import type { Project } from '../project.ts';

/** Files that browsers load, and those that others wrote. */
const ofBrowsers =
  /(^|\/)(public|static|assets|vendor|dist|build|client|frontend|www|tests?)\/|\.min\.|\.(test|spec)\./;
const replaced = new WeakMap<Project, ReadonlySet<string>>();

/** The methods of `console` that the project puts a function of its own in the place of. */
function replacedIn(project: Project): ReadonlySet<string> {
  const before = replaced.get(project);
  if (before) return before;
  const found = new Set<string>();
  for (const path of project.files) {
    if (!/\.[cm]?[jt]s$/.test(path) || ofBrowsers.test(path)) continue;
    const text = project.tree.read(path) ?? '';
    for (const [, method] of text.matchAll(/\bconsole\.(\w+)\s*=\s*(?:async\b|function\b|\(|\w*noop\b)/g))
      if (method !== undefined) found.add(method);
  }
  replaced.set(project, found);
  return found;
}

/** `console.log(…)` where the project has replaced it, as in production by a function that does nothing. */
export function isSilent(source: Source, callee: Syntax): boolean {
  const inner = unwrap(callee);
  return (
    inner.type === 'MemberExpression' &&
    source.textOf(inner.object) === 'console' &&
    replacedIn(source.project).has(memberName(inner) ?? '')
  );
}

const failed = /^!?\(?\w*(err|error|failed|ok|valid)\w*\)?$/i;

/** A value that was just refused: `check(token, (err) => { if (err) log(token) })`, `try { check(token) } catch { log(token) }`. */
export function isRefused(source: Source, log: Syntax, argument: Syntax): boolean {
  const value = source.textOf(argument);
  const takes = (call: Syntax | null): boolean =>
    call?.type === 'CallExpression' && call.arguments.some((one) => source.textOf(one) === value);
  let isFailed = false;
  let inner = log;
  for (const parent of source.above(log)) {
    if (parent.type === 'IfStatement' && parent.consequent === inner && failed.test(source.textOf(parent.test)))
      isFailed = true;
    if (isFunction(parent)) return isFailed && takes(source.parentOf(parent));
    inner = parent;
  }
  return false;
}

/** What is called back while the program starts, to show whoever started it something that was drawn then. */
export function isShownAtStart(source: Source, log: Syntax): boolean {
  const around = [...source.above(log)].filter(isFunction);
  if (around.length !== 1) return false;
  const call = around[0] ? source.parentOf(around[0]) : null;
  const callee = call?.type === 'CallExpression' ? unwrap(call.callee) : null;
  return callee?.type === 'Identifier' && !/^(test|it|describe)$/.test(callee.name);
}
