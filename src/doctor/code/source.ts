import { innerKeys } from '../../text/children.ts';
import { isNode, type Program, parse, parseFlow, type Syntax, textOf } from '../../text/syntax.ts';
import { isWritten } from '../../text/written.ts';
import { type FileKind, kindOf, type Project } from '../project.ts';

/** A parsed file, and the project that it is in. What is dear to know of it is found out when it is asked for. */
export interface Source {
  path: string;
  text: string;
  program: Program;
  kind: FileKind;
  project: Project;
  parentOf(node: Syntax): Syntax | null;
  /** A node's parents, nearest first. */
  above(node: Syntax): Iterable<Syntax>;
  textOf(node: Syntax): string;
}

/** A file's tree, Flow's types included; null where it has syntax errors or is a bundle. */
const programOf = (text: string, path: string): Program | null =>
  isWritten(text) ? (parse(text, path) ?? (/\.[cm]?jsx?$/.test(path) ? parseFlow(text) : null)) : null;

/** Parses a file for reading, Flow's types included. Null where it does not exist, has syntax errors or is a bundle. */
export function sourceAt(project: Project, path: string): Source | null {
  const text = project.tree.read(path);
  const program = text === null ? null : programOf(text, path);
  if (text === null || program === null) return null;
  const sources = known.get(project) ?? new WeakMap<Program, Source>();
  known.set(project, sources);
  const before = sources.get(program);
  if (before?.path === path) return before;
  const source = read(project, path, text, program);
  sources.set(program, source);
  return source;
}

const known = new WeakMap<Project, WeakMap<Program, Source>>();

function read(project: Project, path: string, text: string, program: Program): Source {
  let parents: Map<Syntax, Syntax> | null = null;
  const parentOf = (node: Syntax): Syntax | null => {
    parents ??= parentsIn(program);
    return parents.get(node) ?? null;
  };
  return {
    path,
    text,
    program,
    kind: project.isForTests ? 'test' : kindOf(path, text),
    project,
    parentOf,
    *above(node) {
      for (let parent = parentOf(node); parent; parent = parentOf(parent)) yield parent;
    },
    textOf: (node) => textOf(text, node),
  };
}

function parentsIn(program: Program): Map<Syntax, Syntax> {
  const parents = new Map<Syntax, Syntax>();
  everyNode(program, (node, parent) => {
    if (parent) parents.set(node, parent);
  });
  return parents;
}

/** Visits every node with its parent, outermost first; among siblings in the tree's own order, which is not always the text's. */
export function everyNode(root: Syntax, visit: (node: Syntax, parent: Syntax | null) => void): void {
  if (root.type === 'Program') {
    const { nodes, parents } = walked(root);
    for (let at = 0; at < nodes.length; at++) {
      const node = nodes[at];
      if (node !== undefined) visit(node, parents[at] ?? null);
    }
  } else walkBelow(root, visit);
}

const lists = new WeakMap<Program, { nodes: readonly Syntax[]; parents: readonly (Syntax | null)[] }>();

/** A file's nodes in the order of a walk: many rules look at all of them, and a list is much cheaper than a walk. */
function walked(program: Program): { nodes: readonly Syntax[]; parents: readonly (Syntax | null)[] } {
  const before = lists.get(program);
  if (before !== undefined) return before;
  const [nodes, parents]: [Syntax[], (Syntax | null)[]] = [[], []];
  walkBelow(program, (node, parent) => {
    nodes.push(node);
    parents.push(parent);
  });
  const list = { nodes, parents };
  lists.set(program, list);
  return list;
}

function walkBelow(root: Syntax, visit: (node: Syntax, parent: Syntax | null) => void): void {
  const keys = innerKeys(root);
  const step = (node: Syntax, parent: Syntax | null): void => {
    visit(node, parent);
    for (const key of keys(node)) {
      const value: unknown = node[key as keyof Syntax];
      if (typeof value !== 'object' || value === null) continue;
      if (Array.isArray(value)) {
        for (const item of value) if (isNode(item)) step(item, node);
      } else if (isNode(value)) step(value, node);
    }
  };
  step(root, null);
}

/** The function that a node stands in, nearest first; null at the top level. */
export function functionAround(source: Source, node: Syntax): FunctionSyntax | null {
  for (const parent of source.above(node)) if (isFunction(parent)) return parent;
  return null;
}

export type FunctionSyntax = Extract<
  Syntax,
  { type: 'FunctionDeclaration' | 'FunctionExpression' | 'ArrowFunctionExpression' }
>;

export const isFunction = (node: Syntax): node is FunctionSyntax =>
  node.type === 'FunctionDeclaration' || node.type === 'FunctionExpression' || node.type === 'ArrowFunctionExpression';

/** True where the node stands in a loop's body, or in the callback of an array's `map`, `forEach` and the like, within its function. */
export function loopAround(source: Source, node: Syntax): Syntax | null {
  let inner = node;
  for (const parent of source.above(node)) {
    switch (parent.type) {
      case 'ForStatement':
      case 'ForInStatement':
      case 'ForOfStatement':
      case 'WhileStatement':
      case 'DoWhileStatement':
        if (parent.body === inner) return parent;
        break;
      case 'FunctionExpression':
      case 'ArrowFunctionExpression': {
        const call = source.parentOf(parent);
        const method =
          call?.type === 'CallExpression' && call.callee.type === 'MemberExpression' ? call.callee.property : null;
        const isEach =
          call?.type === 'CallExpression' &&
          call.arguments[0] === parent &&
          method?.type === 'Identifier' &&
          /^(map|forEach|flatMap|filter|reduce|some|every)$/.test(method.name);
        return isEach ? call : null;
      }
      case 'FunctionDeclaration':
        return null;
    }
    inner = parent;
  }
  return null;
}
