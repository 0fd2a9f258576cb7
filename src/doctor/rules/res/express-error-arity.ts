import { type Syntax, unwrap } from '../../../text/syntax.ts';
import { calledName } from '../../calls/waits.ts';
import { definitionOf, originOf } from '../../code/origin.ts';
import { isFunction, type Source } from '../../code/source.ts';
import { defineRule } from '../../rule.ts';
import { atNode } from '../../spot.ts';

export const expressErrorArity = defineRule({
  id: 'res/express-error-arity',
  since: '0.1.0',
  severity: 'error',
  confidence: 'certain',
  title: 'Express never gives an error to this error handler.',
  why: 'Express tells an error handler from other middleware by the number of its parameters: four. One with three is called like any other, with the request where it expects the error, and fails on `res.status`, as its `res` is `next`. Errors go past it to the handler that Express has itself, which sends the stack outside of production. Name all four parameters, also where `next` is not used.',
  remedy: 'words',
  running: true,
  mentions: /\.use\s*\(/,
  applies: (project) => project.has('express'),
  file: (source, tell) => ({
    CallExpression(node) {
      if (calledName(node) !== 'use' || node.callee.type !== 'MemberExpression') return;
      if (!isOfExpress(source, node.callee.object)) return;
      for (const argument of node.arguments) {
        const handler = handlerAt(source, unwrap(argument));
        if (handler === null || !isFunction(handler.node) || !isMeantForErrors(handler.node.params)) continue;
        tell(atNode(handler.source, handler.node), {
          message:
            'This error handler has three parameters: Express takes it for other middleware, and gives it no error.',
          fix: 'Name all four: (err, req, res, next).',
        });
      }
    },
  }),
});

const handlerAt = (source: Source, node: Syntax): { source: Source; node: Syntax } | null =>
  isFunction(node)
    ? { source, node }
    : /^(Identifier|MemberExpression)$/.test(node.type)
      ? definitionOf(source, node)
      : null;

/** `(err, req, res)`, whatever their types are. */
function isMeantForErrors(params: readonly Syntax[]): boolean {
  const names = params.map((one) => (one.type === 'Identifier' ? one.name : ''));
  return (
    names.length === 3 &&
    /^_?(e|err|error|ex|exception)$/i.test(names[0] ?? '') &&
    /^_?req(uest)?$/i.test(names[1] ?? '') &&
    /^_?res(p|ponse)?$/i.test(names[2] ?? '')
  );
}

/** An app or a router of Express; where its origin cannot be told, by its name. */
function isOfExpress(source: Source, holder: Syntax): boolean {
  const origin = originOf(source, holder);
  if (origin !== null && !origin.startsWith('/')) return origin.startsWith('express#');
  return /^(this\.)?(app|server|router|\w+(App|Router))$/.test(source.textOf(holder));
}
