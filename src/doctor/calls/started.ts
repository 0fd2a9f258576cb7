import { type Syntax, unwrap } from '../../text/syntax.ts';
import { constantOf } from '../code/names.ts';
import { originOf } from '../code/origin.ts';
import { type FunctionSyntax, isFunction, type Source } from '../code/source.ts';
import { queryAt } from '../queries/queries.ts';
import { asyncCalled, type CallSyntax, calledName, ioOf, ioWithin, takesRejection, uncaughtIn } from './waits.ts';

/** What a call starts whose promise nobody may wait for. */
export interface Works {
  /** Nothing of it can reject: its own try catches all. */
  catches: boolean;
  /** A query that starts only when it is awaited. */
  isLazy: boolean;
  /** An async function of the project. */
  isOwn: boolean;
  /** A client that gives errors back instead of throwing them. */
  neverRejects?: true;
  /** `.then(…)` goes on with it, and no `.catch(…)` ends it. */
  isChain?: true;
}

/** What a call starts, where it gives a promise of work beyond this process, or run an async function of the project. */
export function worksOn(source: Source, call: CallSyntax): Works | null {
  if (takesRejection(call)) return null;
  if (/^(then|finally)$/.test(calledName(call) ?? '') && call.callee.type === 'MemberExpression') {
    const first = chainStart(call);
    const inner = first && worksOn(source, first);
    return inner ? { catches: false, isLazy: false, isOwn: false, isChain: true } : null;
  }
  const own = asyncCalled(source, call);
  if (own) {
    const waits = ownWork(own.source, own.node);
    return waits ? { catches: uncaughtIn(own.source, own.node) === null, isLazy: false, isOwn: true } : null;
  }
  const query = queryAt(source, call);
  if (query && query.kind !== 'raw' && !hasCallback(call)) {
    const isLazy =
      /^(prisma|drizzle|knex|kysely)$/.test(query.library) ||
      (query.library === 'mongoose' && !/^(create|insertMany|save)$/.test(calledName(call) ?? ''));
    return query.node === call || !isLazy ? { catches: false, isLazy, isOwn: false } : null;
  }
  if (isSaved(source, call)) return { catches: false, isLazy: false, isOwn: false };
  const origin = originOf(source, call.callee);
  const io = ioOf(source, call);
  if (io === null || hasCallback(call) || origin === null || io === 'query') return null;
  return promises.test(origin)
    ? { catches: false, isLazy: false, isOwn: false, ...(/^resend#/.test(origin) ? { neverRejects: true } : {}) }
    : null;
}

/** `user.save()` of what a query of Mongoose gave: an object that it made alone has that method. */
function isSaved(source: Source, call: CallSyntax): boolean {
  if (calledName(call) !== 'save' || call.arguments.length > 0 || call.callee.type !== 'MemberExpression') return false;
  const given = constantOf(source, call.callee.object);
  const waited = given?.type === 'AwaitExpression' ? queryAt(source, unwrap(given.argument)) : null;
  return waited?.library === 'mongoose' && waited.kind !== 'many' && !/\.lean\(/.test(source.textOf(given ?? call));
}

/** Calls of libraries that give a promise: what sends, not what sets (`setApiKey`, `create`, `interceptors.use`). */
const promises =
  /^(#fetch|axios#(default|axios)?|axios#.*\b(get|delete|head|options|post|put|patch|request)(Form)?|nodemailer#.*|fs\/promises#.*|fs#promises\..*|@sendgrid\/mail#.*\bsend\w*|resend#.*\.(send|create|get|update|remove|list)|undici#fetch|node-fetch#\w*|bull(mq)?#\w+\(\)\.add(Bulk)?|@aws-sdk\/[\w-]+#\w+\(\)\.send|twilio#\w+\(\)\.messages\.create|stripe#\w+\(\)\.[\w.]+\.(create|update|cancel|capture|confirm|del)|@slack\/(webhook#\w+\(\)\.send|web-api#\w+\(\)\.chat\.\w+)|web-push#(default\.)?sendNotification)$/;

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

/** `send(mail).catch();`: what it is called on, in words. */
export function emptyCatch(source: Source, call: CallSyntax): string | null {
  if (calledName(call) !== 'catch' || call.arguments.length > 0 || call.callee.type !== 'MemberExpression') return null;
  const promise = unwrap(call.callee.object);
  const user = source.parentOf(call);
  const own = promise.type === 'CallExpression' ? asyncCalled(source, promise) : null;
  if (own !== null && uncaughtIn(own.source, own.node) === null) return null;
  return promise.type === 'CallExpression' && user?.type === 'ExpressionStatement'
    ? source.textOf(promise.callee).replace(/\s+/g, '').slice(0, 60)
    : null;
}
