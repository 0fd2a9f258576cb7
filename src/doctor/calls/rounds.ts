import { literal, type Syntax, unwrap } from '../../text/syntax.ts';
import { definitionBeyond, placeOf } from '../code/definition.ts';
import { constantOf } from '../code/names.ts';
import { everyOf, functionAround, isFunction, loopAround, type Source } from '../code/source.ts';
import { nameOf, queryAt } from '../queries/queries.ts';
import type { Call } from '../queries/query.ts';
import { ioOf, ioWithin } from './waits.ts';

/** The loops around a node within its function, nearest first; callbacks of an array's methods count as loops. */
export function loopsAround(source: Source, node: Syntax): Syntax[] {
  const loops: Syntax[] = [];
  for (let loop = loopAround(source, node); loop !== null; loop = loopAround(source, loop)) loops.push(loop);
  return loops;
}

/** Rows for which one query each costs little. */
const few = 10;
/** Names of loops that go by groups of rows, or that try again. */
const byGroups = /chunk|batch|page|shard|slice|attempt|retr(y|ies)|partition|window|bucket/i;
/** Lists that somebody wrote down somewhere: settings, kinds of things, parts of one form. */
const written =
  /(config\w*|options?|settings?|types?|kinds?|filters?|conditions?|fields?|columns?|variables?|mappings?|languages?|locales?|currencies|currency|providers?|dataSources?|targets?|environments?|plugins?|formats?|modes?|levels?|periods?|intervals?|months?|days?|hours?|definitions?|schemas?|metadata|relations?|joins?|steps?|static\w*|defaults?|fixtures?|samples?|channels?|\w*sets)$/i;

/**
 * How many rounds a loop has: `short`, where the list stands in the source or goes by groups; `unsure`, where it is
 * such a list by its name; `long`, where it is as long as there are rows.
 */
export function isLong(source: Source, loop: Syntax): 'short' | 'unsure' | 'long' {
  switch (loop.type) {
    case 'ForOfStatement':
    case 'ForInStatement': {
      const head = `${source.textOf(loop.left)} ${source.textOf(loop.right)}`;
      if (byGroups.test(head) || isShort(source, loop.right)) return 'short';
      // The names of an object's parts are some; the places of rows are many.
      const isOfRows = loop.type === 'ForOfStatement' || isAskedFor(source, loop.right);
      return isOfRows ? lengthOf(source, loop.right, loop.left) : 'unsure';
    }
    case 'ForStatement': {
      const head = source.text.slice(loop.start, loop.body.start);
      const isCounted = /\.length\b|\bcount\b|\btotal\b/.test(head) && /\+\+/.test(head) && !byGroups.test(head);
      const list = isCounted ? countedBy(loop) : null;
      if (!isCounted || (list !== null && isShort(source, list))) return 'short';
      if (list === null) return 'long';
      return isReadAt(source, loop, list) ? lengthOf(source, list, null) : 'unsure';
    }
    case 'CallExpression': {
      const list = loop.callee.type === 'MemberExpression' ? loop.callee.object : null;
      if (list === null || byGroups.test(source.textOf(list)) || isShort(source, list)) return 'short';
      return lengthOf(source, list, null);
    }
    default:
      return 'short';
  }
}

/** The list whose length ends a loop: `i < rows.length` → rows. */
function countedBy({ test }: Extract<Syntax, { type: 'ForStatement' }>): Syntax | null {
  if (test?.type !== 'BinaryExpression') return null;
  const right = unwrap(test.right);
  return right.type === 'MemberExpression' && nameOf(right) === 'length' ? right.object : null;
}

/** `rows[i]`, `rows.at(i)`: a round for each of the list, and not for each letter of a text. */
function isReadAt(source: Source, loop: Extract<Syntax, { type: 'ForStatement' }>, list: Syntax): boolean {
  const text = source.textOf(loop.body).replace(/\s+|[?!]/g, '');
  const name = source.textOf(list).replace(/\s+|[?!]/g, '');
  return [`${name}[`, `${name}.[`, `${name}.at(`].some((read) => text.includes(read));
}

function lengthOf(source: Source, list: Syntax, left: Syntax | null): 'unsure' | 'long' {
  const text = source.textOf(unwrap(list)).replace(/\s+/g, '');
  const last =
    /([\w$]+)(\?\?\[\]|\|\|\[\])?\W*$/.exec(text.replace(/\.(entries|values|keys|filter|slice|sort)\(.*$/, ''))?.[1] ??
    '';
  if (
    written.test(last.replace(/(To|For|Of|With)[A-Z]\w*$/, '')) ||
    /\b(config|options|settings|static\w*)\b/i.test(text)
  )
    return 'unsure';
  // `for (const [key, group] of byKey)`: as many rounds as there are groups.
  const isGroups =
    left?.type === 'VariableDeclaration' &&
    left.declarations[0]?.id.type === 'ArrayPattern' &&
    /^(by[A-Z]|group)|By[A-Z]|[gG]roups?$|[gG]rouped/.test(last);
  const made = madeFrom(source, list);
  return isGroups || isLimited(source, made) || /static|default/i.test(source.textOf(made)) ? 'unsure' : 'long';
}

/** The answer of a query for a handful of rows: `take: 5`, `.limit(5)`. */
function isLimited(source: Source, made: Syntax): boolean {
  const value = unwrap(made);
  const query = queryAt(source, value.type === 'AwaitExpression' ? unwrap(value.argument) : value);
  const limit = query?.options.get('take') ?? query?.options.get('limit') ?? query?.chain.get('limit')?.arguments[0];
  const rows = limit ? literal(limit) : null;
  return typeof rows === 'number' && rows <= few;
}

/** What a query, or whatever else is waited for, has given. */
function isAskedFor(source: Source, list: Syntax): boolean {
  const made = unwrap(madeFrom(source, list));
  return made.type === 'AwaitExpression' || queryAt(source, made) !== null;
}

const madeFrom = (source: Source, list: Syntax): Syntax => constantOf(source, list) ?? list;

/** A list that stands in the source is as long as it stands there. */
function isShort(source: Source, list: Syntax): boolean {
  const value = constantOf(source, list) ?? unwrap(list);
  const place = value.type === 'Identifier' || value.type === 'MemberExpression' ? placeOf(source, value)?.node : null;
  if (place?.type === 'ArrayExpression' || value.type === 'ArrayExpression') {
    const { elements } =
      place?.type === 'ArrayExpression' ? place : value.type === 'ArrayExpression' ? value : { elements: [] };
    return elements.length > 0 && !elements.some((one) => one?.type === 'SpreadElement');
  }
  if (value.type !== 'CallExpression') return false;
  if (/^(Object\.(keys|values|entries)|Array\.from)$/.test(source.textOf(value.callee))) {
    const [first] = value.arguments;
    const of = first ? (constantOf(source, first) ?? unwrap(first)) : null;
    // `Object.values(Status)`: the values of an enum.
    const isEnum = of?.type === 'Identifier' && /^[A-Z]/.test(of.name);
    return isEnum || of?.type === 'ObjectExpression' || of?.type === 'ArrayExpression';
  }
  if (isFirstFew(source, value)) return true;
  // `kinds.filter(…)` is no longer than `kinds`.
  const callee = unwrap(value.callee);
  return (
    callee.type === 'MemberExpression' &&
    callee.property.type === 'Identifier' &&
    /^(filter|slice|reverse|sort|toSorted|map)$/.test(callee.property.name) &&
    isShort(source, callee.object)
  );
}

/** `rows.slice(0, 10)`, and what a function of the project's own gives that ends so. */
function isFirstFew(source: Source, call: Call, depth = 2): boolean {
  if (nameOf(call.callee) === 'slice') {
    const [from, to] = call.arguments.map((one) => literal(one));
    return from === 0 && typeof to === 'number' && to <= few;
  }
  const place = depth > 0 ? definitionBeyond(source, call.callee) : null;
  if (!place || !isFunction(place.node) || !place.node.body) return false;
  const given: Syntax[] = place.node.body.type === 'BlockStatement' ? [] : [place.node.body];
  everyOf(place.node.body, ['ReturnStatement'], (node) => {
    if (node.type === 'ReturnStatement' && node.argument && functionAround(place.source, node) === place.node)
      given.push(node.argument);
  });
  return (
    given.length > 0 &&
    given.every((one) => {
      const last = unwrap(one);
      return (
        (last.type === 'ArrayExpression' && last.elements.length === 0) ||
        (last.type === 'CallExpression' && isFirstFew(place.source, last, depth - 1))
      );
    })
  );
}

/** True where the loop ends in the round in which the node runs: `if (taken) { await …; return … }`. */
export function isOnce(source: Source, node: Syntax, loop: Syntax): boolean {
  if (loop.type === 'CallExpression') return false;
  const body = 'body' in loop ? loop.body : null;
  for (const parent of source.above(node)) {
    if (parent === loop) return false;
    if (parent.type === 'ReturnStatement' || parent.type === 'ThrowStatement') return true;
    if (parent.type !== 'BlockStatement' || parent === body) continue;
    const last = parent.body.at(-1)?.type;
    if (last === 'ReturnStatement' || last === 'ThrowStatement' || last === 'BreakStatement') return true;
  }
  return false;
}

const known = new WeakMap<Syntax, boolean>();
/** Names of calls that go out of the process or take their time, or that do so many at a time as what they call can bear. */
const outward =
  /^(send\w*|publish|emit|dispatch|enqueue|upload\w*|download\w*|inspect|exec\w*|spawn|notify\w*|request|transcode|resize|render\w*|generate\w*|detect\w*|\w+Sync|fetch|axios)$|concurren|throttl|^pMap$|pdf|image|file|buffer|docker|\bs3\b|storage|mailer|redis|queue\w*\W+add$|embedd/i;

/** Around a call that is waited for, there or where it is given back to. */
const waiting = /^(AwaitExpression|ArrowFunctionExpression|ReturnStatement)$/;

/** True where each round waits for something slower than a query: another service, a file, a process, a queue. */
export function isSlowed(source: Source, loop: Syntax): boolean {
  const before = known.get(loop);
  if (before !== undefined) return before;
  let isSlow = false;
  everyOf(roundOf(loop), ['CallExpression'], (node) => {
    if (isSlow || node.type !== 'CallExpression' || isConditional(source, node, loop)) return;
    const io = ioOf(source, node);
    if (io !== null) {
      isSlow = io !== 'query';
      return;
    }
    const name = source.textOf(node.callee).replace(/\s+/g, '').slice(-60);
    const isAwaited = waiting.test(source.parentOf(node)?.type ?? '');
    if (!isAwaited) isSlow = /\b\w+FileSync$/.test(name);
    else if (outward.test(name) || outward.test(name.replace(/^.*\./, ''))) isSlow = true;
    else {
      const place = definitionBeyond(source, node.callee);
      const inner =
        place && isFunction(place.node) && place.node.body ? ioWithin(place.source, place.node.body, 1) : null;
      isSlow = inner !== null && inner.io !== 'query';
    }
  });
  known.set(loop, isSlow);
  return isSlow;
}

/** Some rounds only: the others wait for their query alone. */
function isConditional(source: Source, node: Syntax, loop: Syntax): boolean {
  for (const parent of source.above(node)) {
    if (parent === loop) return false;
    if (parent.type === 'IfStatement' && !(parent.test.start <= node.start && node.end <= parent.test.end)) return true;
  }
  return false;
}

const knownWrites = new WeakMap<Syntax, boolean>();

/** True where each round changes or removes rows too: there are as many queries as rows whatever is read at once. */
export function isWriting(source: Source, loop: Syntax): boolean {
  const before = knownWrites.get(loop);
  if (before !== undefined) return before;
  let isIt = false;
  everyOf(roundOf(loop), ['CallExpression'], (node) => {
    if (isIt || node.type !== 'CallExpression') return;
    const kind = queryAt(source, node)?.kind;
    const name = node.callee.type === 'MemberExpression' ? source.textOf(node.callee.property) : '';
    isIt =
      kind === 'update' ||
      kind === 'delete' ||
      (/^(AwaitExpression|ReturnStatement|ArrayExpression|ArrowFunctionExpression)$/.test(
        source.parentOf(node)?.type ?? '',
      ) &&
        /^(save|update\w*|destroy|remove|softDelete)$/.test(name));
  });
  knownWrites.set(loop, isIt);
  return isIt;
}

/** What runs in each round: the body, or the callback. */
export function roundOf(loop: Syntax): Syntax {
  if (loop.type === 'CallExpression') return loop.arguments[0] ?? loop;
  return 'body' in loop && loop.body && !Array.isArray(loop.body) ? loop.body : loop;
}
