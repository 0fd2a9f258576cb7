import { ts } from 'ts-morph';
import { metaEdits } from './import-meta.ts';
import { applyEdits, type Edit, gone, parseSource, wholeOf } from './source.ts';

/** Width up to which the list of exports stays on one line. */
const lineWidth = 100;

interface Pass {
  text: string;
  edits: Edit[];
  /** Exported name → what stands for it in the file. */
  exports: Map<string, string>;
  /** What the default export is at the end of the file, or 'placed' where it stands in place. */
  main: string | null;
  /** How often each name stands in the file. */
  uses: ReadonlyMap<string, number>;
}

/** A JavaScript module with `require` and `module.exports`. Throws an Error where CommonJS cannot say the same. */
export function toCommonJs(text: string, strictDirective: boolean): string {
  const file = parseSource(text);
  const uses = new Map<string, number>();
  const names = (node: ts.Node): void => {
    if (ts.isIdentifier(node)) uses.set(node.text, (uses.get(node.text) ?? 0) + 1);
    ts.forEachChild(node, names);
  };
  names(file);
  const pass: Pass = { text, edits: metaEdits(file), exports: new Map(), main: null, uses };
  refuseTopLevelAwait(file);
  for (const statement of file.statements) convert(statement, pass);
  const body = applyEdits(text, pass.edits);
  return withDirective(withExports(body, pass), strictDirective);
}

function withDirective(text: string, wanted: boolean): string {
  if (!wanted || /^(?:#!.*\n)?\s*['"]use strict['"]/.test(text)) return text;
  const shebang = /^#!.*\n/.exec(text)?.[0] ?? '';
  return `${shebang}'use strict';\n\n${text.slice(shebang.length)}`;
}

function withExports(body: string, { exports, main }: Pass): string {
  const named = [...exports].map(([name, value]) => (name === value ? name : `${property(name)}: ${value}`));
  const lines: string[] = [];
  if (main !== null) {
    if (main !== 'placed') lines.push(`module.exports = ${main};`);
    for (const [name, value] of exports)
      lines.push(`module.exports${/^[\w$]+$/.test(name) ? `.${name}` : `[${property(name)}]`} = ${value};`);
  } else if (named.length > 0) {
    const line = `module.exports = { ${named.join(', ')} };`;
    lines.push(
      line.length <= lineWidth ? line : `module.exports = {\n${named.map((name) => `  ${name},\n`).join('')}};`,
    );
  }
  if (lines.length === 0) return body;
  return `${body.trimEnd()}${body.trim() === '' ? '' : '\n\n'}${lines.join('\n')}\n`;
}

const property = (name: string): string => (/^[A-Za-z_$][\w$]*$/.test(name) ? name : `'${name}'`);

/** A name in an import or export list, which may be a string. */
const nameOf = (name: ts.ModuleExportName): string => name.text;

function refuseTopLevelAwait(node: ts.Node): void {
  if (ts.isFunctionLike(node) || ts.isClassStaticBlockDeclaration(node)) return;
  if (ts.isPropertyDeclaration(node)) return;
  if (ts.isAwaitExpression(node) || (ts.isForOfStatement(node) && node.awaitModifier))
    throw new Error(`CommonJS has no await outside functions: ${node.getText().split('\n')[0]}`);
  ts.forEachChild(node, refuseTopLevelAwait);
}

function convert(statement: ts.Statement, pass: Pass): void {
  if (ts.isImportDeclaration(statement)) convertImport(statement, pass);
  else if (ts.isExportDeclaration(statement)) convertExport(statement, pass);
  else if (ts.isExportAssignment(statement)) {
    pass.main = 'placed';
    pass.edits.push({ start: statement.getStart(), end: statement.expression.getStart(), text: 'module.exports = ' });
  } else convertDeclaration(statement, pass);
}

function convertImport({ importClause: clause, moduleSpecifier, ...rest }: ts.ImportDeclaration, pass: Pass): void {
  const call = `require(${moduleSpecifier.getText()})`;
  const [start, end] = [clause?.parent.getStart() ?? moduleSpecifier.parent.getStart(), rest.end];
  const bindings = clause?.namedBindings;
  if (!clause) {
    pass.edits.push({ start, end, text: `${call};` });
    return;
  }
  const name = clause.name?.text ?? null;
  if (!bindings) pass.edits.push({ start, end, text: `const ${name} = ${call};` });
  else if (ts.isNamespaceImport(bindings)) {
    const first = `const ${name ?? bindings.name.text} = ${call};`;
    pass.edits.push({ start, end, text: name ? `${first}\nconst ${bindings.name.text} = ${name};` : first });
  } else {
    const main = bindings.elements.find(
      (element) => element.propertyName && nameOf(element.propertyName) === 'default',
    );
    const whole = name ?? main?.name.text ?? null;
    const others = bindings.elements.filter((element) => element !== main);
    const first = whole ? `const ${whole} = ${call};` : '';
    if (others.length === 0 && !(whole === null)) pass.edits.push({ start, end, text: first });
    else if (others.length === 0) pass.edits.push({ start, end, text: `${call};` });
    else if (main)
      pass.edits.push({ start, end, text: `${first}\nconst { ${others.map(pattern).join(', ')} } = ${whole};` });
    else {
      // Piece by piece, so that the list keeps its lines and comments.
      pass.edits.push({ start, end: bindings.getStart(), text: `${first}${first ? '\n' : ''}const ` });
      for (const element of others)
        pass.edits.push({ start: element.getStart(), end: element.end, text: pattern(element) });
      pass.edits.push({ start: bindings.end, end, text: ` = ${whole ?? call};` });
    }
  }
}

const pattern = ({ propertyName, name }: ts.ImportSpecifier): string =>
  propertyName ? `${property(nameOf(propertyName))}: ${name.text}` : name.text;

function convertExport(statement: ts.ExportDeclaration, pass: Pass): void {
  const { exportClause: clause, moduleSpecifier } = statement;
  if (!clause) throw new Error(`CommonJS has no "export *": ${statement.getText()}`);
  const call = moduleSpecifier ? `require(${moduleSpecifier.getText()})` : null;
  const [start, end] = [statement.getStart(), statement.end];
  if (ts.isNamespaceExport(clause)) {
    pass.exports.set(nameOf(clause.name), call ?? '');
    pass.edits.push(wholeOf(pass.text, statement, false));
    return;
  }
  const fresh: string[] = [];
  for (const { propertyName, name } of clause.elements) {
    const [from, to] = [nameOf(propertyName ?? name), nameOf(name)];
    let value = from;
    if (call !== null) {
      value = from === 'default' ? call : `${call}.${from}`;
      if (from !== 'default' && to !== 'default' && isFree(to, pass)) {
        fresh.push(from === to ? to : `${property(from)}: ${to}`);
        value = to;
      }
    }
    if (to === 'default') pass.main = value;
    else pass.exports.set(to, value);
  }
  const text = call === null ? gone : fresh.length > 0 ? `const { ${fresh.join(', ')} } = ${call};` : gone;
  pass.edits.push(text === gone ? wholeOf(pass.text, statement, false) : { start, end, text });
}

/** Whether a name that the file only re-exports can be declared in it: it stands nowhere but in that export. */
const isFree = (name: string, { uses }: Pass): boolean => uses.get(name) === 1;

function convertDeclaration(statement: ts.Statement, pass: Pass): void {
  const modifiers = ts.canHaveModifiers(statement) ? (ts.getModifiers(statement) ?? []) : [];
  const word = modifiers.find(({ kind }) => kind === ts.SyntaxKind.ExportKeyword);
  if (!word) return;
  const byDefault = modifiers.find(({ kind }) => kind === ts.SyntaxKind.DefaultKeyword);
  const last = byDefault ?? word;
  const space = /\s*/y;
  space.lastIndex = last.end;
  space.test(pass.text);
  const edit: Edit = { start: word.getStart(), end: space.lastIndex, text: '' };
  if (ts.isVariableStatement(statement)) {
    if (!(statement.declarationList.flags & ts.NodeFlags.Const))
      throw new Error(`CommonJS cannot export a variable that changes: ${statement.getText().split('\n')[0]}`);
    for (const { name } of statement.declarationList.declarations) bound(name, pass);
  } else if (ts.isFunctionDeclaration(statement) || ts.isClassDeclaration(statement)) {
    if (!byDefault && statement.name) pass.exports.set(statement.name.text, statement.name.text);
    else if (statement.name) pass.main = statement.name.text;
    else {
      pass.main = 'placed';
      edit.text = 'module.exports = ';
      pass.edits.push({ start: statement.end, end: statement.end, text: ';' });
    }
  }
  pass.edits.push(edit);
}

/** Exports every name that a declaration binds, also inside a pattern. */
function bound(name: ts.BindingName, pass: Pass): void {
  if (ts.isIdentifier(name)) pass.exports.set(name.text, name.text);
  else for (const element of name.elements) if (ts.isBindingElement(element)) bound(element.name, pass);
}
