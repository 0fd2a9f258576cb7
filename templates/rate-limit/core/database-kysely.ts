import { CompiledQuery } from 'kysely';
import type { RunQuery } from './postgres-quota.js';

/** What this needs of `Kysely` with its PostgresDialect. */
interface Client {
  executeQuery(query: CompiledQuery): Promise<{ rows: unknown[] }>;
}

export const databaseQuery =
  (client: Client): RunQuery =>
  async (text, params) =>
    (await client.executeQuery(CompiledQuery.raw(text, [...params]))).rows as Record<string, unknown>[];
