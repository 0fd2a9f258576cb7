import { type Syntax, unwrap } from '../../../text/syntax.ts';
import { type LastResort, lastResortOf } from '../../calls/last-resort.ts';
import { chainUnanswered, isStartedAside, leftUnanswered, mayBeAnswered } from '../../calls/unanswered.ts';
import { calledName, ioWithin } from '../../calls/waits.ts';
import { everyOf, functionAround, type FunctionSyntax, isFunction, type Source } from '../../code/source.ts';
import { isForDevelopment } from '../../routes/development.ts';
import { handlerAround, rolesOf } from '../../routes/roles.ts';
import { defineRule } from '../../rule.ts';
import { type At, atNode } from '../../spot.ts';
import { grouped } from '../../together.ts';

type Note = { listener: LastResort; at: At; isMeant: boolean };

/** In so many files each is told of by itself. */
const mostFiles = 2;

export const swallowedRejection = defineRule<Note>({
  id: 'res/swallowed-rejection',
  since: '0.1.0',
  severity: 'warning',
  confidence: 'likely',
  title: 'An error is taken and nothing is done about it.',
  why: 'A listener for `uncaughtException` or `unhandledRejection` that only logs keeps a process running that may be half way through anything: locks held, connections not given back, requests that nobody will answer. Log the error, stop accepting, and exit with a code; what runs the process starts a new one. An empty `catch` in a handler does the same on a small scale: the client is told that all is well, or nothing, and no log says why.',
  remedy: 'words',
  running: true,
  mentions: /uncaughtException|unhandledRejection|\bcatch\b/,
  file: (source, tell, note) => ({
    CallExpression(node) {
      const listener = lastResortOf(source, node);
      if (listener?.goesOn) note({ listener, at: atNode(source, node), isMeant: isMeant(source, node) });
      const handler = calledName(node) === 'catch' ? expressHandler(source, node) : null;
      const does = handler && chainUnanswered(source, node, handler);
      if (does) tell(node.arguments[0] ?? node, unanswered[does]);
    },
    CatchClause(node) {
      const express = expressHandler(source, node);
      const left = express && leftUnanswered(source, node);
      const outer = source.parentOf(node);
      const tried = outer?.type === 'TryStatement' ? outer.block : null;
      // What is answered before anything is waited for is answered whatever fails.
      if (
        left &&
        outer &&
        tried &&
        isLastIn(source, outer) &&
        /\bawait\b[\s\S]*\b(res\.|next\()|\bres\.[^;\n]*\bawait\b/.test(source.textOf(tried)) &&
        !isForDevelopment(source, node)
      )
        return tell(node, {
          ...unanswered[left],
          ...(mayBeAnswered(source.textOf(tried)) ? { confidence: 'hint' as const } : {}),
        });
      if (node.body.body.length > 0 || /\/[/*]/.test(source.textOf(node.body))) return;
      const handler = handlerAround(source, node);
      const statement = source.parentOf(node);
      if (!handler || handler !== functionAround(source, node) || statement?.type !== 'TryStatement') return;
      if (isForDevelopment(source, node) || isStartedAside(source, handler)) return;
      if (answers.test(source.textOf(statement.block)) || isCleanUp(source, statement)) return;
      const io = ioWithin(source, statement.block);
      const isLast = isLastIn(source, statement);
      // What returns where it succeeds leaves the rest to what failed.
      if (!isLast && returnsIn(statement.block)) return;
      if (!io && !isLast) return;
      // `readSession(req)`: what gives back a value, or none, to who asked for it.
      if (!io && !handler.async && returnsIn(statement.block)) return;
      tell(node, {
        message: isLast
          ? `This catch is empty: where the handler fails, no log says so and the client gets ${rolesOf(source, handler).includes('response') ? 'no answer' : 'an empty answer, as if all were well'}.`
          : 'This catch is empty: where the handler fails here, it goes on as if it had not, and no log says so.',
        fix: 'Answer with an error, or log it and say in a comment why the request may go on.',
        // The same lines were copied there.
        together: `${isLast} ${source.textOf(statement.block).replace(/\s+/g, '')}`,
        ...(!isLast && isTidying(statement.block) ? { confidence: 'hint' as const } : {}),
      });
    },
  }),
  project(_project, tell, notes) {
    const files = grouped(
      notes.map(({ note }) => note),
      ({ at }) => at.path,
    );
    for (const ofFile of files) {
      const exception = ofFile.find(({ listener }) => listener.event === 'uncaughtException');
      const [first] = exception ? [exception] : ofFile;
      if (!first) continue;
      tell(first.at, {
        // A listener in each of the programs of a project was copied there.
        ...(files.length > mostFiles ? { together: exception ? 'exception' : 'rejection' } : {}),
        message: exception
          ? 'The listener for uncaughtException lets the process go on: it runs in a state that nobody knows, with what the error left open.'
          : 'The listener for unhandledRejection lets the process go on: requests whose work was rejected get no answer, and what they held stays open.',
        fix: 'Log the error, stop accepting requests, and exit with a code that is not 0.',
        ...(exception ? {} : { severity: 'info' as const, ...(first.isMeant ? { confidence: 'hint' as const } : {}) }),
      });
    }
  },
});

const unanswered = {
  status: {
    message: 'This catch sets a status and sends nothing: the client waits until it gives up, and the error is lost.',
    fix: 'Send the answer, `res.status(500).json(…)`, or pass the error to next(), and log it.',
  },
  logs: {
    message: 'Where this fails it is logged and nothing answers: the client waits until it gives up.',
    fix: 'Answer with an error there, or pass it to next().',
  },
};

/** The handler of Express that a node stands in directly: nothing but it answers. */
function expressHandler(source: Source, node: Syntax): FunctionSyntax | null {
  const handler = source.project.has('express') ? handlerAround(source, node) : null;
  const isDirect = handler !== null && handler === functionAround(source, node);
  return isDirect && rolesOf(source, handler).includes('response') && /\bres\b/.test(source.textOf(handler))
    ? handler
    : null;
}

/** What sends the answer in pieces: where it fails the client is gone, and nobody is left to tell. */
const answers = /\b(pipeline|pump|pipe|pipeTo|res\.write|reply\.raw|writeSSE|enqueue)\b/;

/** In a `catch` that logs or throws: closing what the failure left open, which may be closed already. */
function isCleanUp(source: Source, statement: Extract<Syntax, { type: 'TryStatement' }>): boolean {
  const closes = statement.block.body.every((one) =>
    /\.?\b(cancel|close|destroy|unlink|abort|end|release|rm)\(.*\);?$/.test(source.textOf(one)),
  );
  for (const parent of source.above(statement)) {
    if (isFunction(parent) || !closes) return false;
    if (parent.type === 'CatchClause')
      return /\bthrow\b|\b(log|logger|console|captureException|reportError)\b/.test(source.textOf(parent.body));
  }
  return false;
}

/** `await unlink(path)`, `if (file.cleanup) await file.cleanup(); else …`: it throws files away that are done with, and leaves them at worst. */
function isTidying(node: Syntax): boolean {
  if (node.type === 'BlockStatement') return node.body.length > 0 && node.body.every(isTidying);
  if (node.type === 'IfStatement')
    return isTidying(node.consequent) && (node.alternate === null || isTidying(node.alternate));
  if (node.type !== 'ExpressionStatement') return false;
  const inner = unwrap(node.expression);
  const call = inner.type === 'AwaitExpression' ? unwrap(inner.argument) : inner;
  return call.type === 'CallExpression' && throwingAway.test(calledName(call) ?? '');
}
const throwingAway =
  /^((unlink|rm|rmdir|rimraf)(Sync)?|(delete|remove|destroy|drop)_?(\w+_?)?(files?|uploads?|te?mp\w*|folders?|dir\w*)|clean_?up\w*)$/i;

/** A comment above says that the process is to live on. */
const isMeant = (source: Source, { start }: Syntax): boolean => {
  const above = source.text
    .slice(Math.max(0, start - 500), start)
    .split('\n')
    .slice(-8, -1);
  const comments = above.filter((line) => /^\s*(\/\/|\/?\*)/.test(line)).join(' ');
  return /crash|keep .{0,20}(alive|running)|stay alive|n't exit|not exit|survive/i.test(comments);
};

function returnsIn(block: Syntax): boolean {
  let found = false;
  everyOf(block, ['ReturnStatement'], (node) => {
    if (node.type === 'ReturnStatement') found = true;
  });
  return found;
}

/** True where the handler ends with this statement: after its empty catch nothing answers. */
function isLastIn(source: Source, statement: Syntax): boolean {
  const block = source.parentOf(statement);
  const fn = block && source.parentOf(block);
  return block?.type === 'BlockStatement' && fn !== null && isFunction(fn) && block.body.at(-1) === statement;
}
