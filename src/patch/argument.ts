import type { ts } from 'ts-morph';
import type { Op, PatchOp } from '../model.ts';
import { indentAt } from '../text/lines.ts';
import { commentsAmong, sameTokens, tokensOfNode } from '../text/tokens.ts';
import { entryOf } from './entry.ts';
import { insertItem, removeItem } from './list.ts';
import { asElement, type Code, parse, parsePiece } from './source.ts';
import { findCall, listOf } from './target.ts';

type ArgumentOp = Extract<Op, { op: 'argument' }>;

/** Appends a whole argument to a call. */
export const argument: PatchOp<'argument'> = {
  has: (text, op) => find(parse(text, op.file), op) !== null,

  add(text, op) {
    const code = parse(text, op.file);
    if (find(code, op)) return { text, op };
    const call = findCall(code, op.call, op.nth, op.file);
    if (!call) return { refused: `There is no call of \`${op.call}\` any more.` };
    const count = call.arguments.length;
    if (count !== op.argument)
      return { refused: `\`${op.call}\` is called with ${count} arguments where ${op.argument} were expected.` };
    const entry = entryOf(code, op.text, asElement, op.file, indentAt(text, call.getStart(code.source)), '');
    return { text: insertItem(text, listOf(code, call.end - 1, call.arguments), count, entry), op };
  },

  drop(text, op) {
    const code = parse(text, op.file);
    const call = find(code, op);
    const ours = call?.arguments[op.argument];
    if (!call || !ours) return text;
    const wanted = parsePiece(op.text, asElement, op.file);
    if (commentsAmong(text, tokensOfNode(code.source, ours)) !== commentsAmong(wanted.text, wanted.tokens)) return text;
    return removeItem(text, listOf(code, call.end - 1, call.arguments), op.argument);
  },
};

function find(code: Code, op: ArgumentOp): ts.CallExpression | null {
  const call = findCall(code, op.call, op.nth, op.file);
  const ours = call?.arguments[op.argument];
  if (!call || !ours) return null;
  return sameTokens(tokensOfNode(code.source, ours), parsePiece(op.text, asElement, op.file).tokens) ? call : null;
}
