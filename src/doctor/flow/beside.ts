import { type Syntax, stringValue, unwrap } from '../../text/syntax.ts';
import { bindingOf } from '../code/names.ts';
import type { Source } from '../code/source.ts';
import { routesAround, validating } from '../routes/handlers.ts';

/** What makes a text of a field, and what lets texts alone through to a handler that asks for the result. */
const makesText = /\.(trim|escape|normalizeEmail|toString|toLowerCase)\(|\bsanitizeBody\(/;
const asksForText = /\.(isEmail|isString|isMongoId|isUUID|isAlphanumeric|isNumeric|isInt)\(/;

/** True for a field that validators check in the list that the handler itself stands in: `[body('email').isEmail(), (req, res) => …]`. */
export function isBesideCheck(source: Source, value: Syntax, at: Syntax): boolean {
  const name = fieldOf(source, value);
  const list = name === null ? undefined : [...source.above(at)].find(({ type }) => type === 'ArrayExpression');
  if (list?.type !== 'ArrayExpression') return false;
  const handler = list.elements.find((one) => one && one.start <= at.start && at.end <= one.end);
  const isAsked = handler ? /validationResult\(|matchedData\(/.test(source.textOf(handler)) : false;
  return list.elements.some((one) => {
    const text = one && one !== handler ? source.textOf(one) : '';
    const isOfField = new RegExp(`\\b(check|body|sanitize\\w*)\\(\\s*['"\`]${name}['"\`]`).test(text);
    return isOfField && (makesText.test(text) || (isAsked && asksForText.test(text)));
  });
}

/** The field of the request that a value is, by its name. */
function fieldOf(source: Source, value: Syntax): string | null {
  const inner = unwrap(value);
  const binding = inner.type === 'Identifier' ? bindingOf(source, inner) : null;
  const property = inner.type === 'MemberExpression' && !inner.computed ? inner.property : null;
  return property?.type === 'Identifier' ? property.name : (binding?.path.at(-1) ?? null);
}

/** Methods of a validator's chain that let every object through. */
const ofPresence = /^(exists|notEmpty|not|isEmpty|withMessage|bail)$/;

/**
 * True for a field of which the validators of each route ask only whether it is there: `body('code').notEmpty()` says
 * yes to `{ "$ne": "x" }` as well. Not where anything else may check the request.
 */
export function isThereOnly(source: Source, value: Syntax, at: Syntax): boolean {
  const name = fieldOf(source, value);
  const routes = source.project.has('express-validator') && name !== null ? routesAround(source, at) : [];
  return routes.length > 0 && routes.every(({ source: from, route }) => asksPresence(from, route.before, name));
}

function asksPresence(source: Source, before: readonly Syntax[], name: string | null): boolean {
  const checks = before.filter((one) => validating.test(source.textOf(one)));
  const chains = checks.map((one) => chainOf(source, one));
  const own = chains.filter((chain) => chain?.field === name);
  return (
    own.length > 0 &&
    chains.every((chain) => chain !== null) &&
    own.every((chain) => chain?.methods.every((method) => ofPresence.test(method)))
  );
}

/** `body('email').trim().isEmail()`: the field, and what is asked of it; null for anything else. */
function chainOf(source: Source, node: Syntax): { field: string | null; methods: string[] } | null {
  const methods: string[] = [];
  let call = unwrap(node);
  while (call.type === 'CallExpression' && call.callee.type === 'MemberExpression') {
    methods.push(source.textOf(call.callee.property));
    call = unwrap(call.callee.object);
  }
  if (call.type !== 'CallExpression' || !/^(check|body|query|param)$/.test(source.textOf(call.callee))) return null;
  const [field] = call.arguments;
  return field ? { field: stringValue(field), methods } : null;
}

const numbers = /^(Number|parseInt|parseFloat|Number\.(parseInt|parseFloat))$/;

/** `if (Number(x)) …`: what is reached only where the value is a number, or the text of one. No object is. */
export function isNumberAt(source: Source, value: Syntax, at: Syntax): boolean {
  const text = source.textOf(unwrap(value));
  const asks = (outer: Syntax): boolean => {
    const test = unwrap(outer);
    if (test.type === 'LogicalExpression') return test.operator === '&&' && (asks(test.left) || asks(test.right));
    const [first] = test.type === 'CallExpression' ? test.arguments : [];
    return test.type === 'CallExpression' && numbers.test(source.textOf(test.callee)) && first !== undefined
      ? source.textOf(unwrap(first)) === text
      : false;
  };
  let inner: Syntax = at;
  for (const parent of source.above(at)) {
    const isChoice = parent.type === 'IfStatement' || parent.type === 'ConditionalExpression';
    if (isChoice && parent.consequent === inner && asks(parent.test)) return true;
    if (parent.type === 'LogicalExpression' && parent.operator === '&&' && parent.right === inner && asks(parent.left))
      return true;
    inner = parent;
  }
  return false;
}
