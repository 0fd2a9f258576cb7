import { importsOf, resolveImport } from '../../detect/modules.ts';
import { isCode } from '../../detect/paths.ts';
import { keyOf, type Program, requiredBy, type Syntax, unwrap } from '../../text/syntax.ts';
import { kindOf, type Project } from '../project.ts';
import { importersOf } from './browser.ts';
import { definitionOf } from './definition.ts';
import { exportNode } from './exports.ts';
import { bindingOf } from './names.ts';
import { memberName } from './objects.ts';
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

/** By the project as well: packages that hold the same text share its syntax, and are called by others. */
const known = new WeakMap<Project, WeakMap<FunctionSyntax, readonly Caller[]>>();
const mostFiles = 20;

/** The calls of a function in the project's own code, as far as they can be told: by definition, else by the name of what holds it. */
export function callsOf(source: Source, fn: FunctionSyntax): readonly Caller[] {
  const ofProject = known.get(source.project) ?? new WeakMap<FunctionSyntax, readonly Caller[]>();
  known.set(source.project, ofProject);
  const before = ofProject.get(fn);
  if (before) return before;
  ofProject.set(fn, []);
  const called = calledBy(source, fn);
  const calls = called === null ? [] : callersIn(source, fn, called);
  ofProject.set(fn, calls);
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

const knownCalls = new WeakMap<Project, ReadonlyMap<string, readonly number[]>>();

/** The server's files that call something of a name. Looking each name up in every file's text would cost functions × text. */
function callingFiles(project: Project, name: string): readonly string[] {
  const files = appFiles(project);
  const calls = knownCalls.get(project) ?? callsIn(project, files);
  knownCalls.set(project, calls);
  return (calls.get(name) ?? []).map((at) => files[at] ?? '');
}

/** By a function's name, the places in a list of the files that call something of that name: numbers, as there are many. */
function callsIn(project: Project, files: readonly string[]): ReadonlyMap<string, readonly number[]> {
  const calls = new Map<string, number[]>();
  for (const [at, path] of files.entries())
    for (const name of calledNames(project.tree.read(path) ?? '')) {
      const places = calls.get(name);
      if (places) places.push(at);
      else calls.set(name, [at]);
    }
  return calls;
}

/** The names that stand before a parenthesis, type arguments between them left out. */
function calledNames(text: string): ReadonlySet<string> {
  const names = new Set<string>();
  for (let at = text.indexOf('('); at !== -1; at = text.indexOf('(', at + 1)) {
    let end = skipBack(text, at, isSpace);
    if (text[end - 1] === '>') end = skipBack(text, text.lastIndexOf('<', end), isSpace);
    const start = skipBack(text, end, isWord);
    if (start < end) names.add(text.slice(start, end));
  }
  return names;
}

function skipBack(text: string, from: number, is: (code: number) => boolean): number {
  let at = from;
  while (at > 0 && is(text.charCodeAt(at - 1))) at--;
  return at;
}

const isSpace = (code: number): boolean => code === 32 || (code >= 9 && code <= 13);
const isWord = (code: number): boolean =>
  (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || (code >= 48 && code <= 57) || code === 95 || code === 36;

function callersIn(source: Source, fn: FunctionSyntax, called: Called): Caller[] {
  return candidates(source, fn, called).flatMap((path) => {
    const from = path === source.path ? source : sourceAt(source.project, path);
    if (from === null) return [];
    const names = new Set([called.name, ...localNames(from, source, fn, called)]);
    return [...names]
      .flatMap((name) => callsByName(from.program).get(name) ?? [])
      .filter((call) => isCallOf(from, call.callee, source, fn, called))
      .map((call) => ({ source: from, call }));
  });
}

/** What a file calls a function that it imports from another. */
function localNames(from: Source, source: Source, fn: FunctionSyntax, { name }: Called): string[] {
  if (from === source) return [];
  const mayBe = importsOf(from.program).flatMap(({ specifier, names }) => {
    const own = names.filter(({ imported }) => imported === name || imported === 'default' || imported === '*');
    return own.some(({ local }) => local !== name) ? [{ specifier, own }] : [];
  });
  return mayBe.flatMap(({ specifier, own }) => {
    const given = own.filter(({ imported }) => imported === name || isWhole(source, fn));
    const isFrom = given.length > 0 && resolveImport(from.project.tree, from.path, specifier) === source.path;
    return isFrom ? given.map(({ local }) => local) : [];
  });
}

type Calls = ReadonlyMap<string, readonly Caller['call'][]>;
const callsKnown = new WeakMap<Program, Calls>();

/** A file's calls, by the last name of what they call. */
function callsByName(program: Program): Calls {
  const before = callsKnown.get(program);
  if (before) return before;
  const calls = new Map<string, Caller['call'][]>();
  everyNode(program, (node) => {
    if (node.type !== 'CallExpression') return;
    const callee = unwrap(node.callee);
    const name =
      callee.type === 'Identifier' ? callee.name : callee.type === 'MemberExpression' ? memberName(callee) : null;
    if (name === null) return;
    const own = calls.get(name);
    if (own) own.push(node);
    else calls.set(name, [node]);
  });
  callsKnown.set(program, calls);
  return calls;
}

/** Files that may call a function: its own; others that call something of its name and import its file, or call it of what holds it, where these are not many. */
function candidates(source: Source, fn: FunctionSyntax, called: Called): string[] {
  const { project, path: own } = source;
  const calling = callingFiles(project, called.name).filter((path) => path !== own);
  const isGivenWhole = isWhole(source, fn);
  const imports = calling.length > 0 || isGivenWhole ? importersThrough(project, own) : nobody;
  const isCommon = calling.length > mostFiles;
  const named = calling.filter(
    (path) => imports.has(path) || (!isCommon && isCalledOf(project.tree.read(path) ?? '', called)),
  );
  // What a file gives as a whole has any name where it is taken in.
  const others = isGivenWhole ? [...named, ...imports] : named;
  return [...new Set([own, ...others.slice(0, mostFiles)])].sort();
}

const nobody: ReadonlySet<string> = new Set();
const importersKnown = new WeakMap<Project, Map<string, ReadonlySet<string>>>();

/** The files that import a file, or one that only passes on what it exports. */
function importersThrough(project: Project, path: string): ReadonlySet<string> {
  const known = importersKnown.get(project) ?? new Map<string, ReadonlySet<string>>();
  importersKnown.set(project, known);
  const before = known.get(path);
  if (before) return before;
  const direct = importersOf(project, path);
  const passing = direct.filter((one) => passesOn.test(project.tree.read(one) ?? ''));
  const files = new Set([...direct, ...passing.flatMap((one) => importersOf(project, one))]);
  known.set(path, files);
  return files;
}

const passesOn = /^\s*export\s*(type\s*)?[*{][^;]*?\bfrom\s*['"]|\bexports\b[^\n;]*=\s*(\{[^}]*)?\brequire\s*\(/m;

/** True where a text calls something of the function's name, of what has the name of what holds it: `users.find(`. */
function isCalledOf(text: string, { name, holders }: Called): boolean {
  for (let at = text.indexOf(name); at !== -1; at = text.indexOf(name, at + name.length)) {
    if (text[at - 1] !== '.') continue;
    const end = skipBack(text, at - 1, isPlainSign);
    const start = skipBack(text, end, isWord);
    if (start < end && holders.has(plain(text.slice(start, end)))) return true;
  }
  return false;
}

/** Blanks, and the signs of `users?.find` and `users!.find`. */
const isPlainSign = (code: number): boolean => isSpace(code) || code === 63 || code === 33;

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
