import type { CallExpression, Expression, NewExpression, Node, ObjectExpression, Program } from 'oxc-parser';
import { isWalkable, mayBeDeep } from './depth.ts';
import { type Dialect, type Link, nativeParser, type Parser, plainParser } from './parsers.ts';

export type { CallExpression, Expression, NewExpression, ObjectExpression, Program } from 'oxc-parser';
/** Any node of a tree: ESTree with TypeScript's nodes, offsets in UTF-16 units of the text as it was given. */
export type Syntax = Node;

/** By dialect and text: a text that is asked for again has its hash already, one put together for a key has not. */
const remembered: Readonly<Record<Dialect | 'flow', Map<string, Program | null>>> = {
  jsx: new Map(),
  ts: new Map(),
  tsx: new Map(),
  flow: new Map(),
};
/** Characters of the texts whose trees are kept: a tree takes about thirty times as much. */
const capacity = 700_000;
let kept = 0;
let parser: Parser | null = null;
let careful: ReturnType<typeof plainParser> | null = null;

/** Parses a JavaScript or TypeScript file for reading. Null where it has syntax errors or is nested too deeply to be read. The result is shared: never change it. */
export function parse(text: string, path: string): Program | null {
  const dialect = dialectOf(path);
  return once(text, dialect, () => read(withoutShebang(text), dialect));
}

/** The same for JavaScript with Flow's types, which only the plain parser knows. Slow: for files that are nothing else. */
export const parseFlow = (text: string): Program | null =>
  once(text, 'flow', () => {
    careful ??= plainParser();
    const program = careful.read(withoutShebang(text), 'flow');
    return program !== null && isWalkable(program) ? program : null;
  });

function once(text: string, dialect: keyof typeof remembered, parsed: () => Program | null): Program | null {
  const trees = remembered[dialect];
  const known = trees.get(text);
  if (known !== undefined) {
    // What is asked for again is kept longest.
    trees.delete(text);
    trees.set(text, known);
    return known;
  }
  const program = parsed();
  kept += text.length;
  trees.set(text, program);
  makeRoom();
  return program;
}

/** Forgets what was not asked for longest, of the dialect of which most is remembered, until there is room. The last one stays. */
function makeRoom(): void {
  const all = Object.values(remembered);
  while (kept > capacity) {
    const largest = all.reduce((a, b) => (a.size >= b.size ? a : b));
    const oldest = largest.size > 1 ? largest.keys().next().value : undefined;
    if (oldest === undefined) return;
    largest.delete(oldest);
    kept -= oldest.length;
  }
}

/** True for a text without syntax errors: much cheaper than asking for its tree. */
export function parses(text: string, dialect: Dialect): boolean {
  parser ??= load();
  if (mayBeDeep(text)) return read(withoutShebang(text), dialect) !== null;
  return parser.accepts(withoutShebang(text), dialect);
}

/** What a file's declarations load, found without its tree; null where only its tree can tell. */
export function declaredLinks(text: string, path: string): readonly Link[] | null {
  parser ??= load();
  return mayBeDeep(text) ? null : parser.links(withoutShebang(text), dialectOf(path));
}

/** Text without a shebang to its tree. Where the native parser may end the process, the plain one, which gives up before, is asked first. */
function read(text: string, dialect: Dialect): Program | null {
  parser ??= load();
  if (!mayBeDeep(text)) return parser.read(text, dialect);
  careful ??= plainParser();
  if (!careful.accepts(text, dialect)) return null;
  const program = parser.read(text, dialect);
  return program !== null && isWalkable(program) ? program : null;
}

/** The language of a file by its name; anything that is not TypeScript reads as JavaScript with JSX. */
export function dialectOf(path: string): Dialect {
  if (path.endsWith('.tsx')) return 'tsx';
  return /\.[mc]?ts$/.test(path) ? 'ts' : 'jsx';
}

/** A shebang (and a BOM before it) made a comment of the same length, so that every offset stays. */
export function withoutShebang(text: string): string {
  return text.replace(/^(\uFEFF?)#!/, '$1//');
}

function load(): Parser {
  try {
    return nativeParser();
  } catch {
    return plainParser();
  }
}

/** Visits every node, outermost first, in source order; 'skip' leaves out its children. Parents: nearest last. */
export function walk(node: Syntax, visit: (node: Syntax, parents: readonly Syntax[]) => unknown): void {
  const parents: Syntax[] = [];
  const step = (current: Syntax): void => {
    if (visit(current, parents) === 'skip') return;
    parents.push(current);
    for (const child of childrenOf(current)) step(child);
    parents.pop();
  };
  step(node);
}

/** A node's direct children in source order. */
function childrenOf(node: Syntax): Syntax[] {
  const children: Syntax[] = [];
  for (const value of Object.values(node)) {
    if (typeof value !== 'object' || value === null) continue;
    if (Array.isArray(value)) for (const item of value) isNode(item) && children.push(item);
    else if (isNode(value)) children.push(value);
  }
  const isOrdered = children.every((child, index) => (children[index - 1]?.start ?? 0) <= child.start);
  return isOrdered ? children : children.sort((a, b) => a.start - b.start);
}

/** True for a node among the values that a node holds. */
export function isNode(value: unknown): value is Syntax {
  return (
    typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string' && 'start' in value
  );
}

/** The 1-based line of an offset. */
export function lineOf(text: string, offset: number): number {
  let line = 1;
  for (let at = text.indexOf('\n'); at !== -1 && at < offset; at = text.indexOf('\n', at + 1)) line++;
  return line;
}

/** The node's source text. */
export const textOf = (text: string, node: Syntax): string => text.slice(node.start, node.end);

/** The expression inside casts, `!`, `satisfies`, optional chains and parentheses. */
export function unwrap(node: Syntax): Syntax {
  switch (node.type) {
    case 'TSAsExpression':
    case 'TSSatisfiesExpression':
    case 'TSNonNullExpression':
    case 'TSTypeAssertion':
    case 'TSInstantiationExpression':
    case 'ParenthesizedExpression':
    case 'ChainExpression':
      return unwrap(node.expression);
    default:
      return node;
  }
}

/** True for `f(…)`, and with a name only for that callee: `isCall(node, 'z.object')`. */
export function isCall(node: Syntax, callee?: string): node is CallExpression {
  return node.type === 'CallExpression' && (callee === undefined || calleeText(node) === callee);
}

/** True for `new F(…)`, and with a name only for that class. */
export function isNew(node: Syntax, callee?: string): node is NewExpression {
  return node.type === 'NewExpression' && (callee === undefined || calleeText(node) === callee);
}

/** The callee as dotted names ('app.use', 'this.app.use', 'Hono'); null where it is anything else. */
export const calleeText = (node: CallExpression | NewExpression): string | null => dotted(node.callee);

/** Names joined by dots ('app', 'this.app', 'module.exports'); null where the expression is anything else. */
export function dotted(node: Syntax): string | null {
  const inner = unwrap(node);
  if (inner.type === 'Identifier') return inner.name;
  if (inner.type === 'ThisExpression') return 'this';
  if (inner.type !== 'MemberExpression') return null;
  const object = dotted(inner.object);
  if (object === null) return null;
  if (!inner.computed)
    return `${object}.${inner.property.type === 'PrivateIdentifier' ? '#' : ''}${inner.property.name}`;
  const key = stringValue(inner.property);
  return key === null ? null : `${object}.${key}`;
}

/** The text of a string literal, or of a template without expressions; null for anything else. */
export function stringValue(node: Syntax): string | null {
  const value = literal(node);
  return typeof value === 'string' ? value : null;
}

/** A literal's value; undefined where the node is not a plain literal. */
export function literal(node: Syntax): string | number | boolean | null | undefined {
  const inner = unwrap(node);
  if (inner.type === 'TemplateLiteral')
    return inner.expressions.length === 0 ? inner.quasis[0]?.value.cooked : undefined;
  if (inner.type !== 'Literal') return undefined;
  const { value } = inner;
  return value === null
    ? 'regex' in inner || 'bigint' in inner
      ? undefined
      : null
    : typeof value === 'object' || typeof value === 'bigint'
      ? undefined
      : value;
}

/** The specifier of `require('x')`, `import('x')` or `import x = require('x')`; null for anything else. */
export function requiredBy(node: Syntax): string | null {
  const inner = unwrap(node.type === 'AwaitExpression' ? node.argument : node);
  if (inner.type === 'ImportExpression') return stringValue(inner.source);
  if (inner.type === 'TSExternalModuleReference') return stringValue(inner.expression);
  const [argument] = isCall(inner, 'require') ? inner.arguments : [];
  return argument ? stringValue(argument) : null;
}

/** The value of an object literal's own property; null where it has none by that name. */
export function propertyOf(object: ObjectExpression, key: string): Expression | null {
  for (const property of object.properties)
    if (keyOf(property) === key && property.type === 'Property') return property.value;
  return null;
}

/** The name of a property or class member that is not computed; null for spreads and the rest. */
export function keyOf(node: Syntax): string | null {
  if (node.type !== 'Property' && node.type !== 'MethodDefinition' && node.type !== 'PropertyDefinition') return null;
  if (node.key.type === 'PrivateIdentifier') return `#${node.key.name}`;
  if (node.key.type === 'Identifier' && !node.computed) return node.key.name;
  return stringValue(node.key);
}
