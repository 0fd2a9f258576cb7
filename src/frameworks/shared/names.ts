import { dotted, keyOf, requiredBy, type Syntax, stringValue, unwrap } from '../../text/syntax.ts';
import { above, type Source, type Spot } from './source.ts';

/** Where a name comes from: the module, and the exported name ('default', '*' for the namespace, '=' for what `require` gives). */
export interface Origin {
  from: string;
  name: string;
}

const cache = new WeakMap<Source, ReadonlyMap<string, Origin>>();

/** The names that a file's imports and requires bind. */
export function originsOf(source: Source): ReadonlyMap<string, Origin> {
  const known = cache.get(source);
  if (known) return known;
  const origins = new Map<string, Origin>();
  for (const node of source.nodes) {
    if (node.type === 'ImportDeclaration')
      for (const specifier of node.specifiers) {
        const imported =
          specifier.type === 'ImportDefaultSpecifier'
            ? 'default'
            : specifier.type === 'ImportNamespaceSpecifier'
              ? '*'
              : moduleName(specifier.imported);
        origins.set(specifier.local.name, { from: node.source.value, name: imported });
      }
    if (node.type === 'TSImportEqualsDeclaration') {
      const from = requiredBy(node.moduleReference);
      if (from !== null) origins.set(node.id.name, { from, name: '=' });
    }
    if (node.type === 'VariableDeclarator' && node.init) declared(origins, node.id, node.init);
  }
  cache.set(source, origins);
  return origins;
}

const moduleName = (node: Syntax): string => (node.type === 'Identifier' ? node.name : (stringValue(node) ?? ''));

function declared(origins: Map<string, Origin>, id: Syntax, init: Syntax): void {
  const origin = requiredOrigin(init);
  if (!origin) return;
  if (id.type === 'Identifier') origins.set(id.name, origin);
  if (id.type !== 'ObjectPattern' || (origin.name !== '=' && origin.name !== '*')) return;
  for (const property of id.properties) {
    const key = keyOf(property);
    if (key !== null && property.type === 'Property' && property.value.type === 'Identifier')
      origins.set(property.value.name, { from: origin.from, name: key });
  }
}

/** `require('x')`, `await import('x')`, and a member of either. */
function requiredOrigin(node: Syntax): Origin | null {
  const inner = unwrap(node);
  const from = requiredBy(inner);
  if (from !== null) return { from, name: inner.type === 'CallExpression' ? '=' : '*' };
  if (inner.type !== 'MemberExpression' || inner.computed) return null;
  const whole = requiredOrigin(inner.object);
  return whole && inner.property.type === 'Identifier' ? { from: whole.from, name: inner.property.name } : null;
}

/** Where an expression's value comes from: an imported name, a member of one, or `require` itself. Null for local values. */
export function originOf({ source, node }: Spot): Origin | null {
  const inner = unwrap(node);
  if (inner.type === 'Identifier') return originsOf(source).get(inner.name) ?? null;
  const required = requiredOrigin(inner);
  if (required) return required;
  if (inner.type !== 'MemberExpression' || inner.computed || inner.property.type !== 'Identifier') return null;
  const whole = originOf({ source, node: inner.object });
  return whole && ['*', '=', 'default'].includes(whole.name) ? { from: whole.from, name: inner.property.name } : null;
}

/** The names that a pattern binds. */
export function boundBy(pattern: Syntax): string[] {
  switch (pattern.type) {
    case 'Identifier':
      return [pattern.name];
    case 'AssignmentPattern':
      return boundBy(pattern.left);
    case 'RestElement':
      return boundBy(pattern.argument);
    case 'TSParameterProperty':
      return boundBy(pattern.parameter);
    case 'ObjectPattern':
      return pattern.properties.flatMap((property) =>
        boundBy(property.type === 'Property' ? property.value : property.argument),
      );
    case 'ArrayPattern':
      return pattern.elements.flatMap((element) => (element ? boundBy(element) : []));
    default:
      return [];
  }
}

/** A function's parameters; null for any other node. */
export function parametersOf(node: Syntax): readonly Syntax[] | null {
  return node.type === 'FunctionDeclaration' ||
    node.type === 'FunctionExpression' ||
    node.type === 'ArrowFunctionExpression'
    ? node.params
    : null;
}

/** The statements of a function's body; null for an expression body, a declaration without one, and any other node. */
export function functionBody(node: Syntax): readonly Syntax[] | null {
  if (node.type === 'ArrowFunctionExpression') return node.body.type === 'BlockStatement' ? node.body.body : null;
  return node.type === 'FunctionDeclaration' || node.type === 'FunctionExpression' ? (node.body?.body ?? null) : null;
}

function declaredIn(statement: Syntax): string[] {
  if (statement.type === 'VariableDeclaration') return statement.declarations.flatMap(({ id }) => boundBy(id));
  if (statement.type === 'FunctionDeclaration' || statement.type === 'ClassDeclaration')
    return statement.id ? [statement.id.name] : [];
  if (statement.type === 'ExportNamedDeclaration')
    return statement.declaration ? declaredIn(statement.declaration) : [];
  return statement.type === 'ExportDefaultDeclaration' ? declaredIn(statement.declaration) : [];
}

function bodyOf(node: Syntax): readonly Syntax[] {
  return node.type === 'Program' || node.type === 'BlockStatement' || node.type === 'StaticBlock' ? node.body : [];
}

/** The scope that a name used at a node belongs to: the nearest function or block that declares it, else the whole file. */
export function scopeOf(source: Source, node: Syntax, name: string): Syntax {
  for (const parent of above(source, node)) {
    if (declaredBy(parent).has(name)) return parent;
  }
  return source.root;
}

const declarations = new WeakMap<Syntax, ReadonlySet<string>>();
const none: ReadonlySet<string> = new Set();

/** The names that a node declares for what is inside it: a function's parameters, a block's declarations. */
function declaredBy(node: Syntax): ReadonlySet<string> {
  const parameters = parametersOf(node);
  const body = bodyOf(node);
  if (!parameters && body.length === 0) return none;
  const known = declarations.get(node);
  if (known) return known;
  const names = new Set([...(parameters ?? []).flatMap(boundBy), ...body.flatMap(declaredIn)]);
  declarations.set(node, names);
  return names;
}

/** Every use of a name in the scope it belongs to: not its declaration, not a property of that name. */
export function usesOf(source: Source, name: string, scope: Syntax): Spot[] {
  const uses = (source.identifiers.get(name) ?? []).filter(
    (node) => isUse(source, node) && scopeOf(source, node, name) === scope,
  );
  return uses.map((node) => ({ source, node }));
}

function isUse(source: Source, node: Syntax): boolean {
  const parent = source.parents.get(node);
  switch (parent?.type) {
    case 'MemberExpression':
      return parent.object === node || parent.computed;
    case 'Property':
      return parent.value === node && source.parents.get(parent)?.type === 'ObjectExpression';
    case 'VariableDeclarator':
      return parent.init === node;
    case 'AssignmentExpression':
      return parent.right === node;
    case 'PropertyDefinition':
      return parent.value === node;
    case 'ExportSpecifier':
    case 'ImportSpecifier':
    case 'ImportDefaultSpecifier':
    case 'ImportNamespaceSpecifier':
    case 'MethodDefinition':
    case 'LabeledStatement':
    case 'TSTypeQuery':
    case 'TSTypeReference':
    case 'TSQualifiedName':
      return false;
    default:
      return !(parent && (parametersOf(parent)?.includes(node) || declaredIn(parent).includes(dotted(node) ?? '')));
  }
}
