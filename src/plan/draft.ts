import type { Change, Tree } from '../model.ts';

/** A tree with unsaved edits on top: what a plan is made in. */
export interface Draft {
  read(path: string): string | null;
  write(path: string, text: string | null): void;
  /** What differs from the tree, in the order of the paths. */
  changes(): Change[];
}

export function draftOf(tree: Tree): Draft {
  const written = new Map<string, string | null>();
  return {
    read: (path) => (written.has(path) ? (written.get(path) ?? null) : tree.read(path)),
    write: (path, text) => {
      written.set(path, text);
    },
    changes: () =>
      [...written]
        .map(([path, after]) => ({ path, before: tree.read(path), after }))
        .filter(({ before, after }) => before !== after)
        .sort((a, b) => (a.path < b.path ? -1 : 1)),
  };
}

/** The tree as it is after the changes, for planning several skills in one run. */
export function treeAfter(tree: Tree, changes: readonly Change[]): Tree {
  const after = new Map(changes.map((change) => [change.path, change.after]));
  const read = (path: string): string | null => (after.has(path) ? (after.get(path) ?? null) : tree.read(path));
  return {
    read,
    has: (path) => (after.has(path) ? after.get(path) !== null : tree.has(path)),
    list: (folder) => {
      const names = new Set(tree.list(folder));
      const prefix = folder === '' ? '' : `${folder}/`;
      for (const [path, text] of after) {
        if (!path.startsWith(prefix)) continue;
        const [head = '', ...rest] = path.slice(prefix.length).split('/');
        if (text !== null) names.add(rest.length > 0 ? `${head}/` : head);
        else if (rest.length === 0) names.delete(head);
      }
      return [...names].sort();
    },
  };
}
