import { type Syntax, unwrap } from '../../text/syntax.ts';
import { bindingOf } from '../code/names.ts';
import { everyOf, type FunctionSyntax, isFunction, type Source } from '../code/source.ts';
import { type CallSyntax, calledName } from './waits.ts';

const answers = /^_?(res|resp|response|reply)$/;

/** True where what nobody waits for is what sends the handler's answer: `sendPage(res)`, `load().then((rows) => res.json(rows))`. Nothing is sent before it. */
export const answersLater = (source: Source, call: CallSyntax, handler: FunctionSyntax): boolean =>
  answerIn(source, call, handler).some(
    (name) => !new RegExp(`\\b${name}\\s*\\.`).test(source.text.slice(call.end, handler.end)),
  );

/** The names of the handler's response in what a call is given, or in what its chain goes on with. */
function answerIn(source: Source, call: CallSyntax, handler: FunctionSyntax): string[] {
  const given = call.arguments.flatMap((one) => nameOf(source, one, handler));
  const work = chained(call).flatMap((one) => {
    const names: string[] = [];
    everyOf(one, ['Identifier'], (node) => names.push(...nameOf(source, node, handler)));
    return names;
  });
  return [...new Set([...given, ...work])];
}

const nameOf = (source: Source, node: Syntax, handler: FunctionSyntax): string[] =>
  node.type === 'Identifier' && answers.test(node.name) && bindingOf(source, node)?.scope === handler
    ? [node.name]
    : [];

/** The functions that `.then(…)` and `.finally(…)` of a chain are given. */
function chained(call: CallSyntax): Syntax[] {
  const work: Syntax[] = [];
  for (let node: Syntax = call; node.type === 'CallExpression' && node.callee.type === 'MemberExpression'; ) {
    if (/^(then|finally)$/.test(calledName(node) ?? '')) work.push(...node.arguments.filter((one) => isFunction(one)));
    node = unwrap(node.callee.object);
  }
  return work;
}
