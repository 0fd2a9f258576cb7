import type { Tree } from '../model.ts';

/** The same function of a tree and a path, computed once for each: a tree remembers what it read, so its answers stay. */
export function perFile<T>(compute: (tree: Tree, path: string) => T): (tree: Tree, path: string) => T {
  const known = new WeakMap<Tree, Map<string, { value: T }>>();
  return (tree, path) => {
    const files = known.get(tree) ?? new Map<string, { value: T }>();
    known.set(tree, files);
    const found = files.get(path) ?? { value: compute(tree, path) };
    files.set(path, found);
    return found.value;
  };
}
