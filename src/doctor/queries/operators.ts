import { keyOf, type Syntax, unwrap } from '../../text/syntax.ts';
import { bindingOf, constantOf } from '../code/names.ts';
import { everyOf, functionAround, type Source } from '../code/source.ts';
import { isBesideCheck, isNumberAt, isThereOnly } from '../flow/beside.ts';
import { givenTo } from '../flow/leading.ts';
import { comesOfJson } from '../flow/sent-json.ts';
import { isGuarded, taintOf } from '../flow/taint.ts';
import { isWholeBody } from '../flow/whole.ts';
import { smallObjects } from './small-objects.ts';

/** What a client must know to be let in, or all there is: an operator in its place opens the door. */
export const secret = /passw|pwd|token|code|otp|pin$|secret|hash|api_?key|session/i;

/** A value of a filter that the client may send as an object: where it is given, and the field that it is asked for ('' for the whole filter). */
export interface Operator {
  source: Source;
  at: Syntax;
  name: string;
  key: string;
  value: Syntax;
  /** How many functions that may look at it it came through. */
  hops: number;
  /** True where the filter has it only if the client sends it: without it there is more to find. */
  isOptional?: boolean;
}

/** The first such value of a filter. */
export function operatorIn(source: Source, outer: Syntax, at: Syntax): Operator | null {
  const filter = constantOf(source, outer) ?? unwrap(outer);
  if (filter.type !== 'ObjectExpression')
    return isWholeBody(source, outer)
      ? { source, at, name: source.textOf(outer), key: '', value: outer, hops: 0 }
      : null;
  const found: Operator[] = [];
  for (const property of filter.properties) {
    if (property.type === 'SpreadElement') {
      if (isWholeBody(source, property.argument))
        found.push({ source, at, name: source.textOf(property.argument), key: '', value: property.argument, hops: 0 });
      for (const object of smallObjects(source, property.argument)) {
        const one = operatorIn(source, object, at);
        if (one) found.push({ ...one, isOptional: true });
      }
      continue;
    }
    const key = keyOf(property) ?? '';
    const value = unwrap(property.value);
    if (/^\$(or|and|nor)$/.test(key) && value.type === 'ArrayExpression')
      found.push(...value.elements.flatMap((one) => (one && operatorIn(source, one, at)) ?? []));
    if (key.startsWith('$')) continue;
    const one = operatorAt(source, property.value, at, key);
    if (one) found.push(one);
  }
  for (const { key, value } of assignedTo(source, outer)) {
    const one = operatorAt(source, value, at, key);
    const isOptional = [...source.above(value)].some(({ type }) => type === 'IfStatement');
    if (one) found.push({ ...one, isOptional });
  }
  return found.find(({ key }) => key === '' || secret.test(key)) ?? found[0] ?? null;
}

export function operatorAt(source: Source, value: Syntax, at: Syntax, key: string): Operator | null {
  for (const given of givenTo(source, at, value))
    if (isObjectOfClient(given.source, given.url, given.at, key) && !isText(source, value, at))
      return {
        source: given.source,
        at: given.at,
        name: given.source.textOf(given.url).slice(0, 40),
        key,
        value: given.url,
        hops: given.hops,
      };
  return null;
}

/** `filter.status = …` after `const filter = {}`. */
function assignedTo(source: Source, outer: Syntax): { key: string; value: Syntax }[] {
  const inner = unwrap(outer);
  const binding = inner.type === 'Identifier' ? bindingOf(source, inner) : null;
  if (!binding || !source.text.includes(`${binding.name}.`)) return [];
  const found: { key: string; value: Syntax }[] = [];
  everyOf(binding.scope, ['AssignmentExpression'], (node) => {
    if (node.type !== 'AssignmentExpression' || node.left.type !== 'MemberExpression' || node.left.computed) return;
    const { object, property } = node.left;
    if (object.type === 'Identifier' && object.name === binding.name && property.type === 'Identifier')
      found.push({ key: property.name, value: node.right });
  });
  return found;
}

/** The `$match` of an aggregation that is written out. */
export function matchIn(source: Source, outer: Syntax, at: Syntax): Operator | null {
  const stages = constantOf(source, outer) ?? unwrap(outer);
  for (const stage of stages.type === 'ArrayExpression' ? stages.elements : []) {
    const match =
      stage?.type === 'ObjectExpression' ? stage.properties.find((one) => keyOf(one) === '$match') : undefined;
    const found = match?.type === 'Property' ? operatorIn(source, match.value, at) : null;
    if (found) return found;
  }
  return null;
}

/** True for a field of a parsed body (or of Express 4's query) that nothing made a text. */
function isObjectOfClient(source: Source, value: Syntax, at: Syntax, key: string): boolean {
  const inner = unwrap(value);
  if (inner.type !== 'Identifier' && inner.type !== 'MemberExpression') return false;
  const taint = taintOf(source, inner);
  const isOpen = taint === 'checked' && secret.test(key) && isThereOnly(source, inner, at);
  if (taint !== 'request' && !isOpen) return false;
  if (isGuarded(source, inner, at) || isText(source, inner, at)) return false;
  if (isBesideCheck(source, inner, at) || isNumberAt(source, inner, at)) return false;
  return comesOfJson(source, inner);
}

/** True where a check of its type stands in the function, or its annotation comes from a framework that checks. */
function isText(source: Source, value: Syntax, at: Syntax): boolean {
  const scope = functionAround(source, at);
  const text = source.textOf(unwrap(value)).replace(/[^\w.]/g, '\\$&');
  return (
    scope !== null &&
    new RegExp(`typeof\\s+\\(?\\s*${text}\\b|(isString|String)\\(\\s*${text}\\b`).test(source.textOf(scope))
  );
}
