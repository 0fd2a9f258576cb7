import { UserError } from '../errors.ts';
import { suggest } from './nearest.ts';

/** The ids of the installed skills that are named by id or alias; all where none is named. Throws for one that is not here. */
export function installedIds(
  names: readonly string[],
  installed: readonly string[],
  manifests: readonly { id: string; aliases: readonly string[] }[],
): string[] {
  if (names.length === 0) return [...installed];
  return names.map((name) => {
    const id = manifests.find(({ aliases }) => aliases.includes(name))?.id ?? name;
    if (installed.includes(id)) return id;
    const hint = installed.length === 0 ? 'Nothing of ours is in it.' : `These are: ${installed.join(', ')}.`;
    throw new UserError(`"${name}" is not in this project.`, suggest(name, installed, hint));
  });
}
