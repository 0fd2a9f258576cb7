import { type Syntax, stringValue, unwrap } from '../../text/syntax.ts';
import { everyNode } from '../code/source.ts';

/** The values that stand between quotes of a text: `'${value}'`, `"name = '" + value + "'"`; of texts within it as well. */
export function quotedIn(part: Syntax): Syntax[] {
  const found: Syntax[] = [];
  everyNode(part, (node, parent) => {
    if (node.type === 'TemplateLiteral') found.push(...quotedOf(node));
    else if (node.type === 'BinaryExpression' && parent?.type !== 'BinaryExpression') found.push(...quotedOfSum(node));
  });
  return found;
}

const quotedOf = (node: Extract<Syntax, { type: 'TemplateLiteral' }>): Syntax[] =>
  node.expressions.filter((_, at) =>
    isBetween(node.quasis[at]?.value.cooked ?? null, node.quasis[at + 1]?.value.cooked ?? null),
  );

function quotedOfSum(node: Syntax): Syntax[] {
  const all = summed(node);
  return all.filter((_, at) => isBetween(endOf(all[at - 1], 'last'), endOf(all[at + 1], 'first')));
}

const isBetween = (before: string | null, after: string | null): boolean =>
  /'%?$/.test(before ?? '') && /^%?'/.test(after ?? '');

/** `a + b + c`: its terms. */
const summed = (outer: Syntax): Syntax[] => {
  const node = unwrap(outer);
  return node.type === 'BinaryExpression' && node.operator === '+'
    ? [...summed(node.left), ...summed(node.right)]
    : [node];
};

/** The text that a term of a sum begins or ends with, where it is written out. */
function endOf(term: Syntax | undefined, side: 'first' | 'last'): string | null {
  if (term === undefined) return null;
  if (term.type === 'TemplateLiteral') return term.quasis.at(side === 'first' ? 0 : -1)?.value.cooked ?? null;
  return stringValue(term);
}
