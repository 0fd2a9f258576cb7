import { ts } from 'ts-morph';

/** A token of the code, in a spelling that formatters do not change. */
export interface Token {
  text: string;
  start: number;
  end: number;
  node: ts.Node;
}

const closing = new Set([')', ']', '}', '>']);
const tables = new WeakMap<ts.Statement, readonly Token[]>();

/** A top-level statement's tokens, without semicolons, trailing commas and comments. Computed once. */
function tokensOf(statement: ts.Statement, source: ts.SourceFile): readonly Token[] {
  const known = tables.get(statement);
  if (known) return known;
  const table: Token[] = [];
  collect(statement, source, table);
  tables.set(statement, table);
  return table;
}

/** The first token at or behind an offset; null where no code follows. */
export function tokenFrom(source: ts.SourceFile, start: number): Token | null {
  for (const statement of source.statements.slice(firstBehind(source.statements, start))) {
    const table = tokensOf(statement, source);
    const token = table[firstFrom(table, start)];
    if (token) return token;
  }
  return null;
}

/** The tokens that lie wholly between two offsets. */
export function tokensIn(source: ts.SourceFile, start: number, end: number): readonly Token[] {
  const { statements } = source;
  const tokens: Token[] = [];
  for (let index = firstBehind(statements, start); index < statements.length; index += 1) {
    const statement = statements[index];
    if (!statement || statement.pos >= end) break;
    tokens.push(...tokensBetween(tokensOf(statement, source), start, end));
  }
  return tokens;
}

function tokensBetween(table: readonly Token[], start: number, end: number): readonly Token[] {
  const first = firstFrom(table, start);
  let last = first;
  while ((table[last]?.end ?? Number.POSITIVE_INFINITY) <= end) last += 1;
  return table.slice(first, last);
}

/** The tokens of a node. */
export const tokensOfNode = (source: ts.SourceFile, node: ts.Node): readonly Token[] =>
  tokensIn(source, node.getStart(source), node.end);

/** True where both say the same code. */
export const sameTokens = (left: readonly Token[], right: readonly Token[]): boolean =>
  left.length === right.length && left.every((token, index) => token.text === right[index]?.text);

/** True for a node whose code is these tokens. */
export const says = (source: ts.SourceFile, node: ts.Node, tokens: readonly Token[]): boolean =>
  maySay(node.getText(source), tokens) && sameTokens(tokensOfNode(source, node), tokens);

/** Whether code can be the tokens at all: cheap, and never wrong where it says no. */
export function maySay(code: string, tokens: readonly Token[]): boolean {
  if (/\\|\/\/|\/\*|[^\n\r\t -~]/.test(code)) return true;
  const wanted = tokens.map(({ text }) => text).join('');
  return wanted.includes('\\') || bare(code) === bare(wanted);
}

/** What formatters never touch: no blanks, quotes, semicolons, commas and parentheses. */
const bare = (code: string): string => code.replace(/[\s;,()'"]/g, '');

/** The comments that stand between tokens, without blanks: what a drop must not take away unless it is ours. */
export const commentsAmong = (text: string, tokens: readonly Token[]): string =>
  tokens
    .slice(1)
    .map((token, index) => text.slice(tokens[index]?.end, token.start).replace(/[\s;,()]/g, ''))
    .join('');

/** The index of the first statement that ends behind an offset. */
function firstBehind(statements: ts.NodeArray<ts.Statement>, start: number): number {
  let low = 0;
  let high = statements.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((statements[middle]?.end ?? 0) <= start) low = middle + 1;
    else high = middle;
  }
  return low;
}

function firstFrom(table: readonly Token[], start: number): number {
  let low = 0;
  let high = table.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((table[middle]?.start ?? 0) < start) low = middle + 1;
    else high = middle;
  }
  return low;
}

function collect(node: ts.Node, source: ts.SourceFile, into: Token[]): void {
  const children = node.getChildren(source);
  if (children.length > 0) {
    for (const child of children) collect(child, source, into);
    return;
  }
  const text = spelling(node, source);
  if (text === '') return;
  const last = into.at(-1);
  const before = into.at(-2)?.text;
  if (closing.has(text) && last?.text === ',' && before !== ',' && before !== '[') into.pop();
  into.push({ text, start: node.getStart(source), end: node.end, node });
}

/** The token's text as compared; '' where formatters add or drop it. */
function spelling(node: ts.Node, source: ts.SourceFile): string {
  if (node.kind === ts.SyntaxKind.SyntaxList || node.kind === ts.SyntaxKind.EndOfFileToken) return '';
  if (node.kind === ts.SyntaxKind.SemicolonToken || node.kind === ts.SyntaxKind.EmptyStatement) return '';
  if (ts.isJsxText(node)) return node.text.replace(/\s+/g, ' ').trim();
  if (ts.isStringLiteral(node)) {
    const key = ts.isPropertyAssignment(node.parent) && node.parent.name === node;
    return key && /^[A-Za-z_$][\w$]*$/.test(node.text) ? node.text : JSON.stringify(node.text);
  }
  return isOptionalParenthesis(node) ? '' : node.getText(source);
}

/** The parentheses around an arrow function's only, plain parameter. */
function isOptionalParenthesis(node: ts.Node): boolean {
  if (node.kind !== ts.SyntaxKind.OpenParenToken && node.kind !== ts.SyntaxKind.CloseParenToken) return false;
  const arrow = node.parent;
  if (!ts.isArrowFunction(arrow) || arrow.parameters.length !== 1 || arrow.type || arrow.typeParameters) return false;
  const parameter = arrow.parameters[0];
  return parameter !== undefined && ts.isIdentifier(parameter.name) && parameter.getChildCount() === 1;
}
