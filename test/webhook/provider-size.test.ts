import { readdirSync, readFileSync } from 'node:fs';
import { ts } from 'ts-morph';
import { expect, test } from 'vitest';

const folder = new URL('../../templates/webhook/core/providers/', import.meta.url);

test.each(readdirSync(folder))('%s is data and at most 25 lines of functions', (name) => {
  const source = ts.createSourceFile(name, readFileSync(new URL(name, folder), 'utf8'), ts.ScriptTarget.Latest, true);
  expect(linesOfFunctions(source, source)).toBeLessThanOrEqual(25);
});

test('An arrow of one line counts as one, and a method with all its lines but brackets and comments', () => {
  const text =
    'const a = () => 1;\nconst b = {\n  c() {\n    // two\n    const d = () => 2;\n    return d;\n  },\n};\n';
  const source = ts.createSourceFile('x.ts', text, ts.ScriptTarget.Latest, true);
  expect(linesOfFunctions(source, source)).toBe(4);
});

/** The lines of the outermost functions; a function within another is not counted again. */
function linesOfFunctions(node: ts.Node, source: ts.SourceFile): number {
  if (ts.isMethodDeclaration(node) || ts.isArrowFunction(node) || ts.isFunctionDeclaration(node)) {
    return node.getText(source).split('\n').filter(saysSomething).length;
  }
  let lines = 0;
  ts.forEachChild(node, (child) => {
    lines += linesOfFunctions(child, source);
  });
  return lines;
}

/** Neither brackets alone nor a comment. */
const saysSomething = (line: string): boolean => /\w/.test(line) && !line.trimStart().startsWith('//');
