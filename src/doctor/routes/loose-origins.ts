import { type Syntax, stringValue, unwrap } from '../../text/syntax.ts';
import { bindingOf, constantOf } from '../code/names.ts';
import { memberName } from '../code/objects.ts';
import { everyNode, type FunctionSyntax, type Source } from '../code/source.ts';

/** True for a function that lets an origin in by a part of it: other hosts have such names too. */
export const looksAtPart = (source: Source, fn: FunctionSyntax): boolean => holdsText(fn) || holdsOneOf(source, fn);

/** `origin.includes('shop.com')`, `origin.endsWith('shop.com')`: other hosts have such names too. */
function holdsText(fn: FunctionSyntax): boolean {
  const [first] = fn.params;
  const name = first?.type === 'Identifier' ? first.name : null;
  let found = false;
  everyNode(fn, (node) => {
    if (node.type !== 'CallExpression' || node.callee.type !== 'MemberExpression') return;
    const object = unwrap(node.callee.object);
    const text = node.arguments[0] ? stringValue(node.arguments[0]) : null;
    if (name === null || object.type !== 'Identifier' || object.name !== name || !text?.includes('.')) return;
    if (/localhost|127\.0/.test(text)) return;
    const method = memberName(node.callee) ?? '';
    if (/^(includes|indexOf|startsWith)$/.test(method) && !/\/$/.test(text)) found = true;
    if (method === 'endsWith' && /^\w/.test(text)) found = true;
  });
  return found;
}

/** `list.some((one) => origin.includes(one))`: what only begins with one of them, or has it in its midst, passes too. */
function holdsOneOf(source: Source, fn: FunctionSyntax): boolean {
  const [first] = fn.params;
  let found = false;
  everyNode(fn, (node) => {
    if (node.type !== 'CallExpression' || !/^(match|includes|startsWith)$/.test(memberName(unwrap(node.callee)) ?? ''))
      return;
    const callee = unwrap(node.callee);
    const asked = callee.type === 'MemberExpression' ? bindingOf(source, unwrap(callee.object)) : null;
    const one = node.arguments[0] ? bindingOf(source, unwrap(node.arguments[0])) : null;
    if (asked?.declaration !== first || one?.kind !== 'parameter' || one.scope === fn || one.path.length > 0) return;
    const list = source.parentOf(one.scope);
    if (list?.type !== 'CallExpression' || !/^(some|find)$/.test(memberName(unwrap(list.callee)) ?? '')) return;
    found ||= !/regex|pattern|new RegExp|: RegExp|\/i?[,\]]/i.test(source.textOf(list) + writtenList(source, list));
  });
  return found;
}

function writtenList(source: Source, { callee }: Extract<Syntax, { type: 'CallExpression' }>): string {
  const inner = unwrap(callee);
  const list = inner.type === 'MemberExpression' ? constantOf(source, inner.object) : null;
  return list ? source.textOf(list) : '';
}
