import { ts } from 'ts-morph';

/** A replacement in a text; an insertion where it is empty. */
export interface Edit {
  start: number;
  end: number;
  text: string;
}

/** Stands, while edits are applied, where a whole statement was; `applyEdits` closes the gap. */
export const gone = '\0';

const hasErrors = (file: ts.SourceFile): boolean =>
  'parseDiagnostics' in file && Array.isArray(file.parseDiagnostics) && file.parseDiagnostics.length > 0;

/** Parses TypeScript or JavaScript, with JSX where it has some. Null where it has syntax errors. */
function readSource(text: string): ts.SourceFile | null {
  for (const kind of [ts.ScriptKind.TS, ts.ScriptKind.TSX]) {
    const file = ts.createSourceFile('file.tsx', text, ts.ScriptTarget.Latest, true, kind);
    if (!hasErrors(file)) return file;
  }
  return null;
}

/** Like `readSource`; throws an Error where the text has syntax errors. */
export function parseSource(text: string): ts.SourceFile {
  const file = readSource(text);
  if (!file) throw new Error(`There is a syntax error in this source:\n${text.slice(0, 400)}`);
  return file;
}

/** Every token of a file in source order, also those that its nodes do not name (punctuation). */
export function tokensOf(file: ts.SourceFile): ts.Node[] {
  const tokens: ts.Node[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isJSDoc(node)) return;
    const children = node.getChildren(file);
    if (children.length === 0 && node.getWidth(file) > 0) tokens.push(node);
    for (const child of children) visit(child);
  };
  visit(file);
  return tokens;
}

/** Applies edits; one that lies in another is dropped with what it stood in. Lines that are left empty go. */
export function applyEdits(text: string, edits: readonly Edit[]): string {
  const ordered = edits
    .map((edit, index) => ({ ...edit, index }))
    .sort((a, b) => a.start - b.start || b.end - a.end || a.index - b.index);
  let [result, at] = ['', 0];
  for (const { start, end, text: replacement } of ordered) {
    if (start < at) continue;
    result += text.slice(at, start) + replacement;
    at = end;
  }
  return closeGaps(result + text.slice(at));
}

/** Takes out the lines of statements that are gone, with the blank line that set them off. */
function closeGaps(text: string): string {
  const kept: string[] = [];
  let gap = false;
  for (const line of text.split('\n')) {
    if (line.includes(gone) && line.replaceAll(gone, '').trim() === '') {
      gap = true;
      continue;
    }
    if (gap) {
      const above = kept.at(-1);
      if (line.trim() === '' && (above === undefined || above.trim() === '' || /[{([]\s*$/.test(above))) continue;
      if (/^\s*[})\]]/.test(line)) while (kept.length > 0 && kept.at(-1)?.trim() === '') kept.pop();
      gap = false;
    }
    kept.push(line.includes(gone) ? line.replace(new RegExp(`${gone}[ \t]*`, 'g'), '').trimEnd() : line);
  }
  if (gap || text.includes(gone))
    while (kept.length > 1 && kept.at(-1) === '' && kept.at(-2)?.trim() === '') kept.pop();
  return kept.join('\n') === '\n' ? '' : kept.join('\n');
}

/** A statement or member with the comments that stand directly above it, for taking out whole. */
export function wholeOf(text: string, node: ts.Node, withComments = true): Edit {
  let start = node.getStart();
  const comments = withComments ? (ts.getLeadingCommentRanges(text, node.pos) ?? []) : [];
  for (const comment of comments.reverse()) {
    if (text.slice(comment.end, start).split('\n').length > 2 || text.startsWith('#!', comment.pos)) break;
    start = comment.pos;
  }
  const rest = /[ \t]*(?:\/\/.*)?(?=\r?\n|$)/y;
  rest.lastIndex = node.end;
  return { start, end: rest.test(text) ? rest.lastIndex : node.end, text: gone };
}

/** The edits that take some elements out of a comma-separated list and leave its layout. */
export function withoutElements(list: readonly ts.Node[], drop: (node: ts.Node) => boolean): Edit[] {
  const edits: Edit[] = [];
  let lastKept: ts.Node | null = null;
  for (const [index, node] of list.entries()) {
    if (!drop(node)) {
      lastKept = node;
      continue;
    }
    const next = list[index + 1];
    if (next) edits.push({ start: node.getStart(), end: next.getStart(), text: '' });
    else edits.push({ start: node.getStart(), end: node.end, text: '' });
  }
  const last = list.at(-1);
  if (!last || !drop(last) || !lastKept) return edits;
  // Nothing is kept behind the last kept one: its comma goes too, the trailing one of the list stays.
  const from = lastKept.end;
  return [...edits.filter(({ start }) => start < from), { start: from, end: last.end, text: '' }];
}
