import { ts } from 'ts-morph';
import type { ImportExtension } from '../model.ts';
import { dirname, relativePath } from './path.ts';
import { applyEdits, type Edit, parseSource } from './source.ts';

/** A template's relative imports ('./x.js') as the host writes them. Throws an Error where the text does not parse. */
export function fitImports(text: string, extension: ImportExtension): string {
  if (extension === '.js' || !text.includes('.js')) return text;
  const edits: Edit[] = specifiersOf(parseSource(text)).flatMap((literal) => {
    const [start, end] = [literal.getStart() + 1, literal.end - 1];
    const specifier = text.slice(start, end);
    return /^\.\.?\//.test(specifier) ? [{ start, end, text: withExtension(specifier, extension) }] : [];
  });
  return applyEdits(text, edits);
}

/** How a file of the project imports another: './x', '../y/x.js', './x.ts'. A folder's index is left out with ''. */
export function relativeImport(fromFile: string, toFile: string, extension: ImportExtension): string {
  const path = relativePath(dirname(fromFile), toFile);
  const specifier = path.startsWith('../') ? path : `./${path}`;
  if (extension === '.ts') return specifier;
  const compiled = specifier.replace(/\.([mc]?)tsx?$/, '.$1js');
  return compiled.endsWith('.js')
    ? withExtension(compiled, extension)
    : compiled.replace(/\.jsx$/, extension === '' ? '' : '.jsx');
}

function withExtension(specifier: string, extension: ImportExtension): string {
  if (!specifier.endsWith('.js')) return specifier;
  const bare = specifier.slice(0, -'.js'.length);
  if (extension !== '') return `${bare}${extension}`;
  // './index' and '../index' keep their name: a bare '.' or '..' is not how people write it.
  return /^\.\.?\/(?:\.\.\/)*index$/.test(bare) ? bare : bare.replace(/\/index$/, '');
}

/** The string of every import, export, `import()`, `require()` and type import of a file. */
function specifiersOf(file: ts.SourceFile): ts.StringLiteralLike[] {
  const found: ts.StringLiteralLike[] = [];
  const visit = (node: ts.Node): void => {
    const specifier = specifierOf(node);
    if (specifier && ts.isStringLiteralLike(specifier)) found.push(specifier);
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

function specifierOf(node: ts.Node): ts.Node | undefined {
  if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) return node.moduleSpecifier;
  if (ts.isExternalModuleReference(node)) return node.expression;
  if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) return node.argument.literal;
  if (!ts.isCallExpression(node)) return undefined;
  const isRequire = ts.isIdentifier(node.expression) && node.expression.text === 'require';
  return isRequire || node.expression.kind === ts.SyntaxKind.ImportKeyword ? node.arguments[0] : undefined;
}
