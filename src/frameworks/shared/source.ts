import type { Anchor, Tree } from '../../model.ts';
import { lineOf, parse, type Syntax, textOf, walk } from '../../text/syntax.ts';

/** A parsed host file, with each node's parent, its exports, and its identifiers by name. */
export interface Source {
  path: string;
  text: string;
  root: Syntax;
  nodes: readonly Syntax[];
  exports: readonly Syntax[];
  parents: ReadonlyMap<Syntax, Syntax>;
  identifiers: ReadonlyMap<string, readonly Syntax[]>;
}

/** An expression in a file. */
export interface Spot {
  source: Source;
  node: Syntax;
}

/** Reads and parses one file. Null where it does not exist or has a syntax error. */
export function sourceOf(tree: Tree, path: string): Source | null {
  const text = tree.read(path);
  const root = text === null ? null : parse(text, path);
  if (text === null || root === null) return null;
  const nodes: Syntax[] = [];
  const exports: Syntax[] = [];
  const parents = new Map<Syntax, Syntax>();
  const identifiers = new Map<string, Syntax[]>();
  walk(root, (node, above) => {
    const parent = above.at(-1);
    nodes.push(node);
    if (parent) parents.set(node, parent);
    if (node.type.startsWith('Export')) exports.push(node);
    if (node.type !== 'Identifier') return;
    const same = identifiers.get(node.name);
    if (same) same.push(node);
    else identifiers.set(node.name, [node]);
  });
  return { path, text, root, nodes, exports, parents, identifiers };
}

/** The node's parents, nearest first. */
export function* above(source: Source, node: Syntax): Generator<Syntax> {
  for (let parent = source.parents.get(node); parent; parent = source.parents.get(parent)) yield parent;
}

export const lineAt = ({ source, node }: Spot): number => lineOf(source.text, node.start);

export const textAt = ({ source, node }: Spot): string => textOf(source.text, node);

/** The statements of a block, a file or a case; null for any other node. */
function statementsOf(node: Syntax): readonly Syntax[] | null {
  switch (node.type) {
    case 'Program':
    case 'BlockStatement':
    case 'StaticBlock':
      return node.body;
    case 'SwitchCase':
      return node.consequent;
    default:
      return null;
  }
}

/** The statement that a node stands in, and the statements around it. Null for an arrow's bare expression or a class member. */
export function statementAround(
  source: Source,
  node: Syntax,
): { statement: Syntax; siblings: readonly Syntax[]; block: Syntax } | null {
  let inner = node;
  for (const parent of above(source, node)) {
    const siblings = statementsOf(parent);
    if (siblings) return siblings.includes(inner) ? { statement: inner, siblings, block: parent } : null;
    if (parent.type === 'ArrowFunctionExpression' || parent.type === 'PropertyDefinition') return null;
    inner = parent;
  }
  return null;
}

function statementsIn(source: Source, node: Syntax): readonly Syntax[] | null {
  const parent = source.parents.get(node);
  return parent ? statementsOf(parent) : null;
}

const squeeze = (text: string): string => text.replace(/\s+/g, '');

/** A place beside a statement: its text, and which one it is among equal statements. */
export function anchorAt(source: Source, statement: Syntax, position: Anchor['position']): Anchor {
  const text = textOf(source.text, statement);
  const wanted = squeeze(text);
  const equal = source.nodes.filter((node) => {
    if (node.end - node.start < wanted.length || source.text[node.start] !== wanted[0]) return false;
    const siblings = statementsIn(source, node);
    return siblings?.includes(node) === true && squeeze(textOf(source.text, node)) === wanted;
  });
  return { position, statement: text, nth: Math.max(0, equal.indexOf(statement)) };
}
