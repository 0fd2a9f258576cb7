import type { Link } from '../text/parsers.ts';
import { declaredLinks, type Program, parse, requiredBy, type Syntax, stringValue } from '../text/syntax.ts';
import { everyOf, parentsIn } from '../text/tree.ts';
import { isWritten } from '../text/written.ts';

interface ImportedName {
  /** The exported name; 'default', or '*' for the whole module (a namespace, or what `require` gives). */
  imported: string;
  /** The name it has here: a local binding, or for a re-export the name it is exported as. */
  local: string;
}

export interface Import {
  specifier: string;
  names: readonly ImportedName[];
  /** True for `import type` and `export type`, which load nothing. */
  typeOnly: boolean;
  kind: 'import' | 'export' | 'require' | 'dynamic';
  /** The declaration, or the `require`/`import` call. */
  node: Syntax;
}

const known = new WeakMap<Program, readonly Import[]>();

/** Everything a file loads: import, export-from, require, dynamic import and `import x = require()`, in source order. */
export function importsOf(program: Program): readonly Import[] {
  const before = known.get(program);
  if (before) return before;
  const found: Import[] = [];
  const parentOf = parentsIn(program);
  everyOf(program, loading, (node) => {
    const one = declared(node) ?? called(node, parentOf);
    if (one) found.push(one);
  });
  found.sort((a, b) => a.node.start - b.node.start);
  known.set(program, found);
  return found;
}

/** What a file loads, in source order, as `importsOf` says; without its tree where declarations alone can load something. None where it has syntax errors or is a bundle. */
export function linksOf(text: string, path: string): readonly Link[] {
  if (!isWritten(text)) return [];
  const links = /\brequire\b/.test(text) ? null : declaredLinks(text, path);
  if (links !== null) return links;
  const program = parse(text, path);
  return program === null ? [] : importsOf(program);
}

const loading = [
  'ImportDeclaration',
  'ExportAllDeclaration',
  'ExportNamedDeclaration',
  'CallExpression',
  'ImportExpression',
  'TSExternalModuleReference',
] as const;

type ParentOf = (node: Syntax) => Syntax | null;

function declared(node: Syntax): Import | null {
  if (node.type === 'ImportDeclaration') {
    const names = node.specifiers.flatMap((item): ImportedName[] => {
      if (item.type === 'ImportDefaultSpecifier') return [{ imported: 'default', local: item.local.name }];
      if (item.type === 'ImportNamespaceSpecifier') return [{ imported: '*', local: item.local.name }];
      return item.importKind === 'type' ? [] : [{ imported: nameOf(item.imported), local: item.local.name }];
    });
    return { specifier: node.source.value, names, typeOnly: node.importKind === 'type', kind: 'import', node };
  }
  if (node.type === 'ExportAllDeclaration') {
    const names = [{ imported: '*', local: node.exported ? nameOf(node.exported) : '*' }];
    return { specifier: node.source.value, names, typeOnly: node.exportKind === 'type', kind: 'export', node };
  }
  if (node.type !== 'ExportNamedDeclaration' || !node.source) return null;
  const names = node.specifiers.map((item) => ({ imported: nameOf(item.local), local: nameOf(item.exported) }));
  return { specifier: node.source.value, names, typeOnly: node.exportKind === 'type', kind: 'export', node };
}

function called(node: Syntax, parentOf: ParentOf): Import | null {
  if (node.type !== 'CallExpression' && node.type !== 'ImportExpression' && node.type !== 'TSExternalModuleReference')
    return null;
  const specifier = requiredBy(node);
  if (specifier === null) return null;
  const kind = node.type === 'ImportExpression' ? 'dynamic' : 'require';
  return { specifier, names: boundTo(node, parentOf), typeOnly: false, kind, node };
}

/** The names that `require('x')` is bound to, where it stands as an initializer: whole, destructured, or one member. */
function boundTo(call: Syntax, parentOf: ParentOf): ImportedName[] {
  let member: string | null = null;
  for (let parent = parentOf(call); parent; parent = parentOf(parent)) {
    if (parent.type === 'TSImportEqualsDeclaration') return [{ imported: '*', local: parent.id.name }];
    if (parent.type === 'MemberExpression' && member === null && !parent.computed) member = parent.property.name;
    else if (parent.type === 'VariableDeclarator') return namesIn(parent.id, member);
    else if (!/^(AwaitExpression|ChainExpression|TS\w+Expression|ParenthesizedExpression)$/.test(parent.type))
      return [];
  }
  return [];
}

function namesIn(pattern: Syntax, member: string | null): ImportedName[] {
  if (pattern.type === 'Identifier') return [{ imported: member ?? '*', local: pattern.name }];
  if (pattern.type !== 'ObjectPattern' || member !== null) return [];
  return pattern.properties.flatMap((property) => {
    if (property.type !== 'Property' || property.key.type !== 'Identifier') return [];
    const target = property.value.type === 'AssignmentPattern' ? property.value.left : property.value;
    return target.type === 'Identifier' ? [{ imported: property.key.name, local: target.name }] : [];
  });
}

function nameOf(node: Syntax): string {
  return node.type === 'Identifier' ? node.name : (stringValue(node) ?? '');
}
