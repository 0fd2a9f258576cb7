import { ts } from 'ts-morph';
import { applyEdits, type Edit, parseSource } from './source.ts';

const width = 120;

/** Puts on one line what was broken for its types alone: parameter lists and arrow functions that now fit. */
export function unwrap(text: string): string {
  return editedBy(editedBy(text, joinParameters), joinBody);
}

function editedBy(text: string, editOf: (node: ts.Node, text: string) => Edit | null): string {
  if (!text.includes('\n')) return text;
  const edits: Edit[] = [];
  const visit = (node: ts.Node): void => {
    const edit = editOf(node, text);
    if (edit && lineWith(edit, text) <= width) edits.push(edit);
    ts.forEachChild(node, visit);
  };
  visit(parseSource(text));
  return edits.length === 0 ? text : applyEdits(text, edits);
}

/** How long the line of an edit becomes. */
function lineWith({ start, end, text: replacement }: Edit, text: string): number {
  const rest = text.indexOf('\n', end);
  return start - text.lastIndexOf('\n', start - 1) - 1 + replacement.length + (rest < 0 ? text.length : rest) - end;
}

function joinParameters(node: ts.Node, text: string): Edit | null {
  if (!ts.isFunctionLike(node) || node.parameters.length === 0) return null;
  const { pos: start } = node.parameters;
  const end = text.indexOf(')', node.parameters.end);
  const parameters = node.parameters.map((parameter) => parameter.getText());
  const between = parameters.reduce((rest, parameter) => rest.replace(parameter, ''), text.slice(start, end));
  const isBroken = text[start - 1] === '(' && between.includes('\n');
  // A comment stays where it is, and so does a parameter that was broken itself.
  if (!isBroken || /[^\s,]/.test(between) || parameters.some((parameter) => parameter.includes('\n'))) return null;
  return { start, end, text: parameters.join(', ') };
}

function joinBody(node: ts.Node, text: string): Edit | null {
  if (!ts.isArrowFunction(node) || ts.isBlock(node.body)) return null;
  const [start, end] = [node.equalsGreaterThanToken.end, node.body.getStart()];
  const isChain = ts.isArrowFunction(node.body) || ts.isArrowFunction(node.parent);
  if (isChain || node.body.getText().includes('\n') || !/^\n\s*$/.test(text.slice(start, end))) return null;
  return { start, end, text: ' ' };
}
