import { ts } from 'ts-morph';
import { lineStart, restOfLine } from '../text/lines.ts';
import { tokenFrom, tokensOfNode } from '../text/tokens.ts';
import type { Code } from './source.ts';

/** Comments that speak of the whole file, not of the statement under them. */
const ofTheFile =
  /^#!|^\/\*!|^\/\/\/\s*<|copyright|licen[cs]e|SPDX-|@(?:preserve|file|fileoverview|module|ts-nocheck|ts-check|jsx\w*|flow|noflow|format)\b|^\/[/*]+\s*(?:eslint-disable(?!-)|eslint-env|eslint |globals? |jshint|biome-ignore-all|istanbul ignore file)/i;

const licence = /copyright|licen[cs]e|SPDX-/i;

/** Comments that speak of the next statement only. */
const ofTheNext = /-next-line|@ts-expect-error|@ts-ignore|prettier-ignore|biome-ignore(?!-all)|dprint-ignore|^\/\*\*/;

/** Where a statement's code ends: a semicolon that opens the next line (`;[1].map()`) belongs there, not here. */
export function codeEnd({ text, source }: Code, node: ts.Node): number {
  // Code directly before it: the usual semicolon.
  if (text[node.end - 1] !== ';' || /[\w)\]}'"`]/.test(text[node.end - 2] ?? '')) return node.end;
  const last = tokensOfNode(source, node).at(-1)?.end;
  if (last === undefined || !text.slice(last, node.end).includes('\n')) return node.end;
  return restOfLine(text, node.end) === null ? last : node.end;
}

/** Where a statement starts together with the comments directly above it that belong to it. */
export function attachedStart({ text, source }: Code, node: ts.Node): number {
  const comments = ts.getLeadingCommentRanges(source.text, node.pos) ?? [];
  const isFirst = node.parent === source && source.statements[0] === node;
  const fileLevel = isFirst ? bannerLength(text, comments) : 0;
  let start = node.getStart(source);
  for (const comment of comments.slice(fileLevel).reverse()) {
    if (blankLineIn(text.slice(comment.end, start))) break;
    start = comment.pos;
  }
  return start;
}

/** The start of the line below a top-level statement, its trailing comment and what shares its line. */
export function below(code: Code, node: ts.Node): number {
  let end = codeEnd(code, node);
  for (;;) {
    const rest = restOfLine(code.text, end);
    if (rest) return rest.next;
    const sharing = code.source.statements.find((statement) => codeEnd(code, statement) > end);
    if (!sharing) return code.text.length;
    end = codeEnd(code, sharing);
  }
}

/** Where the first line of code may go: below a shebang, a banner and the directives. */
export function topOfFile(code: Code): number {
  const directive = code.source.statements.filter((_, index, all) => all.slice(0, index + 1).every(isDirective));
  const last = directive.at(-1);
  if (last) return below(code, last);
  const first = code.source.statements[0];
  return first ? lineStart(code.text, attachedStart(code, first)) : code.text.length;
}

/** True for `'use strict'` and its like. */
export const isDirective = (node: ts.Node): boolean =>
  ts.isExpressionStatement(node) && ts.isStringLiteral(node.expression);

/** True where code that starts a line would be read as the continuation of the line above. */
export const continues = (code: string): boolean => /^[([`+\-/*.,]/.test(code);

/** True where the host's code at `at` would continue a line above it that has no semicolon. */
export function continuesAt({ text, source }: Code, at: number): boolean {
  const next = tokenFrom(source, at);
  return next !== null && continues(next.text) && text[next.start - 1] !== ';';
}

const blankLineIn = (gap: string): boolean => /\n[ \t\r]*\n/.test(gap);

/** How many of the comments above the first statement are the file's own. */
function bannerLength(text: string, comments: readonly ts.CommentRange[]): number {
  let length = 0;
  comments.forEach((comment, index) => {
    const gap = text.slice(comment.end, comments[index + 1]?.pos).match(/^\s*/)?.[0] ?? '';
    const said = text.slice(comment.pos, comment.end);
    if (blankLineIn(gap) || (ofTheFile.test(said) && gap.includes('\n'))) length = index + 1;
  });
  const isLine = (comment: ts.CommentRange | undefined): boolean =>
    comment?.kind === ts.SyntaxKind.SingleLineCommentTrivia;
  // A licence in line comments goes on over the lines below its first.
  while (length > 0 && isLine(comments[length - 1]) && isLine(comments[length])) {
    const next = comments[length];
    const above = comments[length - 1];
    if (!next || !above || ofTheNext.test(text.slice(next.pos, next.end))) break;
    if (blankLineIn(text.slice(above.end, next.pos)) || !licence.test(text.slice(comments[0]?.pos, above.end))) break;
    length += 1;
  }
  return length;
}
