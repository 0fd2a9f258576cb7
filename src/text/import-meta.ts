import { ts } from 'ts-morph';
import { type Edit, wholeOf } from './source.ts';

/** Names that CommonJS gives to every file, so that one of them must not be declared again. */
const given = new Set(['require', 'module', 'exports', '__filename', '__dirname']);
const forms: Readonly<Record<string, string>> = {
  filename: '__filename',
  dirname: '__dirname',
  main: 'require.main === module',
  url: "require('node:url').pathToFileURL(__filename).href",
};

const isMeta = (node: ts.Node): node is ts.PropertyAccessExpression =>
  ts.isPropertyAccessExpression(node) &&
  ts.isMetaProperty(node.expression) &&
  node.expression.keywordToken === ts.SyntaxKind.ImportKeyword;

const isUrl = (node: ts.Node | undefined): boolean => node !== undefined && isMeta(node) && node.name.text === 'url';

/** What a call over `import.meta.url` is in CommonJS: `fileURLToPath(…)`, `dirname(fileURLToPath(…))`, `createRequire(…)`. */
function callForm(node: ts.Node): string | null {
  if (!ts.isCallExpression(node)) return null;
  const callee = node.expression.getText().split('.').at(-1);
  const [argument] = node.arguments;
  if (callee === 'fileURLToPath' && isUrl(argument)) return '__filename';
  if (callee === 'createRequire' && isUrl(argument)) return 'require';
  if (
    callee === 'dirname' &&
    argument &&
    (callForm(argument) === '__filename' || argument.getText() === 'import.meta.filename')
  )
    return '__dirname';
  return null;
}

/** `const __dirname = dirname(fileURLToPath(import.meta.url))` and the like say what CommonJS knows already. */
function isKnown(node: ts.Node): boolean {
  if (!ts.isVariableStatement(node)) return false;
  const [declaration, ...more] = node.declarationList.declarations;
  if (!declaration?.initializer || more.length > 0) return false;
  const { initializer } = declaration;
  const name = declaration.name.getText();
  if (name === '__dirname' && initializer.getText().endsWith('dirname(__filename)')) return true;
  return name === (callForm(initializer) ?? (isMeta(initializer) ? forms[initializer.name.text] : null));
}

/** The edits that turn every `import.meta` of a module into its CommonJS form. Throws an Error for one without. */
export function metaEdits(file: ts.SourceFile): Edit[] {
  const edits: Edit[] = [];
  const visit = (node: ts.Node): void => {
    if (node.parent === file && isKnown(node)) {
      edits.push(wholeOf(file.text, node));
      return;
    }
    if (node.parent?.parent?.parent === file && ts.isVariableDeclaration(node) && given.has(node.name.getText()))
      throw new Error(`CommonJS gives every file its "${node.name.getText()}": ${node.getText()}`);
    const form = callForm(node) ?? (isMeta(node) ? forms[node.name.text] : null);
    if (form !== null && form !== undefined) {
      edits.push({ start: node.getStart(), end: node.end, text: form });
      return;
    }
    if (ts.isMetaProperty(node) && node.keywordToken === ts.SyntaxKind.ImportKeyword)
      throw new Error(`CommonJS has no ${node.parent.getText()}`);
    ts.forEachChild(node, visit);
  };
  visit(file);
  return edits;
}
