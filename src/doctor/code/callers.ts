import { importsOf, resolveImport } from '../../detect/modules.ts';
import { keyOf, type Program, requiredBy, type Syntax, unwrap } from '../../text/syntax.ts';
import type { Project } from '../project.ts';
import { type Called, filesThatMayCall, plain } from './calling.ts';
import { definitionOf } from './definition.ts';
import { exportNode } from './exports.ts';
import { bindingOf } from './names.ts';
import { memberName } from './objects.ts';
import { isOwnOrigin, originOf } from './origin.ts';
import { everyOf, type FunctionSyntax, type Source, sourceAt } from './source.ts';

/** A call, and the file that it stands in. */
export interface Caller {
  source: Source;
  call: Extract<Syntax, { type: 'CallExpression' }>;
}

/** By the project as well: packages that hold the same text share its syntax, and are called by others. */
const known = new WeakMap<Project, WeakMap<FunctionSyntax, readonly Caller[]>>();

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

function callersIn(source: Source, fn: FunctionSyntax, called: Called): Caller[] {
  return filesThatMayCall(source.project, source.path, called, isWhole(source, fn)).flatMap((path) => {
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
  everyOf(program, ['CallExpression'], (node) => {
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
