import { ts } from 'ts-morph';
import type { Op, PatchOp } from '../model.ts';
import { eolNear, indentAt, insertLines, lineEnd, removeLines, restOfLine, splice, startsLine } from '../text/lines.ts';
import { styleOf } from '../text/style.ts';
import { commentsAmong, sameTokens, says, tokenFrom, tokensIn, tokensOfNode } from '../text/tokens.ts';
import { restyle } from './restyle.ts';
import { asElement, asLink, type Code, nodesOf, parse, parsePiece } from './source.ts';

type ChainOp = Extract<Op, { op: 'chain' }>;

/** Puts a link directly behind the call that a chain starts with. */
export const chain: PatchOp<'chain'> = {
  has: (text, op) => links(parse(text, op.file), op).length > 0,

  add(text, op) {
    if (chain.has(text, op)) return { text, op };
    const code = parse(text, op.file);
    const root = findRoot(code, op);
    if (!root) return { refused: `There is no \`${op.root}\` any more.` };
    if (ts.isNewExpression(root) && !root.arguments)
      return { refused: `\`${op.root}\` has no parentheses that a call could follow.` };
    const rest = restOfLine(text, root.end);
    const isChained = ts.isPropertyAccessExpression(root.parent) && root.parent.expression === root;
    if (!isChained || !rest) {
      const base = indentAt(text, root.end);
      const lines = restyle(op.text, asLink, op.file, styleOf(code.source, base), base);
      return { text: splice(text, root.end, root.end, lines.join(eolNear(text, lineEnd(text, root.end)))), op };
    }
    const base = indentAt(text, dotOf(code, root.end));
    const [first = '', ...more] = restyle(op.text, asLink, op.file, styleOf(code.source, base), base);
    return { text: insertLines(text, rest.next, [base + first, ...more]), op };
  },

  drop(text, op) {
    const code = parse(text, op.file);
    const at = findRoot(code, op)?.end ?? 0;
    const piece = parsePiece(op.text, asLink, op.file);
    const ours = links(code, op).sort((left, right) => Math.abs(left.start - at) - Math.abs(right.start - at))[0];
    if (!ours) return text;
    const tokens = tokensIn(code.source, ours.start, ours.end);
    if (commentsAmong(text, tokens) !== commentsAmong(piece.text, piece.tokens)) return text;
    const rest = restOfLine(text, ours.end);
    if (startsLine(text, ours.start)) {
      if (rest) return rest.comment ? text : removeLines(text, ours.start, ours.end);
      // The chain's last link: what ends the statement stays, at the end of the line above.
      const blanks = /\s*$/.exec(text.slice(0, ours.start))?.[0].length ?? 0;
      const above = text.slice(ours.before, ours.start).trim() === '' ? ours.start - blanks : ours.start;
      return splice(text, above, ours.end, '');
    }
    return splice(text, ours.start, ours.end, '');
  },
};

/** A link of a chain: from its dot to its end; `before` is where the code in front of the dot ends. */
interface Link {
  before: number;
  start: number;
  end: number;
}

function links({ source }: Code, op: ChainOp): Link[] {
  const wanted = parsePiece(op.text, asLink, op.file).tokens;
  return nodesOf(source, ts.isCallExpression).flatMap((call) => {
    const tokens = tokensOfNode(source, call);
    const before = tokens[tokens.length - wanted.length - 1];
    const ours = tokens.slice(-wanted.length);
    const first = ours[0];
    return before && first && sameTokens(ours, wanted)
      ? [{ before: before.end, start: first.start, end: call.end }]
      : [];
  });
}

function findRoot({ source }: Code, op: ChainOp): ts.Node | null {
  const wanted = parsePiece(op.root, asElement, op.file).tokens;
  const isCall = (node: ts.Node): node is ts.CallExpression | ts.NewExpression =>
    ts.isCallExpression(node) || ts.isNewExpression(node);
  return nodesOf(source, isCall).filter((node) => says(source, node, wanted))[op.nth] ?? null;
}

const dotOf = ({ source }: Code, end: number): number => tokenFrom(source, end)?.start ?? end;
