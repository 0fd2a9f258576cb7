import type { Syntax } from '../../text/syntax.ts';
import { everyOf, isFunction, type Source } from '../code/source.ts';

const state =
  /\b\w*(status|state|phase|stage)["`]?\s*(?:[:=,]|===?|IN\s*\()\s*(?:\{\s*(?:\$?in|equals)\s*:\s*\[?\s*)?\[?\s*(?:['"`]|[A-Z]\w*\.\w)/i;
const over =
  /\b(is_?)?(ended|closed|resolved|completed|finished|returned|settled|processed|accepted|consumed|used)(_?(at|on))?["`]?\s*(:\s*(null|false)\b|\s+is\s+null|\s*=\s*false)|\bisNull\(\s*\w+\.(ended|closed|resolved|completed|finished|returned|settled|processed|accepted|consumed|used)/i;

/** True for a look at the rows of one state, `status: 'PENDING'`: when that row has left it, there may be another. */
export const isOfState = (query: string): boolean => state.test(query) || over.test(query);

/**
 * True for a look that stands under a condition about something else, where the insert behind it does not: `if (!force)
 * { … if (found) return found }`. Then more than one is allowed. A condition that names what is looked by says only
 * that it was given.
 */
export function isOptional(source: Source, look: Syntax, made: Syntax): boolean {
  const named = namesOf(source, look);
  for (const parent of source.above(look)) {
    if (isFunction(parent)) return false;
    if (parent.type !== 'IfStatement' || parent.end >= made.end || parent.test.end >= look.end) continue;
    if (![...namesOf(source, parent.test)].some((name) => named.has(name))) return true;
  }
  return false;
}

/** The last names of what is read: `dto.email` → email. */
function namesOf(source: Source, node: Syntax): Set<string> {
  const names = new Set<string>();
  everyOf(node, ['Identifier'], (inner) => {
    if (inner.type !== 'Identifier') return;
    const parent = source.parentOf(inner);
    if (parent?.type === 'MemberExpression' && parent.object === inner && !parent.computed) return;
    names.add(inner.name);
  });
  return names;
}
