import { ts } from 'ts-morph';
import type { Anchor, Op, PatchOp } from '../model.ts';
import { indentAt, insertLines, lineStart, removeLines, restOfLine, splice, startsLine } from '../text/lines.ts';
import { styleOf } from '../text/style.ts';
import { commentsAmong, maySay, sameTokens, says, tokensIn } from '../text/tokens.ts';
import { attachedStart, codeEnd, continues, continuesAt } from './place.ts';
import { restyle } from './restyle.ts';
import { asElement, asStatements, type Code, nodesOf, parse, parsePiece } from './source.ts';

type StatementOp = Extract<Op, { op: 'statement' }>;

/** Puts statements before or after one of the host's, at its indentation. */
export const statement: PatchOp<'statement'> = {
  has: (text, op) => runs(parse(text, op.file), op).length > 0,

  add(text, op) {
    if (statement.has(text, op)) return { text, op };
    const code = parse(text, op.file);
    const place = placeBeside(code, op);
    if ('refused' in place) return place;
    const base = indentAt(text, place.start);
    const [first = '', ...more] = restyle(op.text, asStatements, op.file, styleOf(code.source, base), base);
    const last = more.pop();
    const lines = last === undefined ? [base + first] : [base + first, ...more, last];
    return { text: insertLines(text, place.at, guarded(code, lines, base, place.at)), op };
  },

  drop(text, op) {
    const code = parse(text, op.file);
    const place = placeBeside(code, op);
    const at = 'refused' in place ? 0 : place.at;
    const whole = runs(code, op).flatMap((run) => wholeLines(code, run, op) ?? []);
    const nearest = whole.sort((left, right) => Math.abs(left.start - at) - Math.abs(right.start - at))[0];
    return nearest ? removeLines(text, nearest.start, nearest.end) : text;
  },
};

interface Run {
  start: number;
  end: number;
}

/** Every run of statements in one block that says what the op says. */
function runs(code: Code, op: StatementOp): Run[] {
  const piece = parsePiece(op.text, asStatements, op.file);
  const length = piece.source.statements.length;
  const found: Run[] = [];
  for (const list of nodesOf(code.source, hasStatements)) {
    list.statements.forEach((first, index) => {
      const last = list.statements[index + length - 1];
      if (!last) return;
      const start = first.getStart(code.source);
      if (!maySay(code.text.slice(start, last.end), piece.tokens)) return;
      const tokens = tokensIn(code.source, start, last.end);
      if (sameTokens(tokens, piece.tokens)) found.push({ start: tokens[0]?.start ?? start, end: codeEnd(code, last) });
    });
  }
  return found;
}

/** The lines of a run, with our own comments around it; null where somebody else's code or comment shares them. */
function wholeLines({ text, source }: Code, run: Run, op: StatementOp): Run | null {
  const piece = parsePiece(op.text, asStatements, op.file);
  const tokens = tokensIn(source, run.start, run.end);
  if (commentsAmong(text, tokens) !== commentsAmong(piece.text, piece.tokens)) return null;
  const lead = text.slice(lineStart(text, run.start), run.start).trim();
  if (lead !== '' && !(lead === ';' && continues(piece.tokens[0]?.text ?? ''))) return null;
  const rest = restOfLine(text, run.end);
  const tail = piece.text.slice(piece.tokens.at(-1)?.end).replace(/[\s;]/g, '');
  if (!rest || text.slice(run.end, rest.next).replace(/[\s;]/g, '') !== tail) return null;
  const comments = piece.text
    .slice(0, piece.tokens[0]?.start)
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  let start = lineStart(text, run.start);
  for (const comment of comments.reverse()) {
    const above = lineStart(text, start - 1);
    if (text.slice(above, start).trim() !== comment) return { start: lineStart(text, run.start), end: run.end };
    start = above;
  }
  return { start, end: run.end };
}

/** Where lines beside the anchor go, and where its own code starts; or what is in the way. */
function placeBeside(code: Code, { anchor, file }: StatementOp): { at: number; start: number } | { refused: string } {
  const node = findAnchor(code, anchor, file);
  const shown = shorten(anchor.statement);
  if (!node) return { refused: whyMissing(code, anchor, file) };
  if (!hasStatements(node.parent))
    return { refused: `\`${shown}\` stands alone under a condition or a loop, without a block.` };
  if (anchor.position === 'after' && (ts.isReturnStatement(node) || ts.isThrowStatement(node)))
    return { refused: `Nothing after \`${shown}\` is ever run.` };
  const top = attachedStart(code, node);
  const rest = restOfLine(code.text, codeEnd(code, node));
  if (!startsLine(code.text, top) || !rest) return { refused: `\`${shown}\` shares its line with other code.` };
  const start = node.getStart(code.source);
  const at = anchor.position === 'before' ? lineStart(code.text, top) : rest.next;
  return { at, start: startsLine(code.text, start) ? start : top };
}

function findAnchor({ source }: Code, anchor: Anchor, path: string): ts.Statement | null {
  const wanted = parsePiece(anchor.statement, asStatements, path).tokens;
  const equal = nodesOf(source, ts.isStatement).filter(
    (node) => node.kind !== ts.SyntaxKind.EmptyStatement && says(source, node, wanted),
  );
  return equal[anchor.nth] ?? null;
}

function whyMissing({ source }: Code, { statement: wanted, nth }: Anchor, path: string): string {
  const { tokens } = parsePiece(wanted.trim().replace(/;$/, ''), asElement, path);
  const isExpression = nodesOf(source, ts.isExpression).some((node) => says(source, node, tokens));
  const shown = shorten(wanted);
  if (isExpression && nth === 0) return `\`${shown}\` is part of an expression and not a statement of its own.`;
  return `The statement \`${shown}\` is not in the file${nth > 0 ? ` ${nth + 1} times` : ''}.`;
}

/** Keeps our lines and the host's apart where no semicolon does. */
function guarded(code: Code, lines: string[], base: string, at: number): string[] {
  const guard = [...lines];
  const last = guard.at(-1) ?? '';
  if (continuesAt(code, at) && !/[;}]\s*(?:\/\/.*)?$/.test(last)) guard[guard.length - 1] = `${last};`;
  const first = guard[0] ?? '';
  const { semicolons } = styleOf(code.source);
  if (!semicolons && /^\s*[([`+-]/.test(first)) guard[0] = splice(first, base.length, base.length, ';');
  return guard;
}

type StatementList = ts.Node & { readonly statements: ts.NodeArray<ts.Statement> };

const hasStatements = (node: ts.Node): node is StatementList =>
  ts.isSourceFile(node) || ts.isBlock(node) || ts.isModuleBlock(node) || ts.isCaseOrDefaultClause(node);

function shorten(code: string): string {
  const line = code.replace(/\s+/g, ' ').trim();
  return line.length > 80 ? `${line.slice(0, 77)}...` : line;
}
