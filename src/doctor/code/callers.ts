import { isCode } from '../../detect/paths.ts';
import { keyOf, requiredBy, type Syntax, unwrap } from '../../text/syntax.ts';
import { kindOf, type Project } from '../project.ts';
import { definitionOf } from './definition.ts';
import { exportNode } from './exports.ts';
import { bindingOf } from './names.ts';
import { isOwnOrigin, originOf } from './origin.ts';
import { everyNode, type FunctionSyntax, type Source, sourceAt } from './source.ts';

/** A call, and the file that it stands in. */
export interface Caller {
  source: Source;
  call: Extract<Syntax, { type: 'CallExpression' }>;
}

/** What a function is called by: its name, and the names of what holds it, in small letters. */
interface Called {
  name: string;
  holders: ReadonlySet<string>;
}

const known = new WeakMap<FunctionSyntax, readonly Caller[]>();
const mostFiles = 40;

/** The calls of a function in the project's own code, as far as they can be told: by definition, else by the name of what holds it. */
export function callsOf(source: Source, fn: FunctionSyntax): readonly Caller[] {
  const before = known.get(fn);
  if (before) return before;
  known.set(fn, []);
  const called = calledBy(source, fn);
  const calls = called === null ? [] : callersIn(source, fn, called);
  known.set(fn, calls);
  return calls;
}

const knownFiles = new WeakMap<Project, readonly string[]>();

/** The project's code that runs on the server: asked for by every function, so told apart once. */
function appFiles(project: Project): readonly string[] {
  const before = knownFiles.get(project);
  if (before) return before;
  const files = project.files.filter((path) => {
    const text = isCode(path) ? project.tree.read(path) : null;
    return text !== null && kindOf(path, text) === 'app';
  });
  knownFiles.set(project, files);
  return files;
}

function callersIn(source: Source, fn: FunctionSyntax, called: Called): Caller[] {
  const word = new RegExp(`\\b${called.name.replace(/\$/g, '\\$&')}\\s*(<[^()]*>)?\\(`);
  // What a file gives as a whole has any name where it is taken in.
  const asWhole = isWhole(source, fn) ? new RegExp(`/${stemOf(source.path)}(\\.[cm]?[jt]s)?['"]`) : null;
  const holds = (text: string): boolean => {
    if (asWhole?.test(text)) return true;
    if (!text.includes(called.name) || !word.test(text)) return false;
    const plainText = plain(text);
    return [...called.holders].some((holder) => plainText.includes(holder));
  };
  const { project } = source;
  const calls: Caller[] = [];
  let files = 0;
  for (const path of appFiles(project)) {
    const text = project.tree.read(path);
    if (text === null || !(path === source.path || holds(text))) continue;
    const from = path === source.path ? source : sourceAt(project, path);
    if (from === null || files++ >= mostFiles) continue;
    everyNode(from.program, (node) => {
      if (node.type === 'CallExpression' && isCallOf(from, node.callee, source, fn, called))
        calls.push({ source: from, call: node });
    });
  }
  return calls;
}

function isCallOf(from: Source, callee: Syntax, source: Source, fn: FunctionSyntax, called: Called): boolean {
  const inner = unwrap(callee);
  const isSame = (): boolean => {
    const place = definitionOf(from, inner);
    return place?.source.path === source.path && place.node.start === fn.start;
  };
  if (inner.type === 'Identifier') {
    const binding = inner.name === called.name ? null : bindingOf(from, inner);
    const isImported = binding?.kind === 'import' || (binding?.init ? requiredBy(binding.init) !== null : false);
    return (inner.name === called.name || isImported) && isSame();
  }
  if (inner.type !== 'MemberExpression' || inner.computed || inner.property.type !== 'Identifier') return false;
  if (inner.property.name !== called.name) return false;
  if (isSame()) return true;
  const object = unwrap(inner.object);
  if (object.type === 'ThisExpression') return false;
  const origin = originOf(from, object);
  if (origin !== null && !isOwnOrigin(origin)) return false;
  const type = origin === null ? null : /#([\w$]+)\(\)$/.exec(origin)?.[1];
  return called.holders.has(plain(type ?? lastName(object)));
}

/** True for a function that is all that its file gives: `module.exports = find`. */
function isWhole(source: Source, fn: FunctionSyntax): boolean {
  if (!/\bmodule\.exports\s*=|\bexport default\b/.test(source.text)) return false;
  const given = exportNode(source.project, source.path, 'default');
  return given !== null && definitionOf(given.source, given.node)?.node === fn;
}

/** The name by which a file is imported: of itself, or of its folder. */
const stemOf = (path: string): string =>
  (/([^/]+?)(\/index)?\.[cm]?[jt]sx?$/.exec(path)?.[1] ?? path).replace(/[^\w-]/g, '\\$&');

function lastName(node: Syntax): string {
  const inner = unwrap(node);
  if (inner.type === 'Identifier') return inner.name;
  if (inner.type === 'MemberExpression' && inner.property.type === 'Identifier') return inner.property.name;
  if (inner.type === 'NewExpression' || inner.type === 'CallExpression') return lastName(inner.callee);
  return '';
}

const plain = (name: string): string => name.toLowerCase().replace(/[^a-z0-9\n]/g, '');

function calledBy(source: Source, fn: FunctionSyntax): Called | null {
  const file = plain(/([^/]+?)(\/index)?\.[cm]?[jt]sx?$/.exec(source.path)?.[1] ?? '');
  const as = (name: string | null, ...holders: (string | null)[]): Called | null =>
    name === null || name.length < 2
      ? null
      : { name, holders: new Set([file, ...holders.map((one) => plain(one ?? ''))].filter((one) => one.length > 1)) };
  const parent = source.parentOf(fn);
  switch (parent?.type) {
    case 'VariableDeclarator':
      return as(parent.id.type === 'Identifier' ? parent.id.name : null);
    case 'MethodDefinition':
    case 'PropertyDefinition':
    case 'Property':
      return as(keyOf(parent), holderAround(source, parent));
    case 'AssignmentExpression': {
      const { left } = parent;
      if (left.type !== 'MemberExpression' || left.computed || left.property.type !== 'Identifier') return null;
      const object = unwrap(left.object);
      const holder =
        object.type === 'ThisExpression'
          ? holderAround(source, parent)
          : source.textOf(object).replace('.prototype', '');
      return as(left.property.name, holder);
    }
    default:
      return as(ownName(fn));
  }
}

/** The name of a function, of itself or of what holds it; null for none. */
export const functionName = (source: Source, fn: FunctionSyntax): string | null => calledBy(source, fn)?.name ?? null;

/** The name that a function has of itself. */
export const ownName = (node: Syntax): string | null =>
  node.type === 'FunctionDeclaration' || node.type === 'FunctionExpression' ? (node.id?.name ?? null) : null;

/** The name of the class, the constructor or the variable of the object that a member stands in. */
function holderAround(source: Source, node: Syntax): string | null {
  for (const parent of source.above(node)) {
    if (parent.type === 'ClassDeclaration' || parent.type === 'ClassExpression') return parent.id?.name ?? null;
    if (parent.type === 'VariableDeclarator') return parent.id.type === 'Identifier' ? parent.id.name : null;
    if ((parent.type === 'FunctionDeclaration' || parent.type === 'FunctionExpression') && parent.id)
      return parent.id.name;
  }
  return null;
}
