import { isCode } from '../../detect/paths.ts';
import { keyOf, type Syntax, stringValue, unwrap } from '../../text/syntax.ts';
import { definitionOf } from '../code/definition.ts';
import { memberName } from '../code/objects.ts';
import { originOf } from '../code/origin.ts';
import { everyNode, isFunction, type Source, sourceAt } from '../code/source.ts';
import type { Tell } from '../rule.ts';

type Call = Extract<Syntax, { type: 'CallExpression' | 'NewExpression' }>;

/** Tells of a check that takes tokens whose time is over; of a strategy that is for refreshing alone as a hint, and not where the clock is asked by hand. */
export function ignored(source: Source, node: Call, tell: Tell): void {
  if (asksTheClock(source, node)) return;
  const name = node.callee.type === 'Super' ? strategyAround(source, node) : null;
  tell(node, {
    message: 'This believes tokens whose time is over: one that has leaked opens the door for ever.',
    fix: 'Delete ignoreExpiration; give short tokens and refresh them.',
    // Somebody may look at the end elsewhere, and most who switch this off say why.
    confidence: 'likely',
    ...(name !== null && isForRefreshing(source, name) ? { severity: 'info', confidence: 'hint' } : {}),
  });
}

/** `payload.exp < Date.now() / 1000`, either way round. */
const clock = /(Date\.now\(|new Date\b|\bnow\b|dayjs\(|moment\()/;
const asks = new RegExp(
  `\\bexp\\b[^\\n;{}]*[<>][^\\n;{}]*${clock.source}|${clock.source}[^\\n;{}]*[<>][^\\n;{}]*\\bexp\\b`,
);

/** True where what the strategy hands the claims to looks at their end itself. */
function asksTheClock(source: Source, node: Call): boolean {
  if (node.callee.type === 'Super') {
    for (const parent of source.above(node))
      if (parent.type === 'ClassBody')
        return parent.body.some((one) => keyOf(one) === 'validate' && asks.test(source.textOf(one)));
    return false;
  }
  const verify = node.arguments[1];
  return verify !== undefined && asks.test(textBehind(source, verify));
}

/** The text of a function that is given: there, by its name, bound to an object, or as a method of an object of the project. */
function textBehind(source: Source, given: Syntax): string {
  const node = unwrap(given);
  if (isFunction(node)) return source.textOf(node);
  if (node.type === 'CallExpression') {
    const callee = unwrap(node.callee);
    const isBound = callee.type === 'MemberExpression' && memberName(callee) === 'bind';
    return isBound ? textBehind(source, callee.object) : '';
  }
  const place = definitionOf(source, node);
  if (place) return place.source.textOf(place.node);
  const [, path, method] = /^\/(.+?)#[\w$]+(?:\(\))?\.([\w$]+)$/.exec(originOf(source, node) ?? '') ?? [];
  const owner = path === undefined ? null : sourceAt(source.project, path);
  let text = '';
  if (owner)
    everyNode(owner.program, (one) => {
      if (one.type === 'MethodDefinition' && keyOf(one) === method) text = owner.textOf(one);
    });
  return text;
}

/** `class Again extends PassportStrategy(Strategy, 'again')` → 'again'. */
function strategyAround(source: Source, node: Syntax): string | null {
  for (const parent of source.above(node)) {
    if (parent.type !== 'ClassDeclaration' && parent.type !== 'ClassExpression') continue;
    const base = parent.superClass ? unwrap(parent.superClass) : null;
    const name = base?.type === 'CallExpression' ? base.arguments[1] : undefined;
    return name ? stringValue(name) : null;
  }
  return null;
}

/** True where every route that such a strategy guards gives new tokens for an old one. */
function isForRefreshing({ project }: Source, name: string): boolean {
  const guard = new RegExp(`(?:class\\s+(\\w+)\\s+extends\\s+)?AuthGuard\\(\\s*['"\`]${escaped(name)}['"\`]`, 'g');
  const texts = project.files.flatMap((path) => (isCode(path) ? (project.tree.read(path) ?? []) : []));
  const guards = texts.flatMap((text) => [...text.matchAll(guard)].map((found) => found[1] ?? `AuthGuard('${name}'`));
  if (guards.length === 0) return false;
  const used = new RegExp(`@UseGuards\\([^@]*?(${[...new Set(guards)].map(escaped).join('|')})[^{]*`, 'g');
  const uses = texts.flatMap((text) => [...text.matchAll(used)].map(([found]) => found));
  return uses.length > 0 && uses.every((one) => /refresh/i.test(one));
}

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
