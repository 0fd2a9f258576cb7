import type { Syntax } from '../../../text/syntax.ts';
import { callsOf } from '../../callers.ts';
import { originOf } from '../../origin.ts';
import { isHandler } from '../../roles.ts';
import { type Confidence, defineRule } from '../../rule.ts';
import { type FunctionSyntax, functionAround, isFunction, type Source } from '../../source.ts';

/** What stands still, and how surely it is dear: hashing and processes always, a file most often. */
const blocking: readonly (readonly [RegExp, string, 'cpu' | 'process' | 'file'])[] = [
  [
    /^(bcrypt|bcryptjs|bcrypt-nodejs|@node-rs\/bcrypt)#(default\.)?(hash|compare|verify)Sync\(?\)?$/,
    'hashes the password',
    'cpu',
  ],
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
const asynchronous: Readonly<Record<string, string>> = {
  cpu: 'the asynchronous form: it computes on another thread',
  process: 'the asynchronous form, with a limit of time; or a job where it takes long',
  file: 'node:fs/promises, or read the file once when the process starts',
};

export const syncInHandler = defineRule({
  id: 'res/sync-in-handler',
  since: '0.1.0',
  severity: 'warning',
  confidence: 'likely',
  title: 'A request runs synchronous work that stops all others.',
  why: 'Node answers all requests on one thread. While `hashSync` computes (about a tenth of a second at cost 10), `execSync` waits for a program or `readFileSync` for the disk, no other request, timer or health check is served: ten logins at once are a second in which the server is dead. Use the asynchronous forms, which do the same elsewhere; reading files and hashing when the process starts is fine.',
  remedy: 'words',
  mentions: /Sync\b|shelljs/,
  file: (source, tell) => ({
    CallExpression(node) {
      const origin = originOf(source, node.callee);
      const kind = origin === null ? undefined : blocking.find(([pattern]) => pattern.test(origin));
      const fn = functionAround(source, node);
      if (!kind || fn === null || isOnce(source, node)) return;
      const confidence = onRequest(source, node, kind[2]);
      if (confidence === null) return;
      tell(node, {
        message: `${source.textOf(node.callee)}() ${kind[1]} while a request is answered: until it is done the process serves nobody else.`,
        fix: `Use ${asynchronous[kind[2]]}.`,
        confidence,
      });
    },
  }),
});

/** Kept after the first time: `cached ??= …`, `if (!cached) …`. */
function isOnce(source: Source, node: Syntax): boolean {
  for (const parent of source.above(node)) {
    if (isFunction(parent)) return false;
    if (parent.type === 'AssignmentExpression' && /^(\?\?|\|\|)=$/.test(parent.operator)) return true;
    if (
      parent.type === 'IfStatement' &&
      /^(!\s*[\w.]+|[\w.]+\s*(===?)\s*(null|undefined))$/.test(source.textOf(parent.test))
    )
      return (
        /cache|loaded|instance|template|config|_\w+|^!\s*(this\.)?\w+$/i.test(source.textOf(parent.test)) &&
        parent.consequent.start <= node.start &&
        assigns(source, parent, node)
      );
  }
  return false;
}

const assigns = (source: Source, test: Extract<Syntax, { type: 'IfStatement' }>, node: Syntax): boolean => {
  const name = /[\w.]+/.exec(source.textOf(test.test).replace(/^!\s*/, ''))?.[0] ?? '';
  for (const parent of source.above(node)) {
    if (parent === test) return false;
    if (parent.type === 'AssignmentExpression') return source.textOf(parent.left) === name;
  }
  return false;
};

/** How surely the code runs for requests: in a handler, in what handlers call; hashing passwords anywhere but at the start. */
function onRequest(source: Source, node: Syntax, kind: 'cpu' | 'process' | 'file'): Confidence | null {
  for (const parent of source.above(node)) if (isFunction(parent) && isServed(source, parent)) return 'likely';
  const fn = functionAround(source, node);
  if (fn === null) return null;
  if (isCalledByHandler(source, fn, 3, new Set())) return 'likely';
  return kind === 'cpu' && /(hash|compare|verify|pbkdf2|scrypt)Sync/.test(source.textOf(node)) ? 'likely' : null;
}

/** A handler; pages and layouts may run when the site is built. */
const isServed = (source: Source, fn: FunctionSyntax): boolean =>
  isHandler(source, fn) && !/(^|\/)app\/(.*\/)?(page|layout|sitemap|robots)\.[cm]?[jt]sx?$/.test(source.path);

function isCalledByHandler(source: Source, fn: FunctionSyntax, depth: number, seen: Set<Syntax>): boolean {
  if (depth === 0 || seen.has(fn)) return false;
  seen.add(fn);
  return callsOf(source, fn).some(({ source: from, call }) => {
    for (const parent of from.above(call)) {
      if (!isFunction(parent)) continue;
      if (isServed(from, parent) || isCalledByHandler(from, parent, depth - 1, seen)) return true;
    }
    return false;
  });
}
