import { type Syntax, unwrap } from '../../text/syntax.ts';
import { callsOf } from '../code/callers.ts';
import { type Binding, bindingOf } from '../code/names.ts';
import { isFunction, type Source } from '../code/source.ts';
import { roleOf } from '../routes/roles.ts';
import { isFormOfJson } from './forms.ts';
import { decoratorsOn } from './parameters.ts';

/** True for a value of the client's that may be an object: one of a parsed body; texts of paths and addresses are none. */
export function comesOfJson(source: Source, node: Syntax, depth = 0): boolean {
  const inner = unwrap(node.type === 'AwaitExpression' ? node.argument : node);
  if (depth > 6) return false;
  if (inner.type === 'Identifier') {
    const binding = bindingOf(source, inner);
    if (!binding) return false;
    if (binding.path.some((key) => key === 'body' || (key === 'query' && hasNestedQueries(source)))) return true;
    if (isFormOfJson(source, binding)) return true;
    if (binding.kind === 'parameter') return isJsonParameter(source, binding, depth);
    return [...(binding.init ? [binding.init] : []), ...binding.writes].some((one) =>
      comesOfJson(source, one, depth + 1),
    );
  }
  if (inner.type === 'MemberExpression') {
    const key = !inner.computed && inner.property.type === 'Identifier' ? inner.property.name : '';
    return (
      key === 'body' || (key === 'query' && hasNestedQueries(source)) || comesOfJson(source, inner.object, depth + 1)
    );
  }
  if (inner.type === 'ObjectExpression')
    return inner.properties.some((one) => one.type === 'Property' && comesOfJson(source, one.value, depth + 1));
  if (inner.type === 'LogicalExpression') return comesOfJson(source, inner.left, depth + 1);
  if (inner.type === 'CallExpression') return /\.json$|^JSON\.parse$/.test(source.textOf(inner.callee));
  return false;
}

/** A parameter that a framework fills from JSON, or that a call of the project does. */
function isJsonParameter(source: Source, binding: Binding, depth: number): boolean {
  const { scope, declaration } = binding;
  const decorators = decoratorsOn(source, declaration);
  if (decorators !== '') return /@(Body|Args|MessageBody|Payload)\(/.test(decorators);
  if (!isFunction(scope)) return false;
  // A listener of a socket, a server action.
  if (roleOf(source, binding) === 'data') return true;
  const index = scope.params.findIndex((one: Syntax) => one === declaration);
  return callsOf(source, scope).some(({ source: from, call }) => {
    const given = call.arguments[index];
    return given !== undefined && comesOfJson(from, given, depth + 1);
  });
}

/** Express 4 reads `?a[$ne]=` as an object. */
const hasNestedQueries = ({ project }: Source): boolean =>
  /(^|[^\d.])[234]\b/.test(project.dependencies.get('express') ?? '');
