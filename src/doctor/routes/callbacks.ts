import type { Syntax } from '../../text/syntax.ts';
import type { Binding } from '../code/names.ts';
import type { FunctionSyntax, Source } from '../code/source.ts';
import { formPart } from '../flow/forms.ts';
import { roleAt } from '../flow/request.ts';
import type { Taint } from '../flow/taints.ts';
import { isOfSignIn } from './verifiers.ts';

/**
 * What a callback's parameter holds: a part of an expression (`req.body.items.map((item) => …)`), or what can be told at
 * once (`req.on('data', (chunk) => …)`, an index). Null where the function is no such callback.
 */
export function callbackValue(source: Source, binding: Binding, scope: FunctionSyntax): Syntax | Taint | null {
  const { declaration } = binding;
  if (isOfSignIn(source, binding)) return 'request';
  const call = source.parentOf(scope);
  if (call?.type !== 'CallExpression' || call.callee.type !== 'MemberExpression') return null;
  const { property, object } = call.callee;
  if (property.type !== 'Identifier') return null;
  if (property.name === 'on' && call.arguments[1] === scope)
    return roleAt(source, object) === 'request' ? 'request' : null;
  if (formPart(source, binding)) return 'request';
  if (call.arguments[0] !== scope) return null;
  const index = scope.params.findIndex((parameter: Syntax) => parameter === declaration);
  if (property.name === 'reduce') return index === 1 ? object : 'unknown';
  if (!/^(map|forEach|flatMap|filter|find|some|every|then)$/.test(property.name)) return null;
  return index === 0 ? object : index === 1 ? 'plain' : 'unknown';
}
