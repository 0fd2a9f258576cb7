import { ts } from 'ts-morph';
import { applyEdits, type Edit, parseSource, wholeOf, withoutElements } from './source.ts';

const typeModifiers = new Set<ts.SyntaxKind>([
  ts.SyntaxKind.PublicKeyword,
  ts.SyntaxKind.PrivateKeyword,
  ts.SyntaxKind.ProtectedKeyword,
  ts.SyntaxKind.ReadonlyKeyword,
  ts.SyntaxKind.AbstractKeyword,
  ts.SyntaxKind.OverrideKeyword,
  ts.SyntaxKind.DeclareKeyword,
]);

interface Pass {
  text: string;
  edits: Edit[];
}

/** TypeScript without its types: the same code, comments and layout. Throws an Error for what has no JavaScript twin. */
export function untype(text: string): string {
  const file = parseSource(text);
  const pass: Pass = { text, edits: [] };
  const visit = (node: ts.Node): void => {
    const whole = wholly(node, pass);
    if (whole) pass.edits.push(whole);
    else {
      inPart(node, pass);
      ts.forEachChild(node, visit);
    }
  };
  visit(file);
  return applyEdits(text, pass.edits);
}

const modifiersOf = (node: ts.Node): readonly ts.Modifier[] =>
  (ts.canHaveModifiers(node) ? ts.getModifiers(node) : null) ?? [];
const has = (node: ts.Node, kind: ts.SyntaxKind): boolean =>
  modifiersOf(node).some((modifier) => modifier.kind === kind);

/** The edit that takes a node out whole, where it is nothing but type. */
function wholly(node: ts.Node, { text }: Pass): Edit | null {
  if (has(node, ts.SyntaxKind.DeclareKeyword)) return wholeOf(text, node);
  if (ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node)) return wholeOf(text, node);
  if (ts.isNamespaceExportDeclaration(node)) return wholeOf(text, node);
  if (ts.isClassElement(node) && (ts.isIndexSignatureDeclaration(node) || has(node, ts.SyntaxKind.AbstractKeyword)))
    return wholeOf(text, node);
  if (isSignature(node)) return wholeOf(text, node, !documentsImplementation(node, text));
  if (ts.isImportDeclaration(node)) return isTypeImport(node) ? wholeOf(text, node) : null;
  if (ts.isExportDeclaration(node)) return isTypeExport(node) ? wholeOf(text, node) : null;
  const what = noTwin(node);
  if (what) throw new Error(`${what} has no JavaScript twin: ${node.getText().split('\n')[0]}`);
  return null;
}

function noTwin(node: ts.Node): string | null {
  if (ts.isEnumDeclaration(node)) return 'An enum';
  if (ts.isModuleDeclaration(node)) return 'A namespace';
  if (ts.isImportEqualsDeclaration(node)) return 'An import with "="';
  return ts.isExportAssignment(node) && node.isExportEquals ? 'An export with "="' : null;
}

type Bodied = ts.FunctionDeclaration | ts.MethodDeclaration | ts.ConstructorDeclaration | ts.AccessorDeclaration;

const isBodied = (node: ts.Node): node is Bodied =>
  ts.isFunctionDeclaration(node) ||
  ts.isMethodDeclaration(node) ||
  ts.isConstructorDeclaration(node) ||
  ts.isAccessor(node);

const isSignature = (node: ts.Node): node is Bodied => isBodied(node) && !node.body;

const commentsAbove = (node: ts.Node, text: string): number => ts.getLeadingCommentRanges(text, node.pos)?.length ?? 0;

/** The comment above the first of the overloads is the function's own, where its body has none. */
function documentsImplementation(node: Bodied, text: string): boolean {
  const siblings: ts.Node[] = [];
  ts.forEachChild(node.parent, (child) => {
    if (isBodied(child) && child.kind === node.kind && child.name?.getText() === node.name?.getText())
      siblings.push(child);
  });
  const at = siblings.indexOf(node);
  const before = siblings[at - 1];
  if (before && isSignature(before)) return false;
  const body = siblings.slice(at).find((sibling) => !isSignature(sibling));
  return body !== undefined && commentsAbove(body, text) === 0;
}

function isTypeImport({ importClause }: ts.ImportDeclaration): boolean {
  if (!importClause) return false;
  if (importClause.isTypeOnly) return true;
  const named = importClause.namedBindings;
  if (importClause.name || !named || !ts.isNamedImports(named)) return false;
  return named.elements.length > 0 && named.elements.every((element) => element.isTypeOnly);
}

function isTypeExport({ isTypeOnly, exportClause }: ts.ExportDeclaration): boolean {
  if (isTypeOnly) return true;
  if (!exportClause || !ts.isNamedExports(exportClause)) return false;
  return exportClause.elements.every((element) => element.isTypeOnly);
}

/** Takes the types out of a node that stays. */
function inPart(node: ts.Node, pass: Pass): void {
  cutLists(node, pass);
  cutAngles(node, pass);
  for (const modifier of modifiersOf(node)) if (typeModifiers.has(modifier.kind)) cutForward(modifier, pass);
  if (ts.isVariableDeclaration(node) || ts.isParameter(node) || ts.isPropertyDeclaration(node)) {
    if ('questionToken' in node && node.questionToken) cut(node.questionToken.getStart(), node.questionToken.end, pass);
    if ('exclamationToken' in node && node.exclamationToken)
      cut(node.exclamationToken.getStart(), node.exclamationToken.end, pass);
    cutAnnotation(node.type, pass);
  }
  if (ts.isMethodDeclaration(node) && node.questionToken)
    cut(node.questionToken.getStart(), node.questionToken.end, pass);
  if (ts.isFunctionLike(node) && !ts.isTypeNode(node)) cutAnnotation(node.type, pass);
  if (ts.isConstructorDeclaration(node)) assignProperties(node, pass);
  if (ts.isHeritageClause(node) && node.token === ts.SyntaxKind.ImplementsKeyword)
    cutBack(node.getStart(), node.end, pass);
  cutAssertion(node, pass);
}

const cut = (start: number, end: number, { edits }: Pass): void => {
  edits.push({ start, end, text: '' });
};

/** Takes the white space before it too, but for the line break behind a comment. */
function cutBack(start: number, end: number, pass: Pass): void {
  const before = pass.text.slice(0, start).trimEnd();
  const line = before.slice(before.lastIndexOf('\n') + 1);
  cut(line.includes('//') && pass.text.slice(before.length, start).includes('\n') ? start : before.length, end, pass);
}

const cutForward = (node: ts.Node, pass: Pass): void => {
  const space = /\s*/y;
  space.lastIndex = node.end;
  space.test(pass.text);
  cut(node.getStart(), space.lastIndex, pass);
};

/** A type with its colon. */
function cutAnnotation(type: ts.TypeNode | undefined, pass: Pass): void {
  if (type) cutBack(type.pos - 1, type.end, pass);
}

function cutLists(node: ts.Node, { edits }: Pass): void {
  if (ts.isImportClause(node) && node.name && node.namedBindings && ts.isNamedImports(node.namedBindings)) {
    const { elements } = node.namedBindings;
    if (elements.length > 0 && elements.every((element) => element.isTypeOnly))
      edits.push({ start: node.name.end, end: node.namedBindings.end, text: '' });
  }
  if (ts.isNamedImports(node) || ts.isNamedExports(node)) {
    const types = new Set<ts.Node>([...node.elements].filter((element) => element.isTypeOnly));
    edits.push(...withoutElements(node.elements, (element) => types.has(element)));
  }
  if (ts.isFunctionLike(node) && !ts.isTypeNode(node)) {
    const isThis = (parameter: ts.Node) => ts.isParameter(parameter) && parameter.name.getText() === 'this';
    edits.push(...withoutElements(node.parameters, isThis));
  }
}

/** Type parameters and type arguments with their angle brackets. */
function cutAngles(node: ts.Node, pass: Pass): void {
  if (ts.isTypeNode(node) && !ts.isExpressionWithTypeArguments(node)) return;
  for (const list of ['typeParameters', 'typeArguments'].map((key): unknown => Reflect.get(node, key))) {
    if (!Array.isArray(list) || !('pos' in list) || !('end' in list)) continue;
    const close = /(?:[\s,]|\/\/.*|\/\*[\s\S]*?\*\/)*>/y;
    close.lastIndex = Number(list.end);
    if (close.test(pass.text)) cut(Number(list.pos) - 1, close.lastIndex, pass);
  }
}

function cutAssertion(node: ts.Node, pass: Pass): void {
  if (ts.isAsExpression(node) || ts.isSatisfiesExpression(node)) {
    const word = ts.isAsExpression(node) ? ts.SyntaxKind.AsKeyword : ts.SyntaxKind.SatisfiesKeyword;
    const at = node
      .getChildren()
      .find((child) => child.kind === word)
      ?.getStart();
    if (at !== undefined) cutBack(at, node.end, pass);
    if (ts.isParenthesizedExpression(node.expression) && standsAlone(node)) openUp(node.expression, pass);
  }
  if (ts.isNonNullExpression(node)) cut(node.expression.end, node.end, pass);
  if (ts.isTypeAssertionExpression(node)) cut(node.getStart(), node.expression.getStart(), pass);
  if (ts.isParenthesizedExpression(node) && isTyped(node.expression) && !ts.isNewExpression(node.parent)) {
    let inner: ts.Expression = node.expression;
    while (isTyped(inner)) inner = inner.expression;
    if (isSimple(inner)) openUp(node, pass);
  }
}

const isTyped = (node: ts.Node): node is ts.AsExpression | ts.SatisfiesExpression | ts.NonNullExpression =>
  ts.isAsExpression(node) || ts.isSatisfiesExpression(node) || ts.isNonNullExpression(node);

/** Needs no parentheses anywhere. A chain with `?.` ends at its parenthesis, so that one stays. */
const isSimple = (node: ts.Expression): boolean =>
  ts.isIdentifier(node) ||
  node.kind === ts.SyntaxKind.ThisKeyword ||
  ((ts.isPropertyAccessExpression(node) || ts.isElementAccessExpression(node) || ts.isCallExpression(node)) &&
    !ts.isOptionalChain(node) &&
    isSimple(node.expression));

/** Whether an expression stands where anything but a comma may stand, and does not begin a statement. */
function standsAlone(node: ts.Expression): boolean {
  const { parent } = node;
  if (ts.isVariableDeclaration(parent) || ts.isPropertyDeclaration(parent) || ts.isPropertyAssignment(parent))
    return parent.initializer === node;
  if (ts.isCallExpression(parent)) return parent.arguments.includes(node);
  return ts.isReturnStatement(parent);
}

/** Takes a pair of parentheses away that its type asked for. */
function openUp(node: ts.ParenthesizedExpression, pass: Pass): void {
  const [open, first] = [node.getStart(), node.expression.getStart()];
  const comma =
    ts.isBinaryExpression(node.expression) && node.expression.operatorToken.kind === ts.SyntaxKind.CommaToken;
  if (comma || first !== open + 1) return;
  cut(open, first, pass);
  cutBack(node.end - 1, node.end, pass);
}

/** `constructor(private x)` as an assignment, behind `super()` where there is one. */
function assignProperties(node: ts.ConstructorDeclaration, pass: Pass): void {
  const names = node.parameters
    .filter((parameter) => modifiersOf(parameter).length > 0)
    .map(({ name }) => name.getText());
  if (names.length === 0 || !node.body) return;
  const { statements } = node.body;
  const line = pass.text.slice(pass.text.lastIndexOf('\n', node.getStart()) + 1);
  const indent = /^[ \t]*/.exec(line)?.[0] ?? '';
  const deeper = `${indent}${indent.includes('\t') ? '\t' : '  '}`;
  const lines = names.map((name) => `this.${name} = ${name};`);
  const isSuper = (statement: ts.Statement) => statement.getText().startsWith('super(');
  const after = statements.find(isSuper)?.end ?? node.body.getStart() + 1;
  const text = lines.map((assignment) => `\n${deeper}${assignment}`).join('');
  const inner = pass.text.slice(node.body.getStart() + 1, node.body.end - 1);
  if (inner.trim() === '') pass.edits.push({ start: after, end: node.body.end - 1, text: `${text}\n${indent}` });
  else if (inner.includes('\n')) pass.edits.push({ start: after, end: after, text });
  else pass.edits.push({ start: after, end: after, text: ` ${lines.join(' ')}` });
}
