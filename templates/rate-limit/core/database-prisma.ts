import type { RunQuery } from './postgres-quota.js';

/** What this needs of `PrismaClient`. */
interface Client {
  $queryRawUnsafe(text: string, ...params: (string | number)[]): PromiseLike<unknown>;
}

export const databaseQuery =
  (client: Client): RunQuery =>
  async (text, params) =>
    (await client.$queryRawUnsafe(text, ...params)) as Record<string, unknown>[];
