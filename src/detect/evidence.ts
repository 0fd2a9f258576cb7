import type { Evidence, Fact } from '../model.ts';

/** One possible value of a fact, and why. */
export interface Candidate<T> {
  value: T;
  evidence: Evidence;
}

/** Evidence from a file. */
export const seen = (
  file: string | null,
  line: number | null,
  reason: string,
  confidence: Evidence['confidence'] = 'certain',
): Evidence => ({ file, line, reason, confidence });

/** Evidence of absence, or of a convention that nothing contradicts. */
export const assumed = (reason: string, confidence: Evidence['confidence'] = 'guess'): Evidence =>
  seen(null, null, reason, confidence);

/** A candidate where there is evidence, else nothing: a row of a table. */
export const row = <T>(value: T, evidence: Evidence | null): Candidate<T>[] => (evidence ? [{ value, evidence }] : []);

/** The first candidate decides; the others that say something else are its rivals. */
export function decide<T>(candidates: readonly Candidate<T>[], otherwise: Candidate<T>): Fact<T> {
  const [winner = otherwise, ...rest] = candidates;
  const told = new Set([JSON.stringify(winner.value)]);
  const rivals = rest.filter(({ value }) => {
    const key = JSON.stringify(value);
    return !told.has(key) && told.add(key);
  });
  return { ...winner, rivals };
}
