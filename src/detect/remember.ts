/** The same function of a tree (or a project) and a path, computed once for each: a tree remembers what it read, so its answers stay. */
export function perFile<Whole extends object, T>(
  compute: (whole: Whole, path: string) => T,
): (whole: Whole, path: string) => T {
  const known = new WeakMap<Whole, Map<string, { value: T }>>();
  return (whole, path) => {
    const files = known.get(whole) ?? new Map<string, { value: T }>();
    known.set(whole, files);
    const found = files.get(path) ?? { value: compute(whole, path) };
    files.set(path, found);
    return found.value;
  };
}
