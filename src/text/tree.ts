import { innerKeys } from './children.ts';
import type { Syntax } from './syntax.ts';

/** The nodes of a file (or of a part of it) in the order of a walk: many rules look at all of them or at all below one, and lists are much cheaper than walks. */
interface Walked {
  nodes: readonly Syntax[];
  /** For each node, where its parent stands (its own place for the outermost), and where the nodes below it end. */
  parents: readonly number[];
  ends: readonly number[];
  /** For each node, the number of its kind. */
  kinds: readonly number[];
}

const walkedBy = Symbol('walked by');
const place = Symbol('place');

/** What a walk writes on a node, where nothing that looks at keys finds it: a table beside the tree takes twice the time and memory. */
interface Placed {
  type: string;
  [walkedBy]?: Walked;
  [place]?: number;
}

const numbers = new Map<string, number>();

/** The number of a kind of nodes. */
function numberOf(type: string): number {
  const before = numbers.get(type);
  if (before !== undefined) return before;
  numbers.set(type, numbers.size);
  return numbers.size - 1;
}

/** The same as everywhere else, by one look at a value instead of three: this is asked of all that a tree holds. */
const isNode = (value: { type?: unknown }): value is Syntax => typeof value.type === 'string';

/** The list that a node stands in, or one of what is below it, made when it is asked for first. */
function walked(root: Syntax & Placed): Walked {
  const before = root[walkedBy];
  if (before !== undefined) return before;
  const nodes: Syntax[] = [];
  const [parents, ends, kinds]: [number[], number[], number[]] = [[], [], []];
  const list: Walked = { nodes, parents, ends, kinds };
  const keys = innerKeys(root);
  const step = (node: Syntax & Placed, parent: number): void => {
    const at = nodes.length;
    nodes.push(node);
    parents.push(parent);
    ends.push(at);
    kinds.push(numberOf(node.type));
    node[walkedBy] = list;
    node[place] = at;
    for (const key of keys(node)) {
      const value: unknown = node[key as keyof Syntax];
      if (typeof value !== 'object' || value === null) continue;
      if (Array.isArray(value)) {
        for (const item of value) if (typeof item === 'object' && item !== null && isNode(item)) step(item, at);
      } else if (isNode(value)) step(value, at);
    }
    ends[at] = nodes.length;
  };
  step(root, 0);
  return list;
}

/** For the nodes of a file, their parents; null for the outermost, and for nodes of other files. */
export function parentsIn(program: Syntax): (node: Syntax) => Syntax | null {
  let own: Walked | null = null;
  return (node: Placed) => {
    own ??= walked(program);
    const at = node[walkedBy] === own ? node[place] : undefined;
    return at === undefined || at === 0 ? null : (own.nodes[own.parents[at] ?? 0] ?? null);
  };
}

/** Visits every node with its parent, outermost first; among siblings in the tree's own order, which is not always the text's. */
export function everyNode(root: Syntax & Placed, visit: (node: Syntax, parent: Syntax | null) => void): void {
  const { nodes, parents, ends } = walked(root);
  const start = root[place] ?? 0;
  const end = ends[start] ?? 0;
  for (let at = start; at < end; at++) {
    const node = nodes[at];
    if (node !== undefined) visit(node, at === start ? null : (nodes[parents[at] ?? 0] ?? null));
  }
}

/** The same for nodes of some kinds alone, which costs a tenth. */
export function everyOf(root: Syntax & Placed, types: Iterable<Syntax['type']>, visit: (node: Syntax) => void): void {
  const { nodes, kinds, ends } = walked(root);
  const wanted = Array.from(types, numberOf);
  const isWanted = new Uint8Array(numbers.size);
  for (const one of wanted) isWanted[one] = 1;
  const start = root[place] ?? 0;
  const end = ends[start] ?? 0;
  for (let at = start; at < end; at++) {
    const node = isWanted[kinds[at] ?? 0] === 1 ? nodes[at] : undefined;
    if (node !== undefined) visit(node);
  }
}
