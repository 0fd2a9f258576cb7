import { ts } from 'ts-morph';

/** The names that a statement takes out of required modules. */
export function requiredBy(node: ts.Statement): { from: string; names: string[]; only: boolean }[] {
  if (!ts.isVariableStatement(node)) return [];
  const { declarations } = node.declarationList;
  return declarations.flatMap(({ name, initializer }) => {
    const from = initializer ? moduleOf(initializer) : null;
    if (from === null || !ts.isObjectBindingPattern(name)) return [];
    const plain = name.elements.filter((element) => !element.initializer && !element.dotDotDotToken);
    const names = plain.map(({ propertyName, name: local }) =>
      propertyName && propertyName.getText() !== local.getText()
        ? `${propertyName.getText()} as ${local.getText()}`
        : local.getText(),
    );
    return [{ from, names, only: declarations.length === 1 && plain.length === name.elements.length }];
  });
}

/** True for a statement that does nothing but require: declarations of required values, and bare requires. */
export function isRequire(node: ts.Statement): boolean {
  if (ts.isExpressionStatement(node)) return startsInRequire(node.expression);
  if (!ts.isVariableStatement(node)) return false;
  return node.declarationList.declarations.every(({ initializer }) => initializer && startsInRequire(initializer));
}

/** True for `const app = require('express')()`, also with options, and with calls chained to it. */
export function mayMakeApp(node: ts.Statement): boolean {
  if (!ts.isVariableStatement(node)) return false;
  return node.declarationList.declarations.some(
    ({ initializer }) => initializer !== undefined && makesApp(initializer),
  );
}

function makesApp(node: ts.Expression): boolean {
  if (!ts.isCallExpression(node)) return false;
  if (ts.isPropertyAccessExpression(node.expression)) return makesApp(node.expression.expression);
  const first = node.arguments[0];
  return moduleOf(node.expression) !== null && (!first || ts.isObjectLiteralExpression(first));
}

/** The module of a plain `require('…')`; null for anything else. */
function moduleOf(node: ts.Expression): string | null {
  if (!ts.isCallExpression(node) || !ts.isIdentifier(node.expression) || node.expression.text !== 'require')
    return null;
  const first = node.arguments[0];
  return first && ts.isStringLiteralLike(first) && node.arguments.length === 1 ? first.text : null;
}

function startsInRequire(node: ts.Expression): boolean {
  if (moduleOf(node) !== null) return true;
  return (ts.isCallExpression(node) || ts.isPropertyAccessExpression(node)) && startsInRequire(node.expression);
}
