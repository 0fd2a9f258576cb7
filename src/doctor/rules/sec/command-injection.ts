import { keyOf, literal, type Syntax, unwrap } from '../../../text/syntax.ts';
import { constantOf } from '../../code/names.ts';
import { originOf } from '../../code/origin.ts';
import type { Source } from '../../code/source.ts';
import { givenTo } from '../../flow/leading.ts';
import { isNear } from '../../flow/near.ts';
import type { Following } from '../../flow/search.ts';
import { isGuarded, isSent, taintOf } from '../../flow/taint.ts';
import { defineRule, type Words } from '../../rule.ts';

/** What a call gives to a shell, or the program that it starts: `part` says which. */
interface Command {
  value: Syntax;
  part: 'line' | 'program';
}

type Call = Extract<Syntax, { type: 'CallExpression' }>;

/** Functions that give their first argument to a shell. */
const shells =
  /^child_process#exec(Sync)?$|^(execa|zx)#(execaCommand|execaCommandSync|command|commandSync|\$\.raw)$|^shelljs#(default\.)?exec$|^ssh2#Client\(\)\.exec$|^node-ssh#NodeSSH\(\)\.execCommand$/;
/** Functions that do it where an option says so. */
const optional =
  /^(child_process|execa|cross-spawn)#(default|spawn|spawnSync|execFile|execFileSync|execa|execaSync|sync)$/;
/** What makes a value one word of a shell's line. */
const quoting = /^(shell-quote|shescape|shell-escape|any-shell-escape)#|(quote|escape)\w*$/i;

const following: Following = {
  cleans: (_call, origin) => origin !== null && quoting.test(origin),
  // What a shell reads as its own.
  without: ';|&$`<>()\'"\\ \n*?',
};

export const commandInjection = defineRule({
  id: 'sec/command-injection',
  since: '0.1.0',
  severity: 'error',
  confidence: 'certain',
  title: 'A shell runs a command with values of the client in it.',
  why: 'A shell reads `;`, `|`, `$(…)` and line ends as its own: a value in the text of a command can begin another command, which runs with everything that the server may do. Give the program and its arguments as a list (`execFile("ping", ["-c", "2", host])`): no shell reads them. Where a value may start with `-`, put `--` before it, or let only known values through.',
  remedy: 'words',
  owasp: 'API8',
  securitySeverity: 9.8,
  mentions: /\bexec|\bspawn|\bcommand|execa|shelljs|cross-spawn/,
  file: (source, tell) => ({
    CallExpression(node) {
      const command = commandOf(source, node);
      if (command === null) return;
      if (isGuarded(source, command.value, node)) return;
      for (const { source: from, at, url: value, hops } of givenTo(source, node, command.value)) {
        const words = wordsFor(from, at, value, source.textOf(node.callee), command.part);
        const spot = { path: from.path, start: at.start, end: at.end };
        if (words) tell(spot, isNear(from, value, following, hops) ? words : { ...words, confidence: 'hint' });
      }
    },
  }),
});

function wordsFor(source: Source, at: Syntax, command: Syntax, name: string, part: Command['part']): Words | null {
  const taint = taintOf(source, command, following);
  if (taint === 'constant' || taint === 'plain' || isGuarded(source, command, at)) return null;
  const fix = 'Use execFile() or spawn() without a shell, and give the arguments as a list.';
  if (part === 'program')
    return taint === 'request'
      ? {
          message: `The client chooses the program that ${name}() starts on the server.`,
          fix: 'Look the program up in a table of those that may be started.',
        }
      : null;
  if (isSent(taint)) {
    const message = `What the client sends becomes a part of the shell's command in ${name}(): it can run any program on the server.`;
    return { message, fix, confidence: taint === 'request' ? 'certain' : 'likely' };
  }
  const message = `A value becomes a part of the shell's command in ${name}().`;
  return isBuilt(source, command) ? { message, fix, severity: 'warning', confidence: 'hint' } : null;
}

/** What a shell reads of a call, or the program that a value names; null where neither can be told. */
function commandOf(source: Source, node: Call): Command | null {
  const [first, list] = node.arguments;
  if (!first) return null;
  const origin = originOf(source, node.callee);
  if (origin === null) return null;
  if (shells.test(origin) || (/^util#(default\.)?promisify\(\)$/.test(origin) && isPromised(source, node.callee)))
    return { value: first, part: 'line' };
  if (!optional.test(origin)) return null;
  if (node.arguments.some((one) => asksForShell(one))) return { value: spawned(node) ?? first, part: 'line' };
  const program = literal(constantOf(source, first) ?? first);
  if (typeof program !== 'string') return { value: first, part: 'program' };
  const line = shellNames.test(program) && list ? lineOf(source, list) : null;
  return line && { value: line, part: 'line' };
}

const shellNames = /(^|[/\\])((ba|z|da|k|fi)?sh|cmd(\.exe)?|powershell(\.exe)?|pwsh)$/i;

/** `['-c', line]`: what a shell that is started by its name reads. */
function lineOf(source: Source, list: Syntax): Syntax | null {
  const args = constantOf(source, list) ?? unwrap(list);
  if (args.type !== 'ArrayExpression') return null;
  const at = args.elements.findIndex((one) => one !== null && /^(-\w*c|\/c|-Command)$/i.test(`${literal(one)}`));
  return args.elements[at + 1] ?? null;
}

/** `const run = promisify(exec)` */
function isPromised(source: Source, callee: Syntax): boolean {
  const made = constantOf(source, callee);
  const [given] = made?.type === 'CallExpression' ? made.arguments : [];
  const origin = given ? originOf(source, given) : null;
  return origin !== null && shells.test(origin);
}

function asksForShell(node: Syntax): boolean {
  const options = unwrap(node);
  if (options.type !== 'ObjectExpression') return false;
  return options.properties.some(
    (one) => one.type === 'Property' && keyOf(one) === 'shell' && literal(one.value) !== false,
  );
}

/** With a shell the arguments become a part of its line as well. */
function spawned({ arguments: [command, list] }: Call): Syntax | null {
  const args = list ? unwrap(list) : null;
  return args?.type === 'ObjectExpression' || !list ? (command ?? null) : list;
}

const isBuilt = (source: Source, command: Syntax): boolean => {
  const text = constantOf(source, command) ?? unwrap(command);
  return (text.type === 'TemplateLiteral' && text.expressions.length > 0) || text.type === 'BinaryExpression';
};
