import { ts } from 'ts-morph';
import type { Op, PatchOp } from '../model.ts';
import { indentAt } from '../text/lines.ts';
import { commentsAmong, sameTokens, tokensOfNode } from '../text/tokens.ts';
import { entryOf } from './entry.ts';
import { insertItem, removeItem } from './list.ts';
import { asElement, type Code, parse, parsePiece } from './source.ts';
import { findLiteral, listOf } from './target.ts';

type ElementOp = Extract<Op, { op: 'element' }>;

/** Appends an element to an array literal. */
export const element: PatchOp<'element'> = {
  has: (text, op) => find(parse(text, op.file), op) !== null,

  add(text, op) {
    const code = parse(text, op.file);
    if (find(code, op)) return { text, op };
    const array = findLiteral(code, op.target, op.file);
    if ('refused' in array) return array;
    if (!ts.isArrayLiteralExpression(array))
      return { refused: `The place for \`${op.text}\` is not an array literal.` };
    const entry = entryOf(code, op.text, asElement, op.file, indentAt(text, array.getStart(code.source)), '');
    return { text: insertItem(text, listOf(code, array.end - 1, array.elements), array.elements.length, entry), op };
  },

  drop(text, op) {
    const code = parse(text, op.file);
    const found = find(code, op);
    if (!found) return text;
    const { array, index, node } = found;
    const wanted = parsePiece(op.text, asElement, op.file);
    if (commentsAmong(text, tokensOfNode(code.source, node)) !== commentsAmong(wanted.text, wanted.tokens)) return text;
    return removeItem(text, listOf(code, array.end - 1, array.elements), index);
  },
};

function find(code: Code, op: ElementOp): { array: ts.ArrayLiteralExpression; index: number; node: ts.Node } | null {
  const array = findLiteral(code, op.target, op.file);
  if ('refused' in array || !ts.isArrayLiteralExpression(array)) return null;
  const wanted = parsePiece(op.text, asElement, op.file).tokens;
  const index = array.elements.findLastIndex((node) => sameTokens(tokensOfNode(code.source, node), wanted));
  const node = array.elements[index];
  return node ? { array, index, node } : null;
}
