import { CompiledQuery, type QueryResult } from 'kysely';
import type { RunQuery } from './postgres-store.js';

/** What this needs of `Kysely` with its PostgresDialect. */
interface Client {
  executeQuery(query: CompiledQuery<Record<string, unknown>>): Promise<QueryResult<Record<string, unknown>>>;
}

export const databaseQuery =
  (client: Client): RunQuery =>
  async (text, params) =>
    (await client.executeQuery(CompiledQuery.raw(text, [...params]) as CompiledQuery<Record<string, unknown>>)).rows;
