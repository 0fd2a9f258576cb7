import type { Anchor, Place, Slot } from '../../model.ts';
import { dotted, type Syntax, textOf, unwrap } from '../../text/syntax.ts';
import { type Role, servers } from './choose.ts';
import type { Creation } from './creations.ts';
import { definitionOf } from './exports.ts';
import { functionBody, parametersOf } from './names.ts';
import type { Reach } from './reach.ts';
import { callOn, kindOf, type Rule } from './rules.ts';
import { anchorAt, type Source, type Spot, statementAround } from './source.ts';

export interface Placed {
  places: Partial<Record<Slot, Place>>;
  unplaced: string | null;
}

/** What a statement does to the app. */
type Standing = 'neutral' | 'harmless' | 'use' | 'last' | 'mixed' | 'end';

/** The places around an app's creation. `rules` say what may stand before `raw` and what nothing may come after. */
export function placesOf(
  reach: Reach,
  role: Role,
  rules: readonly Rule[],
  chainIsSafe: (slot: 'first' | 'raw') => boolean,
): Placed {
  const { creation } = role;
  const chain = chainPlace(creation);
  if (creation.kind === 'inline' || !chainIsSafe('raw')) return everywhere(chain);
  if (creation.kind === 'statement') {
    const around = statementAround(creation.root.source, creation.root.node);
    if (!around) return nowhere('the app is created in an expression that no statement can follow');
    const after = around.siblings.slice(around.siblings.indexOf(around.statement) + 1);
    const placed = along(reach, role, rules, { statement: around.statement, position: 'after' }, after);
    return chainIsSafe('first') ? placed : { ...placed, places: { ...placed.places, first: chain } };
  }
  return inConstructor(reach, role, rules);
}

const everywhere = (place: Place): Placed => ({ places: { first: place, raw: place, routes: place }, unplaced: null });
const nowhere = (unplaced: string): Placed => ({ places: {}, unplaced });

/** A link directly behind the creating call; which one it is among equal calls in the file. */
function chainPlace({ root: { source, node } }: Creation): Place {
  const text = textOf(source.text, node);
  const squeeze = (one: string) => one.replace(/\s+/g, '');
  const equal = source.nodes.filter(
    (one) => one.type === node.type && squeeze(textOf(source.text, one)) === squeeze(text),
  );
  return { kind: 'chain', root: text, nth: Math.max(0, equal.indexOf(node)) };
}

/** Class fields and classes that are the app: the constructor is where it stands complete for the first time. */
function inConstructor(reach: Reach, role: Role, rules: readonly Rule[]): Placed {
  const { source, node } = role.creation.root;
  const owner = node.type === 'ClassDeclaration' || node.type === 'ClassExpression' ? node : classAround(source, node);
  const built = owner ? definitionOf(reach, { source, node: owner }) : null;
  const body = built ? functionBody(built.node) : null;
  if (!body || body.length === 0)
    return nowhere('the app belongs to a class that has no constructor with a statement to stand beside');
  const own = body.findIndex(isSuper);
  const first = body[own + 1];
  const beside = own >= 0 ? body[own] : body[0];
  if (!beside) return nowhere('the app belongs to a class whose constructor is empty');
  return along(
    reach,
    role,
    rules,
    { statement: beside, position: own >= 0 || !first ? 'after' : 'before' },
    body.slice(own + 1),
  );
}

function classAround(source: Source, node: Syntax): Syntax | undefined {
  for (let parent = source.parents.get(node); parent; parent = source.parents.get(parent))
    if (parent.type === 'ClassDeclaration' || parent.type === 'ClassExpression') return parent;
  return undefined;
}

const isSuper = (statement: Syntax): boolean =>
  statement.type === 'ExpressionStatement' &&
  statement.expression.type === 'CallExpression' &&
  statement.expression.callee.type === 'Super';

interface Beside {
  statement: Syntax;
  position: Anchor['position'];
}

/** The places among the statements that follow a start. */
export function along(
  reach: Reach,
  role: Role,
  rules: readonly Rule[],
  start: Beside,
  following: readonly Syntax[],
): Placed {
  const { source } = role.creation.root;
  const standings = following.map((statement) => standingOf(reach, role, rules, { source, node: statement }));
  const place = ({ statement, position }: Beside): Place => ({
    kind: 'statement',
    anchor: anchorAt(source, statement, position),
  });
  const first = place(start);
  const stop = standings.findIndex((standing) => standing !== 'neutral' && standing !== 'harmless');
  const calm = standings.slice(0, stop < 0 ? undefined : stop).lastIndexOf('harmless');
  const quiet = following[calm];
  const raw = quiet ? place({ statement: quiet, position: 'after' }) : first;
  const routes = lastPlace(standings, following);
  if (typeof routes === 'string') return { places: { first, raw }, unplaced: routes };
  const elsewhere = role.uses.some((use) => use.source !== source && callOn(use)?.method === 'use');
  if (!routes && elsewhere)
    return { places: { first, raw }, unplaced: `the routes are added in other files than ${source.path}` };
  return { places: { first, raw, routes: routes ? place(routes) : raw }, unplaced: null };
}

/** Before the first thing that nothing comes after, else after the last use, else null; words where that is inside another function. */
function lastPlace(standings: readonly Standing[], following: readonly Syntax[]): Beside | null | string {
  const last = standings.findIndex((standing) => standing === 'last' || standing === 'mixed' || standing === 'end');
  const statement = following[last];
  if (statement && standings[last] === 'mixed')
    return 'the not-found or error handler is added in the same function as the routes and the parsers';
  if (statement && standings[last] === 'last') return { statement, position: 'before' };
  const used = standings.slice(0, last < 0 ? undefined : last).lastIndexOf('use');
  const after = following[used];
  return after ? { statement: after, position: 'after' } : null;
}

function standingOf(reach: Reach, role: Role, rules: readonly Rule[], statement: Spot): Standing {
  const { node, source } = statement;
  if (/^(Return|Throw|Export|TSExport)/.test(node.type) && !isDeclared(node)) return 'end';
  if (isQuiet(node)) return 'neutral';
  const uses = role.uses.filter(
    (use) => use.source === source && use.node.start >= node.start && use.node.end <= node.end,
  );
  const method = ownMethod(node);
  if (method) return handedOver(reach, role, rules, { source, node: method });
  if (uses.length === 0)
    return node.type === 'ExpressionStatement' || node.type.endsWith('Declaration') ? 'neutral' : unknown(node);
  const kinds = uses.flatMap((use) => useKind(reach, use, rules));
  if (kinds.includes('last')) return 'last';
  if (kinds.includes('end')) return 'end';
  if (kinds.length === 0) return 'neutral';
  if (kinds.every((kind) => kind === 'harmless')) return 'harmless';
  const taker = uses.map(takerOf).find((one) => one !== null);
  return taker ? handedOver(reach, role, rules, { source, node: taker }) : 'use';
}

/** A control statement without the app in it: nothing may be moved past one that can leave the block. */
const unknown = (node: Syntax): Standing =>
  node.type === 'IfStatement' || node.type === 'TryStatement' ? 'use' : 'neutral';

const isDeclared = (node: Syntax): boolean => node.type === 'ExportNamedDeclaration' && node.declaration !== null;

/** Declarations of functions and classes do nothing where they stand. */
function isQuiet(node: Syntax): boolean {
  if (node.type === 'ExportNamedDeclaration') return node.declaration !== null && isQuiet(node.declaration);
  if (node.type === 'VariableDeclaration')
    return node.declarations.every(({ init }) => !init || parametersOf(unwrap(init)));
  return node.type === 'FunctionDeclaration' || node.type === 'ClassDeclaration' || node.type.startsWith('TS');
}

function useKind(reach: Reach, use: Spot, rules: readonly Rule[]): (Rule['kind'] | null)[] {
  const call = callOn(use);
  if (call) return [kindOf(reach, call, rules)];
  const parent = use.source.parents.get(use.node);
  if (parent?.type === 'MemberExpression') return [memberKind(dotted(parent)?.split('.').at(-1) ?? '')];
  const isLink = use.node.type === 'CallExpression' && parent?.type === 'ExpressionStatement';
  if (parent?.type === 'AwaitExpression' || isLink) return [];
  const called = parent?.type === 'CallExpression' ? dotted(parent.callee)?.split('.').at(-1) : undefined;
  if (called === undefined || !servers.test(called)) return [null];
  // `const server = createServer(app)` only wraps the app: it may still be configured after it.
  return parent && use.source.parents.get(parent)?.type === 'VariableDeclarator' && /^create/.test(called)
    ? []
    : ['end'];
}

/** What reading a member of the app says: `app.locals` nothing, `app.fetch` that the app is complete. */
function memberKind(name: string): Rule['kind'] | null {
  if (name === 'fetch' || name === 'server') return 'end';
  return name === 'locals' || name === 'log' ? 'harmless' : null;
}

/** The method that `this.method()` calls; null for any other statement. */
function ownMethod(statement: Syntax): Syntax | null {
  const called = expressionOf(statement);
  const callee = called?.type === 'CallExpression' ? called.callee : null;
  return callee?.type === 'MemberExpression' && callee.object.type === 'ThisExpression' ? callee : null;
}

function expressionOf(statement: Syntax): Syntax | null {
  if (statement.type !== 'ExpressionStatement') return null;
  const inner = unwrap(statement.expression);
  return inner.type === 'AwaitExpression' ? unwrap(inner.argument) : inner;
}

/** What a function that the app is handed to does: it may hold the last handlers, and parsers before them. */
function handedOver(reach: Reach, role: Role, rules: readonly Rule[], called: Spot): Standing {
  const kinds = kindsWithin(reach, role, rules, called, 0);
  if (kinds.length > 0 && kinds.every((kind) => kind === 'end')) return 'end';
  if (!kinds.includes('last')) return 'use';
  return kinds.includes('parser') ? 'mixed' : 'last';
}

/** The kinds of all calls on the app in a function, and in the functions that it hands the app to. */
function kindsWithin(
  reach: Reach,
  role: Role,
  rules: readonly Rule[],
  called: Spot,
  depth: number,
): (Rule['kind'] | null)[] {
  const definition = depth < 5 ? definitionOf(reach, called) : null;
  if (!definition) return [];
  const { source, node } = definition;
  const uses = role.uses.filter(
    (use) => use.source === source && use.node.start >= node.start && use.node.end <= node.end,
  );
  return uses.flatMap((use) => {
    const call = callOn(use);
    if (call) return [kindOf(reach, call, rules)];
    const taker = takerOf(use);
    return taker ? kindsWithin(reach, role, rules, { source, node: taker }, depth + 1) : [];
  });
}

/** The function that is called with the app: `f(app)`, `f({ app })`. */
function takerOf({ source, node }: Spot): Syntax | null {
  const parent = source.parents.get(node);
  const object = parent?.type === 'Property' ? source.parents.get(parent) : undefined;
  const call = object ? source.parents.get(object) : parent;
  return call?.type === 'CallExpression' && call.callee !== node ? call.callee : null;
}
