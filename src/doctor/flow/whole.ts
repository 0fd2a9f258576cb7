import { type Syntax, unwrap } from '../../text/syntax.ts';
import { annotationOf, type Binding, bindingOf } from '../code/names.ts';
import { originOf } from '../code/origin.ts';
import { isFunction, type Source } from '../code/source.ts';
import { isServerAction } from '../routes/actions.ts';
import { isBehindSchema } from '../routes/handlers.ts';
import { roleOf } from '../routes/roles.ts';
import { decoratedTaint, decoratorsOn } from './parameters.ts';
import { pipesOf } from './pipes.ts';
import { roleAt } from './request.ts';

/** True for all that the client sent as it came, with whatever fields it has: `req.body`, `await c.req.json()`, `{ ...req.body }`. */
export function isWholeBody(source: Source, outer: Syntax, depth = 0): boolean {
  const node = unwrap(outer);
  if (depth > 6) return false;
  const next = (one: Syntax): boolean => isWholeBody(source, one, depth + 1);
  switch (node.type) {
    case 'AwaitExpression':
      return next(node.argument);
    case 'MemberExpression':
      return isBodyOf(source, node);
    case 'CallExpression':
      return (
        isReading(source, node) ||
        (/^#(Object\.fromEntries|JSON\.parse)$/.test(originOf(source, node.callee) ?? '') && node.arguments.some(next))
      );
    case 'ObjectExpression':
      return node.properties.some((one) => one.type === 'SpreadElement' && next(one.argument));
    case 'Identifier': {
      const binding = bindingOf(source, node);
      return binding !== null && isBoundToBody(source, binding, next);
    }
    default:
      return false;
  }
}

function isBodyOf(source: Source, node: Extract<Syntax, { type: 'MemberExpression' }>): boolean {
  if (node.computed || node.property.type !== 'Identifier' || !/^(body|query)$/.test(node.property.name)) return false;
  return roleAt(source, node.object) === 'request' && !isBehindSchema(source, node);
}

/** `request.json()`, `c.req.json()`, `c.req.parseBody()`. */
function isReading(source: Source, node: Extract<Syntax, { type: 'CallExpression' }>): boolean {
  const callee = unwrap(node.callee);
  if (callee.type !== 'MemberExpression' || callee.property.type !== 'Identifier') return false;
  return /^(json|parseBody)$/.test(callee.property.name) && roleAt(source, callee.object) === 'request';
}

/** An object that a client gives to a server action, by position: types check nothing there. */
function isOfAction(source: Source, { scope, declaration, writes }: Binding): boolean {
  if (!isFunction(scope) || writes.length > 0 || !isServerAction(source, scope)) return false;
  const annotation = 'typeAnnotation' in declaration ? declaration.typeAnnotation : null;
  const given = annotation && 'typeAnnotation' in annotation ? annotation.typeAnnotation : null;
  const type = given ? source.textOf(given) : '';
  return !/^(string|number|boolean|bigint|FormData|Date|File|['"\d])|\[\]$/.test(type);
}

function isBoundToBody(source: Source, binding: Binding, next: (node: Syntax) => boolean): boolean {
  const [key, ...rest] = binding.path;
  const isPart = key === 'body' && rest.length === 0;
  if (binding.kind === 'parameter') {
    const role = roleOf(source, binding);
    if (role === 'request') return isPart && !isBehindSchema(source, binding.declaration);
    if (role === 'data' && isOfAction(source, binding)) return key === undefined;
    const decorators = decoratorsOn(source, binding.declaration);
    const isBody = /@Body\(\s*\)/.test(decorators) || (/@Body\(/.test(decorators) && annotationOf(binding) !== null);
    if (role !== 'data' || !isBody || key !== undefined) return false;
    const taint = decoratedTaint(source, binding);
    return taint === 'request' || (taint === 'checked' && pipesOf(source.project) === 'open');
  }
  if (binding.kind !== 'variable' || !binding.init || binding.writes.length > 0) return false;
  const { declaration } = binding;
  // `const { role, ...fields } = req.body` names what it leaves out: somebody thought of it.
  const isPlain = declaration.type === 'VariableDeclarator' && declaration.id.type === 'Identifier';
  if (isPlain) return next(binding.init);
  return isPart && roleAt(source, binding.init) === 'request' && !isBehindSchema(source, declaration);
}
