import { type Syntax, unwrap } from '../../text/syntax.ts';
import { bindingOf } from '../code/names.ts';
import type { Source } from '../code/source.ts';

/** The list holds what the function has asked for: rows, not parts of what it is given, nor groups that it has made. */
export function isAskedHere(source: Source, loop: Syntax): boolean {
  let list: Syntax | null =
    loop.type === 'ForOfStatement' ? loop.right : loop.type === 'CallExpression' ? loop.callee : null;
  while (list) {
    const inner: Syntax = unwrap(list);
    if (inner.type === 'AwaitExpression') return true;
    if (inner.type === 'MemberExpression') list = inner.object;
    else if (inner.type === 'CallExpression') list = inner.callee;
    else {
      const made = inner.type === 'Identifier' ? bindingOf(source, inner)?.init : null;
      return made ? unwrap(made).type === 'AwaitExpression' : false;
    }
  }
  return false;
}

/** Nobody asks what the database gave the row: then all can be written at once. */
export function isUnused(source: Source, node: Syntax): boolean {
  for (const parent of source.above(node)) {
    if (parent.type === 'ExpressionStatement') return true;
    // `await Promise.all(rows.map((row) => db.row.create(…)))`
    const isPassed =
      parent.type === 'ArrowFunctionExpression' ||
      parent.type === 'ReturnStatement' ||
      (parent.type === 'BlockStatement' && parent.body.length === 1) ||
      (parent.type === 'CallExpression' && /^Promise\.(all|allSettled)$|\.map$/.test(source.textOf(parent.callee)));
    if (!isPassed && !/^(AwaitExpression|ChainExpression|ParenthesizedExpression)$/.test(parent.type)) return false;
  }
  return false;
}

/** Each row fails for itself, and the next is tried. */
export function isTriedApart(source: Source, node: Syntax, loop: Syntax): boolean {
  for (const parent of source.above(node)) {
    if (parent === loop) return false;
    if (parent.type === 'TryStatement' && parent.handler) return true;
  }
  return false;
}
