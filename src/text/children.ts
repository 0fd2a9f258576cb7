import type { Node } from 'oxc-parser';

/** Keys under which no node of any kind has another. */
const plain = new Set(
  'type start end loc sourceType kind declare definite optional computed raw regex method shorthand generator async operator await tail importKind exportKind phase abstract static override accessibility readonly global prefix delegate const asserts in out'.split(
    ' ',
  ),
);
const keysOf = (node: Node): readonly string[] => Object.keys(node).filter((key) => !plain.has(key));
const known = new Map<string, readonly string[]>([['Literal', []]]);

function fixedKeys(node: Node): readonly string[] {
  const before = known.get(node.type);
  if (before !== undefined) return before;
  const keys = keysOf(node);
  if (node.type !== 'TSModuleDeclaration') known.set(node.type, keys);
  return keys;
}

/**
 * For the nodes of a tree, the keys under which one may have others, in the tree's own order. Nodes of one kind have the
 * same keys, which are looked up once; those of the plain parser (known by their `loc`) have them only where they are set.
 */
export const innerKeys = (root: Node): ((node: Node) => readonly string[]) => ('loc' in root ? keysOf : fixedKeys);
