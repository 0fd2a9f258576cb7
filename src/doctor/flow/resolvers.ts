import { isCode } from '../../detect/paths.ts';
import { keyOf, type Syntax } from '../../text/syntax.ts';
import type { Binding } from '../code/names.ts';
import { isFunction, type Source } from '../code/source.ts';
import type { Project } from '../project.ts';
import type { Taint } from './taints.ts';

const roots = /^(Query|Mutation|Subscription)$/;
const libraries = /(^|[/-])(graphql|apollo|mercurius)/;

/**
 * What the second parameter of a resolver of GraphQL holds: what the client sent, `plain` where the schema lets numbers
 * and names of a list alone through; null for any other parameter.
 */
export function resolverTaint(source: Source, { scope, declaration, path }: Binding): Taint | null {
  if (!isFunction(scope) || scope.params[1] !== declaration) return null;
  const field = fieldOf(source, scope);
  if (field === null || ![...source.project.dependencies.keys()].some((name) => libraries.test(name))) return null;
  const [key] = path;
  return typeof key === 'string' && isNarrow(source.project, field, key) ? 'plain' : 'request';
}

/** The field that a function resolves: `{ Query: { users: (parent, args) => … } }`, also through a wrapper; null for any other. */
function fieldOf(source: Source, fn: Syntax): string | null {
  const [first, second] = source.above(fn);
  const property = first?.type === 'CallExpression' ? second : first;
  const field = property?.type === 'Property' ? keyOf(property) : null;
  const object = property ? source.parentOf(property) : null;
  const holder = object?.type === 'ObjectExpression' ? source.parentOf(object) : null;
  const root =
    holder?.type === 'Property'
      ? keyOf(holder)
      : holder?.type === 'VariableDeclarator' && holder.id.type === 'Identifier'
        ? holder.id.name
        : null;
  return root !== null && roots.test(root) ? field : null;
}

/** True for an argument whose type leaves no text of the client's choice. */
function isNarrow(project: Project, field: string, argument: string): boolean {
  const schema = schemaOf(project);
  const type = new RegExp(`\\b${field}\\s*\\([^()]*\\b${argument}\\s*:\\s*\\[?\\s*(\\w+)`).exec(schema)?.[1];
  return type !== undefined && (/^(Int|Float|Boolean)$/.test(type) || new RegExp(`\\benum\\s+${type}\\b`).test(schema));
}

const known = new WeakMap<Project, string>();

/** The project's types of GraphQL as one text. */
function schemaOf(project: Project): string {
  const before = known.get(project);
  if (before !== undefined) return before;
  const all = project.files.flatMap((path) => {
    if (!/\.(graphqls?|gql)$/.test(path) && !isCode(path)) return [];
    const text = project.tree.read(path) ?? '';
    return /\btype\s+(Query|Mutation|Subscription)\b/.test(text) ? [text] : [];
  });
  const text = all.join('\n');
  known.set(project, text);
  return text;
}
