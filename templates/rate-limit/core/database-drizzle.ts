import { type SQL, sql } from 'drizzle-orm';
import type { RunQuery } from './postgres-quota.js';

/** What this needs of a Postgres database of Drizzle. Some of its drivers return the rows, others a result that has them. */
interface Client {
  execute(query: SQL): PromiseLike<object>;
}

type Rows = Record<string, unknown>[];

export const databaseQuery =
  (client: Client): RunQuery =>
  async (text, params) => {
    const result = (await client.execute(statement(text, params))) as Rows | { rows: Rows };
    return Array.isArray(result) ? result : result.rows;
  };

/** `$1` and so on, as Drizzle's own parameters. */
const statement = (text: string, params: readonly (string | number)[]): SQL =>
  sql.join(
    text.split(/\$(\d+)/).map((part, index) => (index % 2 === 0 ? sql.raw(part) : sql`${params[Number(part) - 1]}`)),
  );
