import type { Node } from './tree.ts';

/** A column's type: `varchar(20)[]` is { name: 'varchar', args: [20], array: true }. Names are PostgreSQL's own: int4, timestamptz. */
export interface SqlType {
  name: string;
  args: readonly number[];
  array: boolean;
}

export interface Constraint {
  kind: 'check' | 'foreign' | 'primary' | 'unique' | 'exclude' | 'not-null';
  name: string | null;
  /** The columns that it binds; empty for a check. */
  columns: readonly string[];
  /** The table that a foreign key points at. */
  references: string | null;
  notValid: boolean;
  usingIndex: boolean;
  /** A check's condition. */
  condition: unknown;
}

export interface Column {
  name: string;
  type: SqlType;
  notNull: boolean;
  /** The default's expression; null for none. */
  default: unknown;
  generated: 'stored' | 'virtual' | null;
  identity: boolean;
  /** What is written beside the column, as constraints of its table. */
  constraints: readonly Constraint[];
}

/** What one statement, or one action of an ALTER TABLE, does. Names of tables are without `public.`. */
export type Change =
  | {
      change: 'create-table';
      table: string;
      columns: readonly Column[];
      constraints: readonly Constraint[];
      partitioned: boolean;
      partitionOf: string | null;
      temporary: boolean;
    }
  | { change: 'drop-table'; table: string }
  | { change: 'add-column'; table: string; column: Column }
  | { change: 'drop-column'; table: string; column: string }
  | { change: 'set-not-null' | 'drop-not-null' | 'set-default'; table: string; column: string }
  | { change: 'set-type'; table: string; column: string; type: SqlType; using: unknown }
  | { change: 'add-constraint'; table: string; constraint: Constraint }
  | { change: 'validate-constraint' | 'drop-constraint'; table: string; name: string }
  | { change: 'attach-partition' | 'detach-partition'; table: string; partition: string; concurrent: boolean }
  | { change: 'row-security'; table: string; what: 'enable' | 'disable' | 'force' }
  | { change: 'other-alter'; table: string; what: string }
  | {
      change: 'create-index';
      table: string;
      name: string | null;
      columns: readonly string[];
      unique: boolean;
      partial: boolean;
      concurrent: boolean;
      ifNotExists: boolean;
      only: boolean;
    }
  | { change: 'drop-index'; name: string; concurrent: boolean }
  | { change: 'reindex'; name: string; what: 'index' | 'table' | 'schema'; concurrent: boolean }
  | { change: 'rename'; what: 'table' | 'column' | 'value' | 'other'; table: string; from: string; to: string }
  | { change: 'update'; table: string; where: unknown; node: Node }
  | { change: 'delete'; table: string; where: unknown; node: Node }
  | { change: 'insert'; table: string; node: Node }
  | { change: 'truncate'; tables: readonly string[]; cascade: boolean }
  | { change: 'add-value'; type: string; value: string }
  | { change: 'create-type'; type: string }
  | { change: 'create-view'; view: string; materialized: boolean; invoker: boolean; node: Node }
  | { change: 'refresh'; view: string; concurrent: boolean }
  | { change: 'create-policy'; table: string; name: string; node: Node }
  | {
      change: 'create-function';
      name: string;
      volatile: boolean;
      language: string;
      definer: boolean;
      searchPath: boolean;
      body: string;
    }
  | { change: 'create-trigger'; table: string }
  | { change: 'do'; body: string }
  | { change: 'begin' | 'commit' }
  | { change: 'set'; name: string }
  | { change: 'outside'; what: string }
  | { change: 'other' };
