import { type Syntax, unwrap } from '../../text/syntax.ts';
import { constantOf } from '../code/names.ts';
import type { Source } from '../code/source.ts';

/** True for a time of the clock, as a number: `date.getTime()`, `Date.now() + hour`, `Math.floor(Date.now() / 1000)`; not what lies between two times. */
export function isOfClock(source: Source, outer: Syntax, depth = 0): boolean {
  const node = constantOf(source, outer) ?? unwrap(outer);
  const on = (one: Syntax | undefined): boolean => one !== undefined && depth < 6 && isOfClock(source, one, depth + 1);
  switch (node.type) {
    case 'BinaryExpression':
      if (node.operator === '+') return on(node.left) || on(node.right);
      return /^[*/]$/.test(node.operator) && on(node.left);
    case 'TemplateLiteral':
      return (
        node.expressions.length === 1 && node.quasis.every(({ value }) => value.raw === '') && on(node.expressions[0])
      );
    case 'CallExpression': {
      const name = source.textOf(node.callee);
      if (/^(Math\.(floor|round|ceil|trunc)|Number|String|parseInt)$/.test(name)) return on(node.arguments[0]);
      return node.arguments.length === 0 && (name === 'Date.now' || /[\w$)\]]\.(getTime|unix)$/.test(name));
    }
    default:
      return false;
  }
}
