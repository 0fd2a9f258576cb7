import { type Syntax, unwrap } from '../../text/syntax.ts';
import { definitionOf } from '../code/definition.ts';
import { bindingOf } from '../code/names.ts';
import { everyOf, type FunctionSyntax, isFunction, type Source } from '../code/source.ts';

type Call = Extract<Syntax, { type: 'CallExpression' }>;

const deepest = 3;

/** True where a call goes to a function of the project that takes fields out of this argument by their names, and hands it on as a whole to nobody but such functions. */
export function isTakenByFields(source: Source, call: Call, argument: Syntax, depth = 0): boolean {
  const index = call.arguments.findIndex((one: Syntax) => one === argument);
  const place = depth > deepest || index === -1 ? null : definitionOf(source, call.callee);
  if (place === null || !isFunction(place.node)) return false;
  const given = place.node.params[index];
  return given === undefined || namesFields(place.source, place.node, given, depth);
}

function namesFields(source: Source, fn: FunctionSyntax, given: Syntax, depth: number): boolean {
  const parameter = given.type === 'AssignmentPattern' ? given.left : given;
  if (parameter.type === 'ObjectPattern') return isWithoutRest(parameter);
  if (parameter.type !== 'Identifier' || !fn.body || /\barguments\b/.test(source.textOf(fn.body))) return false;
  const binding = bindingOf(source, parameter);
  let isNamed = binding !== null && binding.writes.length === 0;
  everyOf(fn.body, ['Identifier'], (one) => {
    if (!isNamed || one.type !== 'Identifier' || one.name !== parameter.name || bindingOf(source, one) !== binding)
      return;
    isNamed = isFieldOf(source, one, depth);
  });
  return isNamed;
}

/** `user.email`, `const { email } = user`, `check(user)` of a function that names fields as well. */
function isFieldOf(source: Source, node: Syntax, depth: number): boolean {
  const parent = source.parentOf(node);
  switch (parent?.type) {
    case 'MemberExpression':
      return !parent.computed && isOneField(source, parent);
    case 'VariableDeclarator':
      return parent.init === node && parent.id.type === 'ObjectPattern' && isWithoutRest(parent.id);
    case 'Property':
      return parent.key === node && parent.value !== node;
    case 'CallExpression':
      return unwrap(parent.callee) !== node && isTakenByFields(source, parent, node, depth + 1);
    default:
      return false;
  }
}

/** Not `users.map(…)`, `...user.profile`, `User.create(user.profile)`: those take all that there is. */
function isOneField(source: Source, member: Syntax): boolean {
  const parent = source.parentOf(member);
  if (parent?.type === 'SpreadElement') return false;
  return parent?.type !== 'CallExpression' || !(parent.callee === member || writing.test(source.textOf(parent.callee)));
}
const writing = /\.(create|insert|save|update|upsert|build|values|set|patch|replace)\w*$/i;

const isWithoutRest = ({ properties }: Extract<Syntax, { type: 'ObjectPattern' }>): boolean =>
  properties.every(({ type }) => type !== 'RestElement');
