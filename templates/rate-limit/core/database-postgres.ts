import type { RunQuery } from './postgres-quota.js';

/** What this needs of `sql` of postgres. */
interface Client {
  unsafe(text: string, params: (string | number)[]): PromiseLike<Record<string, unknown>[]>;
}

export const databaseQuery =
  (client: Client): RunQuery =>
  async (text, params) =>
    client.unsafe(text, [...params]);
