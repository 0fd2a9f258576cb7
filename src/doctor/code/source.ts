import { type Program, parse, parseFlow, type Syntax, textOf } from '../../text/syntax.ts';
import { parentsIn } from '../../text/tree.ts';
import { isWritten } from '../../text/written.ts';
import { type FileKind, kindOf, type Project } from '../project.ts';

export { everyNode, everyOf } from '../../text/tree.ts';

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
  const parentOf = parentsIn(program);
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

/** The function that a node stands in, nearest first; null at the top level. */
export function functionAround(source: Source, node: Syntax): FunctionSyntax | null {
  let parent = source.parentOf(node);
  while (parent && !isFunction(parent)) parent = source.parentOf(parent);
  return parent;
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
  for (let parent = source.parentOf(node); parent; parent = source.parentOf(parent)) {
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
