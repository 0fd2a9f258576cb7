import type { CallExpression, ObjectExpression, Syntax } from '../../text/syntax.ts';
import { isCall, unwrap } from '../../text/syntax.ts';
import { exportOf } from '../shared/exports.ts';
import { originOf, parametersOf, scopeOf } from '../shared/names.ts';
import type { Reach } from '../shared/reach.ts';
import { above, type Source, type Spot } from '../shared/source.ts';

/** The initializer of a `const` by its name, as it is seen from a node; null for anything else. */
export function constantOf(source: Source, at: Syntax, name: string): Syntax | null {
  const scope = scopeOf(source, at, name);
  for (const node of source.nodes) {
    if (node.type !== 'VariableDeclarator' || node.id.type !== 'Identifier' || node.id.name !== name) continue;
    const declaration = source.parents.get(node);
    if (declaration?.type !== 'VariableDeclaration' || declaration.kind !== 'const') continue;
    if (node.init && scopeOf(source, node, name) === scope) return unwrap(node.init);
  }
  return null;
}

/** True where a file declares a variable of this name once, so that the name alone says which is meant. */
export function isOnlyVariable(source: Source, name: string): boolean {
  const same = source.nodes.filter(
    (node) => node.type === 'VariableDeclarator' && node.id.type === 'Identifier' && node.id.name === name,
  );
  return same.length === 1;
}

/** An expression's value behind `const` names of its file. */
export function resolved(source: Source, node: Syntax): Syntax {
  const inner = unwrap(node);
  return (inner.type === 'Identifier' ? constantOf(source, inner, inner.name) : null) ?? inner;
}

export const isObject = (node: Syntax | null | undefined): node is ObjectExpression =>
  node?.type === 'ObjectExpression';

/** The class that an expression names: `AppModule`, `AppModule.forRoot()`, through imports and parameters. Null where it cannot be told. */
export function classOf(reach: Reach, spot: Spot, depth = 0): Spot | null {
  const { source } = spot;
  const node = unwrap(spot.node.type === 'AwaitExpression' ? spot.node.argument : spot.node);
  if (depth > 8) return null;
  if (node.type === 'ClassDeclaration' || node.type === 'ClassExpression') return { source, node };
  if (node.type === 'CallExpression' && node.callee.type === 'MemberExpression')
    return classOf(reach, { source, node: node.callee.object }, depth + 1);
  const origin = originOf({ source, node });
  const from = origin ? reach.resolve(source, origin.from) : null;
  const exported = origin && from ? exportOf(reach, from, origin.name) : null;
  if (origin) return exported && classOf(reach, exported, depth + 1);
  if (node.type !== 'Identifier') return null;
  const local = source.nodes.find((one) => one.type === 'ClassDeclaration' && one.id?.name === node.name);
  if (local) return { source, node: local };
  const constant = constantOf(source, node, node.name);
  if (constant) return classOf(reach, { source, node: constant }, depth + 1);
  return argumentFor(reach, source, node, node.name, depth + 1);
}

/** What is handed in for a parameter: `createApp(AppModule)` for `function createApp(root) { … }`. */
function argumentFor(reach: Reach, source: Source, use: Syntax, name: string, depth: number): Spot | null {
  for (const owner of above(source, use)) {
    const at = (parametersOf(owner) ?? []).findIndex((one) => one.type === 'Identifier' && one.name === name);
    if (at === -1) continue;
    const called = functionName(source, owner);
    const spots = called === null ? [] : callsOf(reach, called);
    for (const { source: caller, node } of spots) {
      const argument = isCall(node) ? node.arguments[at] : undefined;
      const found = argument ? classOf(reach, { source: caller, node: argument }, depth) : null;
      if (found) return found;
    }
    return null;
  }
  return null;
}

function functionName(source: Source, node: Syntax): string | null {
  if (node.type === 'FunctionDeclaration') return node.id?.name ?? null;
  const parent = source.parents.get(node);
  return parent?.type === 'VariableDeclarator' && parent.id.type === 'Identifier' ? parent.id.name : null;
}

function callsOf(reach: Reach, name: string): Spot[] {
  return [...reach.sources.values()].flatMap((source) =>
    (source.identifiers.get(name) ?? []).flatMap((node) => {
      const parent = source.parents.get(node);
      return parent?.type === 'CallExpression' && parent.callee === node ? [{ source, node: parent }] : [];
    }),
  );
}

/** The calls of a member by its name, in a file, whatever it is called on: `app.use(…)` for 'use'. */
export function memberCalls(source: Source, name: string): CallExpression[] {
  return (source.identifiers.get(name) ?? []).flatMap((node) => {
    const member = source.parents.get(node);
    const call = member ? source.parents.get(member) : undefined;
    const called = member?.type === 'MemberExpression' && member.property === node && call?.type === 'CallExpression';
    return called && call.callee === member ? [call] : [];
  });
}

/** The calls of a decorator by its name, in a file. */
export function decoratorCalls(source: Source, name: string): CallExpression[] {
  return (source.identifiers.get(name) ?? []).flatMap((node) => {
    const call = source.parents.get(node);
    const decorator = call ? source.parents.get(call) : undefined;
    return call?.type === 'CallExpression' && decorator?.type === 'Decorator' && call.callee === node ? [call] : [];
  });
}
