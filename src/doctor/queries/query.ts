import type { Syntax } from '../../text/syntax.ts';

/** A call's node. */
export type Call = Extract<Syntax, { type: 'CallExpression' }>;

/** What a query is for. `one` and `many` read rows; `number` counts or adds them up; `raw` is SQL that is not known. */
export type QueryKind = 'one' | 'many' | 'number' | 'create' | 'update' | 'delete' | 'raw';

/** A query as code asks it. */
export interface Query {
  library:
    | 'prisma'
    | 'drizzle'
    | 'knex'
    | 'kysely'
    | 'typeorm'
    | 'sequelize'
    | 'mongoose'
    | 'mongodb'
    | 'supabase'
    | 'sql';
  kind: QueryKind;
  /** The model or table, as the code spells it; null where it is not plain. */
  model: string | null;
  /** The whole query: of a chained one the outermost call. */
  node: Syntax;
  /** The calls of a chain by their names: `where`, `limit`, `offset`. */
  chain: ReadonlyMap<string, Call>;
  /** The first argument, where it is an object written out: its properties by key. */
  options: ReadonlyMap<string, Syntax>;
  /** The SQL, where it is text; null elsewhere. */
  sql: string | null;
}
