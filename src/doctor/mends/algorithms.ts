import { literal, type Syntax } from '../../text/syntax.ts';
import type { Source } from '../code/source.ts';
import type { Mend } from '../rule.ts';

/** Takes 'none' out of a list of algorithms that are written there; nothing where no other would be left. */
export function withoutNone(source: Source, list: Syntax): Mend[] {
  if (list.type !== 'ArrayExpression') return [];
  const elements = list.elements.flatMap((one) => (one ? [one] : []));
  const isNone = (node: Syntax): boolean => String(literal(node)).toLowerCase() === 'none';
  const at = elements.findIndex(isNone);
  const [found, before, after] = [elements[at], elements[at - 1], elements[at + 1]];
  const isPlain = elements.length === list.elements.length && elements.every((one) => typeof literal(one) === 'string');
  if (!found || !isPlain || elements.filter(isNone).length !== 1) return [];
  const { path } = source;
  if (before) return [{ path, start: before.end, end: found.end, text: '' }];
  return after ? [{ path, start: found.start, end: after.start, text: '' }] : [];
}
