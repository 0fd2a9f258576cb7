import { monthsFrom } from './months.js';
import type { QuotaPolicy, RatePolicy } from './types.js';

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

export interface MonthlyOptions {
  readonly name: string;
  readonly limit: number;
  /** Whose midnight a month starts at: 'UTC' unless given. */
  readonly timeZone?: string;
  /** The day of the month on which a billing period starts: 1 unless given. In a shorter month, its last day. */
  readonly anchorDay?: number;
}

/** For a plan that has "N a month". */
export function monthlyQuota({ name, limit, timeZone = 'UTC', anchorDay = 1 }: MonthlyOptions): QuotaPolicy {
  demand(limit === Infinity || wholeFrom(0, limit), `${name}: the limit is no whole number.`);
  demand(wholeFrom(1, anchorDay) && anchorDay <= 31, `${name}: ${anchorDay} is no day of a month.`);
  return { kind: 'quota', name: nameOf(name), id: `${name}:q`, limit, periodAt: monthsFrom(anchorDay, timeZone) };
}

function nameOf(name: string): string {
  demand(/^[\x20-\x7e]+$/.test(name), `A policy's name is printable ASCII, unlike "${name}".`);
  return name;
}

const wholeFrom = (least: number, value: number): boolean => Number.isSafeInteger(value) && value >= least;

function demand(holds: boolean, otherwise: string): void {
  if (!holds) throw new RangeError(otherwise);
}
