import type { Syntax } from '../../text/syntax.ts';
import { functionName } from '../code/background.ts';
import { importersOf } from '../code/browser.ts';
import { bindingOf } from '../code/names.ts';
import { functionAround, type FunctionSyntax, isFunction, type Source } from '../code/source.ts';

/** Made, used and closed in one function, or in a file that nothing imports and that runs to its end: it has no time to lie idle. */
export function isClosedHere(source: Source, node: Syntax): boolean {
  const around = functionAround(source, node);
  const above = [...source.above(node)];
  const holder = above
    .slice(0, around === null ? undefined : above.indexOf(around))
    .find(({ type }) => /^(VariableDeclarator|AssignmentExpression)$/.test(type));
  const name =
    holder?.type === 'VariableDeclarator' && holder.id.type === 'Identifier'
      ? holder.id.name
      : holder?.type === 'AssignmentExpression' && holder.left.type === 'Identifier'
        ? holder.left.name
        : null;
  if (name === null) return around !== null && isClosedBeyond(source, node);
  if (around === null || (holder?.type === 'AssignmentExpression' && !isOwnName(source, holder.left, around)))
    return closes(name, source.text) && isRunToItsEnd(source);
  return closes(name, source.textOf(around));
}

const closes = (name: string, text: string): boolean =>
  new RegExp(`\\b${name.replace(/\$/g, '\\$')}\\??\\.(end|quit|close|disconnect|destroy)\\(`).test(text);

/** `let client; try { client = new Client() } …`: a name of the function itself. */
function isOwnName(source: Source, left: Syntax, around: FunctionSyntax): boolean {
  const binding = left.type === 'Identifier' ? bindingOf(source, left) : null;
  return binding !== null && binding.declaration.start >= around.start && binding.declaration.end <= around.end;
}

/** `{ open: () => new Client(url) }`, and `const client = it.open()` in the same file, which closes it. */
function isClosedBeyond(source: Source, node: Syntax): boolean {
  const maker = givenBackBy(source, node);
  const name = maker && functionName(source, maker);
  if (!name) return false;
  const calls = new RegExp(`\\b(\\w+)\\s*=\\s*(?:await\\s+)?[\\w.]+\\.${name.replace(/\$/g, '\\$')}\\(`, 'g');
  const held = [...source.text.matchAll(calls)].flatMap(([, holder]) => holder ?? []);
  return held.length > 0 && held.every((one) => closes(one, source.text));
}

const isRunToItsEnd = ({ project, path, text }: Source): boolean =>
  !/\.listen\(|\bserve\(|\.(on|consume|subscribe|process)\(|\bexport default\b/.test(text) &&
  importersOf(project, path).length === 0;

/** The function that gives back what is made here as it is; null where something else is done with it. */
export function givenBackBy(source: Source, node: Syntax): FunctionSyntax | null {
  for (const parent of source.above(node)) {
    if (isFunction(parent)) return parent;
    if (!/^(ReturnStatement|BlockStatement|AwaitExpression|TS\w+|ParenthesizedExpression)$/.test(parent.type))
      return null;
    if (parent.type === 'ReturnStatement') return functionAround(source, parent);
  }
  return null;
}
