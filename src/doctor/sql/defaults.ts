import type { Column } from './change.ts';
import { nameOf } from './columns.ts';
import type { Schema } from './schema.ts';
import { at, everyPart, wordsAt } from './tree.ts';
import { isVolatileName } from './volatile.ts';

const serial = /^(small|big)?serial[248]?$/;

/** True for the types that are an integer and a sequence. */
export const isSerial = (name: string): boolean => serial.test(name);

/**
 * Why a column that is added makes PostgreSQL write the whole table anew: what stands in its definition, in words;
 * null where it is only noted in the catalogue.
 */
export function rewriteBy(column: Column, schema: Schema): string | null {
  if (isSerial(column.type.name)) return `the type ${column.type.name}`;
  if (column.identity) return 'GENERATED AS IDENTITY';
  if (column.generated === 'stored') return 'GENERATED … STORED';
  let found: string | null = null;
  everyPart({ default: column.default }, (kind, node) => {
    if (kind !== 'FuncCall' || found !== null) return;
    const words = wordsAt(node, 'funcname');
    const isOwn = schema.functions.get(nameOf(words));
    if (isOwn ?? isVolatileName(words.at(-1) ?? '')) found = `DEFAULT ${words.at(-1)}()`;
  });
  return found;
}

/** True where a default is nothing but NULL. */
export const isNull = (value: unknown): boolean =>
  value === null ||
  at(value, 'A_Const', 'isnull') === true ||
  at(value, 'TypeCast', 'arg', 'A_Const', 'isnull') === true;
