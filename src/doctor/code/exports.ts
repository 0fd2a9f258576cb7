import { resolveImport } from '../../detect/modules.ts';
import { keyOf, type Syntax, stringValue, unwrap } from '../../text/syntax.ts';
import type { Project } from '../project.ts';
import { type Source, sourceAt } from './source.ts';

/** A value in a file. */
export interface Place {
  source: Source;
  node: Syntax;
}

/** The expression or declaration that one of the project's files exports under a name, through re-exports; null for none. */
export function exportNode(project: Project, path: string, name: string, depth = 0): Place | null {
  const text = depth > 6 ? null : project.tree.read(path);
  const source = text !== null && mayExport(text, name) ? sourceAt(project, path) : null;
  if (source === null) return null;
  const through = (from: string, as: string): Place | null => {
    const next = resolveImport(project.tree, path, from);
    return next === null ? null : exportNode(project, next, as, depth + 1);
  };
  for (const node of source.program.body) {
    const found = exportIn(source, node, name, through);
    if (found) return found;
  }
  for (const node of source.program.body) {
    if (node.type !== 'ExportAllDeclaration' || node.exported || name === 'default') continue;
    const found = through(node.source.value, name);
    if (found) return found;
  }
  return null;
}

/** By its text, as a file that gathers a hundred others would have each of them parsed for one name. */
const mayExport = (text: string, name: string): boolean =>
  name === 'default'
    ? /\bdefault\b|\bexports\b|\bexport\s*=/.test(text)
    : text.includes(name) || /\bexport\s*\*/.test(text);

function exportIn(
  source: Source,
  node: Syntax,
  name: string,
  through: (from: string, as: string) => Place | null,
): Place | null {
  if (node.type === 'ExportDefaultDeclaration') return name === 'default' ? { source, node: node.declaration } : null;
  if (node.type === 'TSExportAssignment') return name === 'default' ? { source, node: node.expression } : null;
  if (node.type === 'ExpressionStatement') return commonJs(source, node.expression, name);
  if (node.type !== 'ExportNamedDeclaration') return null;
  const { declaration } = node;
  if (declaration?.type === 'VariableDeclaration') {
    const one = declaration.declarations.find(({ id }) => id.type === 'Identifier' && id.name === name);
    return one?.init ? { source, node: one.init } : null;
  }
  if (declaration && 'id' in declaration && declaration.id?.type === 'Identifier' && declaration.id.name === name)
    return { source, node: declaration };
  for (const specifier of node.specifiers) {
    const { exported: as, local } = specifier;
    if (wordOf(as) !== name) continue;
    if (!node.source) return { source, node: local };
    const isOwn = resolveImport(source.project.tree, source.path, node.source.value) !== null;
    // What another package exports is told of by the specifier that passes it on.
    return isOwn ? through(node.source.value, wordOf(local)) : { source, node: specifier };
  }
  return null;
}

const wordOf = (node: Syntax): string => (node.type === 'Identifier' ? node.name : (stringValue(node) ?? ''));

const aliases = new WeakMap<Source, string>();

/** `const users = module.exports;`: what is set on that name is exported. */
function aliasIn(source: Source): string {
  const before = aliases.get(source);
  if (before !== undefined) return before;
  const name = /\bexports\s*[;\n]/.test(source.text)
    ? /\b(?:const|let|var)\s+(\w+)\s*=\s*(?:module\.)?exports\s*[;\n]/.exec(source.text)?.[1]
    : undefined;
  const alias = `${name ?? 'exports'}.`;
  aliases.set(source, alias);
  return alias;
}

/** `module.exports = x`, `module.exports = { name: x }`, `exports.name = x`. */
function commonJs(source: Source, node: Syntax, name: string): Place | null {
  if (node.type !== 'AssignmentExpression') return null;
  const written = source.textOf(node.left).replace(/^module\.exports\b/, 'exports');
  const alias = aliasIn(source);
  const target = written.startsWith(alias) ? `exports.${written.slice(alias.length)}` : written;
  if (target === `exports.${name}`) return { source, node: node.right };
  if (target !== 'exports') return null;
  if (name === 'default') return { source, node: node.right };
  const object = unwrap(node.right);
  const property =
    object.type === 'ObjectExpression' ? object.properties.find((one) => keyOf(one) === name) : undefined;
  return property?.type === 'Property' ? { source, node: property.value } : null;
}
