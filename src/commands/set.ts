import { UserError } from '../errors.ts';
import type { Skill } from '../model.ts';
import type { Answer } from '../skills/choose.ts';
import { suggest } from '../skills/nearest.ts';

/** `--set name=value` as answers: for the choices of skills that have no flags of their own. Throws a UserError. */
export function answersIn(rows: readonly string[], skills: readonly Skill[]): Record<string, Answer> {
  const names = skills.flatMap(({ choices }) => Object.keys(choices));
  const answers: Record<string, Answer> = {};
  for (const row of rows) {
    const [, name = '', value = ''] = /^([a-z][a-z0-9-]*)=(.*)$/s.exec(row) ?? [];
    if (name === '') throw new UserError(`--set ${row} is not name=value.`, 'Write for example --set path=/audit.');
    const choice = skills.flatMap(({ choices }) => choices[name] ?? [])[0];
    if (choice === undefined)
      throw new UserError(
        `There is no choice called "${name}" here.`,
        suggest(name, names, names.length > 0 ? `There are: ${names.join(', ')}.` : 'Leave it out.'),
      );
    const before = answers[name];
    if (choice.kind === 'many') answers[name] = [...(Array.isArray(before) ? before : []), ...listIn(value)];
    else answers[name] = choice.kind === 'flag' ? flagIn(name, value) : value;
  }
  return answers;
}

const listIn = (value: string): string[] => value.split(',').flatMap((each) => each.trim() || []);

function flagIn(name: string, value: string): boolean {
  if (value === 'true' || value === 'false') return value === 'true';
  throw new UserError(`${name} is yes or no, not "${value}".`, `Write --set ${name}=true or --set ${name}=false.`);
}
