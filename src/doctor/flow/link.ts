import { type Syntax, unwrap } from '../../text/syntax.ts';
import { functionName } from '../code/callers.ts';
import { bindingOf } from '../code/names.ts';
import { memberName } from '../code/objects.ts';
import { isFunction, type Source } from '../code/source.ts';
import { decoratorsOn } from './parameters.ts';

/** What a link says of an address: its query, the parts of its path. */
const inLink = /\b(query|params|searchParams)\b|@(Query|Param)\(/;

/**
 * True where a value is plainly what a link says: written there, or one name behind it, in a handler that links lead to
 * (none of POST, which a form of the site's own asks).
 */
export function isOfLink(source: Source, value: Syntax, at: Syntax): boolean {
  const inner = unwrap(value);
  if (isAskedByForm(source, at)) return false;
  if (inLink.test(source.textOf(inner))) return true;
  const binding = inner.type === 'Identifier' ? bindingOf(source, inner) : null;
  if (!binding) return false;
  // `(@Query('to') to)`, `({ query: { to } })`
  const given = [decoratorsOn(source, binding.declaration), ...binding.path].join(' ');
  return inLink.test(binding.init ? source.textOf(binding.init) : given);
}

/** `router.post(path, …)`, `@Post()`, an exported POST. */
function isAskedByForm(source: Source, at: Syntax): boolean {
  for (const fn of source.above(at)) {
    if (!isFunction(fn)) continue;
    const parent = source.parentOf(fn);
    if (parent?.type === 'CallExpression' && /^(post|put|patch|delete)$/.test(memberName(unwrap(parent.callee)) ?? ''))
      return true;
    if (
      parent?.type === 'MethodDefinition' &&
      parent.decorators.some((one) => /^@(Post|Put|Patch)\b/.test(source.textOf(one)))
    )
      return true;
    if (/^(POST|PUT|PATCH)$/.test(functionName(source, fn) ?? '')) return true;
  }
  return false;
}
