import type { Tree } from '../../model.ts';
import { requiredBy, type Syntax } from '../../text/syntax.ts';
import { isOurs } from './ours.ts';
import { type Source, type Spot, sourceOf } from './source.ts';

/** The host's files that its entry reaches, parsed, and where their imports lead. */
export interface Reach {
  sources: ReadonlyMap<string, Source>;
  /** The reached file that a specifier leads to; null for packages and for files that are not reached. */
  resolve(from: Source, specifier: string): Source | null;
  /** `require('…')` and `import('…')` expressions of a file, with what they name. */
  requires(source: Source): readonly { spot: Spot; specifier: string }[];
  /** True for a file of our modules. */
  ours(path: string): boolean;
  /** What is already known of where a value goes, by its expression. */
  flows: Map<Syntax, Spot[]>;
}

type Resolve = (tree: Tree, from: string, specifier: string) => string | null;

/** Parses the given files (those with syntax errors are left out). */
export function reachOf(tree: Tree, paths: Iterable<string>, resolveImport: Resolve): Reach {
  const sources = new Map<string, Source>();
  for (const path of paths) {
    const source = sourceOf(tree, path);
    if (source) sources.set(path, source);
  }
  const resolved = new Map<string, Source | null>();
  const required = new Map<Source, { spot: Spot; specifier: string }[]>();
  return {
    sources,
    ours: (path) => isOurs(tree, path),
    flows: new Map(),
    resolve(from, specifier) {
      const key = `${from.path}\n${specifier}`;
      const known = resolved.get(key);
      if (known !== undefined) return known;
      const path = resolveImport(tree, from.path, specifier);
      const source = (path === null ? null : sources.get(path)) ?? null;
      resolved.set(key, source);
      return source;
    },
    requires(source) {
      const known = required.get(source);
      if (known) return known;
      const found = source.nodes.flatMap((node) => {
        const specifier = node.type === 'CallExpression' || node.type === 'ImportExpression' ? requiredBy(node) : null;
        return specifier === null ? [] : [{ spot: { source, node }, specifier }];
      });
      required.set(source, found);
      return found;
    },
  };
}
