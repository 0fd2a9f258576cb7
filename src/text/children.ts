import type { Node, Program } from 'oxc-parser';

/** Keys under which no node of any kind has another. */
const plain = new Set(
  'type start end loc sourceType kind declare definite optional computed raw regex method shorthand generator async operator await tail importKind exportKind phase abstract static override accessibility readonly global prefix delegate const asserts in out'.split(
    ' ',
  ),
);
const keysOf = (node: Node): readonly string[] => Object.keys(node).filter((key) => !plain.has(key));

type Keys = (node: Node) => readonly string[];

/** Nodes of one kind have the same keys, which are looked up once. */
function fixedKeys(): Keys {
  const known = new Map<string, readonly string[]>([['Literal', []]]);
  return (node) => {
    const before = known.get(node.type);
    if (before !== undefined) return before;
    const keys = keysOf(node);
    if (node.type !== 'TSModuleDeclaration') known.set(node.type, keys);
    return keys;
  };
}

const [ofTypeScript, ofJavaScript] = [fixedKeys(), fixedKeys()];
const untyped = new WeakSet<Node>();

/** Says of a tree that its nodes have no keys for types, not even empty ones. */
export const markUntyped = (program: Program): unknown => untyped.add(program);

/**
 * For the nodes of a tree, the keys under which one may have others, in the tree's own order. Those of the plain parser
 * (known by their `loc`) have them only where they are set, and of a part alone it is not known which tree it is of.
 */
export function innerKeys(root: Node): Keys {
  if ('loc' in root || root.type !== 'Program') return keysOf;
  return untyped.has(root) ? ofJavaScript : ofTypeScript;
}
