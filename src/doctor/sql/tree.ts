/** Reading libpg-query's trees: every node is `{ Kind: { … } }`, and what is false, empty or null is left out. */
export type Node = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** What lies at a path of keys; undefined where there is nothing. */
export function at(value: unknown, ...keys: readonly string[]): unknown {
  return keys.reduce<unknown>((inner, key) => (isObject(inner) ? inner[key] : undefined), value);
}

/** The node at a path; an empty one where there is none. */
export function nodeAt(value: unknown, ...keys: readonly string[]): Node {
  const found = at(value, ...keys);
  return isObject(found) ? found : {};
}

/** The string at a path; null where there is none. */
export function stringAt(value: unknown, ...keys: readonly string[]): string | null {
  const found = at(value, ...keys);
  return typeof found === 'string' ? found : null;
}

/** The list at a path; empty where there is none. */
export function listAt(value: unknown, ...keys: readonly string[]): readonly unknown[] {
  const found = at(value, ...keys);
  return Array.isArray(found) ? found : [];
}

/** The kind of a wrapped node, and the node. */
export function opened(value: unknown): { kind: string; node: Node } | null {
  const entry = isObject(value) ? Object.entries(value)[0] : undefined;
  return entry && isObject(entry[1]) ? { kind: entry[0], node: entry[1] } : null;
}

/** The words of a list of `String` nodes: names with their schema, column lists. */
export const wordsAt = (value: unknown, ...keys: readonly string[]): string[] =>
  listAt(value, ...keys).flatMap((item) => stringAt(item, 'String', 'sval') ?? []);

/** Visits every wrapped node below a value, outermost first; `false` leaves out what is below it. */
export function everyPart(value: unknown, visit: (kind: string, node: Node) => unknown): void {
  if (Array.isArray(value)) {
    for (const item of value) everyPart(item, visit);
    return;
  }
  if (!isObject(value)) return;
  for (const [key, inner] of Object.entries(value)) {
    if (/^[A-Z]/.test(key) && isObject(inner) && visit(key, inner) === false) continue;
    everyPart(inner, visit);
  }
}
