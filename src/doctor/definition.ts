import { resolveImport } from '../detect/modules.ts';
import { keyOf, requiredBy, type Syntax, unwrap } from '../text/syntax.ts';
import { exportNode, type Place } from './exports.ts';
import { bindingOf } from './names.ts';
import { isFunction, type Source, sourceAt } from './source.ts';

const deepest = 10;

/** The function or class that an expression names, through names, imports, objects and the project's own files; null for anything else. */
export function definitionOf(source: Source, node: Syntax): Place | null {
  const place = valueAt(source, node, 0);
  return place && (isFunction(place.node) || isClass(place.node)) ? place : null;
}

const isClass = (node: Syntax): boolean => node.type === 'ClassDeclaration' || node.type === 'ClassExpression';

/** Where an expression's value is written: a function, a class, an object, or a whole file as its Program. */
function valueAt(source: Source, node: Syntax, depth: number): Place | null {
  const inner = unwrap(node);
  if (depth > deepest) return null;
  const required = requiredBy(inner);
  if (required !== null) return moduleAt(source, required);
  if (inner.type === 'Identifier') return named(source, inner, depth + 1);
  if (inner.type !== 'MemberExpression' || inner.computed || !('name' in inner.property))
    return { source, node: inner };
  const { name } = inner.property;
  if (inner.object.type === 'ThisExpression') return methodOf(source, inner, name);
  const object = valueAt(source, inner.object, depth + 1);
  return object && propertyIn(object, name, depth + 1);
}

function moduleAt(source: Source, specifier: string): Place | null {
  const path = resolveImport(source.project.tree, source.path, specifier);
  const found = path === null ? null : sourceAt(source.project, path);
  return found && { source: found, node: found.program };
}

function named(source: Source, node: Syntax, depth: number): Place | null {
  const binding = bindingOf(source, node);
  if (binding === null) return null;
  if (binding.kind === 'function' || binding.kind === 'class') return { source, node: binding.declaration };
  if (binding.imported) {
    const { from, name } = binding.imported;
    const file = moduleAt(source, from);
    if (file === null || name === '*') return file;
    return propertyIn(file, name, depth) ?? (name === 'default' ? file : null);
  }
  if (binding.init === null || binding.kind !== 'variable') return null;
  let place = valueAt(source, binding.init, depth);
  for (const key of binding.path) place = place && key !== null ? propertyIn(place, key, depth) : null;
  return place;
}

/** What a place holds under a name: a file's export, an object's property, a method of an instance. */
function propertyIn({ source, node }: Place, name: string, depth: number): Place | null {
  if (depth > deepest) return null;
  if (node.type === 'Program') {
    const found = exportNode(source.project, source.path, name);
    if (found) return valueAt(found.source, found.node, depth + 1);
    const whole = name === 'default' ? null : exportNode(source.project, source.path, 'default');
    const value = whole && valueAt(whole.source, whole.node, depth + 1);
    return value && value.node.type !== 'Program' ? propertyIn(value, name, depth + 1) : null;
  }
  if (node.type === 'ObjectExpression') {
    const property = node.properties.find((one) => keyOf(one) === name);
    return property?.type === 'Property' ? valueAt(source, property.value, depth + 1) : null;
  }
  const made = node.type === 'NewExpression' ? valueAt(source, node.callee, depth + 1) : null;
  return made ? memberOf(made, name, false) : memberOf({ source, node }, name, true);
}

/** `this.name` in a class: its method, or the function that a field of it holds. */
function methodOf(source: Source, node: Syntax, name: string): Place | null {
  for (const owner of source.above(node)) if (isClass(owner)) return memberOf({ source, node: owner }, name, null);
  return null;
}

function memberOf({ source, node }: Place, name: string, isStatic: boolean | null): Place | null {
  if (node.type !== 'ClassDeclaration' && node.type !== 'ClassExpression') return null;
  for (const item of node.body.body) {
    if (item.type !== 'MethodDefinition' && item.type !== 'PropertyDefinition') continue;
    if (keyOf(item) !== name || (isStatic !== null && item.static !== isStatic) || !item.value) continue;
    return { source, node: unwrap(item.value) };
  }
  return null;
}
