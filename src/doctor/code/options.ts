import { keyOf, type Syntax, unwrap } from '../../text/syntax.ts';
import { constantOf } from './names.ts';
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
  const options = optionsIn(source, argument);
  return options !== null && !options.open && !keys.some((key) => options.values.has(key));
}
