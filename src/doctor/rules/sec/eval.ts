import { type Syntax, unwrap } from '../../../text/syntax.ts';
import { bindingOf } from '../../code/names.ts';
import { originOf } from '../../code/origin.ts';
import { functionAround, isFunction, type Source } from '../../code/source.ts';
import { isNear } from '../../flow/near.ts';
import { isGuarded, isSent, type Taint, taintOf } from '../../flow/taint.ts';
import { handlerAround } from '../../routes/roles.ts';
import { defineRule, type Words } from '../../rule.ts';

/** What runs its first argument as a program (the Function constructor: its last). */
const evaluators =
  /^#(eval|global\.eval|globalThis\.eval)$|^vm#(runInNewContext|runInContext|runInThisContext|compileFunction|Script|Script\(\)|SourceTextModule)$|^vm2#\w+\(\)\.run$|^#(require|Function)$/;
/** Libraries that do it with what they are given. */
const libraries =
  /^(mathjs#(eval|evaluate)|mathjs#\w+\(\)\.(eval|evaluate)|node-serialize#unserialize|serialize-javascript#\w*unserialize|safe-eval#default|notevil#default|static-eval#default|lodash(\.template)?#(template|default)|(ejs|pug|handlebars|nunjucks|dot|eta|mustache|squirrelly|swig)#(default\.)?(render|compile|renderString|template|compileString))$/;
const timers = /^#(setTimeout|setInterval|setImmediate)$/;

export const evaluation = defineRule({
  id: 'sec/eval',
  since: '0.1.0',
  severity: 'error',
  confidence: 'certain',
  title: 'Text that is not a constant runs as a program.',
  why: 'Text that `eval`, `new Function`, `vm`, a template compiler or an unserialiser runs does so with all that the process may do: read its secrets, its files and its database. `vm` and the libraries around it are no sandboxes; programs leave them. Parse what you expect (`JSON.parse`, `Number`), look functions up in a table, and give values to a template as data, never as its text.',
  remedy: 'words',
  owasp: 'API8',
  securitySeverity: 9.8,
  mentions:
    /\beval\b|\bFunction\(|\bvm2?\b|set(Timeout|Interval|Immediate)\(|nserialize|require\((?!['"])|mathjs|ejs|pug|andlebars|nunjucks|template|\.compile\(/,
  file: (source, tell) => {
    const look = (node: Extract<Syntax, { type: 'CallExpression' | 'NewExpression' }>): void => {
      const words = wordsFor(source, node);
      if (words) tell(node, words);
    };
    return { CallExpression: look, NewExpression: look };
  },
});

function wordsFor(source: Source, node: Extract<Syntax, { type: 'CallExpression' | 'NewExpression' }>): Words | null {
  const origin = originOf(source, node.callee);
  if (origin === null) return null;
  const isMaker = origin === '#Function';
  const program = isMaker ? node.arguments.at(-1) : node.arguments[0];
  if (!program || isFunction(unwrap(program))) return null;
  if (!evaluators.test(origin) && !libraries.test(origin) && !timers.test(origin)) return null;
  const taint = taintOf(source, program);
  if (isGuarded(source, program, node)) return null;
  const name = source.textOf(node.callee);
  if (isSent(taint) && !timers.test(origin)) {
    const words = sent(name, origin, taint);
    return isNear(source, program) ? words : { ...words, confidence: 'hint' };
  }
  if (timers.test(origin)) return isText(source, program) && !isHarmless(taint) ? timed(name) : null;
  if (origin === 'node-serialize#unserialize' && taint === 'unknown' && handlerAround(source, node))
    return unserialized(name);
  if (isOwnFunction(source, program)) return null;
  if (isHarmless(taint) || taint !== 'unknown' || libraries.test(origin) || origin === '#require') return null;
  return {
    message: `${name}() runs text that is not written in the source as a program.`,
    fix: 'Parse the text, or look the function up in a table.',
    severity: 'warning',
    // One habit of a function, in each of its arms.
    together: `${name} in ${source.path}:${functionAround(source, node)?.start}`,
    confidence: /eval$/.test(origin) && !isOwnText(source, program) && !isPageScript(source) ? 'likely' : 'hint',
  };
}

const isHarmless = (taint: Taint): boolean => taint === 'constant' || taint === 'plain';

const sent = (name: string, origin: string, taint: Taint): Words => ({
  message:
    origin === '#require'
      ? `The client chooses the module that ${name}() loads and runs.`
      : `What the client sends runs as a program in ${name}(): it can read every secret of the process and run any other program.`,
  fix:
    origin === '#require'
      ? 'Look the module up in a table of those that may be chosen.'
      : 'Parse the value (JSON.parse, Number), or look it up in a table; never run it.',
  confidence: taint === 'request' ? 'certain' : 'likely',
});

const unserialized = (name: string): Words => ({
  message: `${name}() runs functions that stand in the text it is given, and here it is given one while a request is answered.`,
  fix: 'Keep the value as JSON and read it with JSON.parse.',
  confidence: 'likely',
});

const timed = (name: string): Words => ({
  message: `${name}() is given text, which it would run as a program; Node throws ERR_INVALID_ARG_TYPE instead.`,
  fix: 'Give it a function.',
  severity: 'warning',
  confidence: 'likely',
});

/** True for what is certainly a text: a template, or `+` with one. */
function isText(source: Source, node: Syntax): boolean {
  const inner = unwrap(node);
  if (inner.type === 'TemplateLiteral') return true;
  if (inner.type === 'BinaryExpression') return isText(source, inner.left) || isText(source, inner.right);
  return inner.type === 'Literal' && typeof inner.value === 'string';
}

/** Text that was read from a file or made by a compiler is the program's own. */
function isOwnText(source: Source, node: Syntax): boolean {
  const inner = unwrap(node);
  const init = inner.type === 'Identifier' ? bindingOf(source, inner)?.init : inner;
  return init ? /readFile|compile|transform|bundle|generate|code\b/i.test(source.textOf(init)) : false;
}

/** `eval('(' + fn.toString() + ')')`: the text of a function is what stands in the source. */
function isOwnFunction(source: Source, node: Syntax): boolean {
  const text = source.textOf(unwrap(node)).replace(/\s/g, '');
  const [, name] =
    /^(?:['"]\(['"]\+|`\(\$\{)(\w+)(?:\.toString\(\))?(?:\+['"]\)(?:\(\))?['"]|\}\)(?:\(\))?`)$/.exec(text) ?? [];
  if (name === undefined) return false;
  return (
    /^(fn|func|function|callback|handler)/i.test(name) || new RegExp(`\\b${name}\\s*:\\s*Function\\b`).test(source.text)
  );
}

/** `(function ($) { … })(jQuery)`: a script of a page, which runs on nobody's server. */
const isPageScript = (source: Source): boolean =>
  /\}\s*\)?\s*\(\s*(window\.)?jQuery\s*\)/.test(source.text) &&
  !/\b(require\(|module\.exports|import\s)/.test(source.text);
