import { literal, unwrap } from '../../text/syntax.ts';
import { constantOf } from '../code/names.ts';
import type { Source } from '../code/source.ts';
import type { CallSyntax } from './waits.ts';

/** Of PBKDF2 less than this many rounds take a few milliseconds. */
const fewRounds = 20_000;
/** bcrypt at this cost takes a few milliseconds; each one more doubles it. */
const lowCost = 5;

/** `pbkdf2Sync(text, salt, 1000, …)`, `hashSync(text, 4)`: too few rounds are another mistake. */
export function isCheap(source: Source, { arguments: given }: CallSyntax, origin: string): boolean {
  const numberAt = (at: number): number | null => {
    const one = given[at];
    const value = one && literal(constantOf(source, one) ?? unwrap(one));
    return typeof value === 'number' ? value : null;
  };
  if (/pbkdf2Sync$/.test(origin)) return (numberAt(2) ?? fewRounds) < fewRounds;
  return /^bcrypt.*hashSync$/.test(origin) && (numberAt(1) ?? lowCost + 1) <= lowCost;
}
