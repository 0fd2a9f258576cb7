import { type Syntax, unwrap } from '../../text/syntax.ts';
import { definitionOf } from '../code/definition.ts';
import type { Binding } from '../code/names.ts';
import { originOf } from '../code/origin.ts';
import { everyOf, isFunction, type Source } from '../code/source.ts';

/** Strategies of passport that hand on what the client sent to sign in, as texts. */
const strategies = /^passport-(local#(default|Strategy)|http#BasicStrategy|http-bearer#(default|Strategy))$/;

const known = new WeakMap<Source, ReadonlySet<Syntax>>();

/** True for what such a strategy gives to the function that looks at it: `new LocalStrategy((username, password, done) => …)`. */
export function isOfSignIn(source: Source, { scope, declaration, path }: Binding): boolean {
  if (!isFunction(scope) || path.length > 0) return false;
  if (!verifiersOf(source).has(scope)) return false;
  // The last one is called with the answer; the request itself may stand first.
  const index = scope.params.findIndex((parameter: Syntax) => parameter === declaration);
  const isRequest = declaration.type === 'Identifier' && /^_?req(uest)?$/.test(declaration.name);
  return index >= 0 && index < scope.params.length - 1 && !isRequest;
}

function verifiersOf(source: Source): ReadonlySet<Syntax> {
  const before = known.get(source);
  if (before) return before;
  const found = new Set<Syntax>();
  known.set(source, found);
  if (!/passport-/.test(source.text)) return found;
  everyOf(source.program, ['NewExpression'], (node) => {
    if (node.type !== 'NewExpression' || !strategies.test(originOf(source, node.callee) ?? '')) return;
    const last = node.arguments.at(-1);
    if (!last) return;
    const inner = unwrap(last);
    const place = isFunction(inner) ? { source, node: inner } : definitionOf(source, inner);
    if (place?.source === source && isFunction(place.node)) found.add(place.node);
  });
  return found;
}
