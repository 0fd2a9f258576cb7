import { type Syntax, stringValue, unwrap } from '../../../text/syntax.ts';
import { type CallSyntax, type Io, ioWithin } from '../../calls/waits.ts';
import { definitionOf, originOf } from '../../code/origin.ts';
import { freezes } from '../../code/serverless.ts';
import { functionAround, isFunction, type Source } from '../../code/source.ts';
import { handlerAround } from '../../routes/roles.ts';
import { isForDevelopment } from '../../routes/development.ts';
import { isCalledByHandler } from '../../routes/served.ts';
import { defineRule, type Tell } from '../../rule.ts';

export const timerAsQueue = defineRule({
  id: 'res/timer-as-queue',
  since: '0.1.0',
  severity: 'warning',
  confidence: 'likely',
  title: 'A timer of the process does work that must not be lost.',
  why: 'What `setTimeout` and `setImmediate` of a request have still to do is forgotten when the process ends, which each deployment does; nothing tries it again where it fails, and nobody sees that it did not happen. On serverless platforms the timer never fires. `setInterval` runs in every replica at once. Put the work in a queue that survives (a table, Redis), and schedules in something that runs them once.',
  remedy: { skill: 'jobs' },
  running: true,
  mentions: /\bset(Timeout|Interval|Immediate)\b|\bnextTick\b|\bCronJob\b|\bscheduleJob\b|node-cron/,
  file: (source, tell) => ({
    NewExpression(node) {
      if (originOf(source, node.callee) === 'cron#CronJob') planned(source, node, node.arguments[1], tell);
    },
    CallExpression(node) {
      if (
        /^(node-schedule#(default\.)?scheduleJob|node-cron#(default\.)?schedule)$/.test(
          originOf(source, node.callee) ?? '',
        )
      )
        planned(
          source,
          node,
          node.arguments.find((one) => isFunction(unwrap(one))),
          tell,
        );
      const origin = originOf(source, node.callee)?.replace(/^timers#/, '#');
      if (!origin || !/^#(setTimeout|setInterval|setImmediate|process\.nextTick)$/.test(origin)) return;
      const work = workOf(source, node);
      if (!work) return;
      const handler = handlerAround(source, node);
      const frozen = freezes(source.project, source.path);
      const name = origin.slice(1);
      if (handler !== null && isOfRequest(source, node, handler))
        tell(node, {
          message:
            frozen === null
              ? `${name}() starts work after this request (${said[work]}): the next deployment or crash forgets it, and nothing tries it again.`
              : `${name}() starts work after this request (${said[work]}): on ${frozen} the function is frozen by then, and it never runs.`,
          fix: 'Enqueue a job for it, with the delay that it needs.',
          // What is put off so is most often what may be lost: a mail of greeting, a look at something again.
          ...(frozen !== null ? { severity: 'error' as const } : { confidence: 'hint' as const }),
        });
      else if (name === 'setInterval' && handler === null && work !== 'file')
        tell(node, {
          message:
            frozen === null
              ? `setInterval() is a schedule (${said[work]}) that every replica runs at the same time, and that starts anew with each deployment.`
              : `setInterval() is a schedule (${said[work]}), and on ${frozen} no process lives to run it.`,
          fix: 'Make it a scheduled job that runs once, whatever the number of replicas.',
          confidence: frozen === null ? 'hint' : 'likely',
        });
    },
  }),
});

/** `new CronJob(date, work)`, `scheduleJob(date, work)` that a request makes: it is kept in memory alone. */
function planned(source: Source, node: Syntax, callback: Syntax | undefined, tell: Tell): void {
  const fn = functionAround(source, node);
  if (!callback || fn === null || isForDevelopment(source, node)) return;
  const work = workIn(source, callback);
  if (!work || !(handlerAround(source, node) !== null || isCalledByHandler(source, fn, 2))) return;
  tell(node, {
    message: `A request plans work for later (${said[work]}), in memory: the next deployment or crash forgets it, and nobody is told.`,
    fix: 'Enqueue a job with a delay, or keep what is planned in a table that a schedule looks at.',
  });
}

const said: Readonly<Record<Io, string>> = {
  http: 'it calls another service',
  query: 'it changes or reads the database',
  mail: 'it sends mail',
  file: 'it works on files',
  process: 'it starts a process',
  queue: 'it makes a job',
};

/** What the timer's function does beyond the process; null for limits of time, waiting and what only sets a value. */
function workOf(source: Source, call: CallSyntax): Io | null {
  const [callback] = call.arguments;
  return callback ? workIn(source, callback) : null;
}

function workIn(source: Source, callback: Syntax): Io | null {
  const inner = unwrap(callback);
  if (stringValue(inner) !== null) return null;
  const place = isFunction(inner) ? { source, node: inner as Syntax } : definitionOf(source, inner);
  if (!place || !isFunction(place.node)) return null;
  if (/\babort\(|\breject\(|\bdestroy\(|unlink|\brm\(/.test(place.source.textOf(place.node))) return null;
  return ioWithin(place.source, place.node, 2)?.io ?? null;
}

/** Started by the handler itself, not waited for, not kept to be stopped. */
function isOfRequest(source: Source, call: CallSyntax, handler: Syntax): boolean {
  for (const parent of source.above(call)) {
    if (parent === handler) break;
    if (parent.type === 'NewExpression' && source.textOf(parent.callee) === 'Promise') return false;
  }
  const text = source.textOf(handler);
  return (
    !(/clear(Timeout|Interval)\(/.test(text) && source.parentOf(call)?.type !== 'ExpressionStatement') &&
    functionAround(source, call) !== null
  );
}
