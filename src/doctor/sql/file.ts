import type { Change } from './change.ts';
import type { Schema } from './schema.ts';

/** One statement of an SQL file. */
export interface Statement {
  /** PostgreSQL's name of it: 'CreateStmt', 'AlterTableStmt', 'IndexStmt' … */
  kind: string;
  /** The statement's tree as libpg-query gives it, below its kind. */
  node: Readonly<Record<string, unknown>>;
  text: string;
  /** Offsets in the file's text, in UTF-16 units, comments before it left out. */
  start: number;
  end: number;
  /** The comments and spaces between the statement before and this one. */
  lead: string;
  /** What it does, action by action. */
  changes: readonly Change[];
  /** The transaction that it runs in where the program says so itself, by a number; null for none. */
  transaction?: number | null;
  /** The library says all of a column again, its type and NOT NULL too, also where they stay what they are. */
  restates?: true;
}

/** A migration's place in its folder. */
export interface Migration {
  tool:
    | 'drizzle'
    | 'prisma'
    | 'supabase'
    | 'kysely'
    | 'plain'
    | 'typeorm'
    | 'mikro-orm'
    | 'node-pg-migrate'
    | 'sequelize'
    | 'db-migrate'
    | 'knex'
    | 'driver';
  /** The folder that holds all of them. */
  folder: string;
  /** Its number in order, from 0. */
  order: number;
  /** True for the last ten of the folder: those before are history, applied long ago. */
  recent: boolean;
  /** True for the last one. */
  newest: boolean;
  /** True where the tool runs the file in one transaction. */
  transactional: boolean;
  /** Whether the tool takes statements that refuse a transaction out of it and runs them alone; null where its version is not known. */
  standalone: boolean | null;
}

/** An SQL file, parsed; or the SQL that a migration in JavaScript runs, at its places in that file. */
export interface SqlFile {
  path: string;
  text: string;
  statements: readonly Statement[];
  migration: Migration | null;
  /** What the migrations before this one have made; empty for other files. A new copy for each caller. */
  before(): Schema;
}
