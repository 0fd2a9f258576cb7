import { type Syntax, unwrap } from '../../text/syntax.ts';
import { definitionOf } from '../code/definition.ts';
import { constantOf } from '../code/names.ts';
import { memberName } from '../code/objects.ts';
import { everyNode, isFunction, type Source } from '../code/source.ts';

/**
 * True for a name where it is reached only with a value of a list that is written out: `if (['name', 'age'].includes(key)) …`,
 * also by an earlier `if (!columns.includes(key)) return`, or one that a function's pattern of letters and digits matches.
 */
export function isOfList(source: Source, value: Syntax): boolean {
  const text = source.textOf(value);
  let inner = value;
  for (const parent of source.above(value)) {
    if (isFunction(parent)) return false;
    const isThen =
      (parent.type === 'IfStatement' || parent.type === 'ConditionalExpression') && parent.consequent === inner;
    if (isThen && asks(source, parent.test, text)) return true;
    const isOther =
      (parent.type === 'IfStatement' || parent.type === 'ConditionalExpression') && parent.alternate === inner;
    if (isOther && asksNot(source, parent.test, text)) return true;
    if (parent.type === 'LogicalExpression' && parent.operator === '&&' && parent.right === inner)
      if (asks(source, parent.left, text)) return true;
    if (parent.type === 'BlockStatement' && parent.body.some((one) => turnsAway(source, one, inner, text))) return true;
    inner = parent;
  }
  return false;
}

/** `if (!columns.includes(key)) return`, before. */
const turnsAway = (source: Source, one: Syntax, before: Syntax, text: string): boolean =>
  one.type === 'IfStatement' && one.end <= before.start && leaves(one.consequent) && asksNot(source, one.test, text);

function asks(source: Source, outer: Syntax, text: string): boolean {
  const test = unwrap(outer);
  if (test.type === 'LogicalExpression')
    return test.operator === '&&'
      ? asks(source, test.left, text) || asks(source, test.right, text)
      : asks(source, test.left, text) && asks(source, test.right, text);
  const [given] = test.type === 'CallExpression' ? test.arguments : [];
  if (test.type !== 'CallExpression' || !given || source.textOf(unwrap(given)) !== text) return false;
  if (isOfPattern(source, test.callee)) return true;
  const callee = unwrap(test.callee);
  if (callee.type !== 'MemberExpression' || !/^(includes|has)$/.test(memberName(callee) ?? '')) return false;
  return isList(constantOf(source, callee.object) ?? unwrap(callee.object));
}

function asksNot(source: Source, outer: Syntax, text: string): boolean {
  const test = unwrap(outer);
  if (test.type === 'LogicalExpression')
    return test.operator === '||' && (asksNot(source, test.left, text) || asksNot(source, test.right, text));
  return test.type === 'UnaryExpression' && test.operator === '!' && asks(source, test.argument, text);
}

/** True for a function of the project that lets through what a pattern of letters and digits matches as a whole: no path, no address. */
function isOfPattern(source: Source, callee: Syntax): boolean {
  const place = definitionOf(source, callee);
  if (!place || !isFunction(place.node) || !place.node.body) return false;
  const [param, ...more] = place.node.params;
  if (param?.type !== 'Identifier' || more.length > 0) return false;
  const patterns: string[] = [];
  everyNode(place.node.body, (node) => {
    if (node.type !== 'CallExpression') return;
    const inner = unwrap(node.callee);
    if (inner.type !== 'MemberExpression') return;
    const [first] = node.arguments;
    const [value, pattern] = memberName(inner) === 'match' ? [inner.object, first] : [first, inner.object];
    if (!/^(match|test|exec)$/.test(memberName(inner) ?? '') || !value || !pattern) return;
    const written = constantOf(place.source, pattern) ?? unwrap(pattern);
    if (place.source.textOf(unwrap(value)) === param.name && written.type === 'Literal' && 'regex' in written)
      patterns.push(written.regex.pattern);
  });
  return patterns.length === 1 && patterns.every((one) => narrow.test(one));
}
/** From end to end, of classes of letters and digits, without anything that takes a slash or two dots. */
const narrow = /^\^(\\[.wd]|\[[\w-]+\]|\(|\)|[\w+*-]|\{[\d,]+\})+\$$/;

/** `['a', 'b']`, `new Set(['a', 'b'])` */
function isList(node: Syntax): boolean {
  if (node.type === 'NewExpression') {
    const [first] = node.arguments;
    return first !== undefined && isList(unwrap(first));
  }
  return (
    node.type === 'ArrayExpression' &&
    node.elements.length > 0 &&
    node.elements.every((one) => one !== null && unwrap(one).type === 'Literal')
  );
}

function leaves(node: Syntax): boolean {
  const last = node.type === 'BlockStatement' ? node.body.at(-1) : node;
  return last?.type === 'ReturnStatement' || last?.type === 'ThrowStatement' || last?.type === 'ContinueStatement';
}
