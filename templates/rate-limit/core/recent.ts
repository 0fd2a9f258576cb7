/** A map of at most `max` entries that forgets those least recently written. */
export interface Recent<Value> {
  get(key: string): Value | undefined;
  set(key: string, value: Value): void;
  delete(key: string): void;
  readonly size: number;
}

/** Two generations: where the young one is full, it grows old and the old one is gone, with no timer and no sweep. */
export function recent<Value>(max: number): Recent<Value> {
  let [young, old] = [new Map<string, Value>(), new Map<string, Value>()];
  return {
    get: (key) => young.get(key) ?? old.get(key),
    set(key, value) {
      if (young.size >= max / 2 && !young.has(key)) [young, old] = [new Map<string, Value>(), young];
      young.set(key, value);
    },
    delete(key) {
      young.delete(key);
      old.delete(key);
    },
    get size() {
      return young.size + old.size;
    },
  };
}
