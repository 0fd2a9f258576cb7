import { dotted, keyOf, type Syntax, unwrap } from '../../text/syntax.ts';
import { definitionOf, exportedNames, isModuleExports, plainExport } from './exports.ts';
import { boundBy, originsOf, parametersOf, scopeOf, usesOf } from './names.ts';
import type { Reach } from './reach.ts';
import { above, type Source, type Spot } from './source.ts';

const transparent = new Set([
  'TSAsExpression',
  'TSSatisfiesExpression',
  'TSNonNullExpression',
  'TSTypeAssertion',
  'ParenthesizedExpression',
  'AwaitExpression',
  'ChainExpression',
  'LogicalExpression',
]);

/** Links that give the app itself back, so that `const routes = app.route(…)` is the app under another name. */
const chaining = new Set(
  'use get post put patch delete all on options route basePath mount register notFound onError openapi doc set enable disable addHook decorate withTypeProvider setErrorHandler setNotFoundHandler setValidatorCompiler setSerializerCompiler then'.split(
    ' ',
  ),
);

/** Every expression in the reached files that holds the value of this one: names, exports, returns, arguments, fields. */
export function flow(reach: Reach, start: Spot): Spot[] {
  const known = reach.flows.get(start.node);
  if (known) return known;
  const seen = new Map<Syntax, Spot>([[start.node, start]]);
  reach.flows.set(start.node, []);
  for (const spot of seen.values())
    for (const next of steps(reach, spot)) if (!seen.has(next.node) && seen.size < 2000) seen.set(next.node, next);
  const spots = [...seen.values()];
  reach.flows.set(start.node, spots);
  return spots;
}

function steps(reach: Reach, spot: Spot): Spot[] {
  const { source, node } = spot;
  const parent = source.parents.get(node);
  if (!parent) return [];
  const own =
    (node.type === 'FunctionDeclaration' || node.type === 'ClassDeclaration') && node.id
      ? namedUses(reach, source, node.id.name, scopeOf(source, node, node.id.name))
      : [];
  return [...own, ...onward(reach, spot, parent)];
}

function onward(reach: Reach, { source, node }: Spot, parent: Syntax): Spot[] {
  if (transparent.has(parent.type)) return [{ source, node: parent }];
  switch (parent.type) {
    case 'VariableDeclarator':
      return parent.init === node ? patternUses(reach, source, parent.id, null) : [];
    case 'AssignmentExpression':
      return parent.right === node ? [{ source, node: parent }, ...targetUses(reach, source, parent.left)] : [];
    case 'PropertyDefinition':
      return parent.value === node ? fieldUses(reach, source, parent, keyOf(parent)) : [];
    case 'ExportDefaultDeclaration':
      return exported(reach, source, 'default');
    case 'TSExportAssignment':
      return exported(reach, source, '=');
    case 'ReturnStatement':
      return returned(reach, source, parent);
    case 'ArrowFunctionExpression':
      return parent.body === node ? calls(reach, { source, node: parent }) : [];
    case 'Property':
      return parent.value === node ? carried(reach, source, parent) : [];
    case 'MemberExpression':
      return parent.object === node ? linked(reach, source, parent) : [];
    case 'CallExpression':
    case 'NewExpression':
      return argumentUses(reach, source, parent, node, null);
    default:
      return [];
  }
}

function returned(reach: Reach, source: Source, statement: Syntax): Spot[] {
  for (const parent of above(source, statement))
    if (parametersOf(parent)) return calls(reach, { source, node: parent });
  return [];
}

/** The calls of a function (or the `new` of a class), wherever it is called by a name that can be followed. */
export function calls(reach: Reach, spot: Spot): Spot[] {
  const method = spot.source.parents.get(spot.node);
  if (method?.type === 'MethodDefinition') {
    const uses = fieldUses(reach, spot.source, method, keyOf(method));
    return method.kind === 'get' ? uses : uses.flatMap(callOf);
  }
  return flow(reach, spot).flatMap(callOf);
}

function callOf({ source, node }: Spot): Spot[] {
  const parent = source.parents.get(node);
  const called = (parent?.type === 'CallExpression' || parent?.type === 'NewExpression') && parent.callee === node;
  return called ? [{ source, node: parent }] : [];
}

/** `app.use(…)` gives the app again; `promise.then((app) => …)` gives it to the callback. */
function linked(reach: Reach, source: Source, member: Syntax): Spot[] {
  const call = source.parents.get(member);
  if (member.type !== 'MemberExpression' || member.computed || member.property.type !== 'Identifier') return [];
  if (call?.type !== 'CallExpression' || call.callee !== member || !chaining.has(member.property.name)) return [];
  if (member.property.name === 'then') {
    const callback = call.arguments[0] ? definitionOf(reach, { source, node: call.arguments[0] }) : null;
    const [first] = callback ? (parametersOf(callback.node) ?? []) : [];
    return callback && first ? patternUses(reach, callback.source, first, null) : [];
  }
  const isGetter = member.property.name === 'get' && call.arguments.length < 2;
  return isGetter ? [] : [{ source, node: call }];
}

/** What a pattern binds of a value (key null), or of an object that carries the value under a key. */
function patternUses(reach: Reach, source: Source, pattern: Syntax, key: string | null): Spot[] {
  if (pattern.type === 'AssignmentPattern') return patternUses(reach, source, pattern.left, key);
  if (pattern.type === 'TSParameterProperty') {
    const [name] = boundBy(pattern);
    const field = key === null && name !== undefined ? fieldUses(reach, source, pattern, name) : [];
    return [...patternUses(reach, source, pattern.parameter, key), ...field];
  }
  if (key === null && pattern.type === 'Identifier')
    return namedUses(reach, source, pattern.name, scopeOf(source, pattern, pattern.name));
  if (key !== null && pattern.type === 'Identifier')
    return usesOf(source, pattern.name, scopeOf(source, pattern, pattern.name)).flatMap((use) =>
      memberOf(reach, use, key),
    );
  if (key === null || pattern.type !== 'ObjectPattern') return [];
  return pattern.properties.flatMap((property) =>
    property.type === 'Property' && keyOf(property) === key ? patternUses(reach, source, property.value, null) : [],
  );
}

function memberOf(reach: Reach, { source, node }: Spot, key: string): Spot[] {
  const parent = source.parents.get(node);
  if (parent?.type === 'MemberExpression' && parent.object === node && dotted(parent)?.endsWith(`.${key}`))
    return [{ source, node: parent }];
  if (parent?.type === 'VariableDeclarator' && parent.init === node && parent.id.type === 'ObjectPattern')
    return patternUses(reach, source, parent.id, key);
  if (parent?.type === 'CallExpression' || parent?.type === 'NewExpression')
    return argumentUses(reach, source, parent, node, key);
  return [];
}

function namedUses(reach: Reach, source: Source, name: string, scope: Syntax): Spot[] {
  const shared = scope === source.root ? exportedNames(source, name).flatMap((as) => exported(reach, source, as)) : [];
  return [...usesOf(source, name, scope), ...shared];
}

function targetUses(reach: Reach, source: Source, left: Syntax): Spot[] {
  const target = unwrap(left);
  if (target.type === 'Identifier') return namedUses(reach, source, target.name, scopeOf(source, target, target.name));
  const name = plainExport(target);
  if (name !== null) return exported(reach, source, name);
  if (target.type !== 'MemberExpression' || target.object.type !== 'ThisExpression') return [];
  return fieldUses(reach, source, target, dotted(target)?.slice('this.'.length) ?? null);
}

/** The uses of a class member: `this.x` in the class, and `x` of its instances. */
function fieldUses(reach: Reach, source: Source, within: Syntax, key: string | null): Spot[] {
  const owner = [...above(source, within)].find(
    (node) => node.type === 'ClassDeclaration' || node.type === 'ClassExpression',
  );
  if (!owner || key === null) return [];
  const own = source.nodes.filter(
    (node) =>
      node.type === 'MemberExpression' &&
      node.start >= owner.start &&
      node.end <= owner.end &&
      dotted(node) === `this.${key}`,
  );
  const instances = calls(reach, { source, node: owner }).flatMap((created) => flow(reach, created));
  const written = (node: Syntax) => {
    const parent = source.parents.get(node);
    return parent?.type === 'AssignmentExpression' && parent.left === node;
  };
  return [
    ...own.filter((node) => !written(node)).map((node) => ({ source, node })),
    ...instances.flatMap((instance) => memberOf(reach, instance, key)),
  ];
}

/** An object literal that holds the value: wherever the object goes, its member is the value. */
function carried(reach: Reach, source: Source, property: Syntax): Spot[] {
  const object = source.parents.get(property);
  const key = keyOf(property);
  if (object?.type !== 'ObjectExpression' || key === null) return [];
  const parent = source.parents.get(object);
  if (parent?.type === 'AssignmentExpression' && isModuleExports(parent.left)) return exported(reach, source, key);
  return flow(reach, { source, node: object }).flatMap((spot) => memberOf(reach, spot, key));
}

function argumentUses(reach: Reach, source: Source, call: Syntax, node: Syntax, key: string | null): Spot[] {
  if (call.type !== 'CallExpression' && call.type !== 'NewExpression') return [];
  const index = call.arguments.findIndex(({ start, end }) => start === node.start && end === node.end);
  const callee = index < 0 ? null : definitionOf(reach, { source, node: call.callee });
  const parameter = callee ? parametersOf(callee.node)?.[index] : undefined;
  return callee && parameter ? patternUses(reach, callee.source, parameter, key) : [];
}

const whole = (name: string): boolean => name === 'default' || name === '=';

/** Where other files use what a file exports under a name ('default', '=' for `module.exports`, or a name). */
function exported(reach: Reach, from: Source, name: string, depth = 0): Spot[] {
  if (depth > 5) return [];
  return [...reach.sources.values()].flatMap((source) => [
    ...[...originsOf(source)].flatMap(([local, origin]) => {
      if (reach.resolve(source, origin.from) !== from) return [];
      if (origin.name === name || (whole(origin.name) && whole(name)))
        return namedUses(reach, source, local, source.root);
      if (whole(name) || !['*', '='].includes(origin.name)) return [];
      return usesOf(source, local, source.root).flatMap((use) => memberOf(reach, use, name));
    }),
    ...reach.requires(source).flatMap(({ spot, specifier }) => {
      if (reach.resolve(source, specifier) !== from) return [];
      return [...(whole(name) ? [spot] : []), ...memberOf(reach, spot, name)];
    }),
    ...reexported(reach, source, from, name).flatMap((as) => exported(reach, source, as, depth + 1)),
  ]);
}

function reexported(reach: Reach, source: Source, from: Source, name: string): string[] {
  return source.exports.flatMap((node) => {
    if (node.type === 'ExportAllDeclaration')
      return !whole(name) && reach.resolve(source, node.source.value) === from ? [name] : [];
    if (node.type !== 'ExportNamedDeclaration' || !node.source) return [];
    if (reach.resolve(source, node.source.value) !== from) return [];
    return node.specifiers.flatMap(({ local, exported: as }) => (dotted(local) === name ? (dotted(as) ?? []) : []));
  });
}
