import { UserError } from '../errors.ts';
import type { Desire, Op, Skill } from '../model.ts';
import { invalid } from '../skills/foreign.ts';
import { isOneCommand } from '../skills/foreign-manifest.ts';
import { isSafePath } from '../text/path.ts';

const largest = 20_000_000;

/** What a skill wants, guarded where it is not ours: what it gets wrong is its fault, and no defect of ours. */
export function guarded(skill: Skill, work: () => Desire): Desire {
  try {
    const wanted = work();
    refuseHarm(skill, wanted);
    return wanted;
  } catch (error) {
    if (skill.source === undefined || error instanceof UserError || !(error instanceof Error)) throw error;
    throw invalid(skill.source.resolved, `${error.message}.`);
  }
}

/** The versions that a skill that is not ours asks for. */
export const rangesOf = ({ source, dependencies }: Skill): Record<string, string> =>
  source === undefined
    ? {}
    : Object.fromEntries(dependencies.flatMap(({ name, range }) => (range === undefined ? [] : [[name, range]])));

/**
 * Throws a UserError where a skill that is not ours wants, with this host and these choices, what no module needs:
 * hidden files (they tell git, CI, editors and package managers what to run), files in the project's top folder, two files
 * in one place, a script of several commands, or lines that do more than import.
 */
function refuseHarm(skill: Skill, { files, ops }: Desire): void {
  if (skill.source === undefined) return;
  const documents = new RegExp(`^\\.[\\w-]+/skills/${skill.id}/`);
  const paths = files.map(({ path }) => path);
  const first = [
    ...paths.flatMap((path) => faultInPath(path.replace(documents, 'skills/'), path)),
    ...twice(paths),
    ...(files.reduce((sum, { text }) => sum + text.length, 0) > largest ? ['it writes more than 20 MB.'] : []),
    ...ops.flatMap(faultsInOp),
  ][0];
  if (first !== undefined)
    throw new UserError(
      `The skill "${skill.id}" (${skill.source.resolved}) is refused: ${first}`,
      'Nothing was written.',
    );
}

function faultInPath(below: string, path: string): string[] {
  const shown = JSON.stringify(path);
  if (!isSafePath(below)) return [`${shown} is not a path in this project.`];
  const names = below.split('/');
  if (names.some((name) => name.startsWith('.'))) return [`it would write ${shown}: hidden files are not for modules.`];
  return names.length > 1 ? [] : [`it would write ${shown}: a module’s files go into a folder of their own.`];
}

function twice(paths: readonly string[]): string[] {
  const folded = paths.map((path) => path.normalize('NFKC').toLowerCase());
  return paths.filter((_, n) => folded.indexOf(folded[n] ?? '') !== n).map((path) => `it would write "${path}" twice.`);
}

function faultsInOp(op: Op): string[] {
  if (op.op === 'import' && !/^[\w@./$~()[\] -]+$/.test(op.from))
    return [`it would import ${JSON.stringify(op.from)} in ${op.file}.`];
  if (op.op === 'json' && op.path[0] === 'scripts' && !isOneCommand(String(op.value)))
    return [`its script "${op.path[1]}" would be more than one plain command: ${JSON.stringify(op.value)}.`];
  return [];
}
