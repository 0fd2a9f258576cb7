import type { Surroundings, Tree } from '../src/model.ts';

/** A tree over texts by path; `reads` and `lists` say what was asked of it. */
export function treeOf(files: Readonly<Record<string, string>>): Tree & { reads: string[]; lists: string[] } {
  const folders = new Map<string, Set<string>>();
  for (const path of Object.keys(files)) {
    const parts = path.split('/');
    parts.forEach((part, at) => {
      const folder = parts.slice(0, at).join('/');
      const names = folders.get(folder) ?? new Set();
      folders.set(folder, names.add(at === parts.length - 1 ? part : `${part}/`));
    });
  }
  const reads: string[] = [];
  const lists: string[] = [];
  return {
    reads,
    lists,
    list(folder) {
      lists.push(folder);
      return [...(folders.get(folder) ?? [])].sort();
    },
    has: (path) => Object.hasOwn(files, path),
    read(path) {
      reads.push(path);
      return Object.hasOwn(files, path) ? (files[path] ?? null) : null;
    },
  };
}

/** Surroundings of a project that stands alone, on Node 20. */
export function surroundings(overrides: Partial<Surroundings> = {}): Surroundings {
  return { workspace: null, node: '20.20.2', userAgent: null, ...overrides };
}
