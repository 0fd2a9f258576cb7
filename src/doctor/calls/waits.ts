import { isNode, type Syntax, stringValue, unwrap } from '../../text/syntax.ts';
import { definitionBeyond } from '../code/definition.ts';
import { originOf } from '../code/origin.ts';
import { everyOf, type FunctionSyntax, isFunction, type Source } from '../code/source.ts';
import { queryAt } from '../queries/queries.ts';
import { methodGiven } from './given-objects.ts';

export type CallSyntax = Extract<Syntax, { type: 'CallExpression' }>;

/** The last name of a callee: `a.b.send` → 'send'. */
export function calledName(call: CallSyntax): string | null {
  const callee = unwrap(call.callee);
  if (callee.type === 'Identifier') return callee.name;
  return callee.type === 'MemberExpression' && !callee.computed && 'name' in callee.property
    ? callee.property.name
    : null;
}

/** Every node of a function's own body: what runs in it, without the functions that are written in it. */
function ownNodes(root: Syntax, visit: (node: Syntax) => void): void {
  const step = (node: Syntax): void => {
    visit(node);
    for (const value of Object.values(node)) {
      if (typeof value !== 'object' || value === null) continue;
      for (const child of Array.isArray(value) ? value : [value]) if (isNode(child) && !isFunction(child)) step(child);
    }
  };
  for (const part of isFunction(root) ? [...root.params, ...(root.body ? [root.body] : [])] : [root]) step(part);
}

/** True where the node stands in the block of a `try` with a `catch`, within its function. */
function isCaught(source: Source, node: Syntax): boolean {
  let inner = node;
  for (const parent of source.above(node)) {
    if (isFunction(parent)) return false;
    if (parent.type === 'TryStatement' && parent.handler && parent.block === inner) return true;
    inner = parent;
  }
  return false;
}

/** True for a promise whose rejection is taken: `….catch(…)`, `….then(a, b)`. */
export function takesRejection(node: Syntax): boolean {
  const call = unwrap(node);
  if (call.type !== 'CallExpression' || call.callee.type !== 'MemberExpression') return false;
  const name = calledName(call);
  if ((name === 'catch' && call.arguments.length > 0) || (name === 'then' && call.arguments.length > 1)) return true;
  return name === 'finally' || name === 'then' ? takesRejection(call.callee.object) : false;
}

/**
 * The first `await`, `for await` or `throw` of an async function that no `try` around it catches; null where there is
 * none. A function of the project that catches all of its own is waited for without fear.
 */
export function uncaughtIn(source: Source, fn: FunctionSyntax, depth = 2): Syntax | null {
  let found: Syntax | null = null;
  if (!fn.body) return null;
  if (fn.async && fn.body.type !== 'BlockStatement' && mayPassOn(source, fn.body, depth)) return fn.body;
  ownNodes(fn.body, (node) => {
    if (found !== null && node.start >= found.start) return;
    const mayReject =
      (node.type === 'AwaitExpression' && !takesRejection(node.argument) && !isSettled(source, node.argument, depth)) ||
      (node.type === 'ForOfStatement' && node.await) ||
      node.type === 'ThrowStatement';
    // `catch (error) { throw error }`: what is thrown there is thrown on purpose.
    const isLast = node.type !== 'ThrowStatement' && (inCatch(source, node) || isGivenBack(source, node));
    if (mayReject && !isLast && !isCaught(source, node)) found = node;
    // A promise that is returned leaves every `try` that it stands in.
    if (fn.async && node.type === 'ReturnStatement' && node.argument && mayPassOn(source, node.argument, depth))
      found = node;
  });
  return found;
}

/** `return save(order)`, where `save` is an async function of the project that may reject. */
function mayPassOn(source: Source, node: Syntax, depth: number): boolean {
  const call = unwrap(node);
  if (call.type !== 'CallExpression' || depth === 0 || takesRejection(call)) return false;
  const own = asyncCalled(source, call);
  return own !== null && !own.node.generator && uncaughtIn(own.source, own.node, depth - 1) !== null;
}

function isSettled(source: Source, node: Syntax, depth: number): boolean {
  const inner = unwrap(node);
  // A module that is written down is there, or nothing is.
  if (inner.type === 'ImportExpression') return stringValue(inner.source) !== null;
  if (inner.type === 'NewExpression') return /setTimeout/.test(source.textOf(inner));
  if (inner.type !== 'CallExpression' || isResult(source, node)) return isResult(source, node);
  if (isOfSupabase(source, inner) || settles.test(originOf(source, inner.callee) ?? '')) return true;
  if (/^(Promise\.(allSettled|resolve)|next)$/.test(source.textOf(inner.callee))) return true;
  if (areSettled(source, inner, depth) || isCheck(source, inner) || isOfRoom(source, inner)) return true;
  const own = depth > 0 ? asyncCalled(source, inner) : null;
  if (own === null || own.node.generator) return false;
  const waits = uncaughtIn(own.source, own.node, depth - 1);
  if (waits === null) return true;
  // The only wait may be for what this call gives: `await test(new Channel())`, which waits for `channel.send()`.
  const isOnly = own.source.textOf(own.node).split(/\bawait\b/).length === 2;
  const method = isOnly ? methodGiven(source, inner, own, waits) : null;
  return method?.node.async === true && uncaughtIn(method.source, method.node, depth - 1) === null;
}

/** `Promise.all([first(), second()])`, `Promise.all(list.map(async (one) => …))`: nothing of it can reject. */
function areSettled(source: Source, call: CallSyntax, depth: number): boolean {
  if (!/^Promise\.(all|race|any)$/.test(source.textOf(call.callee))) return false;
  const list = call.arguments[0] && unwrap(call.arguments[0]);
  const isOne = (one: Syntax): boolean => takesRejection(one) || isSettled(source, one, depth);
  if (list?.type === 'ArrayExpression') return list.elements.every((one) => one !== null && isOne(one));
  const work = list?.type === 'CallExpression' && calledName(list) === 'map' ? list.arguments[0] : undefined;
  if (!work || !isFunction(work) || !work.body) return false;
  if (work.async) return work.body.type === 'BlockStatement' && uncaughtIn(source, work, depth) === null;
  return work.body.type !== 'BlockStatement' && isOne(work.body);
}

/** `check('name').run(req)` of express-validator: what is wrong with the request is kept beside it. */
const isCheck = (source: Source, call: CallSyntax): boolean =>
  calledName(call) === 'run' && call.arguments.length === 1 && /['"]express-validator['"]/.test(source.text);

/** `socket.join(room)` of Socket.IO: without an adapter it is done when it returns. */
const isOfRoom = ({ project, textOf }: Source, call: CallSyntax): boolean =>
  /^(\w+\.)*\w*socket\??\.(join|leave)$/i.test(textOf(call.callee)) &&
  ![...project.dependencies.keys()].some((name) => /^@socket\.io\/\w+-adapter$|^socket\.io-redis$/.test(name));

/** What gives its errors back as its value, or has none. */
const settles = /^(prom-client#|class-validator#validate$)/;

/** `const [error, user] = await …`: what failed is given back beside what came of it. */
function isResult(source: Source, awaited: Syntax): boolean {
  const wait = source.parentOf(awaited);
  const holder = wait && source.parentOf(wait);
  const first =
    holder?.type === 'VariableDeclarator' && holder.id.type === 'ArrayPattern' ? holder.id.elements[0] : null;
  return wait?.type === 'AwaitExpression' && first?.type === 'Identifier' && /err(or)?$/i.test(first.name);
}

/** A query of Supabase resolves with `{ data, error }`, also where the database is gone, unless it is told to throw. */
function isOfSupabase(source: Source, call: CallSyntax): boolean {
  let node: Syntax = call;
  while (node.type === 'CallExpression' && node.callee.type === 'MemberExpression') {
    if (/^(then|throwOnError)$/.test(calledName(node) ?? '')) return false;
    if (queryAt(source, node)?.library === 'supabase') return true;
    node = unwrap(node.callee.object);
  }
  return false;
}

/** True within a `catch` block: what fails there is the failure of a failure. */
function inCatch(source: Source, node: Syntax): boolean {
  for (const parent of source.above(node)) {
    if (isFunction(parent)) return false;
    if (parent.type === 'CatchClause') return true;
  }
  return false;
}

/** `await client.close()`, `await shutDown()`: it gives back what is no longer needed, and there is little left to fail. */
export function isClosing(node: Syntax): boolean {
  const inner = unwrap(node);
  const call = inner.type === 'AwaitExpression' ? unwrap(inner.argument) : inner;
  return call.type === 'CallExpression' && closing.test(calledName(call) ?? '');
}
const closing =
  /^(close|release|end|stop|quit|disconnect|destroy|dispose|terminate|teardown|shut_?down|clean_?up|drain|unlink)([A-Z_]\w*)?$/i;

/** What the `finally` of a `try` that catches gives back: the answer was sent before it, by the `try` or by its `catch`. */
function isGivenBack(source: Source, node: Syntax): boolean {
  let inner = node;
  for (const parent of source.above(node)) {
    if (isFunction(parent)) return false;
    if (parent.type === 'TryStatement' && parent.finalizer === inner) return parent.handler !== null && isClosing(node);
    inner = parent;
  }
  return false;
}

/** What a call does beyond this process, and so takes its time and may fail. */
export type Io = 'http' | 'query' | 'mail' | 'file' | 'process' | 'queue';

const origins: readonly (readonly [Io, RegExp])[] = [
  [
    'http',
    /^(#fetch|(axios|got|ky|node-fetch|cross-fetch|superagent|needle|request|request-promise|@nestjs\/axios)#|undici#(fetch|request))/,
  ],
  [
    'http',
    /^(openai|@anthropic-ai\/sdk|stripe|replicate|@octokit\/\w+|twilio|@slack\/\w+[-\w]*|@google\/\w+|firebase-admin\/?\w*|web-push|@aws-sdk\/[\w-]+)#/,
  ],
  ['mail', /^(nodemailer#createTransport\(\)\.sendMail|(@sendgrid\/mail|resend|postmark|mailgun\.js)#)/],
  ['file', /^(fs\/promises#|fs#promises\.)/],
  ['queue', /^bull(mq)?#\w+\(\)\.add/],
];

/** What a call does by itself; null for what stays in the process, or cannot be told. */
export function ioOf(source: Source, call: CallSyntax): Io | null {
  const origin = originOf(source, call.callee);
  if (origin !== null) for (const [io, pattern] of origins) if (pattern.test(origin)) return io;
  if (/^(sendMail|sendEmail|sendMessage|sendSms)$/.test(calledName(call) ?? '')) return 'mail';
  return queryAt(source, call) ? 'query' : null;
}

/** What a piece of code does beyond this process, in itself or in the functions of the project that it calls, two deep. */
export function ioWithin(source: Source, root: Syntax, depth = 2): { io: Io; call: CallSyntax } | null {
  let found: { io: Io; call: CallSyntax } | null = null;
  everyOf(root, ['CallExpression'], (node) => {
    if (found !== null || node.type !== 'CallExpression') return;
    const io = ioOf(source, node);
    if (io !== null) found = { io, call: node };
    else if (depth > 0) {
      const place = definitionBeyond(source, node.callee);
      const inner =
        place && isFunction(place.node) && place.node.body && place.node !== root
          ? ioWithin(place.source, place.node.body, depth - 1)
          : null;
      if (inner) found = { io: inner.io, call: node };
    }
  });
  return found;
}

/** The async function of the project that a call runs; null for anything else. */
export function asyncCalled(source: Source, call: CallSyntax): { source: Source; node: FunctionSyntax } | null {
  const place = definitionBeyond(source, call.callee);
  return place && isFunction(place.node) && place.node.async ? { source: place.source, node: place.node } : null;
}
