import { demand, nameOf, wholeFrom } from './policies.js';
import type { Period, QuotaPolicy } from './types.js';

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

const dayMs = 24 * 60 * 60 * 1000;

/** The months that start at midnight of `anchorDay` in `timeZone`. Throws where there is no such zone. */
function monthsFrom(anchorDay: number, timeZone: string): (nowMs: number) => Period {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });

  /** What the zone's clock shows, as if it were UTC. */
  function shown(ms: number): number {
    const parts = new Map(format.formatToParts(ms).map(({ type, value }) => [type, Number(value)]));
    const part = (type: Intl.DateTimeFormatPartTypes): number => parts.get(type) ?? 0;
    return Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'), part('second'));
  }

  /** When the period of this month starts; months before 0 and after 11 are those of other years. */
  function startOf(year: number, month: number): number {
    const lastDay = new Date(Date.UTC(year, month + 1, 0)).getUTCDate();
    const midnight = Date.UTC(year, month, Math.min(anchorDay, lastDay));
    // Where the clock is put forward at midnight, the day starts later.
    const starts = [midnight - dayMs, midnight + dayMs]
      .map((near) => midnight - (shown(near) - near))
      .filter((start) => shown(start) >= midnight);
    return Math.min(...starts);
  }

  let latest: Period = { startMs: 0, endMs: 0 };
  return (nowMs) => {
    if (nowMs < latest.startMs || nowMs >= latest.endMs) {
      const date = new Date(shown(nowMs));
      const [year, month] = [date.getUTCFullYear(), date.getUTCMonth()];
      const start = startOf(year, month);
      latest =
        nowMs >= start
          ? { startMs: start, endMs: startOf(year, month + 1) }
          : { startMs: startOf(year, month - 1), endMs: start };
    }
    return latest;
  };
}
