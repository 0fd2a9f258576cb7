import { importsOf, resolveImport } from '../detect/modules.ts';
import { isCode, isForeignFolder } from '../detect/paths.ts';
import type { LockEntry, ManualStep, Tree } from '../model.ts';
import { parse } from '../text/syntax.ts';

/** How many source files are looked at, at most, to see whether a person has wired a module. */
const limit = 2_000;

/** True when a person has done the step: a host file imports our module, or holds the line. */
export function isDone({ done }: ManualStep, tree: Tree, entry: Pick<LockEntry, 'files'>): boolean {
  if ('file' in done) return squeeze(tree.read(done.file) ?? '').includes(squeeze(done.text));
  const ours = new Set(entry.files.map(({ path }) => path));
  const stem = done.imports.replace(/\.[^./]+$/, '').replace(/\/index$/, '');
  const name = stem.slice(stem.lastIndexOf('/') + 1);
  return sourceFiles(tree).some((path) => {
    if (ours.has(path)) return false;
    const text = tree.read(path);
    if (text === null || !text.includes(name)) return false;
    const program = parse(text, path);
    return (
      program !== null &&
      importsOf(program).some(({ specifier }) => resolveImport(tree, path, specifier) === done.imports)
    );
  });
}

const squeeze = (text: string): string => text.replaceAll(/\s+/g, '').replaceAll('"', "'").replaceAll(';', '');

/** The project's own code files, nearest to the root first, without what is installed, built or vendored. */
function sourceFiles(tree: Tree): string[] {
  const files: string[] = [];
  const folders = [''];
  for (let folder = folders.shift(); folder !== undefined && files.length < limit; folder = folders.shift()) {
    for (const name of tree.list(folder)) {
      const path = folder === '' ? name : `${folder}/${name}`;
      if (!name.endsWith('/')) {
        if (isCode(name)) files.push(path);
      } else if (!isForeignFolder(name.slice(0, -1)) && !name.startsWith('.')) folders.push(path.slice(0, -1));
    }
  }
  return files;
}
