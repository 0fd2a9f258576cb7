import { resolveImport } from '../../detect/modules.ts';
import { keyOf, requiredBy, type Syntax, unwrap } from '../../text/syntax.ts';
import { exportNode, type Place } from './exports.ts';
import { annotationOf, bindingOf, declaredIn, topLevel } from './names.ts';
import { everyOf, isFunction, type Source, sourceAt } from './source.ts';
import { moduleBeyond } from './workspace.ts';

const deepest = 10;

/** The function or class that an expression names, through names, imports, objects and the project's own files; null for anything else. */
export function definitionOf(source: Source, node: Syntax): Place | null {
  const place = definitionBeyond(source, node);
  return place && isOwn(source, place) ? place : null;
}

/** The same, also where another package of the workspace defines it: its place is of that package and nothing to tell of. */
export function definitionBeyond(source: Source, node: Syntax): Place | null {
  const place = madeBy(source, node, 0);
  return place && (isFunction(place.node) || isClass(place.node)) ? place : null;
}

const isOwn = (source: Source, place: Place): boolean => place.source.project === source.project;

const isClass = (node: Syntax): boolean => node.type === 'ClassDeclaration' || node.type === 'ClassExpression';

/** Where an expression's value is written: a literal, a function, a class, an object, or a whole file as its Program; null where it cannot be told. */
export const placeOf = (source: Source, node: Syntax): Place | null => {
  const place = valueAt(source, node, 0);
  return place && isOwn(source, place) ? place : null;
};

function valueAt(source: Source, node: Syntax, depth: number): Place | null {
  const inner = unwrap(node);
  if (depth > deepest) return null;
  const required = requiredBy(inner);
  if (required !== null) return moduleAt(source, required);
  if (inner.type === 'Identifier') return named(source, inner, depth + 1);
  if (inner.type !== 'MemberExpression' || inner.computed || inner.property.type !== 'Identifier')
    return { source, node: inner };
  const { name } = inner.property;
  if (inner.object.type === 'ThisExpression') return methodOf(source, inner, name);
  const owner = classOf(source, unwrap(inner.object), depth + 1);
  if (owner) return memberOf(owner, name, false);
  const object = valueAt(source, inner.object, depth + 1);
  return object && propertyIn(object, name, depth + 1);
}

function moduleAt(source: Source, specifier: string): Place | null {
  const { project } = source;
  const own = resolveImport(project.tree, source.path, specifier);
  const file = own === null ? moduleBeyond(project, specifier) : { project, path: own };
  const found = file && sourceAt(file.project, file.path);
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
    const gathered = node.body.find((one) => one.type === 'ExportAllDeclaration' && isNamed(one.exported, name));
    if (gathered?.type === 'ExportAllDeclaration') return moduleAt(source, gathered.source.value);
    const whole = name === 'default' ? null : exportNode(source.project, source.path, 'default');
    const value = whole && valueAt(whole.source, whole.node, depth + 1);
    return value && value.node.type !== 'Program' ? propertyIn(value, name, depth + 1) : null;
  }
  if (node.type === 'ObjectExpression') {
    const property = node.properties.find((one) => keyOf(one) === name);
    return property?.type === 'Property' ? valueAt(source, property.value, depth + 1) : null;
  }
  const made = node.type === 'NewExpression' ? madeBy(source, node.callee, depth + 1) : null;
  return made ? memberOf(made, name, false) : memberOf({ source, node }, name, true);
}

/** `export * as users from './users'` */
const isNamed = (exported: Syntax | null, name: string): boolean =>
  exported?.type === 'Identifier' && exported.name === name;

/** What is called or given to `new`: a function, a class; of a file as a whole (`require`), what it exports as such. */
function madeBy(source: Source, callee: Syntax, depth: number): Place | null {
  const made = valueAt(source, callee, depth);
  if (made?.node.type !== 'Program') return made;
  const whole = exportNode(made.source.project, made.source.path, 'default');
  return whole && valueAt(whole.source, whole.node, depth + 1);
}

/** The class that an expression is an instance of by its type, or by the container that it is asked of; null where none is told. */
function classOf(source: Source, node: Syntax, depth: number): Place | null {
  if (depth > deepest) return null;
  if (node.type === 'MemberExpression') {
    const name =
      node.object.type === 'ThisExpression' && node.property.type === 'Identifier' ? node.property.name : null;
    const type = name === null ? null : fieldType(source, node, name);
    return type === null ? null : classNamed(source, type, depth);
  }
  const binding = bindingOf(source, node);
  if (!binding || binding.path.length > 0) return null;
  const type = annotationOf(binding);
  if (type !== null) return classNamed(source, type, depth);
  const made = binding.init && unwrap(binding.init);
  const [first] = made?.type === 'CallExpression' ? made.arguments : [];
  if (made?.type !== 'CallExpression' || first?.type !== 'Identifier') return null;
  return /\.(get|resolve)$/.test(source.textOf(made.callee)) ? classNamed(source, first.name, depth) : null;
}

/** The class that a type names in a file; null for none of the project. */
export function classNamed(source: Source, type: string, depth: number): Place | null {
  const binding = topLevel(source).get(type);
  if (binding?.kind === 'class') return { source, node: binding.declaration };
  const file = binding?.imported && moduleAt(source, binding.imported.from);
  const place = file && binding?.imported && propertyIn(file, binding.imported.name, depth + 1);
  return place && isClass(place.node) ? place : null;
}

/** The type of `this.name`: of the field, or of the constructor's parameter that makes it. */
function fieldType(source: Source, node: Syntax, name: string): string | null {
  for (const owner of source.above(node)) {
    if (owner.type !== 'ClassDeclaration' && owner.type !== 'ClassExpression') continue;
    for (const item of owner.body.body) {
      if (item.type === 'PropertyDefinition' && keyOf(item) === name) return typeOf(item);
      if (item.type !== 'MethodDefinition' || item.kind !== 'constructor') continue;
      const parameter = declaredIn(source, item.value).find((one) => one.kind === 'parameter' && one.name === name);
      if (parameter) return annotationOf(parameter);
    }
    return null;
  }
  return null;
}

const typeOf = (node: Syntax): string | null => {
  const annotation = 'typeAnnotation' in node ? node.typeAnnotation : null;
  const type = annotation && 'typeAnnotation' in annotation ? annotation.typeAnnotation : null;
  return type?.type === 'TSTypeReference' && type.typeName.type === 'Identifier' ? type.typeName.name : null;
};

/** `this.name` in a class: its method, or the function that a field of it holds. */
function methodOf(source: Source, node: Syntax, name: string): Place | null {
  for (const owner of source.above(node)) if (isClass(owner)) return memberOf({ source, node: owner }, name, null);
  return null;
}

function memberOf(place: Place, name: string, isStatic: boolean | null): Place | null {
  const { source, node } = place;
  if (node.type !== 'ClassDeclaration' && node.type !== 'ClassExpression')
    return isFunction(node) && isStatic !== true ? givenIn(place, name) : null;
  for (const item of node.body.body) {
    if (item.type !== 'MethodDefinition' && item.type !== 'PropertyDefinition') continue;
    if (keyOf(item) !== name || (isStatic !== null && item.static !== isStatic) || !item.value) continue;
    return { source, node: unwrap(item.value) };
  }
  const built = node.body.body.find((item) => item.type === 'MethodDefinition' && item.kind === 'constructor');
  return isStatic === true || built?.type !== 'MethodDefinition' ? null : givenIn({ source, node: built.value }, name);
}

const givenTo = new WeakMap<Syntax, ReadonlyMap<string, Syntax>>();

/** What a constructor gives its object: `this.login = (req, res) => …`. */
function givenIn({ source, node }: Place, name: string): Place | null {
  let given = givenTo.get(node);
  if (!given) {
    const found = new Map<string, Syntax>();
    everyOf(node, ['AssignmentExpression'], (one) => {
      if (one.type !== 'AssignmentExpression' || one.left.type !== 'MemberExpression' || one.left.computed) return;
      const { object, property } = one.left;
      const value = unwrap(one.right);
      if (object.type === 'ThisExpression' && property.type === 'Identifier' && isFunction(value))
        found.set(property.name, value);
    });
    given = found;
    givenTo.set(node, found);
  }
  const value = given.get(name);
  return value ? { source, node: value } : null;
}
