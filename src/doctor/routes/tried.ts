import { type Syntax, unwrap } from '../../text/syntax.ts';
import { memberName } from '../code/objects.ts';
import { isFunction, type Source } from '../code/source.ts';

/** True where what is tried waits for nothing and asks no file or database: nothing of theirs can be in its errors. */
export function isAtOnce(source: Source, at: Syntax): boolean {
  for (const parent of source.above(at)) {
    if (parent.type === 'TryStatement' && parent.handler && contains(parent.handler, at))
      return !/\bawait\b|Sync\(|\.(prepare|run|all|get|exec|query|execute)\(/.test(
        withoutMetrics(source, parent.block),
      );
    if (isFunction(parent)) return isOfMetrics(source, parent);
  }
  return false;
}

const withoutMetrics = (source: Source, node: Syntax): string =>
  source.project.has('prom-client')
    ? source.textOf(node).replace(/\bawait\s+[\w.]+\.metrics\(\)/g, '')
    : source.textOf(node);

/** `register.metrics().then(…).catch((e) => …)`: numbers of the process itself, which a scraper reads. */
function isOfMetrics(source: Source, scope: Syntax): boolean {
  const call = source.parentOf(scope);
  const callee = call?.type === 'CallExpression' ? unwrap(call.callee) : null;
  if (callee?.type !== 'MemberExpression' || memberName(callee) !== 'catch') return false;
  return source.project.has('prom-client') && /^[\w.]+\.metrics\(\)\s*\.then\(/.test(source.textOf(callee.object));
}

const contains = (outer: Syntax, inner: Syntax): boolean => outer.start <= inner.start && inner.end <= outer.end;
