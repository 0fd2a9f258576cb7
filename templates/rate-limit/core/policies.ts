import type { RatePolicy } from './types.js';

export interface RateOptions {
  /** Printable ASCII, as it stands in the headers. */
  readonly name: string;
  /** Infinity for no limit. */
  readonly limit: number;
  readonly windowMs: number;
}

/** For an API: lets `burst` requests through at once (`limit` unless given), then `limit` per `windowMs`, evenly. */
export function tokenBucket(options: RateOptions & { readonly burst?: number }): RatePolicy {
  const { name, limit, windowMs, burst = limit } = options;
  if (limit !== Infinity) {
    demand(wholeFrom(1, limit) && wholeFrom(1, windowMs) && wholeFrom(1, burst), `${name}: not whole numbers above 0.`);
    // The arithmetic is exact for as long as the numbers are.
    demand(Math.max(limit, burst) * windowMs <= 2 ** 52, `${name}: the limit times the window is too large.`);
  }
  return { kind: 'bucket', name: nameOf(name), id: `${name}:b${windowMs}`, limit, windowMs, burst };
}

/** For a promise of "N per hour": counts what was used in the last `windowMs`. */
export function slidingWindow({ name, limit, windowMs }: RateOptions): RatePolicy {
  return { ...tokenBucket({ name, limit, windowMs }), kind: 'window', id: `${name}:w${windowMs}` };
}

export function nameOf(name: string): string {
  demand(/^[\x20-\x7e]+$/.test(name), `A policy's name is printable ASCII, unlike "${name}".`);
  return name;
}

export const wholeFrom = (least: number, value: number): boolean => Number.isSafeInteger(value) && value >= least;

export function demand(holds: boolean, otherwise: string): void {
  if (!holds) throw new RangeError(otherwise);
}
