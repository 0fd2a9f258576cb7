import { ts } from 'ts-morph';
import type { Target } from '../model.ts';
import { says } from '../text/tokens.ts';
import type { List } from './list.ts';
import { asElement, type Code, nodesOf, parsePiece } from './source.ts';

/** The nth call whose callee's source says `callee`. */
export function findCall(code: Code, callee: string, nth: number, path: string): ts.CallExpression | null {
  const wanted = parsePiece(callee, asElement, path).tokens;
  const calls = nodesOf(code.source, ts.isCallExpression).filter((call) => says(code.source, call.expression, wanted));
  return calls[nth] ?? null;
}

/** The literal that a target names, or what is in the way, in one sentence. */
export function findLiteral(
  code: Code,
  target: Target,
  path: string,
): ts.ObjectLiteralExpression | ts.ArrayLiteralExpression | { refused: string } {
  let node = start(code, target, path);
  let name = describe(target);
  for (const key of target.path) {
    if ('refused' in node) return node;
    const literal = unwrap(node);
    if (!ts.isObjectLiteralExpression(literal)) return { refused: `${sentence(name)} is not an object literal.` };
    const property = literal.properties.find((candidate) => keyOf(candidate) === key);
    if (property && !ts.isPropertyAssignment(property))
      return { refused: `\`${key}\` of ${name} is written elsewhere and not in the literal.` };
    if (!property) return { refused: missing(literal, key, name) };
    node = property.initializer;
    name = `\`${key}\` of ${name}`;
  }
  if ('refused' in node) return node;
  const literal = unwrap(node);
  if (ts.isObjectLiteralExpression(literal) || ts.isArrayLiteralExpression(literal)) return literal;
  return { refused: `${sentence(name)} is not a literal.` };
}

/** A literal's or an argument list's place, as offsets. */
export function listOf({ source }: Code, close: number, nodes: ts.NodeArray<ts.Node>): List {
  return { open: nodes.pos, close, items: nodes.map((node) => ({ start: node.getStart(source), end: node.end })) };
}

/** A property's name as a string; null where it is computed or a spread. */
export function keyOf(property: ts.ObjectLiteralElementLike): string | null {
  const { name } = property;
  return name && (ts.isIdentifier(name) || ts.isStringLiteralLike(name) || ts.isNumericLiteral(name))
    ? name.text
    : null;
}

function start(code: Code, target: Target, path: string): ts.Expression | { refused: string } {
  const name = describe(target);
  if ('call' in target) {
    const call = findCall(code, target.call, target.nth, path);
    if (!call) return { refused: `There is no call of \`${target.call}\` any more.` };
    return call.arguments[target.argument] ?? { refused: `${sentence(name)} is missing.` };
  }
  if ('variable' in target) {
    const found = nodesOf(code.source, ts.isVariableDeclaration).filter(
      (declaration) => ts.isIdentifier(declaration.name) && declaration.name.text === target.variable,
    );
    if (found.length > 1) return { refused: `There are ${found.length} variables called \`${target.variable}\`.` };
    return found[0]?.initializer ?? { refused: `There is no variable \`${target.variable}\` with a value.` };
  }
  const owner = nodesOf(code.source, ts.isClassDeclaration).find((node) => node.name?.text === target.on);
  if (!owner) return { refused: `There is no class \`${target.on}\`.` };
  const call = (ts.getDecorators(owner) ?? [])
    .map(({ expression }) => expression)
    .filter(ts.isCallExpression)
    .find(({ expression }) => expression.getText(code.source) === target.decorator);
  return call?.arguments[0] ?? { refused: `${sentence(name)} is missing.` };
}

function describe(target: Target): string {
  if ('call' in target) return `argument ${target.argument + 1} of \`${target.call}\``;
  if ('variable' in target) return `the value of \`${target.variable}\``;
  return `the argument of \`@${target.decorator}\` on \`${target.on}\``;
}

const sentence = (words: string): string => words.charAt(0).toUpperCase() + words.slice(1);

function missing(literal: ts.ObjectLiteralExpression, key: string, name: string): string {
  const hidden = literal.properties.some((property) => keyOf(property) === null);
  return hidden
    ? `Whether ${name} has \`${key}\` cannot be told, because parts of it are spread or computed.`
    : `${sentence(name)} has no \`${key}\`.`;
}

function unwrap(node: ts.Expression): ts.Expression {
  const wrapped =
    ts.isAsExpression(node) ||
    ts.isSatisfiesExpression(node) ||
    ts.isParenthesizedExpression(node) ||
    ts.isNonNullExpression(node);
  return wrapped ? unwrap(node.expression) : node;
}
