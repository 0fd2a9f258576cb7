/** A table that is younger than this holds few rows: what reads or writes them all takes a moment. */
const young = 30;

/** True where the names of two migrations say that the first came less than a month before the second. */
export function isYoung(made: string, now: string): boolean {
  const [from, to] = [dayOf(made), dayOf(now)];
  return from !== null && to !== null && to - from < young;
}

/** The day that a migration's name says, in days since 1970: `20240131…`, `2024-01-31`, or seconds or milliseconds; null for none. */
function dayOf(path: string): number | null {
  const [, year, month, day] = /(?<!\d)(20\d\d)[-_]?([01]\d)[-_]?([0-3]\d)/.exec(path) ?? [];
  if (year && Number(month) >= 1 && Number(month) <= 12)
    return Date.UTC(Number(year), Number(month) - 1, Number(day)) / 86_400_000;
  const seconds = /(?<!\d)(1[0-9]\d{8})(\d{3})?(?!\d)/.exec(path)?.[1];
  return seconds === undefined ? null : Number(seconds) / 86_400;
}
