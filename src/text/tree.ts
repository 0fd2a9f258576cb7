import { innerKeys } from './children.ts';
import type { Node as Syntax } from 'oxc-parser';

/** The nodes of a file (or of a part of it) in the order of a walk: many rules look at all of them or at all below one, and lists are much cheaper than walks. */
interface Walked {
  nodes: readonly Syntax[];
  /** For each node, where its parent stands (its own place for the outermost), and where the nodes below it end. */
  parents: Int32Array;
  ends: Int32Array;
  /** For each node, the number of its kind. */
  kinds: Uint16Array;
  /** For each offset of the text, the first node that starts there, and for each node the next that starts where it does: places from 1, 0 for none. */
  first: Int32Array;
  next: Int32Array;
}

/** Where a node stands in a list; -1 for a node of another. A place written on each node would take as much memory as the node. */
function placeOf({ nodes, first, next }: Walked, node: Syntax): number {
  for (let at = first[node.start] ?? 0; at !== 0; at = next[at - 1] ?? 0) if (nodes[at - 1] === node) return at - 1;
  return -1;
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

const listed = new WeakMap<Syntax, Walked>();
/** The last lists that were asked for, latest first: most questions are about nodes of the file that is looked at. */
const latest: Walked[] = [];
const mostLatest = 8;

/** The list that a node stands in, or one of what is below it, made when it is asked for first. */
function listWith(root: Syntax): Walked {
  const [last] = latest;
  if (last !== undefined && placeOf(last, root) !== -1) return last;
  const list = listed.get(root) ?? latest.find((one) => placeOf(one, root) !== -1) ?? walked(root);
  const before = latest.indexOf(list);
  latest.splice(before === -1 ? mostLatest - 1 : before, 1);
  latest.unshift(list);
  return list;
}

/** What a walk writes down until it knows how much there is. */
const [parentsOf, endsOf, kindsOf, startsOf]: [number[], number[], number[], number[]] = [[], [], [], []];

function walked(root: Syntax): Walked {
  const nodes: Syntax[] = [];
  const keys = innerKeys(root);
  let last = 0;
  const step = (node: Syntax, parent: number): void => {
    const at = nodes.length;
    nodes.push(node);
    parentsOf[at] = parent;
    kindsOf[at] = numberOf(node.type);
    startsOf[at] = node.start;
    if (node.start > last) last = node.start;
    for (const key of keys(node)) {
      const value: unknown = node[key as keyof Syntax];
      if (typeof value !== 'object' || value === null) continue;
      if (Array.isArray(value)) {
        for (const item of value) if (typeof item === 'object' && item !== null && isNode(item)) step(item, at);
      } else if (isNode(value)) step(value, at);
    }
    endsOf[at] = nodes.length;
  };
  step(root, 0);
  const list: Walked = {
    nodes: nodes.slice(),
    parents: new Int32Array(nodes.length),
    ends: new Int32Array(nodes.length),
    kinds: new Uint16Array(nodes.length),
    first: new Int32Array(last + 1),
    next: new Int32Array(nodes.length),
  };
  for (let at = nodes.length - 1; at >= 0; at--) {
    list.parents[at] = parentsOf[at] ?? 0;
    list.ends[at] = endsOf[at] ?? 0;
    list.kinds[at] = kindsOf[at] ?? 0;
    const start = startsOf[at] ?? 0;
    list.next[at] = list.first[start] ?? 0;
    list.first[start] = at + 1;
  }
  listed.set(root, list);
  return list;
}

/** For the nodes of a file, their parents; null for the outermost, and for nodes of other files. */
export function parentsIn(program: Syntax): (node: Syntax) => Syntax | null {
  let own: Walked | null = null;
  // Most are asked for on the way up: of what was told last.
  let told: Syntax | null = null;
  let toldAt = 0;
  return (node) => {
    own ??= listed.get(program) ?? walked(program);
    const at = node === told ? toldAt : placeOf(own, node);
    if (at < 1) return null;
    toldAt = own.parents[at] ?? 0;
    told = own.nodes[toldAt] ?? null;
    return told;
  };
}

/** Visits every node with its parent, outermost first; among siblings in the tree's own order, which is not always the text's. */
export function everyNode(root: Syntax, visit: (node: Syntax, parent: Syntax | null) => void): void {
  const list = listWith(root);
  const { nodes, parents, ends } = list;
  const start = placeOf(list, root);
  const end = ends[start] ?? 0;
  for (let at = start; at < end; at++) {
    const node = nodes[at];
    if (node !== undefined) visit(node, at === start ? null : (nodes[parents[at] ?? 0] ?? null));
  }
}

/** The same for nodes of some kinds alone, which costs a tenth. */
export function everyOf(root: Syntax, types: Iterable<Syntax['type']>, visit: (node: Syntax) => void): void {
  const list = listWith(root);
  const { nodes, kinds, ends } = list;
  const wanted = Array.from(types, numberOf);
  const isWanted = new Uint8Array(numbers.size);
  for (const one of wanted) isWanted[one] = 1;
  const start = placeOf(list, root);
  const end = ends[start] ?? 0;
  for (let at = start; at < end; at++) {
    const node = isWanted[kinds[at] ?? 0] === 1 ? nodes[at] : undefined;
    if (node !== undefined) visit(node);
  }
}
