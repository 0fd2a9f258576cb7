import type { Binding } from '../code/names.ts';
import type { Source } from '../code/source.ts';

/** True for a parameter that its function uses in one place only: whatever that place is, nobody looks at the value before. */
export function isUsedOnce(source: Source, { name, scope }: Binding): boolean {
  const used = source.textOf(scope).match(new RegExp(`(?<![\\w$.])${name.replace(/\$/g, '\\$')}(?![\\w$])`, 'g'));
  return used?.length === 2;
}
