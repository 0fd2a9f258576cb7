import type { When } from '../model.ts';

type Value = string | number | boolean | readonly string[] | undefined;

/** Equality over choices and facts: every key must match; a list in `when` means any of, a list-valued answer means contains. */
export function holds(when: When | undefined, values: Readonly<Record<string, Value>>): boolean {
  return Object.entries(when ?? {}).every(([key, wanted]) => {
    const options = Array.isArray(wanted) ? wanted : [wanted];
    const value = values[key];
    return options.some((option) => (Array.isArray(value) ? value.includes(String(option)) : value === option));
  });
}
