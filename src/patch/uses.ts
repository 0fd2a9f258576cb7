import { ts } from 'ts-morph';
import { splice } from '../text/lines.ts';
import { nodesOf, parse } from './source.ts';

/** A file without the statements that use one of these names; of nested ones the innermost. For looking, not for writing. */
export function dropUses(text: string, path: string, names: readonly string[]): string {
  if (!names.some((name) => text.includes(name))) return text;
  const { source } = parse(text, path);
  const statements = nodesOf(source, ts.isIdentifier)
    .filter((node) => names.includes(node.text) && !isPropertyName(node))
    .map((node) => ts.findAncestor(node, ts.isExpressionStatement))
    .filter((node) => node !== undefined);
  return [...new Set(statements)]
    .sort((left, right) => right.pos - left.pos)
    .reduce((rest, node) => splice(rest, node.getStart(source), node.end, ''), text);
}

const isPropertyName = (node: ts.Identifier): boolean =>
  (ts.isPropertyAccessExpression(node.parent) || ts.isPropertyAssignment(node.parent)) && node.parent.name === node;
