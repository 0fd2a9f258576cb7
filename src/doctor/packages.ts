import { asObject, asString, readJson } from '../detect/json.ts';
import { folderOf, within } from '../detect/paths.ts';
import type { Project } from './project.ts';

/** The range that the package around a file declares for a dependency, or the project's root does; null for none. */
export function rangeAt(project: Project, path: string, dependency: string): string | null {
  for (let folder = folderOf(path); ; folder = folderOf(folder)) {
    const manifest = readJson(project.tree, within(folder, 'package.json'));
    for (const kind of ['dependencies', 'devDependencies', 'peerDependencies']) {
      const range = asString(asObject(manifest?.[kind])?.[dependency]);
      if (range !== null) return range;
    }
    if (folder === '') return null;
  }
}

/** The lowest major that a range allows; null where it names none ('*', 'latest', 'catalog:'). */
export function majorOf(range: string | null): number | null {
  const found = /^[^\d]*(\d+)/.exec(range ?? '');
  return found && !/^(catalog|workspace|file|link|git|https?):/.test(range ?? '') ? Number(found[1]) : null;
}
