import type { Skill, SkillSource, Tree } from '../model.ts';
import { contentHash, contentLimits } from '../skills/content.ts';
import { folder } from './lock.ts';

/**
 * The copies of skills that are not ours: `.backend-skills/skills/<id>/`, committed with the project, so that every
 * later command works offline and from the very texts that were agreed to. Each file has `.txt` behind its name, so that
 * no compiler, test runner or package manager takes it for its own.
 */
export const keptFolder = (id: string): string => `${folder}/skills/${id}`;

const keptPath = (id: string, path: string): string => `${keptFolder(id)}/${path}.txt`;

/** A skill's copy as it should lie there: path in the project → text. */
export const keptFiles = ({ id, texts, source }: Skill): ReadonlyMap<string, string> =>
  new Map(source === undefined ? [] : [...texts].map(([path, text]) => [keptPath(id, path), text]));

/** The paths of what lies there now; more than a skill can have are not read. */
export function keptPaths(tree: Tree, id: string): string[] {
  if (!/^[a-z][a-z0-9-]*$/.test(id)) return [];
  const found: string[] = [];
  const folders = [keptFolder(id)];
  for (let next = folders.shift(); next !== undefined && found.length <= contentLimits.files; next = folders.shift()) {
    for (const name of tree.list(next)) {
      if (name.endsWith('/')) folders.push(`${next}/${name.slice(0, -1)}`);
      else found.push(`${next}/${name}`);
    }
  }
  return found.sort();
}

/** The texts of the copy, by their paths in the skill. */
export function keptTexts(tree: Tree, id: string): Map<string, string> {
  const start = keptFolder(id).length + 1;
  return new Map(keptPaths(tree, id).map((path) => [path.slice(start).replace(/\.txt$/, ''), tree.read(path) ?? '']));
}

/** What is wrong with the copy, in one sentence; null where it is what the lock names. */
export function faultInKept(tree: Tree, id: string, source: SkillSource): string | null {
  const texts = keptTexts(tree, id);
  if (texts.size === 0) return `The copy of "${id}" in ${keptFolder(id)} is gone.`;
  const hash = contentHash(texts);
  if (hash === source.hash) return null;
  return `The copy of "${id}" in ${keptFolder(id)} was changed: its sha256 is ${hash}, and the lock names ${source.hash}.`;
}

/** What to do about a copy that is not what it was. */
export const keptHint = (id: string): string =>
  `Restore it from version control (git checkout -- ${keptFolder(id)}), or take the skill out and add it anew.`;
