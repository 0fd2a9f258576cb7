import { keyOf, type Syntax, unwrap } from '../../text/syntax.ts';
import { callsOf } from '../code/callers.ts';
import { definitionOf } from '../code/definition.ts';
import { type Binding, bindingOf } from '../code/names.ts';
import { everyNode, isFunction, type Source } from '../code/source.ts';
import { nameOf, queryAt } from './queries.ts';
import type { Query } from './query.ts';

const deepest = 8;
/** What gives the same rows, or some of them. */
const keeping = /^(filter|slice|sort|toSorted|reverse|toReversed)$/;

/** True where a caller of the function hands over a row that a query read with a relation of the name: `copy(folder)` → `folder.documents`. */
export function isHandedWith(source: Source, { kind, scope, declaration, path }: Binding, name: string): boolean {
  if (kind !== 'parameter' || path.length > 0 || !isFunction(scope)) return false;
  const at = scope.params.findIndex(({ start }) => start === declaration.start);
  return callsOf(source, scope).some(({ source: from, call }) => {
    const isOwn = from === source && call.start >= scope.start && call.end <= scope.end;
    const given = isOwn ? undefined : call.arguments[at];
    return given !== undefined && isLoadedWith(from, given, name, deepest);
  });
}

/** A row, or one of a list of rows, that a query asked for together with what the name says. */
function isLoadedWith(source: Source, outer: Syntax, name: string, left: number): boolean {
  const node = unwrap(outer);
  if (left === 0) return false;
  const of = (inner: Syntax): boolean => isLoadedWith(source, inner, name, left - 1);
  switch (node.type) {
    case 'AwaitExpression':
      return of(node.argument);
    case 'MemberExpression':
      return of(node.object);
    case 'Identifier': {
      const binding = bindingOf(source, node);
      if (binding?.init) return of(binding.init);
      const call = binding?.kind === 'parameter' ? source.parentOf(binding.scope) : null;
      return (
        call?.type === 'CallExpression' &&
        call.callee.type === 'MemberExpression' &&
        /^(map|forEach|flatMap)$/.test(nameOf(call.callee) ?? '') &&
        of(call.callee.object)
      );
    }
    case 'CallExpression': {
      const query = queryAt(source, node);
      if (query) return asksFor(source, query, name);
      if (node.callee.type === 'MemberExpression' && keeping.test(nameOf(node.callee) ?? ''))
        return of(node.callee.object);
      const place = definitionOf(source, node.callee);
      return place !== null && isFunction(place.node) && readsWith(place.source, place.node, name);
    }
    default:
      return false;
  }
}

function readsWith(source: Source, fn: Syntax, name: string): boolean {
  let found = false;
  everyNode(fn, (node) => {
    const query = !found && node.type === 'CallExpression' ? queryAt(source, node) : null;
    found ||= query !== null && asksFor(source, query, name);
  });
  return found;
}

/** `include: { documents: true }`, also below another; not where some are asked for alone. */
function asksFor(source: Source, { options }: Query, name: string): boolean {
  let found = false;
  for (const key of ['include', 'with', 'relations']) {
    const asked = options.get(key);
    if (asked)
      everyNode(asked, (node) => {
        found ||= node.type === 'Property' && keyOf(node) === name && !/\btake\s*:/.test(source.textOf(node.value));
      });
  }
  return found;
}
