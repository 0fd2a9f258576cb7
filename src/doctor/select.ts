import { UserError } from '../errors.ts';
import { nearest } from '../skills/nearest.ts';
import type { Rule } from './rule.ts';

export interface Selection {
  /** Rules or areas ('sec'); none: all. */
  only: readonly string[];
  skip: readonly string[];
  /** Hints too. */
  strict: boolean;
}

/** The rules that a run asks for, in the table's order. A hint is left out unless it is asked for by its name. Throws UserError for names there are none of. */
export function selected(rules: readonly Rule[], { only, skip, strict }: Selection): Rule[] {
  const areas = new Set(rules.map(({ id }) => areaOf(id)));
  const names = new Set([...rules.map(({ id }) => id), ...areas]);
  for (const name of [...only, ...skip]) {
    if (names.has(name)) continue;
    const near = nearest(name, [...names]);
    throw new UserError(
      `There is no rule or area ${name}.`,
      near === null
        ? 'See `backend-skills doctor --rules`.'
        : `Did you mean ${near}? See \`backend-skills doctor --rules\`.`,
    );
  }
  const among = (id: string, list: readonly string[]): boolean => list.includes(id) || list.includes(areaOf(id));
  return rules.filter(({ id, confidence }) => {
    if (among(id, skip) || (only.length > 0 && !among(id, only))) return false;
    return strict || confidence !== 'hint' || only.includes(id);
  });
}

/** The area of a rule: what stands before '/'. */
export const areaOf = (id: string): string => id.slice(0, id.indexOf('/'));
