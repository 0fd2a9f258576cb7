import type { RunQuery } from './postgres-quota.js';

/** What this needs of `Pool` of pg. */
interface Client {
  query(text: string, values: (string | number)[]): Promise<{ rows: Record<string, unknown>[] }>;
}

export const databaseQuery =
  (client: Client): RunQuery =>
  async (text, params) =>
    (await client.query(text, [...params])).rows;
