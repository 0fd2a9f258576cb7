import { resolveImport } from '../../detect/modules.ts';
import { keyOf, requiredBy, type Syntax, stringValue, unwrap } from '../../text/syntax.ts';
import type { Project } from '../project.ts';
import { exportNode } from './exports.ts';
import { annotationOf, type Binding, bindingOf, topLevel } from './names.ts';
import { isFunction, type Source } from './source.ts';

export { definitionOf } from './definition.ts';

/**
 * Where an expression's value comes from, as one word: the module and what is taken and called of it, also through
 * names, class fields and the project's own files. Calls and `new` are written `()`:
 *
 *   new Pool() from 'pg'            → 'pg#Pool()'          pool.query           → 'pg#Pool().query'
 *   express().listen                → 'express#default().listen'
 *   fs.readFile, { readFile } = …   → 'fs#readFile'        (the `node:` is left out)
 *   fetch, process.env.X            → '#fetch', '#process.env.X'
 *   a parameter typed `db: Pool`    → 'pg#Pool()'
 *
 * Null where it cannot be told.
 */
export function originOf(source: Source, node: Syntax): string | null {
  return traced(source, node, 0);
}

/** True where the origin is one of these (exact), or matches the pattern. */
export function comesFrom(source: Source, node: Syntax, what: RegExp | readonly string[]): boolean {
  const origin = originOf(source, node);
  return origin !== null && (what instanceof RegExp ? what.test(origin) : what.includes(origin));
}

/** True for the origin of what the project's own files (or globals) hold: it says nothing of the library behind. */
export const isOwnOrigin = (origin: string): boolean => /^([/#.~]|@\/|src\/)/.test(origin);

/** By file: a table for all nodes there are would never be small again. */
const known = new WeakMap<Source, Map<Syntax, string | null>>();
const deepest = 24;

function traced(source: Source, node: Syntax, depth: number): string | null {
  if (depth > deepest) return null;
  const origins = known.get(source) ?? new Map<Syntax, string | null>();
  if (origins.size === 0) known.set(source, origins);
  const before = origins.get(node);
  if (before !== undefined) return before;
  origins.set(node, null);
  const origin = trace(source, unwrap(node), depth + 1);
  origins.set(node, origin);
  return origin;
}

function trace(source: Source, node: Syntax, depth: number): string | null {
  const required = requiredBy(node);
  if (required !== null) return whole(source, required, depth);
  switch (node.type) {
    case 'Identifier':
      return named(source, node, depth);
    case 'AwaitExpression':
      return traced(source, node.argument, depth);
    case 'MemberExpression':
      return member(source, node, depth);
    case 'CallExpression':
    case 'NewExpression': {
      const callee = traced(source, node.callee, depth);
      return callee === null ? null : `${callee}()`;
    }
    case 'AssignmentExpression':
      return traced(source, node.right, depth);
    case 'ClassDeclaration':
    case 'ClassExpression':
      return node.superClass ? traced(source, node.superClass, depth) : null;
    case 'ExportSpecifier': {
      const passing = source.parentOf(node);
      const from = passing?.type === 'ExportNamedDeclaration' ? passing.source?.value : undefined;
      if (from === undefined) return null;
      const name = node.local.type === 'Identifier' ? node.local.name : stringValue(node.local);
      return name === 'default'
        ? whole(source, from, depth)
        : name === null
          ? null
          : exported(source, from, name, depth);
    }
    case 'LogicalExpression':
      return traced(source, node.right, depth) ?? traced(source, node.left, depth);
    case 'ConditionalExpression':
      return traced(source, node.consequent, depth) ?? traced(source, node.alternate, depth);
    default:
      return null;
  }
}

function member(source: Source, node: Extract<Syntax, { type: 'MemberExpression' }>, depth: number): string | null {
  const key = node.computed ? stringValue(node.property) : 'name' in node.property ? node.property.name : null;
  if (key === null) return null;
  if (node.object.type === 'ThisExpression') return field(source, node, key, depth);
  const object = traced(source, node.object, depth);
  return object === null ? null : partOf(source.project, object, key, depth);
}

/** A part of a value; of one of the project's own files as a whole, what it exports. */
function partOf(project: Project, object: string, key: string, depth: number): string {
  const path = /^\/(.+)#default$/.exec(object)?.[1];
  return (path === undefined ? null : exportedBy(project, path, key, depth)) ?? memberOf(object, key);
}

/** `m#default` and a name give `m#name`: what a module exports is the same by every way of importing it. */
const memberOf = (object: string, key: string): string =>
  object.endsWith('#default') ? `${object.slice(0, -'default'.length)}${key}` : `${object}.${key}`;

function named(source: Source, node: Extract<Syntax, { type: 'Identifier' }>, depth: number): string | null {
  const binding = bindingOf(source, node);
  return binding === null ? `#${node.name}` : valueBoundTo(source, binding, depth);
}

function valueBoundTo(source: Source, binding: Binding, depth: number): string | null {
  if (binding.imported) {
    const { from, name } = binding.imported;
    const isWhole = name === '*' || name === 'default';
    return isWhole ? whole(source, from, depth) : exported(source, from, name, depth);
  }
  if (binding.kind === 'parameter') return typed(source, binding, depth);
  if (binding.kind === 'class') return traced(source, binding.declaration, depth);
  if (binding.kind !== 'variable') return null;
  const value = binding.init ?? binding.writes.find((write) => traced(source, write, depth) !== null) ?? null;
  const origin = value === null ? null : traced(source, value, depth);
  if (origin === null) return typed(source, binding, depth);
  return binding.path.reduce<string | null>(
    (object, key) => (object === null || key === null ? null : partOf(source.project, object, key, depth)),
    origin,
  );
}

/** A value by its annotation: `db: Pool` is as good as `new Pool()`. */
function typed(source: Source, binding: Binding, depth: number): string | null {
  const [first, ...rest] = binding.path.length > 0 ? [] : (annotationOf(binding)?.split('.') ?? []);
  const type = first === undefined ? undefined : topLevel(source).get(first);
  if (!type?.imported) return null;
  const origin = valueBoundTo(source, type, depth);
  return origin === null ? null : `${rest.reduce(memberOf, origin)}()`;
}

const plain = (specifier: string): string => specifier.replace(/^node:/, '');

const isOwn = (source: Source, specifier: string): string | null =>
  resolveImport(source.project.tree, source.path, specifier);

function whole(source: Source, specifier: string, depth: number): string | null {
  const path = isOwn(source, specifier);
  return path === null
    ? `${plain(specifier)}#default`
    : (exportedBy(source.project, path, 'default', depth) ?? `/${path}#default`);
}

function exported(source: Source, specifier: string, name: string, depth: number): string | null {
  const path = isOwn(source, specifier);
  return path === null ? `${plain(specifier)}#${name}` : exportedBy(source.project, path, name, depth);
}

const exportsOf = new WeakMap<Project, Map<string, string | null>>();

/** What one of the project's own files exports under a name; `/path#name` where it is no value that comes from elsewhere. */
function exportedBy(project: Project, path: string, name: string, depth: number): string | null {
  const files = exportsOf.get(project) ?? new Map<string, string | null>();
  exportsOf.set(project, files);
  const key = `${path}#${name}`;
  const before = files.get(key);
  if (before !== undefined) return before;
  files.set(key, null);
  const found = exportNode(project, path, name);
  const origin = found === null ? null : (traced(found.source, found.node, depth + 4) ?? `/${key}`);
  files.set(key, origin);
  return origin;
}

/** `this.name`: the field's value, what the constructor gives it, or the type of the constructor's parameter. */
function field(source: Source, node: Syntax, name: string, depth: number): string | null {
  for (const owner of source.above(node)) {
    if (owner.type !== 'ClassDeclaration' && owner.type !== 'ClassExpression') continue;
    for (const item of owner.body.body) {
      if (item.type === 'PropertyDefinition' && keyOf(item) === name && item.value)
        return traced(source, item.value, depth);
      if (item.type !== 'MethodDefinition' || item.kind !== 'constructor') continue;
      const origin = givenBy(source, item.value, name, depth);
      if (origin !== null) return origin;
    }
    const base = owner.superClass ? traced(source, owner.superClass, depth) : null;
    return base === null ? null : `${base}().${name}`;
  }
  return null;
}

function givenBy(source: Source, built: Syntax, name: string, depth: number): string | null {
  if (!isFunction(built)) return null;
  for (const statement of built.body?.type === 'BlockStatement' ? built.body.body : []) {
    const set = statement.type === 'ExpressionStatement' ? statement.expression : null;
    if (set?.type === 'AssignmentExpression' && source.textOf(set.left) === `this.${name}`)
      return traced(source, set.right, depth);
  }
  for (const parameter of built.params) {
    if (parameter.type !== 'TSParameterProperty') continue;
    const pattern = parameter.parameter.type === 'AssignmentPattern' ? parameter.parameter.left : parameter.parameter;
    if (pattern.type !== 'Identifier' || pattern.name !== name) continue;
    const binding: Binding = {
      name,
      kind: 'parameter',
      scope: built,
      declaration: parameter,
      init: null,
      path: [],
      writes: [],
      imported: null,
    };
    return typed(source, binding, depth);
  }
  return null;
}
