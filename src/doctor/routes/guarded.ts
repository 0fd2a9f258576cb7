import { type Syntax, unwrap } from '../../text/syntax.ts';
import { wordsOf } from '../code/reach.ts';
import { everyOf, type Source } from '../code/source.ts';
import type { Route } from './routes.ts';

const guard =
  /auth|guard|protect|logged|login(Required|ed)|require(User|Admin|Login|Session|Role)|ensure|isAdmin|is[A-Z]\w*(User|Admin)|jwt|session|passport|permission|role|policy|acl|can\b|access|verifyToken|checkToken|withUser|currentUser|bearer|api_?key/i;

/** True for a route with a guard by its name: a middleware of its own, or one of the file that stands above it, on the same path. */
export function isGuardedRoute(source: Source, { before, node, options }: Route): boolean {
  if (before.some((one) => guard.test(wordsOf(one)))) return true;
  if (options && guard.test(wordsOf(options))) return true;
  return guardsAbove(source).some((at) => at < node.start);
}

const known = new WeakMap<Source, readonly number[]>();

function guardsAbove(source: Source): readonly number[] {
  const before = known.get(source);
  if (before) return before;
  const found: number[] = [];
  everyOf(source.program, ['CallExpression'], (node: Syntax) => {
    if (
      node.type !== 'CallExpression' ||
      node.callee.type !== 'MemberExpression' ||
      node.callee.property.type !== 'Identifier'
    )
      return;
    if (
      /^(use|addHook)$/.test(node.callee.property.name) &&
      node.arguments.some((one) => one.type !== 'Literal' && guard.test(wordsOf(one)))
    )
      found.push(node.start);
  });
  known.set(source, found);
  return found;
}

/** True for a file that puts a guard before a router that it mounts, or before all that comes after. */
export function hasGuardedMount(source: Source): boolean {
  let found = false;
  everyOf(source.program, ['CallExpression'], (node) => {
    if (found || node.type !== 'CallExpression' || node.callee.type !== 'MemberExpression') return;
    const { property } = node.callee;
    if (property.type !== 'Identifier' || !/^(use|register|all)$/.test(property.name)) return;
    const before = node.arguments.length > 1 ? node.arguments.slice(0, -1) : node.arguments;
    found = before.some((one) => one.type !== 'Literal' && guard.test(nameOf(source, one)));
  });
  return found;
}

/** What a middleware is called, without what it is given; a router of sign-ins is none. */
function nameOf(source: Source, node: Syntax): string {
  const inner = unwrap(node);
  const name = source.textOf(inner.type === 'CallExpression' ? inner.callee : inner);
  return /^(\w*(Routes?|Router)|(express-?)?session|passport\.(initialize|session)|require)$/i.test(name) ? '' : name;
}

/** What the router of a route runs before it on every path: `router.use(allow('admin'))` above it. */
export function usedAbove(source: Source, route: Syntax): readonly Syntax[] {
  const router = route.type === 'CallExpression' ? rootOf(source, route.callee) : null;
  const found: Syntax[] = [];
  everyOf(source.program, ['CallExpression'], (node) => {
    if (router === null || node.type !== 'CallExpression' || node.start >= route.start) return;
    if (
      source.textOf(node.callee) === `${router}.use` &&
      node.arguments.every((one) => !/^['"`]/.test(source.textOf(one)))
    )
      found.push(...node.arguments);
  });
  return found;
}

/** The object that a chain of calls starts at: `router` of `router.route('/').get`. */
function rootOf(source: Source, callee: Syntax): string | null {
  const inner = unwrap(callee);
  if (inner.type === 'Identifier') return inner.name;
  if (inner.type === 'CallExpression') return rootOf(source, inner.callee);
  return inner.type === 'MemberExpression' ? rootOf(source, inner.object) : null;
}
