import { dotted, keyOf, type Syntax, unwrap } from '../../text/syntax.ts';
import { calls } from './flow.ts';
import { originOf, parametersOf } from './names.ts';
import type { Reach } from './reach.ts';
import { above, type Spot, statementAround } from './source.ts';

/** How a framework's app comes into being: an exported name of a module, called or built with `new`. */
export interface Maker {
  modules: readonly string[];
  /** 'default', '=' and '*' stand for the module itself. */
  names: readonly string[];
  by: readonly ('call' | 'new' | 'extends')[];
  /** Where what the name gives must be called once more: `createFactory().createApp()`. */
  method?: string;
}

/** One link of a chained expression: `.use(…)`. */
interface Link {
  method: string;
  call: Syntax;
}

/** An app's creation, and what holds it. */
export interface Creation {
  /** The creating call, with the links that belong to it (`new Hono().basePath('/api')`); for a class, the class. */
  root: Spot;
  links: readonly Link[];
  /** The expression that stands for the app after the creating statement; null where nothing names it. */
  app: string | null;
  /** `statement`: a statement creates it. `field`: a class field does. `extends`: the app is the class itself. `inline`: nothing names it. */
  kind: 'statement' | 'field' | 'extends' | 'inline';
  /** The value that flows on: the end of the chain. */
  value: Spot;
}

/** Every creation of an app in the reached files. A function that only returns a new app counts where it is called. */
export function creationsOf(reach: Reach, makers: readonly Maker[], rootLinks: readonly string[]): Creation[] {
  const direct = [...reach.sources.values()].flatMap((source) =>
    source.nodes
      .filter((node) => makers.some((maker) => makes({ source, node }, maker)))
      .map((node) => ({ source, node })),
  );
  return direct
    .flatMap((spot) => throughFactories(reach, spot, rootLinks, 0))
    .map((spot) => creationAt(spot, rootLinks));
}

function makes(spot: Spot, maker: Maker): boolean {
  const { source, node } = spot;
  if (node.type === 'ClassDeclaration' || node.type === 'ClassExpression')
    return (
      maker.by.includes('extends') && node.superClass !== null && isMaker({ source, node: node.superClass }, maker)
    );
  const by = node.type === 'CallExpression' ? 'call' : node.type === 'NewExpression' ? 'new' : null;
  if (by === null || (node.type !== 'CallExpression' && node.type !== 'NewExpression') || !maker.by.includes(by))
    return false;
  if (maker.method === undefined) return isMaker({ source, node: node.callee }, maker);
  const callee = unwrap(node.callee);
  if (callee.type !== 'MemberExpression' || !dotted(callee.property)?.endsWith(maker.method)) return false;
  const made = localValue({ source, node: callee.object });
  return made.type === 'CallExpression' && isMaker({ source, node: made.callee }, maker);
}

function isMaker(spot: Spot, maker: Maker): boolean {
  const origin = originOf(spot);
  return origin !== null && maker.modules.includes(origin.from) && maker.names.includes(origin.name);
}

function localValue({ source, node }: Spot): Syntax {
  const inner = unwrap(node);
  if (inner.type !== 'Identifier') return inner;
  const declarator = source.nodes.find((one) => one.type === 'VariableDeclarator' && dotted(one.id) === inner.name);
  return declarator?.type === 'VariableDeclarator' && declarator.init ? unwrap(declarator.init) : inner;
}

/** `const create = () => new Hono()`: the app is made where `create()` is called. */
function throughFactories(reach: Reach, spot: Spot, rootLinks: readonly string[], depth: number): Spot[] {
  const { root, links } = chainAt(spot, rootLinks);
  const parent = spot.source.parents.get(bare(spot.source.parents, root));
  const maker =
    parent?.type === 'ArrowFunctionExpression'
      ? parent
      : parent?.type === 'ReturnStatement'
        ? [...above(spot.source, parent)].find((node) => parametersOf(node))
        : undefined;
  const called = maker && links.length === 0 && depth < 4 ? calls(reach, { source: spot.source, node: maker }) : [];
  return called.length === 0 ? [spot] : called.flatMap((call) => throughFactories(reach, call, rootLinks, depth + 1));
}

const wrappers = [
  'ParenthesizedExpression',
  'TSAsExpression',
  'TSSatisfiesExpression',
  'TSNonNullExpression',
  'AwaitExpression',
];

function bare(parents: ReadonlyMap<Syntax, Syntax>, node: Syntax): Syntax {
  const parent = parents.get(node);
  return parent && wrappers.includes(parent.type) ? bare(parents, parent) : node;
}

function chainAt({ source, node }: Spot, rootLinks: readonly string[]): { root: Syntax; links: Link[]; end: Syntax } {
  let root = node;
  let end = node;
  const links: Link[] = [];
  for (;;) {
    const inner = bare(source.parents, end);
    const member = source.parents.get(inner);
    const call = member && source.parents.get(member);
    if (member?.type !== 'MemberExpression' || member.object !== inner) break;
    if (call?.type !== 'CallExpression' || call.callee !== member || member.property.type !== 'Identifier') break;
    const method = member.property.name;
    end = call;
    if (links.length === 0 && rootLinks.includes(method)) root = call;
    else links.push({ method, call });
  }
  return { root, links, end };
}

function creationAt(spot: Spot, rootLinks: readonly string[]): Creation {
  const { source } = spot;
  if (spot.node.type === 'ClassDeclaration' || spot.node.type === 'ClassExpression')
    return { root: spot, links: [], app: 'this', kind: 'extends', value: spot };
  const { root, links, end } = chainAt(spot, rootLinks);
  const names: string[] = [];
  let field: string | null = null;
  for (let node = end, parent = source.parents.get(node); parent; node = parent, parent = source.parents.get(node)) {
    if (parent.type === 'AssignmentExpression' && parent.right === node) names.push(dotted(parent.left) ?? '');
    else if (parent.type === 'VariableDeclarator') names.push(dotted(parent.id) ?? '');
    else if (parent.type === 'PropertyDefinition') field = keyOf(parent);
    else if (wrappers.includes(parent.type) || parent.type === 'LogicalExpression') continue;
    if (parent.type !== 'AssignmentExpression') break;
  }
  const ended = links.some(({ method }) => method === 'listen' || method === 'ready' || method === 'then');
  const value = { source, node: end };
  const base = { root: { source, node: root }, links, value };
  if (field !== null) return { ...base, app: `this.${field}`, kind: 'field' };
  const rank = (name: string) => (/^[\w$]+$/.test(name) ? 0 : name.startsWith('this.') ? 1 : 2);
  const app =
    names.filter((name) => name !== '' && name !== 'module.exports').sort((a, b) => rank(a) - rank(b))[0] ?? null;
  const placed = app !== null && !ended && statementAround(source, end) !== null;
  return placed ? { ...base, app, kind: 'statement' } : { ...base, app: null, kind: 'inline' };
}
