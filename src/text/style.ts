import { ts } from 'ts-morph';

/** How a file is written, as far as lines of ours must follow it. */
export interface Style {
  quote: "'" | '"';
  semicolons: boolean;
  /** One step of indentation. */
  unit: string;
}

/** Measures a parsed file's quotes, semicolons and indentation; `near` is the indentation at the place. */
export const styleOf = (source: ts.SourceFile, near = ''): Style => ({
  ...habitsOf(source),
  // A byte order mark is one blank to the parser.
  unit: near.includes('\t') ? '\t' : indentUnit(source.text.replace(/^ (?! )/, '')),
});

/** The commonest step by which a text's lines are indented; two spaces where none is. */
export function indentUnit(text: string): string {
  const steps = new Map<string, number>();
  let above = '';
  for (const line of text.split(/\r?\n/)) {
    if (line.trim() === '' || /^\s*\*/.test(line)) continue;
    const indent = /^[ \t]*/.exec(line)?.[0] ?? '';
    if (indent.length > above.length && indent.startsWith(above)) {
      const step = indent.slice(above.length);
      steps.set(step, (steps.get(step) ?? 0) + 1);
    }
    above = indent;
  }
  const commonest = [...steps].sort((left, right) => right[1] - left[1])[0]?.[0];
  return commonest?.startsWith('\t') ? '\t' : (commonest ?? '  ');
}

const measured = new WeakMap<ts.SourceFile, Pick<Style, 'quote' | 'semicolons'>>();

function habitsOf(source: ts.SourceFile): Pick<Style, 'quote' | 'semicolons'> {
  const known = measured.get(source);
  if (known) return known;
  let [doubles, semicolons] = [0, 0];
  const count = (node: ts.Node): void => {
    if (endsBySemicolon(node) && node.end > node.pos) semicolons += source.text[node.end - 1] === ';' ? 1 : -1;
    // A closing quote may be missing; the opening one never is.
    if (ts.isStringLiteral(node) && !ts.isJsxAttribute(node.parent))
      doubles += source.text[node.getStart(source)] === '"' ? 1 : -1;
    ts.forEachChild(node, count);
  };
  count(source);
  const habits = { quote: doubles > 0 ? '"' : "'", semicolons: semicolons >= 0 } as const;
  measured.set(source, habits);
  return habits;
}

/** True for the statements that a semicolon may end. */
export const endsBySemicolon = (node: ts.Node): boolean =>
  ts.isVariableStatement(node) ||
  ts.isExpressionStatement(node) ||
  ts.isImportDeclaration(node) ||
  ts.isImportEqualsDeclaration(node) ||
  ts.isReturnStatement(node) ||
  ts.isThrowStatement(node) ||
  ts.isExportAssignment(node);
