import { type Syntax, unwrap } from '../../../text/syntax.ts';
import { type CallSyntax, calledName, type Io, ioWithin } from '../../calls/waits.ts';
import { definitionBeyond } from '../../code/definition.ts';
import { bindingOf } from '../../code/names.ts';
import { originOf } from '../../code/origin.ts';
import { everyOf, functionAround, isFunction, loopAround, type Source } from '../../code/source.ts';
import { isSent, taintOf } from '../../flow/taint.ts';
import { queryAt } from '../../queries/queries.ts';
import { isForAdminsOnly } from '../../routes/insiders.ts';
import { defineRule } from '../../rule.ts';

const doing: Readonly<Record<Io, string>> = {
  http: 'a request to another service',
  mail: 'a mail',
  file: 'an open file',
  process: 'a process',
  queue: 'a job',
  query: 'a query',
};

export const unboundedConcurrency = defineRule({
  id: 'res/unbounded-concurrency',
  since: '0.1.0',
  severity: 'warning',
  confidence: 'likely',
  title: 'As many things are done at once as a list happens to be long.',
  why: '`Promise.all(list.map(async …))` starts everything at once. With the ten rows of a test that is fast; with ten thousand of production it opens ten thousand sockets, takes every connection of the pool, runs into the other side’s rate limit, and the first failure leaves the rest running with nobody to look after them. Work in bounded numbers: `p-limit`, chunks, or a job per row.',
  remedy: { skill: 'batch' },
  running: true,
  owasp: 'API4',
  mentions: /Promise\s*\.\s*all/,
  file: (source, tell) => ({
    CallExpression(node) {
      const origin = originOf(source, node.callee);
      if (origin !== '#Promise.all' && origin !== '#Promise.allSettled') return;
      const mapped = mapIn(source, node.arguments[0]) ?? pushedIn(source, node.arguments[0]);
      if (!mapped) return;
      const { list, work } = mapped;
      const from = lengthOf(source, list);
      if (from === null) return;
      const isHere = isFunction(work) || work.type === 'CallExpression';
      const body = isHere ? { source, node: work as Syntax } : definitionBeyond(source, work);
      if (!body || isLimited(body.source, body.node)) return;
      const found = ioWithin(body.source, body.node, 2);
      if (!found || (from === 'request' && isCounted(source, node))) return;
      tell(node, {
        message: `${doing[found.io][0]?.toUpperCase()}${doing[found.io].slice(1)} for each of ${source.textOf(list).replace(/\s+/g, ' ').slice(0, 50)} at once: ${from === 'request' ? 'the client decides how many' : 'the table’s size decides how many'}.`,
        fix: 'Bound how many run at once (p-limit, chunks of a fixed size), or enqueue a job for each.',
        // A table's rows are few in most applications, and nobody can see here how many there will be.
        ...(found.io === 'query' || from === 'rows' || isForAdminsOnly(source, node)
          ? { confidence: 'hint' as const }
          : {}),
      });
    },
  }),
});

/** `list.map(work)`, written there or by a constant's name. */
function mapIn(source: Source, argument: Syntax | undefined): { list: Syntax; work: Syntax } | null {
  if (!argument) return null;
  let node = unwrap(argument);
  if (node.type === 'Identifier') {
    const binding = bindingOf(source, node);
    if (!binding?.init || binding.path.length > 0) return null;
    node = unwrap(binding.init);
  }
  if (
    node.type !== 'CallExpression' ||
    node.callee.type !== 'MemberExpression' ||
    !/^(map|flatMap)$/.test(calledName(node) ?? '')
  )
    return null;
  const [work] = node.arguments;
  return work ? { list: node.callee.object, work: unwrap(work) } : null;
}

/** `const all = []; for (const row of rows) all.push(send(row)); await Promise.all(all)`. */
function pushedIn(source: Source, argument: Syntax | undefined): { list: Syntax; work: Syntax } | null {
  const name = argument ? unwrap(argument) : null;
  const binding = name?.type === 'Identifier' ? bindingOf(source, name) : null;
  const made = binding?.init ? unwrap(binding.init) : null;
  const around = name ? functionAround(source, name) : null;
  if (name?.type !== 'Identifier' || made?.type !== 'ArrayExpression' || made.elements.length > 0 || !around)
    return null;
  let found: { list: Syntax; work: Syntax } | null = null;
  everyOf(around, ['CallExpression'], (node) => {
    if (found || node.type !== 'CallExpression' || node.start > name.start || calledName(node) !== 'push') return;
    const [given] = node.arguments;
    if (node.callee.type !== 'MemberExpression' || source.textOf(node.callee.object) !== name.name || !given) return;
    const work = unwrap(given);
    const loop = work.type === 'CallExpression' ? loopAround(source, node) : null;
    if (loop?.type === 'ForOfStatement') found = { list: loop.right, work };
    else if (loop?.type === 'CallExpression' && loop.callee.type === 'MemberExpression')
      found = { list: loop.callee.object, work };
  });
  return found;
}

/** The function looks at how many there are: `if (files.length > most) …`. */
function isCounted(source: Source, node: Syntax): boolean {
  const fn = functionAround(source, node);
  return fn !== null && /\.length\s*>=?\s*[\w.]+/.test(source.textOf(fn).replace(/\.length\s*>=?\s*[01]\b/g, ''));
}

/** Who decides how long a list is: the client, or a table that is read without a limit; null for what is bounded or not known. */
function lengthOf(source: Source, list: Syntax, depth = 0): 'request' | 'rows' | null {
  if (depth > 6) return null;
  const node = unwrap(list);
  if (node.type === 'AwaitExpression') return lengthOf(source, node.argument, depth + 1);
  if (node.type === 'CallExpression') {
    if (/^(slice|splice|chunk)$/.test(calledName(node) ?? '')) return null;
    const rows = rowsOf(source, node);
    if (rows !== undefined) return rows;
    if (
      node.callee.type === 'MemberExpression' &&
      /^(filter|map|flatMap|sort|reverse|concat)$/.test(calledName(node) ?? '')
    )
      return lengthOf(source, node.callee.object, depth + 1);
  }
  if (node.type === 'Identifier') {
    if (/chunk|batch|page|slice/i.test(node.name)) return null;
    const binding = bindingOf(source, node);
    if (binding?.kind === 'variable' && binding.init && binding.path.length === 0) {
      const init = lengthOf(source, binding.init, depth + 1);
      if (init !== null) return init;
    }
  }
  if (node.type === 'CallExpression' || node.type === 'NewExpression') return null;
  return isSent(taintOf(source, node)) ? 'request' : null;
}

/** `rows` for a query for many without a limit, null for one with; undefined where the call is no query. */
function rowsOf(source: Source, call: CallSyntax): 'rows' | null | undefined {
  for (let node: Syntax = call; node.type === 'CallExpression'; ) {
    const query = queryAt(source, node);
    if (query) {
      if (query.kind !== 'many') return null;
      const text = source.textOf(call);
      return query.chain.has('limit') ||
        query.options.has('take') ||
        query.options.has('limit') ||
        /\b(take|limit)\b/i.test(text)
        ? null
        : 'rows';
    }
    if (node.callee.type !== 'MemberExpression') return undefined;
    node = unwrap(node.callee.object);
  }
  return undefined;
}

/** The work waits for its turn: `limit(() => …)`, a semaphore, a queue. */
const isLimited = (source: Source, work: Syntax): boolean =>
  /\b(p?[lL]imit(er)?|semaphore|throttle\w*|bottleneck|mutex|queue|pool|sem|acquire)\s*(\.\w+)?\(/.test(
    source.textOf(work),
  );
