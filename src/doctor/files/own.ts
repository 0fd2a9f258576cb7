import { type Syntax, stringValue, unwrap } from '../../text/syntax.ts';
import { callsOf } from '../code/callers.ts';
import { bindingOf, constantOf } from '../code/names.ts';
import { originOf } from '../code/origin.ts';
import { isFunction, type Source } from '../code/source.ts';

const deepest = 6;

/** True for the path of a file that comes with the program, or that its settings name: it begins with where the code lies, or is written down. */
export function isOwnFile(source: Source, path: Syntax, depth = 0): boolean {
  const node = unwrap(path);
  if (depth > deepest) return false;
  const is = (one: Syntax | null | undefined): boolean => !!one && isOwnFile(source, one, depth + 1);
  switch (node.type) {
    case 'Literal':
      return stringValue(node) !== null;
    case 'TemplateLiteral':
      return node.quasis[0]?.value.raw === '' ? is(node.expressions[0]) : true;
    case 'BinaryExpression':
      return is(node.left);
    case 'LogicalExpression':
      return is(node.left) && is(node.right);
    case 'MemberExpression':
      return /^(process\.env|import\.meta)\b/.test(source.textOf(node));
    case 'NewExpression':
      return is(node.arguments.at(-1));
    case 'CallExpression':
      return (
        /^(path|url)#|^#process\.cwd$|^#require\.resolve$/.test(originOf(source, node.callee) ?? '') &&
        (node.arguments.length === 0 || is(node.arguments[0]))
      );
    case 'Identifier':
      return node.name === '__dirname' || node.name === '__filename' || isOwnName(source, node, depth);
    default:
      return false;
  }
}

/** A name that stands for such a path; a parameter where every caller that is known gives one. */
function isOwnName(source: Source, name: Syntax, depth: number): boolean {
  const binding = bindingOf(source, name);
  if (binding?.imported) return /^[A-Z][A-Z0-9_]*$/.test(binding.name);
  if (binding?.kind === 'variable' && binding.init && binding.path.length === 0)
    return [binding.init, ...binding.writes].every((one) => isOwnFile(source, one, depth + 1));
  if (binding?.kind !== 'parameter' || binding.path.length > 0 || !isFunction(binding.scope)) return false;
  const { scope, declaration } = binding;
  const index = scope.params.findIndex((one: Syntax) => one === declaration);
  const calls = callsOf(source, scope);
  return (
    index >= 0 &&
    calls.length > 0 &&
    calls.every(({ source: from, call }) => {
      const given = call.arguments[index];
      return given === undefined || isOwnFile(from, given, depth + 1);
    })
  );
}

/** True where the last of a path is written down, as in `${name}.json`: whoever chooses the name, the program laid it there. */
export function endsAsWritten(source: Source, path: Syntax): boolean {
  const node = constantOf(source, path) ?? unwrap(path);
  const last =
    node.type === 'CallExpression' ? node.arguments.at(-1) : node.type === 'BinaryExpression' ? node.right : null;
  if (last) return endsAsWritten(source, last);
  return stringValue(node) !== null || (node.type === 'TemplateLiteral' && node.quasis.at(-1)?.value.raw !== '');
}

/** True for a path to one file that the code names: `join(folder, 'schema.sql')`, `${folder}/schema.sql`. */
export function isNamed(source: Source, path: Syntax): boolean {
  const node = constantOf(source, path) ?? unwrap(path);
  if (node.type === 'TemplateLiteral') return /\/[^/]+$/.test(node.quasis.at(-1)?.value.raw ?? '');
  const last =
    node.type === 'CallExpression' && /^path#/.test(originOf(source, node.callee) ?? '') ? node.arguments.at(-1) : null;
  return last ? stringValue(unwrap(last)) !== null || isNamed(source, last) : stringValue(node) !== null;
}

/** True for text that is written down in the code, and `Buffer.from(…)` of it. */
export function isWrittenDown(source: Source, node: Syntax): boolean {
  const inner = unwrap(node);
  const [first] = inner.type === 'CallExpression' ? inner.arguments : [];
  if (inner.type === 'CallExpression' && first)
    return originOf(source, inner.callee) === '#Buffer.from' && isWrittenDown(source, first);
  const value = constantOf(source, inner) ?? inner;
  return stringValue(value) !== null || (value.type === 'TemplateLiteral' && value.expressions.length === 0);
}
