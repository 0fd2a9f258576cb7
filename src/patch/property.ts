import { ts } from 'ts-morph';
import type { Op, PatchOp } from '../model.ts';
import { indentAt } from '../text/lines.ts';
import { commentsAmong, sameTokens, tokensIn, tokensOfNode } from '../text/tokens.ts';
import { entryOf } from './entry.ts';
import { insertItem, removeItem } from './list.ts';
import { asElement, asProperty, type Code, nodesOf, parse, parsePiece } from './source.ts';
import { findLiteral, keyOf, listOf } from './target.ts';

type PropertyOp = Extract<Op, { op: 'property' }>;

/**
 * Appends a property to an object literal; refuses where the key has another value. A list that others have added to
 * still has what we put in it, and only that is taken out.
 */
export const property: PatchOp<'property'> = {
  has(text, op) {
    const found = find(parse(text, op.file), op);
    return found !== null && (found.same || found.grown !== null);
  },

  add(text, op) {
    const code = parse(text, op.file);
    const object = findLiteral(code, op.target, op.file);
    if ('refused' in object) return object;
    if (!ts.isObjectLiteralExpression(object))
      return { refused: `The place for \`${op.key}\` is not an object literal.` };
    const found = find(code, op);
    if (found?.same || found?.grown) return { text, op };
    if (found) return { refused: `\`${op.key}\` is there already, as \`${found.node.getText(code.source)}\`.` };
    const entry = entryOf(code, written(op), asProperty, op.file, indentAt(text, object.getStart(code.source)), ' ');
    return {
      text: insertItem(text, listOf(code, object.end - 1, object.properties), object.properties.length, entry),
      op,
    };
  },

  drop(text, op) {
    const code = parse(text, op.file);
    const found = find(code, op);
    if (found?.grown) {
      const { array, index } = found.grown;
      return removeItem(text, listOf(code, array.end - 1, array.elements), index);
    }
    if (!found?.same) return text;
    const wanted = parsePiece(written(op), asProperty, op.file);
    const { object, index, node } = found;
    if (commentsAmong(text, tokensOfNode(code.source, node)) !== commentsAmong(wanted.text, wanted.tokens)) return text;
    return removeItem(text, listOf(code, object.end - 1, object.properties), index);
  },
};

function written({ key, value }: PropertyOp): string {
  const isName = /^[A-Za-z_$][\w$]*$/.test(key);
  return isName && key === value.trim() ? key : `${isName ? key : `'${key}'`}: ${value}`;
}

interface Found {
  object: ts.ObjectLiteralExpression;
  index: number;
  node: ts.Node;
  /** Whether it has our value. */
  same: boolean;
  /** Where our value is a list of one: the host's list with more in it, and which of its elements is ours. */
  grown: Grown | null;
}

function find(code: Code, op: PropertyOp): Found | null {
  const object = findLiteral(code, op.target, op.file);
  if ('refused' in object || !ts.isObjectLiteralExpression(object)) return null;
  const index = object.properties.findLastIndex((candidate) => keyOf(candidate) === op.key);
  const node = object.properties[index];
  if (!node) return null;
  const value = ts.isPropertyAssignment(node)
    ? node.initializer
    : ts.isShorthandPropertyAssignment(node)
      ? node.name
      : null;
  const tokens = value ? tokensIn(code.source, value.getStart(code.source), value.end) : [];
  const same = sameTokens(tokens, parsePiece(op.value, asElement, op.file).tokens);
  return { object, index, node, same, grown: value && !same ? grownFrom(code, value, op) : null };
}

interface Grown {
  array: ts.ArrayLiteralExpression;
  index: number;
}

function grownFrom(code: Code, value: ts.Node, op: PropertyOp): Grown | null {
  const piece = parsePiece(op.value, asElement, op.file);
  const [wanted, ...more] = nodesOf(piece.source, ts.isArrayLiteralExpression)[1]?.elements ?? [];
  if (!ts.isArrayLiteralExpression(value) || wanted === undefined || more.length > 0) return null;
  const tokens = tokensOfNode(piece.source, wanted);
  const index = value.elements.findIndex((element) => sameTokens(tokensOfNode(code.source, element), tokens));
  return index < 0 ? null : { array: value, index };
}
