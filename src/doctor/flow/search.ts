import type { Syntax } from '../../text/syntax.ts';
import type { FunctionSyntax, Source } from '../code/source.ts';

export type Call = Extract<Syntax, { type: 'CallExpression' }>;

/** How to follow: a call that makes a value harmless for the one who asks (`path.basename(x)` for paths) ends the way. */
export interface Following {
  cleans?: (call: Call, origin: string | null, source: Source) => boolean;
  /** Letters without which a value is harmless: `x.replace(/[^\w.]/g, '_')` is, for '/'. */
  without?: string;
  /** How many functions that may look at the value are gone through at most; any number where it is left out. */
  most?: number;
}

/** A question under way: where it stands, and how it got there. */
export interface Search {
  source: Source;
  /** Where the value is used in this file: what was asked before is known there; null for nowhere. */
  at: Syntax | null;
  seen: Set<Syntax>;
  /** How many functions lie between here and where the question was asked. */
  hops: number;
  /** How many of them use the value in one place only. */
  handed: number;
  /** The calls by which functions were entered: their parameters hold these calls' arguments. */
  given: ReadonlyMap<FunctionSyntax, { search: Search; call: Call }>;
  following: Following;
}

/** How many functions are gone through. */
const mostHops = 3;

/** True where a search has gone through too many functions; those that only hand a value on are none for who asks for few. */
export const isTooFar = ({ hops, handed, following: { most } }: Search): boolean =>
  hops > mostHops || (most !== undefined && hops - handed > most);
