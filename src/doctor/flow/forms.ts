import type { Syntax } from '../../text/syntax.ts';
import type { Binding } from '../code/names.ts';
import { originOf } from '../code/origin.ts';
import { isFunction, type Source } from '../code/source.ts';

/** Parsers of forms that are given the request: formidable (which reads JSON as well), multiparty. */
const parsing = /^(formidable#(default|formidable|Formidable|IncomingForm)|multiparty#(default|Form))\(\)\.parse$/;

/** True for the origin of what parses a request into fields and files: `form.parse` of formidable. */
export const parsesForm = (origin: string | null): boolean => origin !== null && parsing.test(origin);

/** What a parameter or a variable holds of a form: `form.parse(req, (err, fields, files) => …)`, `const [fields, files] = await form.parse(req)`; null for anything else. */
export function formPart(source: Source, binding: Binding): 'fields' | 'files' | null {
  const { scope, declaration, init, name } = binding;
  if (binding.kind === 'variable') {
    const made = init?.type === 'AwaitExpression' ? init.argument : init;
    if (made?.type !== 'CallExpression' || !parsesForm(originOf(source, made.callee))) return null;
    return /file|upload/i.test(name) ? 'files' : 'fields';
  }
  if (binding.kind !== 'parameter' || !isFunction(scope)) return null;
  const call = source.parentOf(scope);
  if (call?.type !== 'CallExpression' || call.arguments[1] !== scope) return null;
  const index = scope.params.findIndex((parameter: Syntax) => parameter === declaration);
  if (index < 1 || index > 2 || !parsesForm(originOf(source, call.callee))) return null;
  return index === 1 ? 'fields' : 'files';
}

/** True for the fields of a form that may be objects: formidable reads a body of JSON as well. */
export const isFormOfJson = (source: Source, binding: Binding): boolean =>
  formPart(source, binding) === 'fields' && source.project.has('formidable');
