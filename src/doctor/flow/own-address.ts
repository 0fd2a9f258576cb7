import { type Syntax, unwrap } from '../../text/syntax.ts';
import { definitionOf } from '../code/definition.ts';
import { bindingOf, constantOf } from '../code/names.ts';
import { everyNode, isFunction, type Source } from '../code/source.ts';
import { returnedBy } from './parameters.ts';

type Call = Extract<Syntax, { type: 'CallExpression' }>;

/** Values that hold this server's own address, or were made for this. */
const own =
  /\b(req|request|ctx|c)(\.raw|\.req|\.request)?\.(url|originalUrl|path|nextUrl|host|hostname)\b|headers\.(host|origin|referer)|(get|header)\(\s*['"](host|origin|referr?er)['"]|nextUrl\b|\.origin\b/i;

/** True for words that name this server's own address, and nothing that a client writes freely. */
export const isOwnAddress = (text: string): boolean => own.test(text) && !/searchParams|query/.test(text);

/** `originOf(req)` of the project's own, all of whose results are made of the address that was asked for. */
export function givesOwnAddress(source: Source, call: Call): boolean {
  const place = definitionOf(source, call.callee);
  if (place === null || !isFunction(place.node)) return false;
  const values = returnedBy(place.node);
  return values.length > 0 && values.every((value) => isOwnAddress(withNames(place.source, value)));
}

/** An expression's words, and those of the values that its names hold. */
function withNames(source: Source, value: Syntax): string {
  const texts = [source.textOf(value)];
  everyNode(value, (node) => {
    const made = node.type === 'Identifier' ? constantOf(source, node) : null;
    if (made) texts.push(source.textOf(made));
  });
  return texts.join('\n');
}

/** True for a name that holds what a function of the project gave back, or a part of that. */
export function isGivenBack(source: Source, node: Syntax): boolean {
  const inner = unwrap(node);
  const binding = inner.type === 'Identifier' ? bindingOf(source, inner) : null;
  if (binding?.kind !== 'variable' || !binding.init) return false;
  const value = unwrap(binding.init);
  const made = value.type === 'AwaitExpression' ? unwrap(value.argument) : value;
  return made.type === 'CallExpression' && definitionOf(source, made.callee) !== null;
}
