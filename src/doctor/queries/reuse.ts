import { type Syntax, unwrap } from '../../text/syntax.ts';
import { bindingOf } from '../code/names.ts';
import { everyOf, functionAround, isFunction, type Source } from '../code/source.ts';

const state =
  /\b\w*(status|state|phase|stage)["`]?\s*(?:[:=,]|===?|IN\s*\()\s*(?:\{\s*(?:\$?in|equals)\s*:\s*\[?\s*)?\[?\s*(?:['"`]|[A-Z]\w*\.\w)/i;
const over =
  /\b(is_?)?(ended|closed|resolved|completed|finished|returned|settled|processed|accepted|consumed|used)(_?(at|on))?["`]?\s*(:\s*(null|false)\b|\s+is\s+null|\s*=\s*false)|\bisNull\(\s*\w+\.(ended|closed|resolved|completed|finished|returned|settled|processed|accepted|consumed|used)/i;

/** True for a look at the rows of one state, `status: 'PENDING'`: when that row has left it, there may be another. */
export const isOfState = (query: string): boolean => state.test(query) || over.test(query);

const beyondEquality =
  /\$(all|size|elemMatch|in|nin|gte?|lte?|regex)\b|\b(gte?|lte?|contains|startsWith|endsWith|has|hasSome|hasEvery|some|every|none|between|inArray|arrayContains|arrayOverlaps|MoreThan\w*|LessThan\w*|Between|ArrayContains|whereBetween)\s*[:(]|\bbetween\s+(\$\d|\?|:\w)|\s(@>|&&|[<>]=?)\s*(\$\d|\?|:\w|now\b)/;

/** True for a look by a set, a range or a part of a text: no unique index can say that. */
export const isBeyondEquality = (query: string): boolean => beyondEquality.test(query);

/**
 * True for an insert below a condition that holds what is looked by to one word or to what the program knows by itself,
 * `if (role === 'admin')`: there is one such row in all.
 */
export function isOfOneValue(source: Source, look: Syntax): boolean {
  const named = namesOf(source, look);
  for (const parent of source.above(look)) {
    if (parent.type !== 'IfStatement' || parent.test.end >= look.end || parent.consequent.end < look.end) continue;
    const test = unwrap(parent.test);
    if (test.type !== 'BinaryExpression' || !/^===?$/.test(test.operator)) continue;
    const sides = [test.left, test.right].map(unwrap);
    const isNamed = (side: Syntax): boolean => {
      const own = namesOf(source, side);
      return own.size > 0 && [...own].every((name) => named.has(name));
    };
    if (sides.some((side, at) => isNamed(side) && isOfProgram(source, sides[1 - at]))) return true;
  }
  return false;
}

/** A word, or a name of the module itself. */
const isOfProgram = (source: Source, node: Syntax | undefined): boolean => {
  if (node?.type !== 'Identifier') return node?.type === 'Literal';
  const binding = bindingOf(source, node);
  return binding !== null && functionAround(source, binding.declaration) === null;
};

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
