import { ts } from 'ts-morph';
import { applyEdits, type Edit, parseSource, tokensOf } from './source.ts';
import { parses } from './syntax.ts';

/** How a host writes code, where it has no formatter that would say so. */
export interface CodeStyle {
  /** One level: spaces or a tab. */
  indent: string;
  quote: "'" | '"';
  semicolons: boolean;
  eol: '\n' | '\r\n';
}

/**
 * Generated code (two spaces, single quotes, semicolons, LF) in the host's style: the same tokens, so the same program.
 * Throws an Error where the text does not parse.
 */
export function restyle(text: string, style: CodeStyle): string {
  if (isAsGenerated(style) && parses(text, 'ts')) return inLines(text, style);
  const file = parseSource(text);
  const tokens = tokensOf(file);
  const edits = [
    ...(style.indent === '  ' ? [] : indentEdits(file, tokens, style.indent)),
    ...(style.quote === "'" ? [] : quoteEdits(tokens, style.quote)),
    ...(style.semicolons ? [] : semicolonEdits(file, tokens)),
  ];
  const result = applyEdits(text, edits);
  return inLines(result, style);
}

const isAsGenerated = ({ indent, quote, semicolons }: CodeStyle): boolean =>
  indent === '  ' && quote === "'" && semicolons;

const inLines = (text: string, { eol }: CodeStyle): string => (eol === '\n' ? text : text.replaceAll('\n', eol));

/** The ranges whose line breaks are content: template literals, and comments whose lines do not begin with a star. */
function contents({ text }: ts.SourceFile, tokens: readonly ts.Node[]): { start: number; end: number }[] {
  const templates = tokens.filter(
    (token) =>
      ts.isTemplateHead(token) ||
      ts.isTemplateMiddle(token) ||
      ts.isTemplateTail(token) ||
      ts.isNoSubstitutionTemplateLiteral(token),
  );
  const comments = tokens
    .flatMap((token) => commentsBefore(text, token))
    .filter(({ pos, end }) => !/^\/\*[^\n]*(?:\n\s*\*[^\n]*)*$/.test(text.slice(pos, end)));
  return [
    ...templates.map((token) => ({ start: token.getStart(), end: token.end })),
    ...comments.map(({ pos, end }) => ({ start: pos, end })),
  ];
}

const commentsBefore = (text: string, { pos }: ts.Node): ts.CommentRange[] => [
  ...(ts.getLeadingCommentRanges(text, pos) ?? []),
  ...(ts.getTrailingCommentRanges(text, pos) ?? []),
];

function indentEdits(file: ts.SourceFile, tokens: readonly ts.Node[], indent: string): Edit[] {
  const fixed = contents(file, tokens);
  return [...file.text.matchAll(/^ {2,}/gm)].flatMap(({ index, 0: spaces }) => {
    if (fixed.some(({ start, end }) => start < index && index < end)) return [];
    const rest = ' '.repeat(spaces.length % 2);
    return [
      { start: index, end: index + spaces.length, text: `${indent.repeat(Math.floor(spaces.length / 2))}${rest}` },
    ];
  });
}

function quoteEdits(tokens: readonly ts.Node[], quote: string): Edit[] {
  return tokens.flatMap((token) => {
    if (!ts.isStringLiteral(token) || ts.isJsxAttribute(token.parent)) return [];
    const raw = token.getText();
    if (raw.startsWith(quote) || raw.includes(quote)) return [];
    // The quote that was escaped need not be any more.
    const inner = raw
      .slice(1, -1)
      .replace(/\\([\s\S])/g, (pair, character) => (character === raw[0] ? character : pair));
    return [{ start: token.getStart(), end: token.end, text: `${quote}${inner}${quote}` }];
  });
}

/** Tokens that would go on with the line before, were there no semicolon. */
const goesOn = new Set([
  '(',
  '[',
  '`',
  '/',
  '+',
  '-',
  '*',
  '<',
  ',',
  '.',
  '?',
  '=',
  '&',
  '|',
  'in',
  'instanceof',
  'as',
  'satisfies',
]);
/** Names of fields that, without a semicolon, would be taken for a modifier of the next member. */
const modifierNames = new Set([
  'get',
  'set',
  'static',
  'async',
  'accessor',
  'declare',
  'readonly',
  'abstract',
  'public',
  'private',
  'protected',
  'override',
]);

const isMember = (node: ts.Node): boolean => ts.isClassElement(node) || ts.isTypeElement(node);

function semicolonEdits({ text }: ts.SourceFile, tokens: readonly ts.Node[]): Edit[] {
  return tokens.flatMap((token, index) => {
    if (token.kind !== ts.SyntaxKind.SemicolonToken || !ends(token)) return [];
    const next = tokens[index + 1];
    const without = { start: token.getStart(), end: token.end, text: '' };
    if (!next || next.kind === ts.SyntaxKind.CloseBraceToken) return [without];
    const start = next.getStart();
    if (!text.slice(token.end, start).includes('\n')) return [];
    const word = next.getText();
    const continues = goesOn.has(word) || /^[`/]/.test(word);
    if (isMember(token.parent)) return continues || isModifierLike(token.parent) ? [] : [without];
    if (!continues) return [without];
    // A guard at the head of the next line, where a statement of the same list begins there.
    return isExpressionStart(next) ? [without, { start, end: start, text: ';' }] : [];
  });
}

/** Whether a semicolon ends a statement or member (and is no empty statement, no part of a `for`). */
function ends({ parent, end }: ts.Node): boolean {
  if (parent.end !== end || ts.isEmptyStatement(parent) || ts.isSemicolonClassElement(parent)) return false;
  if (isMember(parent)) return true;
  return ts.isStatement(parent) && !ts.isForStatement(parent);
}

const isModifierLike = (node: ts.Node): boolean =>
  ts.isPropertyDeclaration(node) && !node.type && !node.initializer && modifierNames.has(node.name.getText());

function isExpressionStart(token: ts.Node): boolean {
  let node = token;
  while (node.parent && node.parent.getStart() === token.getStart() && !ts.isSourceFile(node.parent)) {
    if (ts.isExpressionStatement(node)) break;
    node = node.parent;
  }
  return ts.isExpressionStatement(node);
}
