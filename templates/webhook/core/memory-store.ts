import { type DeliveryStore, retentionMs } from './store.js';

interface Entry {
  /** Null once it is handled. */
  token: string | null;
  until: number;
}

/** For tests and trials: it forgets when the process ends, and other processes do not see it. */
export function memoryStore(now: () => number = Date.now, maxEntries = 10_000): DeliveryStore {
  const entries = new Map<string, Entry>();

  /** Writes last in the map's order, and drops the oldest over the limit. */
  function put(key: string, entry: Entry): void {
    entries.delete(key);
    entries.set(key, entry);
    for (const oldest of entries.keys()) {
      if (entries.size <= maxEntries) break;
      entries.delete(oldest);
    }
  }

  return {
    claim(key, token, leaseMs) {
      const entry = entries.get(key);
      if (entry && entry.until > now()) return Promise.resolve(entry.token === null ? 'done' : 'processing');
      put(key, { token, until: now() + leaseMs });
      return Promise.resolve('claimed');
    },
    complete(key, token) {
      if (entries.get(key)?.token === token) put(key, { token: null, until: now() + retentionMs });
      return Promise.resolve();
    },
    fail(key, token) {
      if (entries.get(key)?.token === token) entries.delete(key);
      return Promise.resolve();
    },
  };
}
