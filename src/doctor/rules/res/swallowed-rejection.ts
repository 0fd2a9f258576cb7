import { stringValue, type Syntax, unwrap } from '../../../text/syntax.ts';
import { definitionOf } from '../../origin.ts';
import { handlerAround } from '../../roles.ts';
import { defineRule } from '../../rule.ts';
import { everyNode, functionAround, isFunction, type Source } from '../../source.ts';
import { calledName, ioWithin } from '../../waits.ts';

/** Names of functions that end the process, at once or in order. */
const ending = /exit|shut|stop|clos|fatal|terminat|kill|abort|die|crash|quit|cleanup|rethrow|exception.?handler/i;

export const swallowedRejection = defineRule({
  id: 'res/swallowed-rejection',
  since: '0.1.0',
  severity: 'warning',
  confidence: 'likely',
  title: 'An error is taken and nothing is done about it.',
  why: 'A listener for `uncaughtException` or `unhandledRejection` that only logs keeps a process running that may be half way through anything: locks held, connections not given back, requests that nobody will answer. Log the error, stop accepting, and exit with a code; what runs the process starts a new one. An empty `catch` in a handler does the same on a small scale: the client is told that all is well, or nothing, and no log says why.',
  remedy: 'words',
  mentions: /uncaughtException|unhandledRejection|\bcatch\b/,
  file: (source, tell) => ({
    CallExpression(node) {
      if (!/^(process|this\.process)\.(on|once|addListener)$/.test(source.textOf(node.callee))) return;
      const [event, listener] = node.arguments;
      const name = event ? stringValue(event) : null;
      if (!listener || (name !== 'uncaughtException' && name !== 'unhandledRejection')) return;
      if (goesOn(source, listener))
        tell(node, {
          message: `The listener for ${name} lets the process go on: it runs in a state that nobody knows, with what the error left open.`,
          fix: 'Log the error, stop accepting requests, and exit with a code that is not 0.',
        });
    },
    CatchClause(node) {
      if (node.body.body.length > 0 || /\/[/*]/.test(source.textOf(node.body))) return;
      const handler = handlerAround(source, node);
      const statement = source.parentOf(node);
      if (!handler || handler !== functionAround(source, node) || statement?.type !== 'TryStatement') return;
      const io = ioWithin(source, statement.block);
      const isLast = isLastIn(source, statement);
      if (!io && !isLast) return;
      tell(node, {
        message: isLast
          ? 'This catch is empty: where the handler fails, no log says so and the client gets no answer.'
          : 'This catch is empty: where the handler fails here, it goes on as if it had not, and no log says so.',
        fix: 'Answer with an error, or log it and say in a comment why the request may go on.',
      });
    },
  }),
});

/** True for a listener that is known in full and neither ends the process nor throws. */
function goesOn(source: Source, listener: Syntax): boolean {
  const inner = unwrap(listener);
  const place = isFunction(inner) ? { source, node: inner } : definitionOf(source, inner);
  if (!place || !isFunction(place.node)) return false;
  if (inner.type === 'Identifier' && ending.test(inner.name)) return false;
  let ends = false;
  let unknown = false;
  everyNode(place.node, (node) => {
    if (node.type === 'ThrowStatement') ends = true;
    if (node.type === 'AssignmentExpression' && /process\.exitCode/.test(place.source.textOf(node.left))) ends = true;
    if (node.type !== 'CallExpression') return;
    const text = place.source.textOf(node.callee);
    if (ending.test(calledName(node) ?? '') || ending.test(text)) ends = true;
    else if (
      !/^(console|\w*[lL]og(ger)?|this\.\w*[lL]ogger|Sentry|winston|pino|\w*[tT]elemetry|newrelic|rollbar|bugsnag|\w*[mM]etrics?|fastify\.log|app\.log|server\.log|res|JSON|String|util|chalk|colors?)\b|^(debug|logError|captureException)$/.test(
        text,
      )
    )
      unknown ||= !isHarmless(place.source, node);
  });
  return !ends && !unknown;
}

/** A function of the project that is known, and ends nothing either. */
function isHarmless(source: Source, call: Extract<Syntax, { type: 'CallExpression' }>): boolean {
  const place = definitionOf(source, call.callee);
  return (
    place !== null &&
    isFunction(place.node) &&
    !ending.test(place.source.textOf(place.node)) &&
    !/\bthrow\b/.test(place.source.textOf(place.node))
  );
}

/** True where the handler ends with this statement: after its empty catch nothing answers. */
function isLastIn(source: Source, statement: Syntax): boolean {
  const block = source.parentOf(statement);
  const fn = block && source.parentOf(block);
  return block?.type === 'BlockStatement' && fn !== null && isFunction(fn) && block.body.at(-1) === statement;
}
