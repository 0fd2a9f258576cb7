import { keyOf, requiredBy, type Syntax, unwrap } from '../../text/syntax.ts';
import { everyOf, isFunction, type Source } from './source.ts';

/** A name in a scope, and where its value comes from. */
export interface Binding {
  name: string;
  kind: 'import' | 'variable' | 'parameter' | 'function' | 'class' | 'catch' | 'other';
  /** The scope that declares it: a function, a block, the program. */
  scope: Syntax;
  /** The import's specifier, the declarator, the parameter as it is written, the function or the class. */
  declaration: Syntax;
  /** The value that it is declared with; null for parameters, functions and classes. */
  init: Syntax | null;
  /** What is taken out of the value (or of the parameter): `{ body: { id } }` → ['body', 'id']; null for what has no plain name. */
  path: readonly (string | null)[];
  /** Values that it is given later, by `=` and the like. */
  writes: Syntax[];
  /** For an import: the module as it is written, and the exported name ('default', '*' for the namespace). */
  imported: { from: string; name: string } | null;
}

type Names = ReadonlyMap<Syntax, ReadonlyMap<string, Binding>>;

const known = new WeakMap<Source, Names>();

/** What a name stands for where it is used. Null for globals. */
export function bindingOf(source: Source, node: Syntax): Binding | null {
  if (node.type !== 'Identifier') return null;
  const names = namesIn(source);
  // No generator: this is asked for nearly every name there is.
  for (let parent = source.parentOf(node); parent; parent = source.parentOf(parent)) {
    const found = names.get(parent)?.get(node.name);
    if (found) return found;
  }
  return null;
}

/** The bindings of the file's top level, by name. */
export const topLevel = (source: Source): ReadonlyMap<string, Binding> =>
  namesIn(source).get(source.program) ?? new Map();

/** Every binding that a scope declares: a function's parameters and `var`s, a block's names. */
export const declaredIn = (source: Source, scope: Syntax): readonly Binding[] => [
  ...(namesIn(source).get(scope)?.values() ?? []),
];

function namesIn(source: Source): Names {
  const before = known.get(source);
  if (before) return before;
  const names = new Map<Syntax, Map<string, Binding>>();
  const add = (binding: Binding): void => {
    const own = names.get(binding.scope) ?? new Map<string, Binding>();
    names.set(binding.scope, own);
    if (!own.has(binding.name)) own.set(binding.name, binding);
  };
  const assigned: { target: Syntax; value: Syntax }[] = [];
  everyOf(source.program, declaring, (node) => {
    for (const binding of declaredBy(source, node)) add(binding);
    if (node.type === 'AssignmentExpression' && node.left.type === 'Identifier')
      assigned.push({ target: node.left, value: node.right });
  });
  known.set(source, names);
  for (const { target, value } of assigned) bindingOf(source, target)?.writes.push(value);
  return names;
}

const declaring = [
  'ImportDeclaration',
  'TSImportEqualsDeclaration',
  'VariableDeclarator',
  'FunctionDeclaration',
  'FunctionExpression',
  'ArrowFunctionExpression',
  'ClassDeclaration',
  'CatchClause',
  'TSEnumDeclaration',
  'AssignmentExpression',
] as const;

function declaredBy(source: Source, node: Syntax): Binding[] {
  switch (node.type) {
    case 'ImportDeclaration':
      return node.specifiers.map((specifier) => ({
        ...blank(source.program, specifier, specifier.local.name, 'import'),
        imported: {
          from: node.source.value,
          name:
            specifier.type === 'ImportDefaultSpecifier'
              ? 'default'
              : specifier.type === 'ImportNamespaceSpecifier'
                ? '*'
                : specifier.imported.type === 'Identifier'
                  ? specifier.imported.name
                  : specifier.imported.value,
        },
      }));
    case 'TSImportEqualsDeclaration': {
      const from = requiredBy(node.moduleReference);
      const binding = blank(source.program, node, node.id.name, 'import');
      return [from === null ? binding : { ...binding, imported: { from, name: '*' } }];
    }
    case 'VariableDeclarator': {
      const declaration = source.parentOf(node);
      const isVar = declaration?.type === 'VariableDeclaration' && declaration.kind === 'var';
      const each = declaration ? source.parentOf(declaration) : null;
      const over = each?.type === 'ForOfStatement' && each.left === declaration ? each.right : null;
      const scope = scopeAround(source, node, isVar);
      return bound(node.id).map(({ name, path }) => ({
        ...blank(scope, node, name, 'variable'),
        init: node.init ?? over,
        path: over ? [null, ...path] : path,
      }));
    }
    case 'FunctionDeclaration':
    case 'FunctionExpression':
    case 'ArrowFunctionExpression': {
      const parameters = node.params.flatMap((parameter) =>
        bound(parameter).map(({ name, path }) => ({ ...blank(node, parameter, name, 'parameter'), path })),
      );
      const own = node.type === 'ArrowFunctionExpression' || !node.id ? [] : [node.id.name];
      const scope = node.type === 'FunctionDeclaration' ? scopeAround(source, node, false) : node;
      return [...parameters, ...own.map((name) => blank(scope, node, name, 'function'))];
    }
    case 'ClassDeclaration':
      return node.id ? [blank(scopeAround(source, node, false), node, node.id.name, 'class')] : [];
    case 'CatchClause':
      return node.param
        ? bound(node.param).map(({ name, path }) => ({ ...blank(node, node, name, 'catch'), path }))
        : [];
    case 'TSEnumDeclaration':
      return [blank(scopeAround(source, node, false), node, node.id.name, 'other')];
    default:
      return [];
  }
}

const blank = (scope: Syntax, declaration: Syntax, name: string, kind: Binding['kind']): Binding => ({
  name,
  kind,
  scope,
  declaration,
  init: null,
  path: [],
  writes: [],
  imported: null,
});

const blocks: ReadonlySet<string> = new Set([
  'BlockStatement',
  'StaticBlock',
  'ForStatement',
  'ForInStatement',
  'ForOfStatement',
  'SwitchStatement',
  'TSModuleBlock',
]);

function scopeAround(source: Source, node: Syntax, isVar: boolean): Syntax {
  for (let parent = source.parentOf(node); parent; parent = source.parentOf(parent)) {
    if (parent.type === 'Program' || isFunction(parent)) return parent;
    if (!isVar && blocks.has(parent.type)) return parent;
  }
  return source.program;
}

/** The names that a pattern binds, with the way to each. */
export function bound(
  pattern: Syntax,
  path: readonly (string | null)[] = [],
): { name: string; path: (string | null)[] }[] {
  switch (pattern.type) {
    case 'Identifier':
      return [{ name: pattern.name, path: [...path] }];
    case 'AssignmentPattern':
      return bound(pattern.left, path);
    case 'RestElement':
      return bound(pattern.argument, path);
    case 'TSParameterProperty':
      return bound(pattern.parameter, path);
    case 'ObjectPattern':
      return pattern.properties.flatMap((property) =>
        property.type === 'Property'
          ? bound(property.value, [...path, keyOf(property)])
          : bound(property.argument, path),
      );
    case 'ArrayPattern':
      return pattern.elements.flatMap((element) => (element ? bound(element, [...path, null]) : []));
    default:
      return [];
  }
}

/** The type that a parameter or variable is annotated with, as its plain name: 'Request', 'Prisma.User'; null for none. */
export function annotationOf(binding: Binding): string | null {
  let pattern: Syntax = binding.declaration;
  if (pattern.type === 'VariableDeclarator') pattern = pattern.id;
  if (pattern.type === 'TSParameterProperty') pattern = pattern.parameter;
  if (pattern.type === 'AssignmentPattern') pattern = pattern.left;
  if (!('typeAnnotation' in pattern)) return null;
  const annotation = pattern.typeAnnotation;
  const type = annotation && 'typeAnnotation' in annotation ? annotation.typeAnnotation : null;
  return type?.type === 'TSTypeReference' ? typeName(type.typeName) : null;
}

function typeName(node: Syntax): string | null {
  if (node.type === 'Identifier') return node.name;
  if (node.type !== 'TSQualifiedName') return null;
  const left = typeName(node.left);
  return left === null ? null : `${left}.${node.right.name}`;
}

/** The value of a name that is declared once and never given another; null for anything else. */
export function constantOf(source: Source, node: Syntax): Syntax | null {
  const inner = unwrap(node);
  const binding = bindingOf(source, inner);
  return binding?.init && binding.path.length === 0 && binding.writes.length === 0 ? unwrap(binding.init) : null;
}
