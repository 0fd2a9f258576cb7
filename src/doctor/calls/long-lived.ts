import { type Syntax, unwrap } from '../../text/syntax.ts';
import { callsOf } from '../code/callers.ts';
import { bindingOf } from '../code/names.ts';
import { memberName } from '../code/objects.ts';
import { functionAround, isFunction, type Source } from '../code/source.ts';

const deepest = 3;

/**
 * True for what a process makes as it starts, or keeps once it is made: at the top of a file, in a field, under a name of
 * the file, by a provider's factory, in a function that is called so. What a function makes for itself is gone with it.
 */
export function isLongLived(source: Source, node: Syntax, depth = 0): boolean {
  const fn = functionAround(source, node);
  if (fn === null) return true;
  let inner = node;
  for (const parent of source.above(node)) {
    if (isFunction(parent)) break;
    if (parent.type === 'AssignmentExpression' && parent.right === inner && isKeptUnder(source, parent.left))
      return true;
    inner = parent;
  }
  const holder = source.parentOf(fn);
  if (holder?.type === 'Property' && 'name' in holder.key && holder.key.name === 'useFactory') return true;
  // `(async () => { … })()`
  if (holder?.type === 'CallExpression' && holder.callee === fn) return isLongLived(source, holder, depth + 1);
  if (depth >= deepest) return false;
  return callsOf(source, fn).some(
    ({ source: from, call }) => from.kind === 'app' && isLongLived(from, call, depth + 1),
  );
}

/** `this.client = …`, `pool = …` of a name at the top of the file, `module.exports = …`. */
function isKeptUnder(source: Source, left: Syntax): boolean {
  const target = unwrap(left);
  if (target.type === 'Identifier') return bindingOf(source, target)?.scope === source.program;
  if (target.type !== 'MemberExpression') return false;
  const object = unwrap(target.object);
  return (
    object.type === 'ThisExpression' ||
    memberName(target) === 'exports' ||
    /^(global|globalThis|exports|app|fastify)$/.test(source.textOf(object)) ||
    (object.type === 'Identifier' && /^[A-Z]/.test(object.name))
  );
}
