import { type Syntax, unwrap } from '../../../text/syntax.ts';
import { originOf } from '../../origin.ts';
import { queryAt } from '../../queries.ts';
import { handlerAround } from '../../roles.ts';
import { defineRule } from '../../rule.ts';
import { freezes } from '../../serverless.ts';
import { functionAround, type FunctionSyntax, isFunction, type Source } from '../../source.ts';
import { asyncCalled, calledName, type CallSyntax, ioOf, ioWithin, takesRejection, uncaughtIn } from '../../waits.ts';

export const floatingPromise = defineRule({
  id: 'res/floating-promise',
  since: '0.1.0',
  severity: 'warning',
  confidence: 'likely',
  title: 'A request starts asynchronous work and does not wait for it.',
  why: 'A promise that nobody awaits has nobody to take its rejection: where the work fails, Node ends the process, and every request in it. Before that the client was told that it is done. On serverless platforms it is worse: the function is frozen when the response is sent, and the work stops half way or runs minutes later with another request. Await it; where the response should not wait, hand it to a queue, to `waitUntil()` or `after()`, or at least attach `.catch()` and log.',
  remedy: { skill: 'jobs' },
  mentions: /\basync\b|\bawait\b|\.then\(|fetch\(/,
  file: (source, tell) => ({
    ExpressionStatement(node) {
      const inner = unwrap(node.expression);
      const isVoid = inner.type === 'UnaryExpression' && inner.operator === 'void';
      const call = isVoid ? unwrap(inner.argument) : inner;
      if (call.type !== 'CallExpression') return;
      const fn = functionAround(source, node);
      const handler = handlerAround(source, node);
      if (fn === null || handler === null || fn !== handler) return;
      const frozen = freezes(source.project);
      if (isVoid && frozen === null) return;
      const works = worksOn(source, call);
      if (!works || (works.catches && frozen === null)) return;
      // What writes a stream that is the response goes on for as long as the response does.
      if (frozen !== null && /\b(ReadableStream|TransformStream|StreamingApi|\w*[rR]eadable)\b/.test(source.textOf(fn)))
        return;
      const name = source.textOf(call.callee).replace(/\s+/g, '').slice(0, 60);
      if (frozen !== null && !isVoid && !works.isLazy)
        tell(node, {
          message: `${name}(…) is not awaited: on ${frozen} the function is frozen when the response is sent, and this work is lost or runs with another request.`,
          fix: 'Await it, or hand it to waitUntil() (after() in Next), or to a queue.',
          severity: 'error',
        });
      else if (frozen !== null) {
        if (works.isLazy || isVoid)
          tell(node, {
            message: `${name}(…) is not awaited: on ${frozen} the function is frozen when the response is sent.`,
            fix: 'Await it, or hand it to waitUntil() (after() in Next), or to a queue.',
            confidence: 'hint',
          });
      } else
        tell(node, {
          message: works.isLazy
            ? `${name}(…) is neither awaited nor run: a query of this library starts when it is awaited, so this one never does.`
            : works.isChain
              ? `The chain ${name}(…) has no catch: where it fails, the request is never answered and the unhandled rejection ends the process.`
              : `${name}(…) is not awaited: where it fails, nobody takes the rejection and the process ends; the client was told that all is well.`,
          fix: works.isLazy ? 'Await the query.' : 'Await it, hand it to a queue, or attach .catch() that logs.',
          ...(works.isLazy ? { severity: 'error' as const } : {}),
        });
    },
  }),
});

interface Works {
  /** Nothing of it can reject: its own try catches all. */
  catches: boolean;
  /** A query that starts only when it is awaited. */
  isLazy: boolean;
  /** `.then(…)` goes on with it, and no `.catch(…)` ends it. */
  isChain?: true;
}

/** True for calls that give a promise of work beyond this process, or run an async function of the project. */
function worksOn(source: Source, call: CallSyntax): Works | null {
  if (takesRejection(call)) return null;
  if (/^(then|finally)$/.test(calledName(call) ?? '') && call.callee.type === 'MemberExpression') {
    const first = chainStart(call);
    const inner = first && worksOn(source, first);
    return inner ? { catches: false, isLazy: false, isChain: true } : null;
  }
  const own = asyncCalled(source, call);
  if (own) {
    const waits = ownWork(own.source, own.node);
    return waits ? { catches: uncaughtIn(own.source, own.node) === null, isLazy: false } : null;
  }
  const query = queryAt(source, call);
  if (query && query.kind !== 'raw' && !hasCallback(call)) {
    const isLazy =
      /^(prisma|drizzle|knex|kysely)$/.test(query.library) ||
      (query.library === 'mongoose' && !/^(create|insertMany|save)$/.test(calledName(call) ?? ''));
    return query.node === call || !isLazy ? { catches: false, isLazy } : null;
  }
  const origin = originOf(source, call.callee);
  const io = ioOf(source, call);
  if (io === null || hasCallback(call) || origin === null || io === 'query') return null;
  return /^#fetch$|^axios#|^nodemailer#|^fs\/promises#|^fs#promises\.|^@sendgrid\/mail#|^resend#|^undici#fetch|^node-fetch#/.test(
    origin,
  )
    ? { catches: false, isLazy: false }
    : null;
}

/** An async function that does something beyond the process, or awaits at all. */
const ownWork = (source: Source, fn: FunctionSyntax): boolean =>
  fn.body !== null && (/\bawait\b/.test(source.textOf(fn.body)) || ioWithin(source, fn.body, 1) !== null);

const hasCallback = (call: CallSyntax): boolean =>
  call.arguments.some((one) => {
    const inner = unwrap(one);
    return isFunction(inner) || (inner.type === 'Identifier' && /^(cb|callback|done|next)$/.test(inner.name));
  });

function chainStart(call: CallSyntax): CallSyntax | null {
  let node: Syntax = call;
  while (
    node.type === 'CallExpression' &&
    node.callee.type === 'MemberExpression' &&
    /^(then|finally)$/.test(calledName(node) ?? '')
  )
    node = unwrap(node.callee.object);
  return node.type === 'CallExpression' ? node : null;
}
