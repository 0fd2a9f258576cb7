import { keyOf, type Syntax, unwrap } from '../../text/syntax.ts';
import { placeOf } from './definition.ts';
import { bindingOf, constantOf } from './names.ts';
import type { Source } from './source.ts';

/** The options that a call is given: their values by key; `open` where some of them cannot be read. */
export interface Options {
  values: ReadonlyMap<string, Syntax>;
  /** True where a spread or a computed key may hold more than is read here. */
  open: boolean;
}

/** Reads an argument as options, written out or by a constant's name; null where it is no object that stands in the file. */
export function optionsIn(source: Source, argument: Syntax | undefined): Options | null {
  if (argument === undefined) return { values: new Map(), open: false };
  const object = constantOf(source, argument) ?? unwrap(argument);
  if (object.type !== 'ObjectExpression') return null;
  const values = new Map<string, Syntax>();
  let open = false;
  for (const property of object.properties) {
    if (property.type === 'SpreadElement') {
      const inner = optionsIn(source, property.argument);
      for (const [key, value] of inner?.values ?? []) values.set(key, value);
      open ||= inner === null || inner.open;
      continue;
    }
    const key = keyOf(property);
    if (key === null) open = true;
    else values.set(key, property.value);
  }
  return { values, open };
}

/** True where the options are read in full and none has one of the keys; an argument that is not there has none. */
export function lacks(source: Source, argument: Syntax | undefined, ...keys: string[]): boolean {
  const given = argument === undefined ? new Set<string>() : keysOf(source, argument);
  return given !== null && !keys.some((key) => given.has(key) || (argument && isSetLater(source, argument, key)));
}

/** `options.signal = …`, `options['signal'] = …` */
function isSetLater(source: Source, argument: Syntax, key: string): boolean {
  const inner = unwrap(argument);
  return (
    inner.type === 'Identifier' &&
    new RegExp(`\\b${inner.name.replace(/\$/g, '\\$')}(\\.${key}|\\[['"]${key}['"]\\])\\s*=[^=]`).test(source.text)
  );
}

const deepest = 4;

/** The keys of an object, with those of what it spreads, also from another of the project's files; null where they cannot all be read. */
function keysOf(source: Source, argument: Syntax, depth = 0): ReadonlySet<string> | null {
  const inner = unwrap(argument);
  const constant = constantOf(source, argument) ?? inner;
  // `...(isSafe ? { agent } : {})`, `...(body && { body })`: what either may give.
  if (constant.type === 'ConditionalExpression' && depth < deepest) {
    const arms = [constant.consequent, constant.alternate].map((one) => keysOf(source, one, depth + 1));
    return arms.every((one) => one !== null) ? new Set(arms.flatMap((one) => [...(one ?? [])])) : null;
  }
  if (constant.type === 'LogicalExpression' && constant.operator === '&&' && depth > 0 && depth < deepest)
    return keysOf(source, constant.right, depth + 1);
  const place =
    constant.type === 'ObjectExpression'
      ? { source, node: constant }
      : isImported(source, inner)
        ? placeOf(source, inner)
        : null;
  if (place?.node.type !== 'ObjectExpression' || depth > deepest) return null;
  const keys = new Set<string>();
  for (const property of place.node.properties) {
    if (property.type === 'SpreadElement') {
      const spread = keysOf(place.source, property.argument, depth + 1);
      if (spread === null) return null;
      for (const key of spread) keys.add(key);
      continue;
    }
    const key = keyOf(property);
    if (key === null) return null;
    keys.add(key);
  }
  return keys;
}

const isImported = (source: Source, node: Syntax): boolean =>
  node.type === 'Identifier' && bindingOf(source, node)?.imported != null;
