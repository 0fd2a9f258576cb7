import { keyOf, type Syntax, unwrap } from '../../text/syntax.ts';
import { bindingOf, constantOf } from '../code/names.ts';
import { everyOf, type Source } from '../code/source.ts';
import { nameOf } from './queries.ts';

/** True for an insert whose `id` is that of something made before it: a second request has failed there, or has another id. */
export function isWithGivenKey(source: Source, insert: Syntax): boolean {
  let is = false;
  everyOf(insert, ['CallExpression'], (node) => {
    if (is || node.type !== 'CallExpression') return;
    for (const argument of node.arguments) {
      const row = constantOf(source, argument) ?? unwrap(argument);
      for (const { object, of } of objectsIn(source, row))
        if (/^_?id$/.test(of) && isOfMade(source, object)) {
          is = true;
          return;
        }
    }
  });
  return is;
}

/** The properties of an object that is written out, and of one within it: `create({ data: { id } })`. */
function objectsIn(source: Source, row: Syntax, depth = 2): { object: Syntax; of: string }[] {
  if (row.type !== 'ObjectExpression' || depth === 0) return [];
  return row.properties.flatMap((one) => {
    if (one.type !== 'Property') return [];
    const object = unwrap(one.value);
    return [{ object, of: keyOf(one) ?? '' }, ...objectsIn(source, constantOf(source, object) ?? object, depth - 1)];
  });
}

/** `created.user.id`, where `created` is what a call has made. */
function isOfMade(source: Source, value: Syntax): boolean {
  let root = value;
  while (root.type === 'MemberExpression') root = unwrap(root.object);
  const init = bindingOf(source, root)?.init;
  const made = init && unwrap(init);
  const call = made?.type === 'AwaitExpression' ? unwrap(made.argument) : null;
  return (
    value.type === 'MemberExpression' &&
    call?.type === 'CallExpression' &&
    /^(create|signUp|register|insert)/.test(nameOf(call.callee) ?? '')
  );
}
