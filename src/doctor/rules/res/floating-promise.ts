import { type Syntax, unwrap } from '../../../text/syntax.ts';
import { answersLater } from '../../calls/answered-later.ts';
import { type Async, feedsReturned, forgottenIn } from '../../calls/forgotten.ts';
import { lastResortOf } from '../../calls/last-resort.ts';
import { emptyCatch, worksOn } from '../../calls/started.ts';
import { type CallSyntax, calledName } from '../../calls/waits.ts';
import { isUsedInBrowser } from '../../code/browser.ts';
import { isCommandLine, isRunByHand } from '../../code/packages.ts';
import { freezes } from '../../code/serverless.ts';
import { type FunctionSyntax, functionAround, type Source } from '../../code/source.ts';
import type { Project } from '../../project.ts';
import { handlerAround } from '../../routes/roles.ts';
import { isCalledByHandler } from '../../routes/served.ts';
import { defineRule, type Words } from '../../rule.ts';
import { type At, atNode } from '../../spot.ts';

export const floatingPromise = defineRule<Note>({
  id: 'res/floating-promise',
  since: '0.1.0',
  severity: 'warning',
  confidence: 'likely',
  title: 'A request starts asynchronous work and does not wait for it.',
  why: 'A promise that nobody awaits has nobody to take its rejection: where the work fails, Node ends the process, and every request in it. Before that the client was told that it is done. On serverless platforms it is worse: the function is frozen when the response is sent, and the work stops half way or runs minutes later with another request. Await it; where the response should not wait, hand it to a queue, to `waitUntil()` or `after()`, or at least attach `.catch()` and log.',
  remedy: { skill: 'jobs' },
  running: true,
  mentions:
    /\basync\b|\.catch\(\)|\bset(Interval|Timeout|Immediate)\b|\.on(ce)?\(['"]|\(\s*_?req(uest)?\b|\bawait\b|\.then\(|fetch\(|unhandledRejection|uncaughtException/,
  file: (source, _tell, note) => ({
    CallExpression(node) {
      if (lastResortOf(source, node)?.goesOn) note('goes on');
      const caught = emptyCatch(source, node);
      if (caught)
        note({
          at: atNode(source, node),
          name: caught,
          does: 'empty',
          frozen: null,
          isMeant: isMeant(source, node),
          isOwn: false,
        });
      const forgotten = forgottenIn(source, node);
      if (forgotten !== null)
        note({
          at: atNode(source, node),
          cause: causeOf(source, node),
          ...forgotten,
          frozen: null,
          isMeant: isMeant(source, node),
          isOwn: false,
        });
    },
    VariableDeclarator(node) {
      const call = node.init && unwrap(node.init);
      const fn = functionAround(source, node);
      // `const user = User.findOne().then(…)`, and nothing that asks for it.
      if (call?.type !== 'CallExpression' || node.id.type !== 'Identifier' || fn === null) return;
      if (!/^(then|finally)$/.test(calledName(call) ?? '')) return;
      const after = source.text.slice(node.end, fn.end);
      if (!new RegExp(`\\b${node.id.name.replace(/\$/g, '\\$')}\\b`).test(after))
        look(source, node, call, fn, false, note);
    },
    ExpressionStatement(node) {
      const inner = unwrap(node.expression);
      const isVoid = inner.type === 'UnaryExpression' && inner.operator === 'void';
      const call = isVoid ? unwrap(inner.argument) : inner;
      const fn = functionAround(source, node);
      if (call.type === 'CallExpression' && fn !== null) look(source, node, call, fn, isVoid, note);
    },
  }),
  project(project, tell, notes) {
    const lives = notes.some(({ note }) => note === 'goes on');
    const all = notes.flatMap(({ note }) => (note === 'goes on' ? [] : [note]));
    // The same function called in many places has one answer; what a library does is mended place by place.
    const same = ({ at, cause, name, does, isOwn, isMeant: meant }: Floating): string =>
      isOwn && does === 'plain'
        ? `${name} ${meant}`
        : /^(chain|event|timer|callback)$/.test(does) || name.endsWith('.save')
          ? `${at.path} ${does} ${meant}`
          : `${at.path}:${cause ?? at.start}`;
    for (const one of all)
      tell(one.at, {
        ...wordsOf(one, lives),
        ...((one.does === 'empty' || isAsync(one.does)) && isOfOne(project, one.at.path)
          ? { confidence: 'hint' as const }
          : {}),
        together: same(one),
      });
  },
});

/** Notes a call whose promise is let go, where it runs for a request. */
function look(
  source: Source,
  node: Syntax,
  call: CallSyntax,
  fn: FunctionSyntax,
  isVoid: boolean,
  note: (note: Note) => void,
): void {
  const isHere = handlerAround(source, node) === fn;
  const answers = isHere && answersLater(source, call, fn);
  // What sends the answer itself ends with it: nothing is left that could be frozen.
  const frozen = answers ? null : freezes(source.project, source.path);
  if (isVoid && frozen === null) return;
  const works = worksOn(source, call);
  if (!works || ((works.catches || works.neverRejects) && frozen === null)) return;
  // What a service starts counts where a handler calls it, and where it is the library's own call.
  if (!isHere && (frozen !== null || works.isOwn || works.isChain || !isCalledByHandler(source, fn, 2))) return;
  // What writes a stream that is the response goes on for as long as the response does.
  if (frozen !== null && (streams.test(source.textOf(fn)) || feedsReturned(source, call, fn))) return;
  note({
    at: atNode(source, call),
    name: source.textOf(call.callee).replace(/\s+/g, '').slice(0, 60),
    does: works.isLazy ? 'lazy' : works.isChain ? 'chain' : 'plain',
    frozen,
    isMeant: isVoid || isMeant(source, node),
    isOwn: works.isOwn,
    ...(answers ? { answers: true as const } : {}),
  });
}

const streams = /\b(ReadableStream|TransformStream|StreamingApi|\w*[rR]eadable)\b/;

/** What runs for one person alone: a page, a program for the command line. */
const isOfOne = (project: Project, path: string): boolean =>
  isUsedInBrowser(project, path) ||
  isCommandLine(project, path) ||
  isRunByHand(project, path) ||
  /(^|\/)([\w.]+-)?(scripts|migrations?|seeds?|seeders?|backfills?)(-\w+)?\//.test(path);

/** Where what is thrown away begins: the outermost call that does so, of `users.forEach(async () => posts.forEach(async …))`. */
function causeOf(source: Source, call: CallSyntax): number {
  let { start } = call;
  for (const parent of source.above(call))
    if (parent.type === 'CallExpression' && isAsyncEach(forgottenIn(source, parent)?.does)) start = parent.start;
  return start;
}
const isAsyncEach = (does: Async | undefined): boolean => does === 'each' || does === 'map';

const isAsync = (does: Floating['does']): boolean => /^(each|map|timer|event|callback)$/.test(does);

interface Floating {
  at: At;
  name: string;
  /** A query that starts when it is awaited; a chain that ends without a catch; work that goes on by itself; what an async function does whose promise is thrown away. */
  does: 'lazy' | 'chain' | 'plain' | 'empty' | Async;
  frozen: string | null;
  /** Where the outermost call begins that throws the work away, where it is not this one that is to be mended alone. */
  cause?: number;
  /** The code says that it is not waited for on purpose. */
  isMeant: boolean;
  /** An async function of the project. */
  isOwn: boolean;
  /** It is given the answer to send. */
  answers?: true;
}
/** Work that nobody waits for, or that a listener of the process takes what is rejected and goes on. */
type Note = Floating | 'goes on';

function wordsOf({ name, does, frozen, isMeant: meant, answers }: Floating, lives: boolean): Words {
  if (frozen !== null)
    return {
      message: `${name}(…) is not awaited: on ${frozen} the function is frozen when the response is sent, and this work is lost or runs with another request.`,
      fix: 'Await it, or hand it to waitUntil() (after() in Next), or to a queue.',
      ...(does === 'lazy' || meant ? { confidence: 'hint' } : { severity: 'error' }),
    };
  switch (does) {
    case 'lazy':
      return {
        message: `${name}(…) is neither awaited nor run: a query of this library starts when it is awaited, so this one never does.`,
        fix: 'Await the query.',
        severity: 'error',
      };
    case 'empty':
      return {
        message: `catch() of ${name}(…) is given no function and takes nothing: where it fails, ${lives ? 'only the process’s own listener hears of it' : 'the process ends, with every request in it'}.`,
        fix: 'Give catch() a function that logs the error.',
      };
    case 'each':
    case 'map':
      return {
        message: `${does === 'map' ? 'Nobody waits for what map() gives' : 'forEach() does not wait for the async function that it is given'}: what follows runs before the work is done, and where \`${name}\` fails, nobody takes the rejection${lives ? '' : ' and the process ends'}.`,
        fix: 'Write `for (const one of list) await …`, or await Promise.all() of a list that is bounded; where nobody is to wait, end the function with .catch() that logs.',
        ...(meant ? { confidence: 'hint' } : {}),
      };
    case 'timer':
    case 'event':
    case 'callback':
      return {
        message: `Nobody takes the rejection of this ${takers[does]} async function: where \`${name}\` fails, ${lives ? 'only the process’s own listener hears of it' : 'the process ends, with every request in it'}.`,
        fix: 'Catch the error in the function and log it.',
        ...(lives || meant ? { confidence: 'hint' } : {}),
      };
    case 'chain':
      return {
        message: `The chain ${name}(…) has no catch: where it fails, no answer is sent${lives ? '' : ' and the unhandled rejection ends the process'}.`,
        fix: 'End it with .catch(next), or await it in a handler that is async and catches.',
      };
    default: {
      const ends = lives
        ? 'only the process’s own listener hears of it'
        : 'nobody takes the rejection and the process ends';
      const isTold = lives
        ? 'the client was told that all is well, and nothing here knows'
        : `${ends}; the client was told that all is well`;
      return {
        message: `${name}(…) is not awaited: where it fails, ${answers ? `${ends}, and the client that it is to answer gets none` : isTold}.`,
        fix: answers
          ? 'End it with .catch(next), or await it in a handler that catches.'
          : 'Await it, hand it to a queue, or attach .catch() that logs.',
        ...(lives || meant ? { confidence: 'hint' } : {}),
      };
    }
  }
}

const takers = { timer: 'timer’s', event: 'listener’s', callback: 'callback’s' } as const;

/** A comment above says that nobody waits on purpose. */
function isMeant(source: Source, { start }: Syntax): boolean {
  const above = source.text
    .slice(Math.max(0, start - 300), start)
    .split('\n')
    .slice(-4, -1);
  const comments = above.filter((line) => /^\s*(\/\/|\/?\*)/.test(line)).join(' ');
  return /background|fire.?(and|&).?forget|\b(no|not?|n't|without|never) .{0,20}\b(a?wait|block)|not awaited|on purpose|intentional|best.effort|no-floating-promises/i.test(
    comments,
  );
}
