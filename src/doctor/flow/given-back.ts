import { type Syntax, unwrap } from '../../text/syntax.ts';
import type { FunctionSyntax, Source } from '../code/source.ts';
import { isGuarded } from './guards.ts';
import { returnedBy } from './parameters.ts';

/** What a function gives back that may be anything: no name that it has looked at before, and nothing where its type says which texts there are. */
export const openResults = (source: Source, fn: FunctionSyntax): Syntax[] =>
  givesOneOf(fn)
    ? []
    : returnedBy(fn).filter((value) => unwrap(value).type !== 'Identifier' || !isGuarded(source, value, value));

/** True for a function whose type says that it gives one of a few texts: `'desktop' | 'mobile'`. */
function givesOneOf({ returnType }: FunctionSyntax): boolean {
  const type = returnType?.typeAnnotation;
  const types = type?.type === 'TSUnionType' ? type.types : type ? [type] : [];
  return types.length > 0 && types.every((one) => one.type === 'TSLiteralType');
}
