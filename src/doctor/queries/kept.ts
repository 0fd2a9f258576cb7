import { type Syntax, unwrap } from '../../text/syntax.ts';
import { bindingOf } from '../code/names.ts';
import { everyNode, everyOf, functionAround, isFunction, type Source } from '../code/source.ts';

/**
 * True for work whose result is kept: `kept ??= …`, `if (!kept) { kept = … }`, `if (kept) return kept;` above it, also
 * with a table of what is kept. Only the first time is dear then.
 */
export function isKept(source: Source, node: Syntax): boolean {
  for (const parent of source.above(node)) {
    if (isFunction(parent)) break;
    if (parent.type === 'AssignmentExpression' && /^(\?\?|\|\|)=$/.test(parent.operator)) return true;
  }
  const fn = functionAround(source, node);
  if (fn?.body?.type !== 'BlockStatement') return false;
  const text = source.textOf(fn.body);
  let found = false;
  everyOf(fn.body, ['IfStatement'], (one) => {
    if (found || one.type !== 'IfStatement' || one.start > node.start) return;
    const isAround = one.end >= node.end;
    if (!isAround && !returns(one.consequent)) return;
    const within = isAround ? source.textOf(one) : text;
    found = namesIn(source, one.test, fn).some((name) => isSet(name, within));
  });
  return found;
}

const returns = (node: Syntax): boolean =>
  node.type === 'ReturnStatement' ||
  (node.type === 'BlockStatement' && node.body.some(({ type }) => type === 'ReturnStatement'));

/** The names that a test asks and that live longer than the function: `kept`, `this.kept`, the table that a local was taken from. */
function namesIn(source: Source, test: Syntax, fn: Syntax): string[] {
  const names: string[] = [];
  everyNode(test, (node) => {
    if (node.type === 'MemberExpression' && node.object.type === 'ThisExpression') names.push(source.textOf(node));
    if (node.type !== 'Identifier') return;
    const binding = bindingOf(source, node);
    if (binding === null || (binding.scope.start >= fn.start && binding.scope.end <= fn.end)) {
      const init = binding?.init ? unwrap(binding.init) : null;
      const table = init && /^(?:await )?([\w.]+?)(?:\.get\(|\[)/.exec(source.textOf(init))?.[1];
      if (table) names.push(table);
    } else if (binding.kind === 'variable') names.push(node.name);
  });
  return names;
}

/** `kept = …`, `kept[key] = …`, `kept.set(…)` */
function isSet(name: string, text: string): boolean {
  const escaped = name.replace(/[.$]/g, '\\$&');
  return new RegExp(
    `(^|[^\\w.])${escaped}\\s*(\\[[^\\]]*\\]|\\.\\w+)?\\s*(=[^=>]|\\?\\?=|\\|\\|=)|(^|[^\\w.])${escaped}\\.(set|push|add)\\(`,
  ).test(text);
}
