import type { Tree } from '../model.ts';
import { isCode, isForeignFolder, within } from './paths.ts';
import { isTest } from './tooling.ts';

const elsewhere =
  /^(\.\w.*|public|static|assets|client|frontend|web|docs?|cypress|e2e|tests?|__tests__|components|styles|locales|examples?|scripts|storybook|stories|packages|apps|fixtures)$/;

/** Source files within a folder, breadth first, at most `limit` of them from at most `limit` folders; tests and builds left out. */
export function sourceFiles(tree: Tree, folder: string, limit = 120): string[] {
  const files: string[] = [];
  const folders = [folder];
  for (const [at, current] of folders.entries()) {
    if (at >= limit || files.length >= limit) break;
    for (const name of tree.list(current)) {
      const path = within(current, name.replace(/\/$/, ''));
      if (!name.endsWith('/')) isCode(path) && !isTest(path) && !/\.config\.\w+$/.test(path) && files.push(path);
      else if (!isForeignFolder(name.slice(0, -1)) && !elsewhere.test(name.slice(0, -1))) folders.push(path);
    }
  }
  return files.slice(0, limit);
}
