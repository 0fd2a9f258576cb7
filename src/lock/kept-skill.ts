import { UserError } from '../errors.ts';
import type { LockEntry, Skill, Tree } from '../model.ts';
import { loadForeign } from '../skills/foreign.ts';
import { faultInKept, keptFolder, keptHint, keptTexts } from './kept.ts';

/** An installed skill that is not ours, from its copy. Throws a UserError where the copy is not what the lock names. */
export function readKept(tree: Tree, id: string, { source }: LockEntry): Skill {
  if (source === undefined) throw new Error(`"${id}" is one of ours.`);
  const fault = faultInKept(tree, id, source);
  if (fault !== null) throw new UserError(fault, keptHint(id));
  const skill = loadForeign(source.from, keptTexts(tree, id), source);
  if (skill.id !== id) throw new UserError(`The copy in ${keptFolder(id)} is of "${skill.id}".`, keptHint(id));
  return skill;
}
