import { type Syntax, unwrap } from '../../text/syntax.ts';
import { memberName } from '../code/objects.ts';
import { everyNode, isFunction, type Source } from '../code/source.ts';

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

/** A status of the server's own faults. */
const ofFaults = /(status|code)\w*\s*(>=|>|===?)\s*(499|500)\b/i;

/**
 * True where an earlier statement leaves with other errors, or rethrows them: `if (!isPublic(err)) throw err`, or with
 * all that is a fault of the server: `if (status >= 500) return res.json('failed')`.
 */
export function isKept(source: Source, scope: Syntax, at: Syntax, decides: (test: string) => boolean): boolean {
  let kept = false;
  everyNode(scope, (node) => {
    if (kept || node.type !== 'IfStatement' || node.end > at.start) return;
    const [test, then] = [source.textOf(node.test), source.textOf(node.consequent)];
    kept =
      (decides(test) && /\b(throw|next\()/.test(then) && /!/.test(test)) ||
      (ofFaults.test(test) && !/&&/.test(test) && leaves(node.consequent));
  });
  return kept;
}

function leaves(node: Syntax): boolean {
  const last = node.type === 'BlockStatement' ? node.body.at(-1) : node;
  return last?.type === 'ReturnStatement' || last?.type === 'ThrowStatement';
}
