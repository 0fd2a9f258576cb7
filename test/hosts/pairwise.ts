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
  const candidates = product(factors).filter(allowed);
  const pairsOf = new Map(candidates.map((row) => [row, pairs(factors, row)] as const));
  const open = new Set([...pairsOf.values()].flat());
  const chosen: Row<Factors>[] = [];
  while (open.size > 0) {
    let best: Row<Factors> | null = null;
    let bestGain = 0;
    for (const [row, own] of pairsOf) {
      const gain = own.filter((pair) => open.has(pair)).length;
      if (gain > bestGain) [best, bestGain] = [row, gain];
      if (gain === 0) pairsOf.delete(row); // nothing new in it, now or later
    }
    if (best === null) break;
    for (const pair of pairsOf.get(best) ?? []) open.delete(pair);
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
