import { dirname, join } from 'node:path';
import { factsOf, realFiles } from './files.ts';

/** The program of that name that the host has installed, from its node_modules upwards, or null. */
export function hostBin(root: string, name: string): string | null {
  const names = process.platform === 'win32' ? [`${name}.cmd`, `${name}.exe`, name] : [name];
  for (let folder = root; ; folder = dirname(folder)) {
    for (const one of names) {
      const path = join(folder, 'node_modules', '.bin', one);
      if (factsOf(realFiles, path) !== null) return path;
    }
    // The host ends where its repository does.
    if (factsOf(realFiles, join(folder, '.git')) !== null || folder === dirname(folder)) return null;
  }
}
