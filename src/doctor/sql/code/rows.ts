import { defaultSql } from './definition.ts';
import { isList, isShape, type Value } from './value.ts';

/** ` WHERE …` of an object of conditions, empty for none; null where it is not known. */
export function condition(where: Value): string | null {
  if (where === undefined || where === null) return '';
  if (!isShape(where) || where.open) return null;
  const parts = [...where.of].map(([name, value]) => {
    if (value === null) return `"${name}" IS NULL`;
    if (isList(value)) return `"${name}" IN (${value.map((one) => defaultSql(one) ?? 'NULL').join(', ') || 'NULL'})`;
    return isShape(value) ? null : `"${name}" = ${defaultSql(value) ?? 'NULL'}`;
  });
  if (parts.includes(null)) return null;
  return parts.length === 0 ? '' : ` WHERE ${parts.join(' AND ')}`;
}
