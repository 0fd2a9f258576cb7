import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { type Node, parseSync } from 'oxc-parser';

/** A top-level statement of the compiler's file. */
interface Piece {
  statement: Node;
  /** The names it declares or, where it declares none, fills. */
  owns: readonly string[];
}

/** The compiler's one file, as ts-morph carries it. */
export function compilerSource(): string {
  const require = createRequire(createRequire(import.meta.url).resolve('ts-morph'));
  return readFileSync(require.resolve('@ts-morph/common').replace(/[^\\/]+$/, 'typescript.js'), 'utf8');
}

/** The compiler's exports that the sources in a folder name as `ts.something`, types left out. */
export function usedOfCompiler(compiler: string, folder: string): string[] {
  const values = new Set(Array.from(compiler.matchAll(/^ {2}(\w+): \(\) => \1,?$/gm), ([, name]) => name));
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.ts'));
  const code = files.map((path) => readFileSync(join(folder, path), 'utf8')).join('\n');
  const named = new Set(Array.from(code.matchAll(/\bts\.(\w+)/g), ([, name = '']) => name));
  return [...named].filter((name) => values.has(name)).sort();
}

/**
 * What of the TypeScript compiler these exports of it need, as a module that exports them: the statements of its file
 * that can be reached from them by name, in their order, below its licence. Throws an Error where the file is not built as expected.
 */
export function parserOnly(compiler: string, exported: readonly string[]): string {
  const pieces = piecesOf(compiler);
  const owners = new Map<string, Piece[]>();
  for (const piece of pieces) for (const name of piece.owns) owners.set(name, [...(owners.get(name) ?? []), piece]);
  const kept = new Set<Piece>();
  const queue = ['setObjectAllocator', ...exported];
  for (let name = queue.pop(); name !== undefined; name = queue.pop()) {
    for (const piece of owners.get(name) ?? []) {
      if (kept.has(piece)) continue;
      kept.add(piece);
      queue.push(...names(piece.statement));
    }
  }
  const parts = pieces
    .filter((piece) => kept.has(piece))
    .map(({ statement: { start, end } }) => compiler.slice(start, end));
  const licence = compiler.slice(0, compiler.indexOf('*/') + 2);
  return `${licence}\n${withoutUnsaid(parts).join('\n')}\nexport { ${exported.join(', ')} };\n`;
}

const isMessages = (piece: string): boolean => piece.startsWith('var Diagnostics = {');

/** The table of messages, most of the checker's, with those alone that the rest can say. */
function withoutUnsaid(pieces: readonly string[]): string[] {
  const rest = pieces.filter((piece) => !isMessages(piece)).join('\n');
  if (/\bDiagnostics\b(?!\.\w)/.test(rest)) throw new Error('The table of messages is used as a whole.');
  const said = new Set(Array.from(rest.matchAll(/\bDiagnostics\.(\w+)/g), ([, name]) => name));
  return pieces.map((piece) =>
    isMessages(piece)
      ? piece.replace(/^ {2}(\w+): diag\(.*\),?\n/gm, (line, name) => (said.has(name) ? line : ''))
      : piece,
  );
}

function piecesOf(compiler: string): Piece[] {
  const { program, errors } = parseSync('typescript.js', compiler, { sourceType: 'commonjs' });
  if (errors.length > 0) throw new Error(`The compiler's file does not parse: ${errors[0]?.message}`);
  const body = program.body.map(functionBody).find((found) => found !== null);
  if (!body) throw new Error("The compiler's file is not one function.");
  return body.map((statement) => ({ statement, owns: owned(statement) }));
}

/** The statements of `((module) => { … })(…)`. */
function functionBody(statement: Node): readonly Node[] | null {
  if (statement.type !== 'ExpressionStatement' || statement.expression.type !== 'CallExpression') return null;
  const { callee } = statement.expression;
  const inner = callee.type === 'ParenthesizedExpression' ? callee.expression : callee;
  return inner.type === 'ArrowFunctionExpression' && inner.body.type === 'BlockStatement' ? inner.body.body : null;
}

function owned(statement: Node): string[] {
  switch (statement.type) {
    case 'FunctionDeclaration':
    case 'ClassDeclaration':
      return statement.id ? [statement.id.name] : [];
    case 'VariableDeclaration':
      return statement.declarations.flatMap(({ id }) => [...names(id)]);
    case 'ExpressionStatement':
      return filled(statement.expression);
    default:
      return [];
  }
}

/** `((X) => { … })(X || (X = {}))` and `X = …` fill X; `setX(…)` stands for itself; other effects are for nobody. */
function filled(expression: Node): string[] {
  if (expression.type === 'ParenthesizedExpression') return filled(expression.expression);
  if (expression.type === 'AssignmentExpression') return [...names(expression.left)].slice(0, 1);
  if (expression.type !== 'CallExpression') return [];
  const [argument] = expression.arguments;
  if (argument?.type === 'LogicalExpression' && argument.left.type === 'Identifier') return [argument.left.name];
  return expression.callee.type === 'Identifier' && expression.callee.name === 'setObjectAllocator'
    ? ['setObjectAllocator']
    : [];
}

/** Every name in a statement but those of members and keys: what it uses at the most. */
function names(node: Node): Set<string> {
  const found = new Set<string>();
  const queue: object[] = [node];
  for (let next = queue.pop(); next; next = queue.pop()) {
    const { type, name, computed, shorthand } = next as Record<string, unknown>;
    if (type === 'Identifier') found.add(String(name));
    for (const [key, child] of Object.entries(next)) {
      if (typeof child !== 'object' || child === null) continue;
      const isName = (type === 'MemberExpression' && key === 'property') || (key === 'key' && !shorthand);
      if (!isName || computed) queue.push(child);
    }
  }
  return found;
}
