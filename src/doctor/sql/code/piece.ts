import { type Syntax, unwrap } from '../../../text/syntax.ts';
import type { Source } from '../../code/source.ts';
import type { Raw } from './raw.ts';
import { type Value, valueAt } from './value.ts';

/** SQL that a migration in JavaScript runs, and what it stands for there. */
export interface Piece extends Raw {
  /** The call that runs it. */
  start: number;
  end: number;
  /** The transaction that the call names, by a number of its own; null for none, undefined where the tool decides. */
  transaction?: number | null;
  /** The library says all of a column again, also what stays as it is. */
  restates: boolean;
}

/** What a reader makes of a call: SQL, in order. `lost`: it makes a table that nobody can name from here. */
export type Told = readonly (string | Raw | Standing)[] | 'lost';

/** SQL that stands for a part of the call. */
export interface Standing {
  sql: string;
  at?: Syntax;
  restates?: true;
}

/** A call in a migration. */
export interface Call {
  source: Source;
  node: Extract<Syntax, { type: 'CallExpression' }>;
  /** The method's name. */
  method: string;
  /** What it is called on. */
  on: Syntax;
  args: readonly Syntax[];
  value(index: number): Value;
}

/** Null: not a call of this library. */
export type Reader = (call: Call) => Told | null;

/** The call at a node; null for one without a name. */
export function callAt(source: Source, node: Extract<Syntax, { type: 'CallExpression' }>): Call | null {
  const { callee } = node;
  if (callee.type !== 'MemberExpression' || callee.computed || callee.property.type !== 'Identifier') return null;
  // `db.runSql.bind(db, '…')`, for a list of steps.
  const bound = callee.property.name === 'bind' ? unwrap(callee.object) : null;
  const called = bound?.type === 'MemberExpression' ? bound : callee;
  const args = called === callee ? node.arguments : node.arguments.slice(1);
  if (called.property.type !== 'Identifier') return null;
  const value = (index: number): Value => {
    const argument = args[index];
    return argument ? valueAt(source, argument) : undefined;
  };
  return { source, node, method: called.property.name, on: called.object, args, value };
}

/** Where an offset of a piece's SQL is in the file; the call's own place for what does not stand there word for word. */
export function placeOf({ spans, start }: Piece, offset: number): number {
  const span = spans.find(({ at, length }) => offset >= at && offset <= at + length);
  return span ? span.from + offset - span.at : start;
}

/** A name as PostgreSQL keeps it, quoted; `schema.table` is two of them. */
export const quoted = (name: string): string =>
  name
    .split('.')
    .map((one) => `"${one.replaceAll('"', '')}"`)
    .join('.');

export const quotedList = (names: readonly string[]): string => names.map((one) => `"${one}"`).join(', ');

/** What a table says of a name; nothing of what every object has. */
export const pick = <T>(table: Readonly<Record<string, T>>, name: string): T | undefined =>
  Object.hasOwn(table, name) ? table[name] : undefined;
