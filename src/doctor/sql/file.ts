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
}

/** A migration's place in its folder. */
export interface Migration {
  tool: 'drizzle' | 'prisma' | 'supabase' | 'kysely' | 'plain';
  /** Its number in order, from 0. */
  order: number;
  /** True where the tool runs the file in one transaction. */
  transactional: boolean;
}

/** An SQL file, parsed. */
export interface SqlFile {
  path: string;
  text: string;
  statements: readonly Statement[];
  migration: Migration | null;
}
