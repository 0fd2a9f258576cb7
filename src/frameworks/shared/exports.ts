import { dotted, keyOf, type Syntax, unwrap } from '../../text/syntax.ts';
import { originOf, parametersOf, scopeOf } from './names.ts';
import type { Reach } from './reach.ts';
import { above, type Source, type Spot } from './source.ts';

/** The names under which a file exports one of its top-level names. */
export function exportedNames(source: Source, name: string): string[] {
  return source.exports.flatMap((node) => {
    if (node.type !== 'ExportNamedDeclaration' || node.source) return [];
    const named = node.specifiers.flatMap((one) => (dotted(one.local) === name ? (dotted(one.exported) ?? []) : []));
    const declaration = node.declaration;
    if (declaration?.type === 'VariableDeclaration')
      return declaration.declarations.some(({ id }) => dotted(id) === name) ? [name, ...named] : named;
    const id = declaration && 'id' in declaration ? declaration.id : null;
    return id && dotted(id) === name ? [name, ...named] : named;
  });
}

export const isModuleExports = (node: Syntax): boolean => dotted(node) === 'module.exports';

/** The name that an assignment exports: '=' for `module.exports`, 'x' for `exports.x`; null for any other target. */
export function plainExport(target: Syntax): string | null {
  const path = dotted(target);
  if (path === 'module.exports' || path === 'exports') return '=';
  return /^(?:module\.)?exports\.(\w+)$/.exec(path ?? '')?.[1] ?? null;
}

/** What a file exports under a name, as the expression or declaration that stands there. */
export function exportOf(reach: Reach, source: Source, name: string, depth = 0): Spot | null {
  if (depth > 8) return null;
  for (const node of source.nodes) {
    const found = exportedBy(reach, source, node, name, depth);
    if (found) return found;
  }
  const other = name === 'default' ? '=' : name === '=' ? 'default' : null;
  return other !== null && depth === 0 ? exportOf(reach, source, other, 1) : null;
}

function exportedBy(reach: Reach, source: Source, node: Syntax, name: string, depth: number): Spot | null {
  switch (node.type) {
    case 'ExportDefaultDeclaration':
      return name === 'default' ? { source, node: node.declaration } : null;
    case 'TSExportAssignment':
      return name === '=' ? { source, node: node.expression } : null;
    case 'AssignmentExpression': {
      const as = plainExport(node.left);
      if (as === name) return { source, node: node.right };
      const object = as === '=' ? unwrap(node.right) : null;
      const property =
        object?.type === 'ObjectExpression' ? object.properties.find((one) => keyOf(one) === name) : undefined;
      return property?.type === 'Property' ? { source, node: property.value } : null;
    }
    case 'ExportAllDeclaration': {
      const from = reach.resolve(source, node.source.value);
      return from && name !== 'default' && name !== '=' ? exportOf(reach, from, name, depth + 1) : null;
    }
    case 'ExportNamedDeclaration': {
      const specifier = node.specifiers.find((one) => dotted(one.exported) === name);
      if (specifier && !node.source) return { source, node: specifier.local };
      const from = specifier && node.source ? reach.resolve(source, node.source.value) : null;
      if (specifier && from) return exportOf(reach, from, dotted(specifier.local) ?? '', depth + 1);
      const declaration = node.declaration;
      if (declaration?.type === 'VariableDeclaration') {
        const declarator = declaration.declarations.find(({ id }) => dotted(id) === name);
        return declarator?.init ? { source, node: declarator.init } : null;
      }
      const id = declaration && 'id' in declaration ? declaration.id : null;
      return declaration && id && dotted(id) === name ? { source, node: declaration } : null;
    }
    default:
      return null;
  }
}

/** What an expression stands for: the function, class or value it names, through imports, requires and `this`. */
export function definitionOf(reach: Reach, spot: Spot, depth = 0): Spot | null {
  const node = unwrap(spot.node);
  const { source } = spot;
  if (depth > 8) return null;
  if (node.type === 'ClassDeclaration' || node.type === 'ClassExpression') {
    const built = node.body.body.find((member) => member.type === 'MethodDefinition' && member.kind === 'constructor');
    return built?.type === 'MethodDefinition' ? { source, node: built.value } : null;
  }
  if (parametersOf(node)) return { source, node };
  const origin = originOf({ source, node });
  if (origin) {
    const from = reach.resolve(source, origin.from);
    const found = from ? exportOf(reach, from, origin.name) : null;
    return found && definitionOf(reach, found, depth + 1);
  }
  if (node.type === 'Identifier') {
    const declared = declarationOf(source, node, node.name);
    return declared && definitionOf(reach, { source, node: declared }, depth + 1);
  }
  if (node.type === 'MemberExpression' && node.object.type === 'ThisExpression') return memberFunction(source, node);
  const [first] = node.type === 'CallExpression' ? node.arguments : [];
  return first ? definitionOf(reach, { source, node: first }, depth + 1) : null;
}

function declarationOf(source: Source, node: Syntax, name: string): Syntax | null {
  const scope = scopeOf(source, node, name);
  for (const one of source.nodes) {
    if (one.type === 'FunctionDeclaration' || one.type === 'ClassDeclaration')
      if (one.id?.name === name && scopeOf(source, one, name) === scope) return one;
    if (
      one.type === 'VariableDeclarator' &&
      one.init &&
      dotted(one.id) === name &&
      scopeOf(source, one, name) === scope
    )
      return one.init;
  }
  return null;
}

function memberFunction(source: Source, member: Syntax): Spot | null {
  const owner = [...above(source, member)].find(
    (one) => one.type === 'ClassDeclaration' || one.type === 'ClassExpression',
  );
  if (owner?.type !== 'ClassDeclaration' && owner?.type !== 'ClassExpression') return null;
  const key = dotted(member)?.slice('this.'.length);
  const found = owner.body.body.find((one) => keyOf(one) === key);
  if (found?.type === 'MethodDefinition') return { source, node: found.value };
  const value = found?.type === 'PropertyDefinition' ? found.value : null;
  return value && parametersOf(value) ? { source, node: value } : null;
}
