import type { Syntax } from '../../text/syntax.ts';
import { type Binding, bindingOf } from '../code/names.ts';
import { everyOf, type Source } from '../code/source.ts';

const deepest = 5;

/** True for a name that holds what was made of another's value. */
export const isFormOf = (source: Source, value: Syntax, of: Binding): boolean =>
  of.kind === 'parameter' && value.type === 'Identifier' && isMadeFrom(source, value, of);

/** True where an expression is made of what a name holds, through variables that are given one value. */
function isMadeFrom(source: Source, value: Syntax, from: Binding, depth = 0): boolean {
  let isMade = false;
  everyOf(value, ['Identifier'], (one) => {
    const binding = isMade ? null : bindingOf(source, one);
    if (binding === null) return;
    const init = binding.kind === 'variable' && binding.writes.length === 0 && depth < deepest ? binding.init : null;
    isMade = binding === from || (init !== null && isMadeFrom(source, init, from, depth + 1));
  });
  return isMade;
}
