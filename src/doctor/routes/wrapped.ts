import { type Syntax, unwrap } from '../../text/syntax.ts';
import { definitionOf } from '../code/definition.ts';
import { bindingOf } from '../code/names.ts';
import { everyOf, type FunctionSyntax, type Source } from '../code/source.ts';

/** What a wrapper does that lets the body through a schema: `schema.validate(req.body)`. */
const checksBody = /\.(validate|validateAsync|safeParse|safeParseAsync|parse|parseAsync|cast)\(\s*(\w+\.)*body\b/;

/**
 * True for a handler that its file hands, together with a schema for the body, to a function of the project that checks
 * the body by it: `wrap(add, { validation: { body: bookSchema } })`.
 */
export function isHandedWithSchema(source: Source, fn: FunctionSyntax): boolean {
  if (!/\bbody\s*:|schema/i.test(source.text)) return false;
  let [isHanded, isAlone] = [false, false];
  everyOf(source.program, ['CallExpression'], (node) => {
    if (node.type !== 'CallExpression' || !node.arguments.some((one) => isHandler(source, one, fn))) return;
    if (isChecking(source, node, fn)) isHanded = true;
    else isAlone = true;
  });
  return isHanded && !isAlone;
}

function isHandler(source: Source, given: Syntax, fn: FunctionSyntax): boolean {
  if (given === fn) return true;
  const node = unwrap(given);
  const binding = node.type === 'Identifier' ? bindingOf(source, node) : null;
  if (binding?.kind === 'function') return binding.declaration === fn;
  return binding?.kind === 'variable' && binding.init ? unwrap(binding.init) === fn : false;
}

function isChecking(source: Source, call: Extract<Syntax, { type: 'CallExpression' }>, fn: FunctionSyntax): boolean {
  const isGiven = call.arguments.some(
    (one) => !isHandler(source, one, fn) && (isForBody(source, one) || /^\w*schema$/i.test(source.textOf(one))),
  );
  const wrapper = isGiven ? definitionOf(source, call.callee) : null;
  return wrapper !== null && checksBody.test(wrapper.source.textOf(wrapper.node));
}

/** `{ body: schema }`, also one level down: `{ validation: { body: schema } }`. */
const isForBody = (source: Source, given: Syntax): boolean =>
  unwrap(given).type === 'ObjectExpression' && /\bbody\s*:|schema/i.test(source.textOf(given));
