import { keyOf, literal, type Syntax, stringValue, unwrap } from '../../../text/syntax.ts';
import { queueFix } from '../../calls/queue-options.ts';
import { type CallSyntax, calledName } from '../../calls/waits.ts';
import { bindingOf } from '../../code/names.ts';
import { type Options, optionsIn } from '../../code/options.ts';
import { originOf } from '../../code/origin.ts';
import type { Source } from '../../code/source.ts';
import { nameOf } from '../../queries/queries.ts';
import { defineRule } from '../../rule.ts';
import { type At, atNode } from '../../spot.ts';

type Note =
  | { kind: 'queue'; spot: At; name: string; lacks: readonly string[] }
  | { kind: 'worker'; at: At; name: string | null }
  /** What a queue may lack since every job, or all queues, are given it. */
  | { kind: 'sets'; what: string }
  | { kind: 'injects'; name: string }
  | { kind: 'listens'; name: string | null };

const wanted = ['attempts', 'removeOnComplete', 'removeOnFail'];
const without: Readonly<Record<string, string>> = {
  attempts: 'a job that fails once is not tried again',
  removeOnComplete: 'jobs that are done stay in Redis for ever',
  removeOnFail: 'jobs that failed stay in Redis for ever',
};

export const jobOptions = defineRule<Note>({
  id: 'job/options',
  since: '0.1.0',
  severity: 'warning',
  confidence: 'likely',
  title: 'A queue of BullMQ keeps its defaults, which lose jobs and fill Redis.',
  why: 'By default BullMQ tries a job once and keeps every job that it ever ran: a single timeout of another service loses the work, and Redis grows until it is full and refuses writes, new jobs too. A worker without an `error` listener prints a lost connection to the console, past the log, and nobody is told. Give `attempts` with exponential `backoff`, `removeOnComplete` and `removeOnFail` in `defaultJobOptions`, listen to `error`, and set `maxRetriesPerRequest: null` on the connections of workers, as the library demands.',
  remedy: { skill: 'jobs' },
  running: true,
  mentions:
    /bullmq|['"]bull['"]|@nestjs\/bull|maxRetriesPerRequest|removeOnComplete|\battempts\b|['"]error['"]|['"](failed|completed)['"]|\.clean\(/,
  file: (source, tell, note) => ({
    NewExpression(node) {
      const origin = originOf(source, node.callee);
      if (origin !== null && /^bull(mq)?#(default\.)?Queue$|^bull#default$/.test(origin))
        queue(source, node, origin, note);
      if (origin !== null && /^bullmq#(default\.)?Worker$/.test(origin)) {
        note({ kind: 'worker', at: atNode(source, node), name: holder(source, node) });
        connection(source, node.arguments[2], node, tell);
        removed(source, node.arguments[2], note);
      }
    },
    CallExpression(node) {
      if (
        /^(on|once)$/.test(calledName(node) ?? '') &&
        node.arguments[0] &&
        stringValue(node.arguments[0]) === 'error' &&
        node.callee.type === 'MemberExpression'
      )
        note({ kind: 'listens', name: listened(source, node) });
      clears(source, node, note);
      if (/^(add|addBulk|upsertJobScheduler)$/.test(calledName(node) ?? '')) added(source, node, note);
      nestQueues(source, node, note);
    },
  }),
  project(project, tell, notes) {
    const set = new Set(notes.flatMap(({ note }) => (note.kind === 'sets' ? [note.what] : [])));
    const injected = new Set(notes.flatMap(({ note }) => (note.kind === 'injects' ? [note.name] : [])));
    const listeners = notes.flatMap(({ path, note }) => (note.kind === 'listens' ? [{ path, name: note.name }] : []));
    for (const { note } of notes) {
      if (note.kind === 'queue') {
        const lacking = note.lacks.filter((one) => !set.has(one));
        // Without a number of attempts, or with nothing that clears away: the rest is a matter of taste.
        const serious = lacking.filter((one) => one === 'attempts' || !(note.lacks.length === 1));
        if (serious.length > 0)
          tell(note.spot, {
            message: `This queue has no ${serious.join(', no ')}: ${serious.map((one) => without[one]).join(', ')}.`,
            // Who says what is to be kept and leaves out how often to try may well mean once, and look at what failed.
            ...(!serious.includes('removeOnComplete') || isIdle(note.name, injected)
              ? { confidence: 'hint' as const }
              : {}),
            // The connection, or the function that makes queues, gives them all what they lack.
            together: serious.join(),
            fix: queueFix(project, note.spot.path),
          });
      }
    }
    const deaf = notes.flatMap(({ path, note }) =>
      note.kind === 'worker' &&
      !listeners.some((one) => one.name === note.name || (one.path === path && one.name === null))
        ? [note]
        : [],
    );
    for (const { at, name } of deaf)
      tell(at, {
        message:
          'This worker has no listener for `error`: BullMQ prints what goes wrong to the console, past the log of the application.',
        fix: `Add ${name ?? 'worker'}.on('error', …) and log it.`,
        together: at.path,
        severity: 'info',
        confidence: 'hint',
      });
  },
});

function queue(
  source: Source,
  node: Extract<Syntax, { type: 'NewExpression' }>,
  origin: string,
  note: (note: Note) => void,
): void {
  const given = node.arguments.slice(1).filter((one) => stringValue(one) === null);
  const options =
    given.length === 0
      ? optionsIn(source, undefined)
      : (given.map((one) => optionsIn(source, one)).find((one) => one !== null) ?? null);
  if (options === null) return;
  const lacks = lacking(source, options);
  if (lacks.length > 0 || (origin === 'bull#default' && lacks.length > 0))
    note({ kind: 'queue', spot: atNode(source, node), name: nameIn(source, node.arguments[0]), lacks });
}

/** What a queue is called in the code: `'mails'`, `QueueName.MAILS`; its own place where it is given none. */
const nameIn = (source: Source, name: Syntax | undefined): string =>
  name ? source.textOf(name) : `${source.path} without a name`;

/** Other queues of Nest are injected by names written as this one is, and this one nowhere: nobody adds a job to it. */
const isIdle = (name: string, injected: ReadonlySet<string>): boolean =>
  !injected.has(name) && injected.size > 0 && [...injected].every((one) => /^['"]/.test(one) === /^['"]/.test(name));

/** `new Worker(name, work, { removeOnComplete })`, `@Processor(name, { removeOnComplete })`: the worker clears away what it has done. */
function removed(source: Source, given: Syntax | undefined, note: (note: Note) => void): void {
  const options = given && optionsIn(source, given);
  for (const what of ['removeOnComplete', 'removeOnFail']) if (options?.values.has(what)) note({ kind: 'sets', what });
}

/** What the default options of a queue leave open. */
function lacking(source: Source, options: Options): string[] {
  if (options.open) return [];
  const defaults = options.values.get('defaultJobOptions');
  if (defaults === undefined) return wanted;
  const inner = optionsIn(source, defaults);
  return inner === null || inner.open ? [] : wanted.filter((one) => !inner.values.has(one));
}

/** `queue.add(name, data, { attempts })`, `queue.upsertJobScheduler(id, repeat, { opts: { attempts } })`: what jobs are given one by one. */
function added(source: Source, call: CallSyntax, note: (note: Note) => void): void {
  const last = call.arguments.at(-1);
  if (!last || call.arguments.length < 2) return;
  const options = optionsIn(source, optionsIn(source, last)?.values.get('opts') ?? last);
  if (options === null) {
    if (call.arguments.length >= 3) for (const what of wanted) note({ kind: 'sets', what });
    return;
  }
  for (const what of wanted)
    if (options.values.has(what) || (options.open && call.arguments.length >= 3)) note({ kind: 'sets', what });
}

/** `queue.on('completed', (job) => job.remove())`, `queue.clean(grace, 'failed')`: jobs are cleared away by hand. */
function clears(source: Source, call: CallSyntax, note: (note: Note) => void): void {
  const name = calledName(call);
  const words = call.arguments.flatMap((one) => stringValue(one) ?? []);
  const isListener =
    /^(on|once)$/.test(name ?? '') && call.arguments.some((one) => /\.remove\(/.test(source.textOf(one)));
  if (!isListener && (name !== 'clean' || call.arguments.length === 0)) return;
  if (words.includes('failed')) note({ kind: 'sets', what: 'removeOnFail' });
  if (words.includes('completed') || (!isListener && words.length === 0))
    note({ kind: 'sets', what: 'removeOnComplete' });
}

/** `BullModule.registerQueue({ name, defaultJobOptions })`, `BullModule.forRoot({ defaultJobOptions })`. */
function nestQueues(source: Source, call: CallSyntax, note: (note: Note) => void): void {
  const origin = originOf(source, call.callee);
  if (/^@nestjs\/bull(mq)?#(InjectQueue|getQueueToken)$/.test(origin ?? ''))
    note({ kind: 'injects', name: nameIn(source, call.arguments[0]) });
  if (origin === '@nestjs/bullmq#Processor') removed(source, call.arguments.at(-1), note);
  if (origin === null || !/^@nestjs\/bull(mq)?#BullModule\./.test(origin)) return;
  if (/\.forRoot(Async)?$/.test(origin)) {
    const text = source.textOf(call);
    for (const what of wanted) if (text.includes(what)) note({ kind: 'sets', what });
    return;
  }
  if (!/\.registerQueue$/.test(origin)) return;
  for (const argument of call.arguments) {
    const options = optionsIn(source, argument);
    const lacks = options === null ? [] : lacking(source, options);
    const name = nameIn(source, options?.values.get('name'));
    if (lacks.length > 0) note({ kind: 'queue', spot: atNode(source, argument), name, lacks });
  }
}

/** A worker's connection with a number of retries per request: BullMQ throws when it starts. */
function connection(
  source: Source,
  argument: Syntax | undefined,
  node: Syntax,
  tell: (at: Syntax, words: { message: string; fix: string }) => void,
): void {
  const given = argument && optionsIn(source, argument)?.values.get('connection');
  if (!given) return;
  const made = connectionOf(source, given);
  if (!made) return;
  const retries = made.values.get('maxRetriesPerRequest');
  const isWrong = retries === undefined ? !made.open && made.isClient : typeof literal(retries) === 'number';
  if (isWrong)
    tell(node, {
      message: 'The connection of this worker has no `maxRetriesPerRequest: null`: BullMQ refuses to start with it.',
      fix: 'Give the worker a connection of its own with maxRetriesPerRequest: null.',
    });
}

/** The options of `new Redis(url, { … })`, or the options that stand where a client might. */
function connectionOf(source: Source, node: Syntax): (Options & { isClient: boolean }) | null {
  const inner = unwrap(node);
  const value = inner.type === 'Identifier' ? initOf(source, inner) : inner;
  if (value?.type === 'NewExpression') {
    if (!/^ioredis#/.test(originOf(source, value.callee) ?? '')) return null;
    const objects = value.arguments.map((one) => optionsIn(source, one));
    const found = objects.find((one) => one !== null);
    if (found) return { ...found, isClient: true };
    return value.arguments.length <= 1 ? { values: new Map(), open: false, isClient: true } : null;
  }
  const options = value && optionsIn(source, value);
  return options ? { ...options, isClient: false } : null;
}

function initOf(source: Source, node: Syntax): Syntax | null {
  const binding = bindingOf(source, node);
  return binding?.init && binding.path.length === 0 && binding.writes.length === 0 ? unwrap(binding.init) : null;
}

/** The name of the variable or field that holds what is made. */
function holder(source: Source, node: Syntax): string | null {
  for (const parent of source.above(node)) {
    if (parent.type === 'VariableDeclarator') return parent.id.type === 'Identifier' ? parent.id.name : null;
    if (parent.type === 'AssignmentExpression') return nameOf(parent.left);
    if (parent.type === 'PropertyDefinition') return keyOf(parent);
    if (/Statement$/.test(parent.type)) return null;
  }
  return null;
}

/** What `.on('error')` is called on; null where it is what was just made, or the loop's own name for several. */
function listened(source: Source, call: CallSyntax): string | null {
  let object: Syntax = call.callee;
  while (object.type === 'MemberExpression' || object.type === 'CallExpression') {
    const next: Syntax = unwrap(object.type === 'MemberExpression' ? object.object : object.callee);
    if (next.type === 'ThisExpression') return nameOf(object);
    object = next;
  }
  if (object.type !== 'Identifier') return null;
  const binding = bindingOf(source, object);
  return binding?.kind === 'parameter' || (binding?.path.length ?? 0) > 0 ? null : object.name;
}
