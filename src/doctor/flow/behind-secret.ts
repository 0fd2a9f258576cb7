import { type Syntax, unwrap } from '../../text/syntax.ts';
import { constantOf } from '../code/names.ts';
import { originOf } from '../code/origin.ts';
import { everyOf, isFunction, type Source } from '../code/source.ts';

const secretOfEnvironment = /env\.\w*(KEY|SECRET|TOKEN|PASSWORD)\w*$/;
const comparing = /(^|\.)(timingSafeEqual|safe_?compare|secure_?compare|safe_?equal|constant_?time\w*)$/i;

/**
 * True where the function has refused, before this place, whoever did not send a secret of the environment:
 * `if (token !== process.env.INTERNAL_API_KEY) return res.status(401).end()`.
 */
export function isBehindSecret(source: Source, at: Syntax): boolean {
  let scope: Syntax | null = null;
  for (const parent of source.above(at)) if (isFunction(parent)) scope = parent;
  if (scope === null) return false;
  let isBehind = false;
  everyOf(scope, ['IfStatement'], (node) => {
    if (isBehind || node.type !== 'IfStatement' || node.end > at.start) return;
    isBehind = leaves(node.consequent) && asksSecret(source, node.test);
  });
  return isBehind;
}

function leaves(consequent: Syntax): boolean {
  const last = consequent.type === 'BlockStatement' ? consequent.body.at(-1) : consequent;
  return last?.type === 'ReturnStatement' || last?.type === 'ThrowStatement';
}

function asksSecret(source: Source, test: Syntax): boolean {
  const node = unwrap(test);
  if (node.type === 'LogicalExpression') return asksSecret(source, node.left) || asksSecret(source, node.right);
  if (node.type === 'BinaryExpression') {
    const sides = [node.left, node.right];
    const other = sides.find((side) => !holdsSecret(source, side));
    return node.operator.startsWith('!') && sides.some((side) => holdsSecret(source, side)) && !isEmpty(other);
  }
  if (node.type !== 'UnaryExpression' || node.operator !== '!') return false;
  const call = unwrap(node.argument);
  return (
    call.type === 'CallExpression' &&
    comparing.test(source.textOf(call.callee)) &&
    call.arguments.some((one) => holdsSecret(source, one))
  );
}

/** `undefined`, `null`, a text that is written out: whoever compares with those asks whether there is a secret. */
const isEmpty = (node: Syntax | undefined): boolean => {
  const other = node ? unwrap(node) : null;
  return other === null || other.type === 'Literal' || (other.type === 'Identifier' && other.name === 'undefined');
};

/** The secret itself, or a text around it: `Bearer ${process.env.CRON_SECRET}`. */
function holdsSecret(source: Source, outer: Syntax): boolean {
  let holds = false;
  everyOf(constantOf(source, outer) ?? outer, ['MemberExpression'], (node) => {
    if (node.type === 'MemberExpression')
      holds ||= secretOfEnvironment.test(originOf(source, node) ?? '') || secretOfEnvironment.test(source.textOf(node));
  });
  return holds;
}
