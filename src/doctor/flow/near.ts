import type { Syntax } from '../../text/syntax.ts';
import type { Source } from '../code/source.ts';
import type { Following } from './search.ts';
import { isSent, taintOf } from './taint.ts';

/** How many functions may lie between a request and where its value is used for that to be plain to see. */
const mostNear = 1;

/**
 * True for a value of the client that comes to this place within one function, or over one call. `hops` is how many
 * calls lie behind already. On longer ways somebody most often looks at it in a manner that cannot be seen from here.
 */
export const isNear = (source: Source, node: Syntax, following: Following = {}, hops = 0): boolean =>
  hops <= mostNear && isSent(taintOf(source, node, { ...following, most: mostNear - hops }));
