import { keyOf, requiredBy, type Syntax, unwrap } from '../../../text/syntax.ts';
import { givenBackBy, isClosedHere } from '../../calls/closed.ts';
import { lastResortOf } from '../../calls/last-resort.ts';
import { deafTo, type Listener, listensTo } from '../../calls/listeners.ts';
import { isLongLived } from '../../calls/long-lived.ts';
import { type CallSyntax, calledName } from '../../calls/waits.ts';
import { callsOf } from '../../code/callers.ts';
import { bindingOf } from '../../code/names.ts';
import { memberName } from '../../code/objects.ts';
import { originOf } from '../../code/origin.ts';
import { isCommandLine, isRunByHand } from '../../code/packages.ts';
import { everyNode, everyOf, functionAround, type Source } from '../../code/source.ts';
import { nameOf } from '../../queries/queries.ts';
import { isForDevelopment } from '../../routes/development.ts';
import { handlerAround } from '../../routes/roles.ts';
import { isCalledByHandler } from '../../routes/served.ts';
import { defineRule, type Spot, type Tell } from '../../rule.ts';

type Made = Extract<Syntax, { type: 'CallExpression' | 'NewExpression' }>;
interface Emitter {
  spot: Spot;
  origin: string;
  /** The variable or field that holds it; null where it is used as it is made. */
  name: string | null;
  what: string;
  /** Where it is made, by a function that gives it to several: one answer there is one for all of them. */
  from?: string;
  /** Kept for as long as the process runs: what is made for one piece of work is seldom idle when its other side goes. */
  isKept: boolean;
}
/** An emitter without a listener in its file, or what has one: by where it comes from, or by its name in that file; or that the process goes on whatever is thrown. */
type Note = Emitter | Listener | { deaf: Spot; client: string } | 'goes on';

/** What emits 'error' of itself, long after it was made, and what that is. */
const emitters: readonly (readonly [RegExp, string])[] = [
  [
    /^pg#(default\.)?Pool\(\)$/,
    'The pool emits an error when the database ends an idle connection (a restart, a failover, a timeout)',
  ],
  [/^@neondatabase\/serverless#Pool\(\)$/, 'The pool emits an error when the database ends an idle connection'],
  [
    /^(redis|@redis\/client)#(default\.)?create(Client|Cluster|Sentinel)\(\)$/,
    'The client emits an error whenever it loses Redis',
  ],
  [/^amqplib#(default\.)?connect\(\)$/, 'The connection emits an error when the broker ends it'],
  [
    /^pg#(default\.)?Client\(\)$/,
    'The client emits an error when the database ends its connection (a restart, a failover, a timeout)',
  ],
  [
    /^mysql2?#(default\.)?createConnection\(\)$/,
    'The connection emits an error when the database ends it (a restart, or eight hours without a query)',
  ],
  [/^pg-boss#(default|PgBoss)\(\)$/, 'The queue emits an error whenever its database fails it'],
  [/^ws#(default|WebSocket)\(\)$/, 'The socket emits an error when it cannot connect or is cut'],
  [/^https?#(default\.)?(get|request)\(\)$/, 'The request emits an error when the other side cannot be reached'],
];
const streams = /^fs#createReadStream\(\)$/;

export const missingErrorListener = defineRule<Note>({
  id: 'res/missing-error-listener',
  since: '0.1.0',
  severity: 'error',
  confidence: 'likely',
  title: 'What emits errors has no listener for them: the first one ends the process.',
  why: 'Node throws an `error` event that nobody listens to, outside of every `try`: the process ends. Pools and clients emit one when the other side closes a connection, which every restart and failover of a database or of Redis does; a file’s stream emits one when the file is not there. Listen to `error` where they are made and log it: the pool drops the connection and goes on by itself. For streams use `pipeline()`, which listens to all of them.',
  remedy: 'words',
  running: true,
  mentions:
    /\bPool\b|\bClient\b|WebSocket|createClient|createCluster|createSentinel|amqplib|createConnection|['"](ws|pg-boss)['"]|['"](node:)?https?['"]|createReadStream|uncaughtException|['"]error['"]|\.onerror\b/,
  file(source, tell, note) {
    return {
      NewExpression: (node) => made(source, node, note),
      AssignmentExpression({ left }) {
        if (left.type === 'MemberExpression' && memberName(left) === 'onerror')
          note({ listens: originOf(source, left.object), name: nameOf(unwrap(left.object)) });
      },
      CallExpression(node) {
        const last = lastResortOf(source, node);
        if (last?.goesOn && last.event === 'uncaughtException') note('goes on');
        const listened = listensTo(source, node);
        if (listened) note(listened);
        const client = deafTo(source, node);
        if (client) note({ deaf: { path: source.path, start: node.start, end: node.callee.end }, client });
        made(source, node, note);
        stream(source, node, tell);
      },
    };
  },
  project(project, tell, notes) {
    const lives = notes.some(({ note }) => note === 'goes on');
    const told = notes.flatMap(({ path, note }) => (note === 'goes on' ? [] : [{ path, note }]));
    const listened = told.flatMap(({ path, note }) => ('listens' in note ? [{ path, ...note }] : []));
    const made = told.flatMap(({ note }) => ('spot' in note ? [{ path: note.spot.path ?? '', ...note }] : []));
    for (const { note } of told)
      if ('deaf' in note)
        tell(note.deaf, {
          message: `Nothing listens to the errors of the sockets that clients open here: one frame that is not valid makes ${note.client} emit one, and ${lives ? 'only the process’s own listener hears of it' : 'that ends the process'}.`,
          fix: `Add ${note.client}.on('error', …) as the first thing that the listener does, and log the error.`,
          confidence: lives ? 'hint' : 'likely',
          together: 'sockets',
        });
    // What is made in the listener's own file is that which it listens to; of others it may be any of the kind.
    const isOwn = (one: Listener & { path: string }): boolean =>
      made.some(
        ({ path, name, origin }) =>
          path === one.path && (one.name === null ? origin === one.listens : one.name === name),
      );
    const elsewhere = listened.filter((one) => !isOwn(one));
    for (const { path, name, origin, spot, what, from, isKept } of made) {
      const has =
        listened.some((one) => one.path === path && one.name !== null && one.name === name) ||
        listened.some((one) => one.path === path && one.name === null && one.listens === origin) ||
        elsewhere.some(
          (one) => one.listens === origin || (one.listens === null && one.name !== null && one.name === name),
        ) ||
        listened.some(
          (one) => one.path === path && one.listens === null && one.name !== null && isAlike(one.name, origin),
        );
      if (has) continue;
      const isRequest = origin.startsWith('http');
      const isTalking = asksPerson.test(project.tree.read(path) ?? '');
      if (isRequest && (isCommandLine(project, path) || isRunByHand(project, path))) continue;
      tell(spot, {
        message: `${what}, and nothing listens to it: ${lives ? 'only the process’s own listener hears of it' : 'that ends the process'}.`,
        fix: isRequest
          ? `Add ${name ?? ''}.on('error', …), and answer or reject there.`
          : `Add ${name ?? '…'}.on('error', …) where it is made, and log the error.`,
        ...(from !== undefined ? { together: from } : {}),
        ...(isRequest || !isKept || lives || isTalking || isCommandLine(project, path)
          ? { confidence: 'hint' as const }
          : {}),
      });
    }
  },
});

/** A program that talks with who started it: an installer. */
const asksPerson =
  /['"](inquirer|@inquirer\/prompts|prompts|enquirer|@clack\/prompts|(node:)?readline(\/promises)?)['"]/;

const isAlike = (name: string, origin: string): boolean =>
  /^https?#/.test(origin)
    ? /req|client/i.test(name)
    : /Pool/.test(origin)
      ? /pool|^db$/i.test(name)
      : /redis|client|publisher|subscriber|pub|sub|cache|conn/i.test(name);

function made(source: Source, node: Made, note: (note: Note) => void): void {
  const origin = originOf(source, node);
  const kind = origin === null ? undefined : emitters.find(([pattern]) => pattern.test(origin));
  // `require('./client')` makes nothing: what it gives is made, and listened to, in that file.
  if (!kind || origin === null || requiredBy(node) !== null) return;
  if (isClosedHere(source, node) || isWatched(source, node) || isForDevelopment(source, node)) return;
  hold(source, node, note, { origin, what: kind[1] });
}

/** Notes an emitter where it is held: where a function makes it and gives it back, with those who call the function. */
function hold(
  source: Source,
  node: Syntax,
  note: (note: Note) => void,
  made: Pick<Emitter, 'origin' | 'what' | 'from'>,
  depth = 2,
): void {
  const maker = depth > 0 ? givenBackBy(source, node) : null;
  const callers = maker === null ? [] : callsOf(source, maker);
  if (callers.length === 0)
    note({
      ...made,
      name: heldBy(source, node),
      isKept: isLongLived(source, node),
      spot: { path: source.path, start: node.start, end: node.end },
    });
  for (const { source: from, call } of callers)
    if (!isClosedHere(from, call) && !isWatched(from, call))
      hold(from, call, note, { from: `${source.path}:${node.start}`, ...made }, depth - 1);
}

/** Given to an adapter that listens itself. */
function isWatched(source: Source, node: Syntax): boolean {
  const name = heldBy(source, node);
  const isGiven = (one: Syntax): boolean =>
    one.type === 'NewExpression' && /^@prisma\/adapter-\w+#/.test(originOf(source, one.callee) ?? '');
  const parent = source.parentOf(node);
  if (parent && isGiven(parent)) return true;
  return name !== null && new RegExp(`\\bnew Prisma\\w+\\(\\s*(this\\.)?${name}\\b`).test(source.text);
}

/** The name that a value is given; through `await`, casts and chained calls. */
function heldBy(source: Source, node: Syntax): string | null {
  for (const parent of source.above(node)) {
    switch (parent.type) {
      case 'VariableDeclarator':
        return parent.id.type === 'Identifier' ? parent.id.name : null;
      case 'AssignmentExpression':
        return nameOf(parent.left);
      case 'PropertyDefinition':
        return keyOf(parent);
      case 'ReturnStatement':
      case 'ExpressionStatement':
      case 'Property':
        return null;
    }
  }
  return null;
}

/** `createReadStream(…).pipe(…)`, and its name piped, without a listener of its own. */
function stream(source: Source, call: CallSyntax, tell: Tell): void {
  if (calledName(call) !== 'pipe' || call.callee.type !== 'MemberExpression') return;
  const object = unwrap(call.callee.object);
  const origin = originOf(source, object);
  if (origin === null || !streams.test(origin)) return;
  const around = functionAround(source, call) ?? source.program;
  let listens = false;
  everyOf(around, ['CallExpression'], (node) => {
    if (node.type !== 'CallExpression') return;
    if (listensTo(source, node)?.listens === origin) listens = true;
  });
  // `stream.on('open', () => stream.pipe(…))`: its listener stands where the stream is made.
  const holder = object.type === 'Identifier' ? bindingOf(source, object) : null;
  if (holder)
    everyNode(holder.scope, (node) => {
      const on = node.type === 'CallExpression' && listensTo(source, node);
      if (on && object.type === 'Identifier' && on.name === object.name) listens = true;
    });
  if (listens || /\b(existsSync|statSync|accessSync|stat|access|open|\w*exists?\w*)\(/i.test(source.textOf(around)))
    return;
  tell(call, {
    message: `${source.textOf(object).replace(/\s+/g, ' ').slice(0, 60)} is piped without a listener for its errors: a file that is not there ends the process.`,
    fix: "Use pipeline() of 'node:stream', or listen to 'error' on the stream.",
    severity: 'warning',
    // What is read for an answer is named by who asks; what goes elsewhere was laid there by the process itself.
    confidence:
      call.arguments[0] && isResponse.test(source.textOf(call.arguments[0])) && isForRequest(source, call)
        ? 'likely'
        : 'hint',
  });
}

function isForRequest(source: Source, call: Syntax): boolean {
  const fn = functionAround(source, call);
  return handlerAround(source, call) !== null || (fn !== null && isCalledByHandler(source, fn));
}

const isResponse = /\b(res|reply|response|raw|rw)\b/i;
