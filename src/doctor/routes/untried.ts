import { literal, type Syntax, unwrap } from '../../text/syntax.ts';
import { definitionOf, originOf } from '../code/origin.ts';
import { everyNode, isFunction, type Source } from '../code/source.ts';

const deepest = 3;
/** What an answer is made with, and what only makes a value of another. */
const answering =
  /^(res|resp|response|reply|ctx|c)\b.*\.(status|code|json|jsonp|send|end|redirect|render|cookie|setHeader|header|set|type|sendStatus)$/s;
const shaping =
  /\.(trim|toLowerCase|toUpperCase|toString|getDate|getTime|toISOString)$|^(console\.\w+|Date\.now|Math\.\w+|String|Number|Boolean|next|JSON\.stringify)$/;
const tokens = /^(jsonwebtoken|hono\/jwt|jwt-simple)#(sign|encode)$|^crypto#random(UUID|Bytes)(\(\)\.toString)?$/;

/**
 * True where functions of a route let in whoever asks: nothing is compared, looked up or called that could say no to a
 * wrong password. False where that cannot be told.
 */
export const triesNothing = (source: Source, roots: readonly Syntax[]): boolean =>
  roots.length > 0 && roots.every((root) => isHarmless(source, root, deepest));

function isHarmless(source: Source, root: Syntax, depth: number): boolean {
  const inner = unwrap(root);
  const place = isFunction(inner) ? { source, node: inner } : definitionOf(source, inner);
  if (place === null || depth === 0 || !isFunction(place.node)) return false;
  let isSo = true;
  everyNode(place.node, (node) => {
    if (isSo && decides(place.source, node, depth)) isSo = false;
  });
  return isSo;
}

/** A call that may look somebody up, or a comparison of two things that are both not written there. */
function decides(source: Source, node: Syntax, depth: number): boolean {
  if (node.type === 'CallExpression') {
    const text = source.textOf(node.callee);
    if (answering.test(text) || shaping.test(text) || tokens.test(originOf(source, node.callee) ?? '')) return false;
    return !isHarmless(source, node.callee, depth - 1);
  }
  if (node.type === 'NewExpression') return !/(Error|Exception|Date|Response)$/.test(source.textOf(node.callee));
  if (node.type === 'SwitchStatement' || node.type === 'TaggedTemplateExpression') return true;
  if (node.type !== 'BinaryExpression') return false;
  if (/^(in|instanceof)$/.test(node.operator)) return true;
  return /^[!=]==?$/.test(node.operator) && ![node.left, node.right].some((side) => isNothing(source, side));
}

/** `undefined`, `null`, `''`, or the name of a type: what is compared with these is only asked whether it is there. */
function isNothing(source: Source, node: Syntax): boolean {
  const inner = unwrap(node);
  const value = literal(inner);
  return value === null || value === '' || value === 0 || /^(undefined|typeof\b.*)$/s.test(source.textOf(inner));
}
