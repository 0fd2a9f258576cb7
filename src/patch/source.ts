import { ts } from 'ts-morph';
import { type Token, tokensIn } from '../text/tokens.ts';

/** A host file's text beside its syntax tree; offsets are the same in both. */
export interface Code {
  text: string;
  source: ts.SourceFile;
}

/** What makes a piece of code a whole file, so that it can be parsed. */
export type Frame = readonly [before: string, after: string];
export const asStatements: Frame = ['', ''];
export const asLink: Frame = ['x', ''];
export const asElement: Frame = ['[', ']'];
export const asProperty: Frame = ['({', '})'];

/** How many characters were parsed so far: what the patches cost. */
export const cost = { characters: 0 };

const recent = new Map<string, Code>();

/** Parses a file of any JavaScript or TypeScript dialect, errors and all; remembers the last few texts. */
export function parse(text: string, path: string): Code {
  const kind = scriptKind(path);
  const key = `${kind} ${text}`;
  const known = recent.get(key);
  recent.delete(key);
  const code = known ?? { text, source: create(text, path, kind) };
  recent.set(key, code);
  for (const oldest of recent.keys()) if (recent.size > 16) recent.delete(oldest);
  return code;
}

/** How many syntax errors a file has. */
export const syntaxErrors = (text: string, path: string): number => diagnosticsOf(text, path).length;

/** The first syntax error of a file, with its 1-based line; null where there is none. */
export function firstSyntaxError(text: string, path: string): { line: number; message: string } | null {
  const first = diagnosticsOf(text, path)[0];
  if (first === undefined) return null;
  const message = ts.flattenDiagnosticMessageText(first.messageText, ' ').replace(/\.$/, '');
  return { line: text.slice(0, first.start).split('\n').length, message };
}

function diagnosticsOf(text: string, path: string): readonly ts.DiagnosticWithLocation[] {
  const found: unknown = Reflect.get(parse(text, path).source, 'parseDiagnostics');
  return Array.isArray(found) ? found : [];
}

/** Parses a piece of code in its frame and gives its tokens, the frame's own left out. */
export function parsePiece(piece: string, frame: Frame, path: string): Code & { tokens: readonly Token[] } {
  const code = parse(frame[0] + piece + frame[1], path);
  const end = frame[0].length + piece.length;
  const tokens = tokensIn(code.source, frame[0].length, end);
  return { ...code, tokens: tokens.at(-1)?.text === ',' ? tokens.slice(0, -1) : tokens };
}

/** All nodes that a test accepts, in source order. */
export function nodesOf<N extends ts.Node>(source: ts.SourceFile, test: (node: ts.Node) => node is N): N[] {
  const found: N[] = [];
  const visit = (node: ts.Node): void => {
    if (test(node)) found.push(node);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

function create(text: string, path: string, kind: ts.ScriptKind): ts.SourceFile {
  cost.characters += text.length;
  const options = { languageVersion: ts.ScriptTarget.Latest, jsDocParsingMode: ts.JSDocParsingMode.ParseNone };
  return ts.createSourceFile(path, readable(text), options, true, kind);
}

/** The parser knows a shebang only as the first character, so one behind a byte order mark is shown as a comment. */
const readable = (text: string): string =>
  text.startsWith('\uFEFF') ? ` ${text.slice(1).replace(/^#!/, '//')}` : text;

function scriptKind(path: string): ts.ScriptKind {
  if (/\.[cm]?ts$/i.test(path)) return ts.ScriptKind.TS;
  return /\.tsx$/i.test(path) ? ts.ScriptKind.TSX : ts.ScriptKind.JSX;
}
