import { type Syntax, stringValue, unwrap } from '../../../text/syntax.ts';
import { constantOf } from '../../code/names.ts';
import type { Source } from '../../code/source.ts';
import { isList, lastName, textIn, textsIn, valueAt } from './value.ts';

/** SQL as a program writes it, and which of its stretches stand like that in the file. */
export interface Raw {
  sql: string;
  spans: readonly { at: number; from: number; length: number }[];
}

/** Stands for what is filled in when the program runs. */
export const hole = 'bs_hole';

const empty: Raw = { sql: '', spans: [] };

/** The SQL that an expression is; null where it is no text, or a text that nothing tells. */
export function rawSql(source: Source, node: Syntax, depth = 0): Raw | null {
  const inner = unwrap(node);
  if (depth > 6) return null;
  const next = (one: Syntax): Raw | null => rawSql(source, one, depth + 1);
  switch (inner.type) {
    case 'Literal':
      return typeof inner.value === 'string' ? verbatim(source, inner.start + 1, inner.end - 1, inner.value) : null;
    case 'TemplateLiteral':
      return template(source, inner, (one) => words(source, one, depth));
    case 'TaggedTemplateExpression':
      return isSqlTag(inner.tag) ? template(source, inner.quasi, (one, at) => bound(source, one, at, depth)) : null;
    case 'BinaryExpression': {
      if (inner.operator !== '+') return null;
      const [left, right] = [next(inner.left), next(inner.right)];
      if (left === null && right === null) return null;
      return concat([left ?? said(hole), right ?? said(hole)]);
    }
    case 'Identifier': {
      const constant = constantOf(source, inner);
      return constant ? next(constant) : null;
    }
    case 'CallExpression':
      return called(inner, next);
    default:
      return null;
  }
}

/** `sql`, `sql.unsafe`, `sql.type(…)`, `SQL`, `raw`, `dedent`. */
function isSqlTag(tag: Syntax): boolean {
  const inner = unwrap(tag);
  const root =
    inner.type === 'MemberExpression' ? inner.object : inner.type === 'CallExpression' ? inner.callee : inner;
  const [first, last] = [lastName(root), lastName(inner)];
  return (
    [first, last].some((name) => name !== null && /^(sql|SQL|raw|dedent|outdent|stripIndent)$/.test(name)) ||
    (root !== inner && isSqlTag(root))
  );
}

/** `sql.raw('…')`, `text.trim()`, `['…', '…'].join('\n')`, `new`-less wrappers of one text. */
function called(node: Extract<Syntax, { type: 'CallExpression' }>, next: (node: Syntax) => Raw | null): Raw | null {
  const [name, callee] = [lastName(node.callee), unwrap(node.callee)];
  const [first] = node.arguments;
  if (callee.type === 'MemberExpression' && name !== null && /^(trim|trimStart|trimEnd)$/.test(name))
    return next(callee.object);
  if (callee.type === 'MemberExpression' && name === 'join') {
    const list = unwrap(callee.object);
    const between = first ? stringValue(first) : ',';
    if (list.type !== 'ArrayExpression' || between === null) return null;
    const parts = list.elements.map((one) => (one ? next(one) : null) ?? said(hole));
    return concat(parts.flatMap((part, at) => (at === 0 ? [part] : [said(between), part])));
  }
  return name !== null && /^(raw|literal|unsafe|sql|text)$/.test(name) && first ? next(first) : null;
}

function template(
  source: Source,
  node: Extract<Syntax, { type: 'TemplateLiteral' }>,
  filled: (node: Syntax, at: number) => Raw,
): Raw {
  return concat(
    node.quasis.flatMap((quasi, at) => {
      const expression = node.expressions[at];
      const from = source.text.indexOf(quasi.value.raw, quasi.start);
      const own = verbatim(source, from, from + quasi.value.raw.length, quasi.value.cooked ?? '');
      return expression ? [own, filled(expression, at)] : [own];
    }),
  );
}

/** What stands in a plain template: its text where it is known. */
function words(source: Source, node: Syntax, depth: number): Raw {
  const value = valueAt(source, node);
  if (typeof value === 'string' || typeof value === 'number') return said(String(value));
  return rawSql(source, node, depth + 1) ?? said(hole);
}

/** What stands in a tagged one: a value that is bound, a name, or more SQL. */
function bound(source: Source, node: Syntax, at: number, depth: number): Raw {
  const inner = unwrap(node);
  if (inner.type === 'CallExpression') {
    const [name, [first, ...rest]] = [lastName(inner.callee), inner.arguments];
    const value = first ? valueAt(source, first) : undefined;
    if (name !== null && /^(identifier|id|ref|table|column)$/i.test(name)) {
      const names = textsIn(isList(value) ? value : [value, ...rest.map((one) => valueAt(source, one))]);
      return said(names === null ? hole : names.map((one) => `"${one}"`).join('.'));
    }
    if (name === 'raw' || name === 'unsafe' || name === 'lit' || name === 'literalValue')
      return said(textIn(value ?? null) ?? hole);
    return said(hole);
  }
  if (inner.type === 'TaggedTemplateExpression') return rawSql(source, inner, depth + 1) ?? said(hole);
  const constant = constantOf(source, inner);
  if (constant && constant.type !== 'Literal') return bound(source, constant, at, depth + 1);
  return said(`$${at + 1}`);
}

const said = (sql: string): Raw => ({ sql, spans: [] });

function verbatim({ text }: Source, from: number, to: number, sql: string): Raw {
  return text.slice(from, to) === sql ? { sql, spans: [{ at: 0, from, length: sql.length }] } : said(sql);
}

const concat = (parts: readonly Raw[]): Raw =>
  parts.reduce(
    (whole, part) => ({
      sql: whole.sql + part.sql,
      spans: [...whole.spans, ...part.spans.map((span) => ({ ...span, at: span.at + whole.sql.length }))],
    }),
    empty,
  );
