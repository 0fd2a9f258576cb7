import { ts } from 'ts-morph';
import { restOfLine, splice } from '../text/lines.ts';
import { endsBySemicolon, indentUnit, type Style } from '../text/style.ts';
import { continues } from './place.ts';
import { asStatements, type Frame, nodesOf, parsePiece } from './source.ts';

/** Our code's lines in the host's quotes, semicolons and indentation; each but the first starts with `base`. */
export function restyle(piece: string, frame: Frame, path: string, style: Style, base: string): string[] {
  const plain = dedent(piece);
  const { source, text } = parsePiece(plain, frame, path);
  const edits = [...quoteEdits(source, style), ...semicolonEdits(source, style, frame)];
  let styled = text;
  for (const edit of edits.sort((left, right) => right.start - left.start || right.end - left.end))
    styled = splice(styled, edit.start, edit.end, edit.by);
  const lines = styled.slice(frame[0].length, styled.length - frame[1].length).split('\n');
  const raw = linesInTemplates(source);
  const unit = indentUnit(plain);
  return lines.map((line, index) => (index === 0 || raw.has(index) ? line : reindent(line, unit, style.unit, base)));
}

interface Edit {
  start: number;
  end: number;
  by: string;
}

function quoteEdits(source: ts.SourceFile, { quote }: Style): Edit[] {
  return nodesOf(source, ts.isStringLiteral)
    .filter((node) => !ts.isJsxAttribute(node.parent) && !/["'\\]/.test(node.getText(source).slice(1, -1)))
    .map((node) => ({ start: node.getStart(source), end: node.end, by: `${quote}${node.text}${quote}` }));
}

function semicolonEdits(source: ts.SourceFile, { semicolons }: Style, frame: Frame): Edit[] {
  const statements = nodesOf(source, ts.isStatement).filter(
    (node) => endsBySemicolon(node) && (frame === asStatements || node.parent !== source),
  );
  return statements.flatMap((node) => {
    const ends = source.text[node.end - 1] === ';';
    if (semicolons) return ends ? [] : [{ start: node.end, end: node.end, by: ';' }];
    const rest = restOfLine(source.text, node.end);
    const closes = /^\s*\}/.test(source.text.slice(node.end));
    const removable = ends && (closes || (rest && !continues(afterComments(source.text, rest.next))));
    return removable ? [{ start: node.end - 1, end: node.end, by: '' }] : [];
  });
}

/** The code behind comments and blanks. */
const afterComments = (text: string, from: number): string =>
  text.slice(from).replace(/^(?:\s|\/\/[^\n]*|\/\*[\s\S]*?\*\/)+/, '');

/** The indices of the lines that start inside a template literal: their blanks are part of a value. */
function linesInTemplates(source: ts.SourceFile): Set<number> {
  const inside = new Set<number>();
  const isPart = (node: ts.Node): node is ts.Node =>
    ts.isNoSubstitutionTemplateLiteral(node) ||
    ts.isTemplateHead(node) ||
    ts.isTemplateMiddle(node) ||
    ts.isTemplateTail(node);
  for (const node of nodesOf(source, isPart)) {
    const first = source.getLineAndCharacterOfPosition(node.getStart(source)).line;
    const last = source.getLineAndCharacterOfPosition(node.end).line;
    for (let line = first + 1; line <= last; line += 1) inside.add(line);
  }
  return inside;
}

function dedent(piece: string): string {
  const lines = piece
    .replaceAll('\r\n', '\n')
    .replace(/^\n+|\s+$/g, '')
    .split('\n');
  const depths = lines.filter((line) => line.trim() !== '').map((line) => line.length - line.trimStart().length);
  const common = Math.min(...depths);
  return lines.map((line) => line.slice(Math.min(common, line.length - line.trimStart().length))).join('\n');
}

function reindent(line: string, from: string, to: string, base: string): string {
  const body = line.trimStart();
  if (body === '') return '';
  const indent = line.slice(0, line.length - body.length);
  const steps = Math.floor(indent.length / from.length);
  return base + to.repeat(steps) + ' '.repeat(indent.length - steps * from.length) + body;
}
