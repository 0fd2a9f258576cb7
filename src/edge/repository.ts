import { dirname, join } from 'node:path';
import { type Files, factsOf, posixBelow, realFiles } from './files.ts';

/**
 * A folder as seen from the root of its repository, which is what paths in CI start at; '' for the root itself, and
 * where there is no repository.
 */
export function belowRepository(folder: string, files: Files = realFiles): string {
  for (let above = folder; ; above = dirname(above)) {
    // A folder, or in a worktree and a submodule a file.
    if (factsOf(files, join(above, '.git')) !== null) return posixBelow(above, folder);
    if (above === dirname(above)) return '';
  }
}
