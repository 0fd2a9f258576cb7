import { requiredBy, type Syntax } from '../../text/syntax.ts';
import { declaredIn, topLevel } from '../code/names.ts';
import type { Source } from '../code/source.ts';
import type { Mend } from '../rule.ts';

/** How a name of a module of Node is said at a place of the file, and the import that it needs; null where that is not sure. */
export function imported(
  source: Source,
  node: Syntax,
  module: string,
  name: string,
): { text: string; edits: Mend[] } | null {
  for (const binding of topLevel(source).values()) {
    const from = binding.imported?.from ?? (binding.init && requiredBy(binding.init));
    if (from !== module && from !== `node:${module}`) continue;
    const taken = binding.imported ? binding.imported.name : (binding.path[0] ?? '*');
    if (binding.path.length > 1 || isTypeOnly(source, binding.declaration)) continue;
    const text =
      taken === name ? binding.name : taken === '*' || taken === 'default' ? `${binding.name}.${name}` : null;
    if (text !== null && !isHidden(source, node, binding.name)) return { text, edits: [] };
  }
  // Whatever else bears the name, here or in a global, is not to be hidden.
  if (new RegExp(`\\b${name}\\b`).test(source.text)) return null;
  const edit = importOf(source, module, name);
  return edit && { text: name, edits: [edit] };
}

const isTypeOnly = (source: Source, node: Syntax): boolean =>
  /^import\s+type\b/.test(source.textOf(source.parentOf(node) ?? node)) || /^type\s/.test(source.textOf(node));

const isHidden = (source: Source, node: Syntax, name: string): boolean => {
  for (const scope of source.above(node))
    if (scope !== source.program && declaredIn(source, scope).some((one) => one.name === name)) return true;
  return false;
};

/** A line below the last import at the top of the file, in its style; null where there is none to follow. */
function importOf(source: Source, module: string, name: string): Mend | null {
  let last: Syntax | null = null;
  for (const statement of source.program.body) {
    if (statement.type === 'ExpressionStatement' && 'directive' in statement && statement.directive) continue;
    const isRequired =
      statement.type === 'VariableDeclaration' &&
      statement.declarations.every(({ init }) => init && requiredBy(init) !== null);
    if (statement.type !== 'ImportDeclaration' && !isRequired) break;
    last = statement;
  }
  if (last === null) return null;
  const own = source.textOf(last);
  const quote = own.includes('"') ? '"' : "'";
  const end = own.endsWith(';') ? ';' : '';
  const from = `${quote}node:${module}${quote}`;
  const line =
    last.type === 'ImportDeclaration'
      ? `import { ${name} } from ${from}${end}`
      : `const { ${name} } = require(${from})${end}`;
  const at = source.text.indexOf('\n', last.end);
  if (at === -1 || source.text.slice(last.end, at).trim() !== '') return null;
  const eol = source.text[at - 1] === '\r' ? '\r\n' : '\n';
  return { start: at + 1, end: at + 1, text: line + eol };
}
