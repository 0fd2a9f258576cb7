import { keyOf, literal, type Syntax, unwrap } from '../../text/syntax.ts';
import { bindingOf, constantOf } from '../code/names.ts';
import { everyNode, type Source } from '../code/source.ts';
import { nameOf } from './base.ts';

/** True where TypeORM saves the row that the look gave: `save(user)`, `save({ ...user, name })`. That changes it; nothing is made. */
export function isOfLook(source: Source, made: Syntax, name: string | null): boolean {
  if (name === null || made.type !== 'CallExpression' || nameOf(made.callee) !== 'save') return false;
  const isRow = (node: Syntax): boolean =>
    // `user = new User()` where none was found.
    node.type === 'Identifier' && node.name === name && bindingOf(source, node)?.writes.length === 0;
  return made.arguments.some((one) => {
    const row = constantOf(source, one) ?? unwrap(one);
    if (isRow(unwrap(one)) || isRow(row)) return true;
    // `merge(user, changes)`, `Object.assign(user, changes)`
    if (row.type === 'CallExpression' && /^(merge|assign)$/.test(nameOf(row.callee) ?? ''))
      return row.arguments[0] !== undefined && isRow(unwrap(row.arguments[0]));
    return (
      row.type === 'ObjectExpression' &&
      row.properties.some((part) => part.type === 'SpreadElement' && isRow(unwrap(part.argument)))
    );
  });
}

/** Columns that an insert gives one value always, or that the look asks among some values: `kind: Kind.Guest`, `id: { in: ids }`. */
export function fixedIn(look: Syntax, made: Syntax): string[] {
  const asked = new Set<string>();
  everyNode(look, (node) => {
    const value = node.type === 'Property' ? unwrap(node.value) : null;
    const isList = value?.type === 'ObjectExpression' && value.properties.some((one) => keyOf(one) === 'in');
    if (node.type === 'Property' && isList) asked.add(keyOf(node) ?? '');
  });
  const fixed: string[] = [];
  everyNode(made, (node) => {
    if (node.type !== 'Property') return;
    const name = keyOf(node) ?? '';
    if (asked.has(name) || isConstant(unwrap(node.value))) fixed.push(name);
  });
  return fixed;
}

/** A literal, or a member of an enum. */
const isConstant = (value: Syntax): boolean =>
  literal(value) !== undefined ||
  (value.type === 'MemberExpression' && value.object.type === 'Identifier' && /^[A-Z]/.test(value.object.name));
