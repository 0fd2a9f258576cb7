import type { Syntax } from '../../text/syntax.ts';
import { bound } from '../code/names.ts';
import { everyNode, everyOf, type FunctionSyntax, type Source } from '../code/source.ts';

/** True for a handler that asks for its fields itself: `if (!email) return …` */
export function asksByHand(source: Source, fn: FunctionSyntax): boolean {
  let asks = false;
  const names = fieldsOf(source, fn);
  everyNode(fn, (node) => {
    if (node.type === 'ConditionalExpression') asks ||= names.some((name) => namesIn(node.test).includes(name));
    if (node.type !== 'IfStatement') return;
    const [test, then] = [source.textOf(node.test), source.textOf(node.consequent)];
    const leaves = /\b(return|throw|next\()/.test(then) && /body|![\w.]+|===\s*undefined|==\s*null|\.length/.test(test);
    const speaks = names.some((name) => namesIn(node.test).includes(name)) || /\bbody\b/.test(test);
    asks ||= leaves || (speaks && (node.alternate !== null || /error|flash|message/i.test(then)));
  });
  return asks;
}

/** The names that fields of the body have in a handler. */
function fieldsOf(source: Source, fn: FunctionSyntax): string[] {
  const names: string[] = [];
  everyOf(fn, ['VariableDeclarator'], (node) => {
    if (node.type === 'VariableDeclarator' && node.init && /\bbody\b|\.json\(\)/.test(source.textOf(node.init)))
      names.push(...bound(node.id).map(({ name }) => name));
  });
  return names;
}

function namesIn(node: Syntax): string[] {
  const names: string[] = [];
  everyOf(node, ['Identifier'], (one) => {
    if (one.type === 'Identifier') names.push(one.name);
  });
  return names;
}
