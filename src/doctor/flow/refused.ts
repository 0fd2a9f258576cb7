import { type Syntax, unwrap } from '../../text/syntax.ts';
import { placeOf } from '../code/definition.ts';
import { exportNode, type Place } from '../code/exports.ts';
import { bound } from '../code/names.ts';
import { everyOf, functionAround, type Source } from '../code/source.ts';
import { isWholeBody } from './whole.ts';

type Call = Extract<Syntax, { type: 'CallExpression' }>;

/**
 * True where a schema that refuses keys it does not name (Joi's, unless told otherwise) has let the whole body through
 * before, and the handler ends where it does not: the body has no other fields then than what such a schema gives back.
 */
export function isRefusedOtherwise(source: Source, body: Syntax): boolean {
  const scope = functionAround(source, body);
  if (!scope?.body || !/\bvalidate(Async)?\(/.test(source.textOf(scope.body))) return false;
  let found = false;
  everyOf(scope.body, ['CallExpression'], (node) => {
    if (found || node.type !== 'CallExpression' || node.end > body.start) return;
    found = functionAround(source, node) === scope && isStrictCheck(source, node) && isHeeded(source, node, body.start);
  });
  return found;
}

/** `schema.validate(req.body)` of Joi. */
function isStrictCheck(source: Source, { callee: outer, arguments: [given, ...options] }: Call): boolean {
  const callee = unwrap(outer);
  if (callee.type !== 'MemberExpression' || callee.property.type !== 'Identifier' || !given) return false;
  if (!/^validate(Async)?$/.test(callee.property.name) || !isWholeBody(source, given)) return false;
  if (/query/.test(source.textOf(given)) || options.some((one) => !/^\{[^{}.]*\}$/.test(source.textOf(one))))
    return false;
  const schema = valueOfModule(placeOf(source, callee.object));
  const text = [schema?.source.textOf(schema.node) ?? '', ...options.map((one) => source.textOf(one))].join(' ');
  return /^\s*Joi\.object\(/i.test(text) && !/unknown|\.pattern\(/i.test(text);
}

/** What a file exports as a whole, for a place that is a file. */
function valueOfModule(place: Place | null): Place | null {
  if (place?.node.type !== 'Program') return place;
  const whole = exportNode(place.source.project, place.source.path, 'default');
  return whole && placeOf(whole.source, whole.node);
}

/** True where what the check says ends the handler: `const { error } = …; if (error) return …`, or a check that throws. */
function isHeeded(source: Source, call: Call, before: number): boolean {
  const parent = source.parentOf(call);
  if (parent?.type === 'AwaitExpression') return /Async$/.test(source.textOf(call.callee));
  const block = parent && source.parentOf(source.parentOf(parent) ?? parent);
  if (parent?.type !== 'VariableDeclarator' || block?.type !== 'BlockStatement') return false;
  const error = bound(parent.id).find(({ path }) => path.length === 0 || path[0] === 'error');
  if (!error) return false;
  const said = error.path.length === 0 ? `${error.name}.error` : error.name;
  return block.body.some(
    (one) =>
      one.type === 'IfStatement' &&
      one.start > call.end &&
      one.end <= before &&
      isOf(source.textOf(one.test), said) &&
      ends(one.consequent),
  );
}

/** `error`, `error != null`, `error !== undefined`. */
const isOf = (test: string, name: string): boolean => test.replace(/\s*!==?\s*(null|undefined)$/, '').trim() === name;

function ends(node: Syntax): boolean {
  const last = node.type === 'BlockStatement' ? node.body.at(-1) : node;
  return last?.type === 'ReturnStatement' || last?.type === 'ThrowStatement';
}
