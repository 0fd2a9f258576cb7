import { UserError } from '../errors.ts';
import type { Choices, Skill } from '../model.ts';
import { suggest } from '../skills/nearest.ts';
import { type Settings, settingsPath } from './read.ts';

/** What the settings answer of a skill's choices. Throws a UserError for a choice that the skill does not have. */
export function presetFor({ id, choices }: Skill, { defaults }: Pick<Settings, 'defaults'>): Choices {
  const names = Object.keys(choices);
  return Object.fromEntries(
    Object.entries(defaults[id] ?? {}).map(([name, value]) => {
      const choice = choices[name];
      if (choice === undefined) {
        throw new UserError(
          `${settingsPath}, at "defaults.${id}.${name}": "${id}" has no choice called "${name}".`,
          suggest(name, names, `Its choices are: ${names.join(', ')}.`),
        );
      }
      return [name, choice.kind === 'many' ? [value].flat().map(String) : value];
    }),
  );
}
