/** One combination: a value for every factor. */
export type Row<Factors extends Record<string, readonly unknown[]>> = {
  [Name in keyof Factors]: Factors[Name][number];
};

/**
 * Rows such that any two values of two factors that may stand together in a row do so in at least one of them.
 * `allowed` refuses whole rows. Greedy and the same on every run; few rows, not the fewest.
 */
export function pairwise<const Factors extends Record<string, readonly unknown[]>>(
  factors: Factors,
  allowed: (row: Row<Factors>) => boolean = () => true,
): Row<Factors>[] {
  return covering(product(factors).filter(allowed), (row) => pairs(factors, row));
}

/** Rows of these that hold every key that any of them holds. Greedy and the same on every run; few rows, not the fewest. */
export function covering<R>(rows: readonly R[], keysOf: (row: R) => readonly string[]): R[] {
  const keys = new Map(rows.map((row) => [row, keysOf(row)] as const));
  const open = new Set([...keys.values()].flat());
  const chosen: R[] = [];
  while (open.size > 0) {
    let best: R | null = null;
    let bestGain = 0;
    for (const [row, own] of keys) {
      const gain = own.filter((key) => open.has(key)).length;
      if (gain > bestGain) [best, bestGain] = [row, gain];
      if (gain === 0) keys.delete(row); // nothing new in it, now or later
    }
    if (best === null) break;
    for (const key of keys.get(best) ?? []) open.delete(key);
    chosen.push(best);
  }
  return chosen;
}

/** Every pair of values in a row, as a key; with one factor alone, its single values. */
export function pairs<Factors extends Record<string, readonly unknown[]>>(
  factors: Factors,
  row: Row<Factors>,
): string[] {
  const values = Object.entries(factors).map(([name, options]) => `${name}#${options.indexOf(row[name])}`);
  if (values.length === 1) return values;
  return values.flatMap((one, index) => values.slice(index + 1).map((other) => `${one} ${other}`));
}

/** Every combination, the last factor turning fastest. */
export function product<Factors extends Record<string, readonly unknown[]>>(factors: Factors): Row<Factors>[] {
  const rows = Object.entries(factors).reduce<Record<string, unknown>[]>(
    (found, [name, options]) => found.flatMap((row) => options.map((value) => ({ ...row, [name]: value }))),
    [{}],
  );
  return rows as Row<Factors>[]; // built from exactly the names and values of `factors`
}
