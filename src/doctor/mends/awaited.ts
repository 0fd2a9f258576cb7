import { type Syntax, unwrap } from '../../text/syntax.ts';
import { originOf } from '../code/origin.ts';
import { everyOf, functionAround, type FunctionSyntax, isFunction, type Source } from '../code/source.ts';
import type { Mend } from '../rule.ts';

type Call = Extract<Syntax, { type: 'CallExpression' }>;

/** Calls that change nothing, with how the same is done off this thread (bcryptjs never does). All of the arguments must be there. */
const forms: readonly (readonly [origin: RegExp, method: string, count: number])[] = [
  [/^bcrypt#(default\.)?hashSync$/, 'hash', 2],
  [/^bcrypt#(default\.)?compareSync$/, 'compare', 2],
  [/^fs#(default\.)?readFileSync$/, 'promises.readFile', 1],
  [/^fs#(default\.)?readdirSync$/, 'promises.readdir', 1],
];

/**
 * `await bcrypt.compare(…)` for `bcrypt.compareSync(…)`: in an async function that already waits for something, so that
 * its callers wait for it and other requests come between its lines already. None where that is not sure.
 */
export function awaited(source: Source, node: Call): Mend[] {
  const callee = unwrap(node.callee);
  const fn = functionAround(source, node);
  if (callee.type !== 'MemberExpression' || callee.computed || callee !== node.callee || fn === null) return [];
  if (node.optional || callee.optional || callee.object.type !== 'Identifier') return [];
  // Over several lines it would be no line that anybody writes.
  if (source.text.slice(callee.start, callee.end).includes('\n')) return [];
  const form = forms.find(([origin]) => origin.test(originOf(source, callee) ?? ''));
  if (!form || node.arguments.length < form[2] || node.arguments.some(({ type }) => type === 'SpreadElement'))
    return [];
  // With a callback it is another call.
  if (node.arguments.some((one) => isFunction(unwrap(one)))) return [];
  if (!fn.async || fn.generator || !waits(source, fn) || !fn.body || node.start < fn.body.start) return [];
  const bare = bracketed(source, node);
  if (bare === null) return [];
  const [open, close] = bare ? ['await ', ''] : ['(await ', ')'];
  const { start, end } = callee.property;
  return [
    { start: node.start, end: node.start, text: open },
    { start, end, text: form[1] },
    ...(close === '' ? [] : [{ start: node.end, end: node.end, text: close }]),
  ];
}

/** True where the function itself, not one inside of it, awaits something. */
function waits(source: Source, fn: FunctionSyntax): boolean {
  let found = false;
  everyOf(fn, ['AwaitExpression'], (node) => {
    if (node.type === 'AwaitExpression' && functionAround(source, node) === fn) found = true;
  });
  return found;
}

/** True where `await` can stand before the call as it is, false where brackets are needed, null where those could join the line above. */
function bracketed(source: Source, node: Call): boolean | null {
  const parent = source.parentOf(node);
  const isTight =
    (parent?.type === 'MemberExpression' && parent.object === node) ||
    ((parent?.type === 'CallExpression' || parent?.type === 'NewExpression') && parent.callee === node) ||
    parent?.type === 'TaggedTemplateExpression' ||
    (parent?.type === 'BinaryExpression' && parent.operator === '**') ||
    parent?.type === 'TSNonNullExpression' ||
    parent?.type === 'UnaryExpression';
  if (!isTight) return true;
  for (const outer of source.above(node))
    if (outer.type === 'ExpressionStatement') return outer.start === node.start ? null : false;
  return false;
}
