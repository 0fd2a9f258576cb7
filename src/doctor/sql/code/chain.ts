import { type Syntax, unwrap } from '../../../text/syntax.ts';
import type { Source } from '../../code/source.ts';
import { type Value, valueAt } from './value.ts';

/** One call of a chain: `.references('id')`. */
export interface Link {
  name: string;
  args: readonly Syntax[];
  value(index: number): Value;
  node: Syntax;
}

/** A chain of calls, first to last, and what it begins with: `t.string('a').notNullable()` → t, [string, notNullable]. */
export function chainOf(source: Source, node: Syntax): { root: Syntax; links: Link[] } {
  const links: Link[] = [];
  let inner = unwrap(node);
  for (;;) {
    if (inner.type === 'AwaitExpression') inner = unwrap(inner.argument);
    else if (inner.type === 'MemberExpression' && !inner.computed) inner = unwrap(inner.object);
    else if (inner.type === 'CallExpression') {
      const { callee, arguments: args } = inner;
      const called = unwrap(callee);
      if (called.type !== 'MemberExpression' || called.computed || called.property.type !== 'Identifier') break;
      const value = (index: number): Value => {
        const argument = args[index];
        return argument ? valueAt(source, argument) : undefined;
      };
      links.unshift({ name: called.property.name, args, value, node: inner });
      inner = unwrap(called.object);
    } else break;
  }
  return { root: inner, links };
}

/** True for the last call of its chain: what holds it calls nothing more of it. */
export function isChainEnd(source: Source, node: Syntax): boolean {
  const parent = source.parentOf(node);
  return !(parent?.type === 'MemberExpression' && parent.object === node);
}

/** The statements of a callback, or its one expression. */
export function bodyOf(node: Syntax | undefined): { parameter: string | null; body: Syntax } | null {
  const inner = node && unwrap(node);
  if (inner?.type !== 'ArrowFunctionExpression' && inner?.type !== 'FunctionExpression') return null;
  const [first] = inner.params;
  return inner.body ? { parameter: first?.type === 'Identifier' ? first.name : null, body: inner.body } : null;
}
