import { keyOf, type Syntax, unwrap } from '../../text/syntax.ts';
import { classNamed } from '../code/definition.ts';
import { bindingOf } from '../code/names.ts';
import { type FunctionSyntax, isFunction, type Source } from '../code/source.ts';

type Call = Extract<Syntax, { type: 'CallExpression' }>;
interface Method {
  source: Source;
  node: FunctionSyntax;
}

/**
 * The method that `await channel.send()` runs in a function, where `channel` is a parameter that this call of the function
 * gives a new instance of a class; null where it cannot be told. Its type there may be an interface of many classes.
 */
export function methodGiven(source: Source, call: Call, called: Method, wait: Syntax): Method | null {
  const waited = wait.type === 'AwaitExpression' ? unwrap(wait.argument) : null;
  const callee = waited?.type === 'CallExpression' ? unwrap(waited.callee) : null;
  if (callee?.type !== 'MemberExpression' || callee.computed || callee.property.type !== 'Identifier') return null;
  const parameter = bindingOf(called.source, unwrap(callee.object));
  if (parameter?.kind !== 'parameter' || parameter.path.length > 0 || parameter.scope !== called.node) return null;
  const given = call.arguments[called.node.params.findIndex((one: Syntax) => one === parameter.declaration)];
  const owner = given ? classMade(source, given) : null;
  if (owner?.node.type !== 'ClassDeclaration' && owner?.node.type !== 'ClassExpression') return null;
  const { name } = callee.property;
  const method = owner.node.body.body.find((one) => one.type === 'MethodDefinition' && keyOf(one) === name);
  return method?.type === 'MethodDefinition' && isFunction(method.value)
    ? { source: owner.source, node: method.value }
    : null;
}

/** The class of `new Channel()`, written there or by a constant's name. */
function classMade(source: Source, given: Syntax): { source: Source; node: Syntax } | null {
  const inner = unwrap(given);
  const binding = inner.type === 'Identifier' ? bindingOf(source, inner) : null;
  const isFixed = binding?.kind === 'variable' && binding.path.length === 0 && binding.writes.length === 0;
  const made = isFixed && binding.init ? unwrap(binding.init) : inner;
  return made.type === 'NewExpression' && made.callee.type === 'Identifier'
    ? classNamed(source, made.callee.name, 0)
    : null;
}
