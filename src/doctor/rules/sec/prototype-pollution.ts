import { type Syntax, unwrap } from '../../../text/syntax.ts';
import { callsOf, functionName } from '../../code/callers.ts';
import { constantOf } from '../../code/names.ts';
import { everyOf, type FunctionSyntax, type Source } from '../../code/source.ts';
import { comesOfJson } from '../../flow/sent-json.ts';
import { isGuarded, taintOf } from '../../flow/taint.ts';
import { defineRule } from '../../rule.ts';

/** A function that writes all keys of one parameter into another, at any depth: the places of both. */
interface Merge {
  name: string;
  into: number;
  from: number;
}

export const prototypePollution = defineRule({
  id: 'sec/prototype-pollution',
  since: '0.1.0',
  severity: 'error',
  confidence: 'likely',
  title: 'What the client sends is merged key by key, "__proto__" as well.',
  why: '`JSON.parse` makes `__proto__` a key like any other. A function that goes into `target[key]` and `source[key]` together steps through it out of the object, into what all objects inherit: `{ "__proto__": { "isAdmin": true } }` makes everybody an administrator until the process ends. Leave out `__proto__`, `constructor` and `prototype`, merge into objects without a prototype, or take the fields that are meant by name.',
  remedy: 'words',
  owasp: 'API8',
  securitySeverity: 8.1,
  mentions: [/\bin\b|\.(keys|entries)\(/, /\]\s*=[^=]/],
  file: (source, tell) => {
    const look = (fn: FunctionSyntax): void => {
      const merge = mergeIn(source, fn);
      for (const { source: from, call } of merge ? callsOf(source, fn) : []) {
        const given = merge ? call.arguments[merge.from] : undefined;
        if (!merge || !given || (from.path === source.path && fn.start <= call.start && call.end <= fn.end)) continue;
        if (taintOf(from, given) !== 'request' || !isOfJson(from, given) || isGuarded(from, given, call)) continue;
        tell(
          { path: from.path, start: call.start, end: call.end },
          {
            message: `${merge.name}() writes every key that the client sends, at any depth: "__proto__" among them changes what all objects inherit.`,
            fix: 'Leave out __proto__, constructor and prototype, or take the fields that are meant by name.',
          },
        );
      }
    };
    return { FunctionDeclaration: look, FunctionExpression: look, ArrowFunctionExpression: look };
  },
});

/** What Express makes of a query has no such key. */
const isOfJson = (source: Source, given: Syntax): boolean =>
  comesOfJson(source, given) && !/\bquery\b/.test(source.textOf(constantOf(source, given) ?? given));

function mergeIn(source: Source, fn: FunctionSyntax): Merge | null {
  const names = fn.params.map((one) => (one.type === 'Identifier' ? one.name : null));
  if (!fn.body || names.length < 2) return null;
  const text = source.textOf(fn.body);
  const name = functionName(source, fn);
  if (name === null || !text.includes(`${name}(`) || !/\]\s*=[^=]/.test(text) || asks.test(text)) return null;
  let found: Merge | null = null;
  everyOf(fn.body, ['CallExpression'], (node) => {
    if (node.type !== 'CallExpression' || found) return;
    const callee = unwrap(node.callee);
    if (callee.type !== 'Identifier' || callee.name !== name) return;
    const parts = node.arguments.map((one) => partOf(source, one));
    const into = parts.findIndex((part, at) => part !== null && part === names[at]);
    const from = parts.findIndex((part, at) => at > into && part !== null && part === names[at]);
    if (into < 0 || from < 0 || !writes(source, fn, names[into] ?? '') || ownsFirst(text, names[into] ?? '')) return;
    found = { name, into, from };
  });
  return found;
}

/** Whoever speaks of these has thought of it. */
const asks = /__proto__|\bconstructor\b|['"`.]prototype['"`]|create\(null\)|new (Map|Set)\b/;

/** `target.hasOwnProperty(key)`, `Object.hasOwn(target, key)`: what is inherited is not gone into. */
const ownsFirst = (text: string, name: string): boolean =>
  new RegExp(`\\b${name}\\.hasOwn|hasOwn\\w*(\\.call)?\\(\\s*${name}\\b`).test(text);

/** The parameter whose part an argument is: `target[key]`, also by a name that holds it. */
function partOf(source: Source, argument: Syntax): string | null {
  const node = constantOf(source, argument) ?? unwrap(argument);
  return node.type === 'MemberExpression' && node.computed && node.object.type === 'Identifier'
    ? node.object.name
    : null;
}

/** True where the function writes into a parameter by a key: `target[key] = …`. */
function writes(source: Source, fn: FunctionSyntax, name: string): boolean {
  let found = false;
  everyOf(fn, ['AssignmentExpression'], (node) => {
    if (node.type !== 'AssignmentExpression' || node.left.type !== 'MemberExpression' || !node.left.computed) return;
    if (source.textOf(node.left.object) === name) found = true;
  });
  return found;
}
