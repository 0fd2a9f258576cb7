import { type Syntax, unwrap } from '../../text/syntax.ts';
import { roundOf } from '../calls/rounds.ts';
import { constantOf } from '../code/names.ts';
import { originOf } from '../code/origin.ts';
import { everyOf, isFunction, type Source } from '../code/source.ts';
import { nameOf, queryAt } from './queries.ts';
import type { Query } from './query.ts';
import { bare } from './races.ts';
import { nameGiven } from './values.ts';

/**
 * True where asking in turn has a reason, or costs little beside the rest of the round: after an error, where nobody waits, one alternative
 * after the other, beside a call of another service, for the few things of one owner, or where a round changes what the
 * next one reads. `query` is null where a function of the project's own asks it.
 */
export const hasReason = (source: Source, at: Syntax, loop: Syntax, query: Query | null): boolean =>
  isAfterError(source, at, loop) ||
  isLeftAlone(source, loop) ||
  isUntilFound(source, at, loop) ||
  isKeptInside(source, at, loop) ||
  changesNext(source, at, loop, query) ||
  isBesideService(source, at, loop) ||
  isOfOneOwner(source, loop);

/** `Promise.all(rows.map(…));` that nobody awaits: the answer goes out without it. */
function isLeftAlone(source: Source, loop: Syntax): boolean {
  let isAtOnce = false;
  for (const parent of source.above(loop)) {
    if (parent.type === 'ExpressionStatement')
      return isAtOnce && !/\.then\(|\b(resolve|next|done)\b/.test(source.textOf(parent));
    if (parent.type === 'CallExpression' && /^Promise\.(all|allSettled)$/.test(source.textOf(parent.callee)))
      isAtOnce = true;
    else if (
      !/^(CallExpression|MemberExpression|ArrayExpression|SpreadElement|UnaryExpression|ChainExpression)$/.test(
        parent.type,
      )
    )
      return false;
  }
  return false;
}

/** In `catch`: only rounds that fail ask it. */
function isAfterError(source: Source, at: Syntax, loop: Syntax): boolean {
  for (const parent of source.above(at)) {
    if (parent === loop) return false;
    if (parent.type === 'CatchClause') return true;
    if (
      parent.type === 'CallExpression' &&
      nameOf(parent.callee) === 'catch' &&
      parent.arguments.some((one) => holds(one, at))
    )
      return true;
  }
  return false;
}

const holds = (outer: Syntax, inner: Syntax): boolean => outer.start <= inner.start && inner.end <= outer.end;

/** `if (match) return match;`, `if (match) { …; break; }`: the first answer ends the loop. */
function isUntilFound(source: Source, at: Syntax, loop: Syntax): boolean {
  if (loop.type === 'CallExpression') return false;
  if (isAskedToEnd(source, at, loop)) return true;
  const name = nameGiven(source, at);
  if (name === null || !/^[\w$]+$/.test(name)) return false;
  const named = new RegExp(`(^|[^\\w$.])${name.replace(/\$/g, '\\$&')}(?![\\w$])`);
  let isIt = false;
  everyOf(roundOf(loop), ['IfStatement'], (node) => {
    if (isIt || node.type !== 'IfStatement' || node.start < at.end) return;
    const test = source.textOf(node.test);
    if (!named.test(test) || /^!|===?\s*(null|undefined|0)\b/.test(test)) return;
    const { consequent } = node;
    const last = consequent.type === 'BlockStatement' ? consequent.body.at(-1) : consequent;
    isIt =
      last?.type === 'BreakStatement' ||
      (last?.type === 'ReturnStatement' && !!last.argument && named.test(source.textOf(last.argument)));
  });
  return isIt;
}

/** `if (!(await isTaken(name))) { free = name; break; }`: asked in the condition that ends the loop. */
function isAskedToEnd(source: Source, at: Syntax, loop: Syntax): boolean {
  for (const parent of source.above(at)) {
    if (parent === loop || isFunction(parent)) return false;
    if (parent.type !== 'IfStatement' || !holds(parent.test, at)) continue;
    const { consequent } = parent;
    return (consequent.type === 'BlockStatement' ? consequent.body.at(-1) : consequent)?.type === 'BreakStatement';
  }
  return false;
}

/** `if (!user) { user = await …; users[id] = user; }`, `users[id] ??= await …`: later rounds find it there. */
function isKeptInside(source: Source, at: Syntax, loop: Syntax): boolean {
  for (const parent of source.above(at)) {
    if (parent === loop) return false;
    if (parent.type === 'AssignmentExpression' && /^(\?\?|\|\|)=$/.test(parent.operator)) return isPlace(parent.left);
    if (parent.type !== 'IfStatement' || !holds(parent.consequent, at)) continue;
    if (!/^!(?!!)|===?\s*(null|undefined)\b|^typeof .*undefined/.test(source.textOf(parent.test))) continue;
    let isKept = false;
    everyOf(parent.consequent, ['AssignmentExpression'], (node) => {
      if (node.type === 'AssignmentExpression' && node.operator === '=') isKept ||= isPlace(node.left);
    });
    if (isKept) return true;
  }
  return false;
}

/** `users[id]`. */
const isPlace = (node: Syntax): boolean => node.type === 'MemberExpression' && node.computed;

/** What functions are called that change rows. */
const changing =
  /^_?(save|update|upsert|delete|remove|destroy|persist|flush|re(rank|order|index|calculate|balance)|clean[uU]p|disable|archive)(?![a-z])/;

/** A row made in the table that is read, or a function called that changes rows. */
function changesNext(source: Source, at: Syntax, loop: Syntax, query: Query | null): boolean {
  let isIt = false;
  everyOf(roundOf(loop), ['CallExpression'], (node) => {
    if (isIt || node.type !== 'CallExpression' || holds(node, at) || holds(at, node)) return;
    const other = queryAt(source, node);
    if (other !== null) {
      const isRead = query !== null && query.kind !== 'create';
      isIt = isRead && other.kind === 'create' && other.model !== null && bare(other.model) === bare(query.model);
    } else isIt = isAwaited(source, node) && changing.test(nameOf(node.callee) ?? '');
  });
  return isIt;
}

const isAwaited = (source: Source, node: Syntax): boolean => source.parentOf(node)?.type === 'AwaitExpression';

/** Packages and names of calls that go to another service. */
const services =
  /sdk|stripe|openai|aws|google|twilio|sendgrid|resend|slack|octokit|\bmcp\b|azure|firebase|discord|telegram|microsoft/i;
const serviceNames = /^(create|open|connect|get|renew|register)\w*(Client|Subscription|Webhook|Transport)$/;

/** Each round waits for another service too. */
function isBesideService(source: Source, at: Syntax, loop: Syntax): boolean {
  let isIt = false;
  everyOf(roundOf(loop), ['CallExpression'], (node) => {
    if (isIt || node.type !== 'CallExpression' || holds(node, at) || !isAwaited(source, node)) return;
    if (queryAt(source, node) !== null) return;
    const from = (originOf(source, node.callee) ?? '').replace(/#.*$/, '');
    isIt = serviceNames.test(nameOf(node.callee) ?? '') || (!/^[.~/]|^@\/|^$/.test(from) && services.test(from));
  });
  return isIt;
}

/** `accounts` of one user: a person has some, not hundreds. */
function isOfOneOwner(source: Source, loop: Syntax): boolean {
  const list =
    loop.type === 'ForOfStatement'
      ? loop.right
      : loop.type === 'CallExpression' && loop.callee.type === 'MemberExpression'
        ? loop.callee.object
        : null;
  if (
    list === null ||
    !/(accounts|connections|integrations|mailboxes|calendars|credentials|wallets)$/i.test(nameOf(list) ?? '')
  )
    return false;
  const from = constantOf(source, list);
  const made = from ? unwrap(from) : null;
  const call = made?.type === 'AwaitExpression' ? unwrap(made.argument) : made;
  const query = call ? queryAt(source, call) : null;
  const where = query?.options.get('where') ?? query?.chain.get('where')?.arguments[0];
  return (
    !!where &&
    /\b(user|owner|account|member|customer|email|emailAccount)(_?id)?\b(?!\s*:\s*\{\s*(in|not)\b)/i.test(
      source.textOf(where),
    )
  );
}
