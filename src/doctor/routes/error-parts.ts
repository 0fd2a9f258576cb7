import { type Syntax, unwrap } from '../../text/syntax.ts';
import { callsOf, functionName } from '../code/callers.ts';
import { bindingOf, constantOf } from '../code/names.ts';
import { memberName } from '../code/objects.ts';
import { originOf } from '../code/origin.ts';
import { type FunctionSyntax, functionAround, isFunction, type Source } from '../code/source.ts';
import { rolesOf } from './roles.ts';

/** A part of an answer that is an error's. */
export interface Leak {
  what: 'stack' | 'message' | 'whole';
  at: Syntax;
  /** True where those who sign in are told on purpose, as by the procedures of a console, or where no library can have failed. */
  isMeant?: boolean;
}

/** The parts of an answer that are an error's: within objects and texts that are put together, not within calls. */
export function leaksIn(source: Source, body: Syntax): Leak[] {
  const node = unwrap(body);
  const of = (one: Syntax): Leak[] => leaksIn(source, one);
  switch (node.type) {
    case 'ObjectExpression':
      return node.properties.flatMap((one) => of(one.type === 'Property' ? one.value : one.argument));
    case 'ArrayExpression':
      return node.elements.flatMap((one) => (one ? of(one) : []));
    case 'TemplateLiteral':
      return asText(node.expressions.flatMap(of));
    case 'BinaryExpression':
      return node.operator === '+' ? [...of(node.left), ...of(node.right)] : [];
    case 'LogicalExpression':
      return [...of(node.left), ...of(node.right)];
    case 'ConditionalExpression':
      return [...of(node.consequent), ...of(node.alternate)];
    case 'CallExpression': {
      const callee = unwrap(node.callee);
      if (/^(#JSON\.stringify|#String|util#inspect)$/.test(originOf(source, callee) ?? '') && node.arguments[0])
        return of(node.arguments[0]);
      // `getErrorMessage(error)`
      const called = callee.type === 'Identifier' ? callee.name : (memberName(callee) ?? '');
      const given = node.arguments.find((one) => isError(source, one));
      if (/error_?(message|text|msg)|message_?of/i.test(called) && given) return [{ what: 'message', at: given }];
      const isText =
        callee.type === 'MemberExpression' &&
        callee.property.type === 'Identifier' &&
        callee.property.name === 'toString';
      return isText ? asText(of(callee.object)) : [];
    }
    case 'MemberExpression': {
      if (node.property.type !== 'Identifier' || !isError(source, node.object)) return [];
      const { name } = node.property;
      return name === 'stack'
        ? [{ what: 'stack', at: node }]
        : /^(message|sqlMessage|sql)$/.test(name)
          ? [{ what: 'message', at: node }]
          : [];
    }
    case 'Identifier': {
      if (isError(source, node)) return [{ what: 'whole', at: node }];
      const value = constantOf(source, node);
      if (value?.type === 'ObjectExpression' && isLeftAsMade(source, node))
        return of(value).filter(({ what }) => what === 'stack');
      return value &&
        value.type !== 'CallExpression' &&
        value.type !== 'Identifier' &&
        value.type !== 'ObjectExpression'
        ? of(value)
        : [];
    }
    default:
      return [];
  }
}

/** An object that is put together before it is sent, where nothing of the function decides whether its stack goes with it. */
function isLeftAsMade(source: Source, node: Syntax): boolean {
  const scope = functionAround(source, node);
  const text = scope ? source.textOf(scope) : '';
  return scope !== null && !/\benv\b|NODE_ENV|prod|\bdev|debug|verbose|\bdelete\b|\.stack\s*=(?!=)/i.test(text);
}

/** What an error says of itself as a text: its message, none of its fields. */
const asText = (leaks: readonly Leak[]): Leak[] =>
  leaks.map((leak) => (leak.what === 'whole' ? { ...leak, what: 'message' } : leak));

const errorName = /^_?(err|error|e|ex|exception)$/i;

/** What a `catch` or a callback was given, or an error middleware. */
function isError(source: Source, outer: Syntax): boolean {
  const node = unwrap(outer);
  const binding = bindingOf(source, node);
  if (binding === null || binding.path.length > 0) return false;
  if (binding.kind === 'catch') return true;
  if (binding.kind !== 'parameter' || !isFunction(binding.scope)) return false;
  const index = binding.scope.params.findIndex((one: Syntax) => one === binding.declaration);
  if (index !== 0 || !errorName.test(binding.name)) return false;
  const parent = source.parentOf(binding.scope);
  const isCallback =
    parent?.type === 'CallExpression' &&
    parent.arguments.includes(binding.scope as never) &&
    !/^(map|forEach|filter)$/.test(lastName(parent.callee));
  return isCallback || (rolesOf(source, binding.scope).includes('request') && !isNeverGiven(source, binding.scope));
}

/** `errorHandler(err, req, res)`: without a fourth parameter Express takes it for a middleware like any other, and gives it no error. */
function isNeverGiven(source: Source, fn: FunctionSyntax): boolean {
  const { project } = source;
  return (
    fn.params.length === 3 &&
    project.has('express') &&
    !project.has('fastify') &&
    /^\w*error_?(handler|middleware)$/i.test(functionName(source, fn) ?? '') &&
    callsOf(source, fn).length === 0
  );
}

const lastName = (callee: Syntax): string => {
  const inner = unwrap(callee);
  return memberName(inner) ?? '';
};
