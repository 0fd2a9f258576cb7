import { type Syntax, stringValue, unwrap } from '../../../text/syntax.ts';
import { isCheap } from '../../calls/hashes.ts';
import { calledName } from '../../calls/waits.ts';
import { callsOf } from '../../code/callers.ts';
import { constantOf } from '../../code/names.ts';
import { originOf } from '../../code/origin.ts';
import { isCommandLine } from '../../code/packages.ts';
import { isOnWorkers } from '../../code/serverless.ts';
import { functionAround, type FunctionSyntax, isFunction, type Source } from '../../code/source.ts';
import { mayBeLarge } from '../../files/large.ts';
import { endsAsWritten, isNamed, isOwnFile, isWrittenDown } from '../../files/own.ts';
import { isSent, taintOf } from '../../flow/taint.ts';
import { awaited } from '../../mends/awaited.ts';
import { isKept } from '../../queries/kept.ts';
import { isForDevelopment } from '../../routes/development.ts';
import { isForAdminsOnly } from '../../routes/insiders.ts';
import { isCalledByHandler, isForExamples, isServed } from '../../routes/served.ts';
import { defineRule, type Mend } from '../../rule.ts';
import { type At, atNode } from '../../spot.ts';
import { grouped } from '../../together.ts';

/** `plain` computes in JavaScript, on the same thread whatever its form. */
type Kind = 'cpu' | 'plain' | 'process' | 'file';

interface Call {
  at: At;
  name: string;
  does: string;
  kind: Kind;
  /** Done once in a process’s life most often, or over before it is felt: one small file of the program’s own. */
  isSlight: boolean;
  edits: readonly Mend[];
}

/** In so many files each is told of by itself. */
const mostFiles = 3;

/** What stands still, and how surely it is dear: hashing and processes always, a file most often. */
const blocking: readonly (readonly [RegExp, string, Kind])[] = [
  [/^(bcrypt|@node-rs\/bcrypt)#(default\.)?(hash|compare|verify)Sync\(?\)?$/, 'hashes the password', 'cpu'],
  [/^(bcryptjs|bcrypt-nodejs)#(default\.)?(hash|compare)Sync\(?\)?$/, 'hashes the password', 'plain'],
  [/^crypto#(default\.)?(pbkdf2Sync|scryptSync|generateKeyPairSync)$/, 'computes the key', 'cpu'],
  [/^argon2#(default\.)?\w+Sync$/, 'hashes the password', 'cpu'],
  [/^child_process#(default\.)?(execSync|execFileSync|spawnSync)$/, 'waits for another program', 'process'],
  [/^(execa|shelljs)#(default\.)?(execaSync|execaCommandSync|exec)$/, 'waits for another program', 'process'],
  [
    /^(fs|fs-extra|graceful-fs)#(default\.)?(readFileSync|writeFileSync|appendFileSync|copyFileSync|cpSync|rmSync|readdirSync|outputFileSync|readJsonSync|writeJsonSync|copySync|removeSync)$/,
    'waits for the disk',
    'file',
  ],
  [/^zlib#(default\.)?\w+Sync$/, 'compresses or unpacks', 'cpu'],
];
const asynchronous: Readonly<Record<Kind, string>> = {
  cpu: 'the asynchronous form: it computes on another thread',
  plain:
    'the asynchronous form of bcrypt, @node-rs/bcrypt or argon2, which computes on another thread; this package is JavaScript, and computes on this one in both forms',
  process: 'the asynchronous form, with a limit of time; or a job where it takes long',
  file: 'node:fs/promises, or read the file once when the process starts',
};

const changesFiles = 'the asynchronous form, of node:fs/promises or fs-extra';

export const syncInHandler = defineRule<Call>({
  id: 'res/sync-in-handler',
  since: '0.1.0',
  severity: 'warning',
  confidence: 'likely',
  title: 'A request runs synchronous work that stops all others.',
  why: 'Node answers all requests on one thread. While `hashSync` computes (about a tenth of a second at cost 10), `execSync` waits for a program or `readFileSync` for the disk, no other request, timer or health check is served: ten logins at once are a second in which the server is dead. Use the asynchronous forms of what computes outside of JavaScript (bcryptjs does not), which do the same elsewhere; reading files and hashing when the process starts is fine.',
  remedy: 'codemod',
  running: true,
  mentions: /Sync\b|shelljs/,
  file: (source, _tell, note) => ({
    CallExpression(node) {
      const origin = originOf(source, node.callee);
      const kind = origin === null ? undefined : blocking.find(([pattern]) => pattern.test(origin));
      if (!kind || functionAround(source, node) === null || isKept(source, node) || isMissed(source, node)) return;
      if (!isOnRequest(source, node, kind[2]) || isForDevelopment(source, node)) return;
      // There the asynchronous forms of zlib and crypto compute on the same thread.
      if (kind[2] === 'cpu' && isOnWorkers(source.project, source.path)) return;
      note({
        at: atNode(source, node),
        name: source.textOf(node.callee).replace(/\s+/g, ''),
        does: kind[1],
        kind: kind[2],
        isSlight:
          isSlight(source, node, origin ?? '', kind[2]) || isForAdminsOnly(source, node) || isForExamples(source, node),
        edits: awaited(source, node),
      });
    },
  }),
  project(_project, tell, notes) {
    const calls = notes.map(({ note }) => note);
    for (const ofKind of grouped(calls, ({ kind, isSlight }) => `${kind} ${isSlight}`)) {
      const files = grouped(ofKind, ({ at }) => at.path);
      for (const { at, name, does, kind, edits, isSlight } of ofKind)
        tell(at, {
          message: `${name}() ${does} while a request is answered: until it is done the process serves nobody else.`,
          fix: `Use ${kind === 'file' && !/read/i.test(name) ? changesFiles : asynchronous[kind]}.`,
          edits,
          together: files.length > mostFiles ? kind : `${at.path} ${kind}`,
          ...(isSlight ? { confidence: 'hint' as const } : {}),
        });
    }
  },
});

type CallSyntax = Extract<Syntax, { type: 'CallExpression' }>;

/** What is over before it is felt, is done for one person, or stands among work that is synchronous anyway. */
function isSlight(source: Source, call: CallSyntax, origin: string, kind: Kind): boolean {
  if (/generateKeyPairSync$/.test(origin) || isCheap(source, call, origin)) return true;
  if (isCommandLine(source.project, source.path) || isRemoval(source, call, origin)) return true;
  if (isLine(source, call, origin) || isOwnCopy(source, call, origin)) return true;
  // Most files are small: what is felt is a handler that works on what is sent to it, or on what grows.
  if (kind === 'file' && !(isServedBy(source, call) && mayBeLarge(source, call, origin))) return true;
  return isOfOwn(source, call, origin) || (kind === 'file' && isAmongQueries(source, call));
}

/** `rmSync(path)`, `removeSync(file)`: one file is gone in a moment, a folder may hold many. */
function isRemoval(source: Source, call: CallSyntax, origin: string): boolean {
  const text = call.arguments.map((one) => source.textOf(one)).join();
  const isOne = /#(default\.)?(rmSync|removeSync)$/.test(origin) && !/recursive|dir|folder/i.test(text);
  return isOne && !isInLoop(source, call);
}

/** `appendFileSync(log, JSON.stringify(entry) + '\n')`: one line behind the others, however many they are. */
function isLine(source: Source, call: CallSyntax, origin: string): boolean {
  const given = call.arguments[1];
  if (!/#(default\.)?appendFileSync$/.test(origin) || !given || isInLoop(source, call)) return false;
  const text = constantOf(source, given) ?? unwrap(given);
  const last = text.type === 'BinaryExpression' ? stringValue(unwrap(text.right)) : null;
  const end = text.type === 'TemplateLiteral' ? (text.quasis.at(-1)?.value.cooked ?? null) : last;
  return end?.endsWith('\n') === true || /\bEOL$/.test(source.textOf(text));
}

/** One file of the program's own that is laid beside another: both are named in the code. */
const isOwnCopy = (source: Source, call: CallSyntax, origin: string): boolean =>
  /#(default\.)?copyFileSync$/.test(origin) &&
  !isInLoop(source, call) &&
  call.arguments.slice(0, 2).every((one) => isOwnFile(source, one) && isNamed(source, one));

/** The handler itself, and no function that it calls. */
function isServedBy(source: Source, call: CallSyntax): boolean {
  for (const parent of source.above(call))
    if (isFunction(parent) && !isRound(source, parent)) return isServed(source, parent);
  return false;
}

/** `list.map((one) => …)` */
function isRound(source: Source, fn: FunctionSyntax): boolean {
  const call = source.parentOf(fn);
  return call?.type === 'CallExpression' && call.callee !== fn && rounds.test(calledName(call) ?? '');
}

/** A function that waits for nothing, of a server whose database is asked synchronously: each of its queries waits for the disk too. */
const isAmongQueries = (source: Source, call: CallSyntax): boolean =>
  functionAround(source, call)?.async === false &&
  synchronousDatabases.some((one) => source.project.has(one)) &&
  !otherDatabases.some((one) => source.project.has(one));

const synchronousDatabases = ['better-sqlite3', 'better-sqlite3-multiple-ciphers', 'libsql'];
/** Beside one of these the synchronous one is a choice, or what tests run on. */
const otherDatabases = ['pg', 'postgres', 'mysql', 'mysql2', 'mongodb', 'mongoose', '@prisma/client'];

/** Reads one file that lies beside the program, outside of every loop, or packs what is written down in the code. */
function isOfOwn(source: Source, call: CallSyntax, origin: string): boolean {
  const [first] = call.arguments;
  if (!first) return false;
  if (origin.startsWith('zlib#')) return isWrittenDown(source, first);
  if (!/#(default\.)?read(File|Json)Sync$/.test(origin) || isInLoop(source, call)) return false;
  if (isNamed(source, first)) return true;
  return isOwnFile(source, first) && (!isSent(taintOf(source, first)) || endsAsWritten(source, first));
}

/** `for (const name of names) …`, `names.map((name) => …)`. */
function isInLoop(source: Source, node: Syntax): boolean {
  for (const parent of source.above(node)) {
    if (/^(For|While|DoWhile)/.test(parent.type)) return true;
    if (!isFunction(parent)) continue;
    const call = source.parentOf(parent);
    return call?.type === 'CallExpression' && rounds.test(calledName(call) ?? '');
  }
  return false;
}

const rounds = /^(forEach|map|flatMap|filter|reduce|some|every|find)$/;

/** `cache.get(path) ?? read(path)`: what is not in the cache yet. */
function isMissed(source: Source, node: Syntax): boolean {
  for (const parent of source.above(node)) {
    if (isFunction(parent)) return false;
    if (parent.type !== 'LogicalExpression' || parent.operator === '&&' || node.start < parent.right.start) continue;
    if (/cache\w*(\.get\(|\[)|\bcached\w*/i.test(source.textOf(parent.left))) return true;
  }
  return false;
}

/** The code runs for requests: in a handler, or in what handlers call and nothing that runs once; hashing passwords anywhere but at the start. */
function isOnRequest(source: Source, node: Syntax, kind: Kind): boolean {
  for (const parent of source.above(node)) if (isFunction(parent) && isServed(source, parent)) return true;
  const fn = functionAround(source, node);
  if (fn === null || isMadeOnce(source, fn)) return false;
  const isHash = kind !== 'file' && kind !== 'process' && hashes.test(source.textOf(node));
  return isCalledAtStart(source, fn)
    ? isHash && isCalledByHandler(source, fn)
    : isHash || isCalledByHandler(source, fn);
}

const hashes = /(hash|compare|verify|pbkdf2|scrypt)Sync/;

/** The constructor of a provider of Nest's, which is made as the application starts. */
function isMadeOnce(source: Source, fn: FunctionSyntax): boolean {
  const method = source.parentOf(fn);
  if (method?.type !== 'MethodDefinition' || method.kind !== 'constructor') return false;
  const around = [...source.above(method)].find((one) => one.type === 'ClassDeclaration');
  const decorators = around?.type === 'ClassDeclaration' ? around.decorators.map((one) => source.textOf(one)) : [];
  return decorators.some((one) => /^@(Injectable|Controller)\(/.test(one) && !/REQUEST|TRANSIENT/.test(one));
}

/** What runs as the file is loaded: `(async () => { … })()`, `main()` at the top level is found by its call. */
const isStart = (source: Source, fn: FunctionSyntax): boolean => {
  const call = source.parentOf(fn);
  return call?.type === 'CallExpression' && call.callee === fn && functionAround(source, call) === null;
};

/** A function that runs as its file is loaded calls it; what a handler calls is not the start, wherever the handler is registered. */
function isCalledAtStart(source: Source, fn: FunctionSyntax, depth = 6, seen = new Set<Syntax>()): boolean {
  if (depth === 0 || seen.has(fn)) return false;
  seen.add(fn);
  return callsOf(source, fn).some(({ source: from, call }) => {
    if (functionAround(from, call) === null) return true;
    for (const parent of from.above(call)) {
      if (!isFunction(parent)) continue;
      if (isStart(from, parent) || isCalledAtStart(from, parent, depth - 1, seen)) return true;
      if (isServed(from, parent)) return false;
    }
    return false;
  });
}
