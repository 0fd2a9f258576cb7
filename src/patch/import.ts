import { ts } from 'ts-morph';
import type { ModuleSystem, Op, PatchOp } from '../model.ts';
import { insertLines, removeLines, restOfLine, startsLine } from '../text/lines.ts';
import { styleOf } from '../text/style.ts';
import { commentsAmong, tokensOfNode } from '../text/tokens.ts';
import { below, codeEnd, continuesAt, isDirective, topOfFile } from './place.ts';
import { isRequire, mayMakeApp, requiredBy } from './require.ts';
import { type Code, parse } from './source.ts';

type ImportOp = Extract<Op, { op: 'import' }>;

/** Imports names from a module on a line of its own, also beside another import of that module. */
export const importOp: PatchOp<'import'> = {
  has(text, op) {
    const bound = bindings(parse(text, op.file)).filter(({ from }) => from === op.from);
    return op.names.every((name) => bound.some(({ names }) => names.includes(name)));
  },

  add(text, op) {
    if (importOp.has(text, op)) return { text, op };
    const code = parse(text, op.file);
    const place = placeOf(code, op);
    return { text: insertLines(text, place, [line(code, op, place)]), op };
  },

  drop(text, op) {
    const code = parse(text, op.file);
    const wanted = [...op.names].sort().join();
    const ours = bindings(code).find(
      ({ node, from, names, only }) =>
        only && from === op.from && [...names].sort().join() === wanted && standsAlone(code, node),
    );
    return ours ? removeLines(text, ours.node.getStart(code.source), codeEnd(code, ours.node)) : text;
  },
};

interface Binding {
  node: ts.Statement;
  from: string;
  /** As an op says them: `a`, or `a as b`. */
  names: string[];
  /** True where the statement binds these names and nothing else. */
  only: boolean;
}

function bindings({ source }: Code): Binding[] {
  return source.statements.flatMap((node) => {
    if (ts.isImportDeclaration(node)) return fromImport(node);
    return requiredBy(node).map(({ from, names, only }) => ({ node, from, names, only }));
  });
}

function fromImport(node: ts.ImportDeclaration): Binding[] {
  const clause = node.importClause;
  const named = clause?.namedBindings;
  if (!clause || clause.isTypeOnly || !named || !ts.isNamedImports(named) || !ts.isStringLiteral(node.moduleSpecifier))
    return [];
  const values = named.elements.filter(({ isTypeOnly }) => !isTypeOnly);
  const names = values.map(({ propertyName, name }) =>
    propertyName ? `${propertyName.text} as ${name.text}` : name.text,
  );
  const only = !clause.name && values.length === named.elements.length && !node.attributes;
  return [{ node, from: node.moduleSpecifier.text, names, only }];
}

function standsAlone(code: Code, node: ts.Statement): boolean {
  const rest = restOfLine(code.text, codeEnd(code, node));
  const comments = commentsAmong(code.text, tokensOfNode(code.source, node));
  return startsLine(code.text, node.getStart(code.source)) && rest !== null && !rest.comment && comments === '';
}

const isImport = (node: ts.Node): boolean => ts.isImportDeclaration(node) || ts.isImportEqualsDeclaration(node);

/** A file that imports goes on importing, whatever the op's style is. */
const styleFor = ({ source }: Code, op: ImportOp): ModuleSystem =>
  source.statements.some(isImport) ? 'esm' : op.style;

function placeOf(code: Code, op: ImportOp): number {
  const { statements } = code.source;
  const lastImport = statements.findLast(isImport);
  if (lastImport) return below(code, lastImport);
  if (op.style === 'esm') return topOfFile(code);
  // What comes after the first app or code may use our binding, so the line goes above it.
  const end = statements.findIndex((node) => !(isDirective(node) || isRequire(node)) || mayMakeApp(node));
  const lead = end < 0 ? statements : statements.slice(0, end);
  const lastRequire = lead.findLast(isRequire);
  return lastRequire ? below(code, lastRequire) : topOfFile(code);
}

function line(code: Code, op: ImportOp, place: number): string {
  const { quote, semicolons } = styleOf(code.source);
  const esm = styleFor(code, op) === 'esm';
  const [open, close] = bracesOf(code.text);
  const names = `${open}${op.names.map((name) => (esm ? name : name.replace(' as ', ': '))).join(', ')}${close}`;
  const from = `${quote}${op.from}${quote}`;
  const end = semicolons || continuesAt(code, place) ? ';' : '';
  return esm ? `import ${names} from ${from}${end}` : `const ${names} = require(${from})${end}`;
}

/** `{ a }` or `{a}`, as the host's imports have it. */
function bracesOf(text: string): [string, string] {
  const first = /^(?:import|const|let|var)\s+\{([ \t]?)[\w$, \t]+\}\s*(?:from|=\s*require)/m.exec(text);
  return first?.[1] === '' ? ['{', '}'] : ['{ ', ' }'];
}
