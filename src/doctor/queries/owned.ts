import { keyOf, type Syntax, unwrap } from '../../text/syntax.ts';
import { bindingOf, constantOf } from '../code/names.ts';
import type { Source } from '../code/source.ts';
import { isSent, taintOf } from '../flow/taint.ts';

/** True for a value of the query string. */
export function isOfQuery(source: Source, value: Syntax): boolean {
  let inner = unwrap(value);
  // `ids[0]` is of the query where `ids` is.
  while (inner.type === 'MemberExpression' && inner.computed) inner = unwrap(inner.object);
  const binding = inner.type === 'Identifier' ? bindingOf(source, inner) : null;
  // `const params = req.query; const id = params.id`
  const from = binding?.init ? unwrap(binding.init) : inner;
  const object = from.type === 'MemberExpression' ? constantOf(source, from.object) : null;
  if (object && /(^|\.)query$/.test(source.textOf(object))) return true;
  const text = source.textOf(binding?.init ?? inner);
  return (/(^|\.)query\b/.test(text) || binding?.path.includes('query') === true) && !/\bbody\b/.test(text);
}

const tenant = /^(team|tenant|org|organi[sz]ation|workspace|company)(_?id)?$/i;

/** True for a filter that the server keeps to what belongs to who asks. */
export function isOwned(source: Source, outer: Syntax): boolean {
  const filter = constantOf(source, outer) ?? unwrap(outer);
  const values = filter.type === 'ObjectExpression' ? filter.properties : [];
  return values.some(
    (one) =>
      one.type === 'Property' &&
      (/\b(req(uest)?|ctx(\.state)?|session)\.(user|auth|account)\b/.test(source.textOf(one.value)) ||
        (tenant.test(keyOf(one) ?? '') && !isSent(taintOf(source, one.value)))),
  );
}
