import { keyOf, literal, type ObjectExpression, propertyOf, type Syntax, unwrap } from '../../text/syntax.ts';
import { placeOf } from './definition.ts';
import type { Place } from './exports.ts';
import type { Source } from './source.ts';

/** An object that is written down, and the file that it stands in. */
export interface Written {
  source: Source;
  node: ObjectExpression;
}

/** The object literal that an expression is, directly or through names and the project's own files; null for anything else. */
export function objectAt(source: Source, node: Syntax | null | undefined): Written | null {
  if (!node) return null;
  const inner = unwrap(node);
  const place: Place | null = inner.type === 'ObjectExpression' ? { source, node: inner } : placeOf(source, inner);
  return place?.node.type === 'ObjectExpression' ? { source: place.source, node: place.node } : null;
}

/** An option by its name; null where the object does not say it. */
export const option = (object: Written, key: string): Syntax | null => {
  const value = propertyOf(object.node, key);
  return value ? unwrap(value) : null;
};

/** True where the object takes properties from elsewhere: what it does not say may still be there. */
export const isOpen = ({ node }: Written): boolean =>
  node.properties.some((one) => one.type !== 'Property' || keyOf(one) === null);

/** An option's plain value; undefined where it is not written or no literal. */
export function optionValue(object: Written, key: string): string | number | boolean | null | undefined {
  const value = option(object, key);
  if (value === null) return undefined;
  return literal(placeOf(object.source, value)?.node ?? value);
}

/** The name that a piece of code is given: of the variable, property, parameter or function that it is the value of, or stands in, nearest first. */
export function* namesAround(source: Source, node: Syntax): Iterable<string> {
  for (const parent of source.above(node)) {
    if (parent.type === 'VariableDeclarator' && parent.id.type === 'Identifier') yield parent.id.name;
    else if (parent.type === 'AssignmentExpression') {
      const left = unwrap(parent.left);
      if (left.type === 'Identifier') yield left.name;
      else {
        const member = memberName(left);
        if (member !== null) yield member;
      }
    } else if (
      parent.type === 'Property' ||
      parent.type === 'PropertyDefinition' ||
      parent.type === 'MethodDefinition'
    ) {
      const key = keyOf(parent);
      if (key !== null) yield key;
    } else if ((parent.type === 'FunctionDeclaration' || parent.type === 'FunctionExpression') && parent.id)
      yield parent.id.name;
    if (parent.type === 'FunctionDeclaration' || parent.type === 'MethodDefinition' || parent.type === 'ClassBody')
      return;
  }
}

/** The name of a member that is no computed one: `req.body` → 'body'; null for anything else. */
export const memberName = (node: Syntax): string | null =>
  node.type === 'MemberExpression' && !node.computed && node.property.type === 'Identifier' ? node.property.name : null;
