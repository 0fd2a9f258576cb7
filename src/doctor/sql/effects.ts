import type { Change } from './change.ts';
import { rewriteBy } from './defaults.ts';
import { isKnownNotNull, type Schema } from './schema.ts';
import { at, wordsAt } from './tree.ts';
import { rewriteOf } from './types.ts';

/** Table locks by what they keep out: everything; all writes and DDL; writes; only other DDL; and those of plain writes. */
export type Lock =
  | 'access exclusive'
  | 'exclusive'
  | 'share row exclusive'
  | 'share'
  | 'share update exclusive'
  | 'row exclusive';

/** What a change does to a table that holds rows, as PostgreSQL does it. */
export interface Effect {
  table: string;
  lock: Lock;
  /** It reads every row, or builds an index of them, while it holds the lock. */
  scans: boolean;
  /** It writes the table anew; `maybe` where that hangs on what is not in the files. */
  rewrites: boolean | 'maybe';
}

const effect = (table: string, lock: Lock, more: Partial<Effect> = {}): Effect => ({
  table,
  lock,
  scans: false,
  rewrites: false,
  ...more,
});

/** The effects of a change on the tables that it touches, on the schema as it is before it. */
export function effectsOf(change: Change, schema: Schema): readonly Effect[] {
  switch (change.change) {
    case 'add-column':
      return addColumn(change, schema);
    case 'set-not-null': {
      const scans = !isKnownNotNull(schema.tables.get(change.table), change.column);
      return [effect(change.table, 'access exclusive', { scans })];
    }
    case 'set-type':
      return [typeChange(change, schema)];
    case 'add-constraint':
      return addConstraint(change);
    case 'validate-constraint':
      return [effect(change.table, 'share update exclusive', { scans: true })];
    case 'create-index':
      if (change.only) return [effect(change.table, 'share')];
      return [effect(change.table, change.concurrent ? 'share update exclusive' : 'share', { scans: true })];
    case 'drop-index': {
      const owner = [...schema.tables].find(([, { indexes }]) => indexes.some(({ name }) => name === change.name));
      return owner ? [effect(owner[0], change.concurrent ? 'share update exclusive' : 'access exclusive')] : [];
    }
    case 'reindex':
      return change.what === 'table'
        ? [effect(change.name, change.concurrent ? 'share update exclusive' : 'share', { scans: true })]
        : [];
    case 'create-trigger':
      return [effect(change.table, 'share row exclusive')];
    case 'truncate':
      return change.tables.map((table) => effect(table, 'access exclusive'));
    case 'rename':
      return change.what === 'table' || change.what === 'column' ? [effect(change.table, 'access exclusive')] : [];
    case 'update':
    case 'delete':
    case 'insert':
      return [effect(change.table, 'row exclusive', { scans: change.change !== 'insert' })];
    case 'create-table':
      return change.partitionOf === null ? [] : [effect(change.partitionOf, 'access exclusive')];
    case 'attach-partition':
      return [
        effect(change.table, 'share update exclusive'),
        effect(change.partition, 'access exclusive', { scans: true }),
      ];
    case 'detach-partition':
      return [
        effect(change.table, change.concurrent ? 'share update exclusive' : 'access exclusive'),
        effect(change.partition, 'access exclusive'),
      ];
    case 'drop-table':
    case 'drop-column':
    case 'drop-constraint':
      return [change.table, ...keysGone(change, schema)].map((table) => effect(table, 'access exclusive'));
    case 'refresh':
      return [effect(change.view, change.concurrent ? 'exclusive' : 'access exclusive', { scans: true })];
    case 'drop-not-null':
    case 'set-default':
    case 'row-security':
    case 'create-policy':
      return [effect(change.table, 'access exclusive')];
    case 'other-alter':
      return otherAlter(change);
    default:
      return [];
  }
}

/** The tables that foreign keys point at which go with a table, a column or a constraint: they are locked as well. */
function keysGone(change: Change, { tables }: Schema): string[] {
  if (!('table' in change)) return [];
  return (tables.get(change.table)?.constraints ?? []).flatMap(({ references, name, columns }) => {
    const goes =
      change.change === 'drop-table' ||
      (change.change === 'drop-column' && columns.includes(change.column)) ||
      (change.change === 'drop-constraint' && name === change.name);
    return goes && references !== null && references !== change.table ? [references] : [];
  });
}

function addColumn({ table, column }: Extract<Change, { change: 'add-column' }>, schema: Schema): Effect[] {
  const rewrites = rewriteBy(column, schema) !== null;
  const builds = column.constraints.some(({ kind }) => kind === 'unique' || kind === 'primary');
  // A check of the new column reads the rows; a reference of it does so only where it holds more than null.
  const reads = column.constraints.some(
    ({ kind }) => kind === 'check' || (kind === 'foreign' && column.default !== null),
  );
  const parents = column.constraints.flatMap(({ references }) => references ?? []);
  return [
    effect(table, 'access exclusive', { rewrites, scans: rewrites || builds || reads }),
    ...parents.map((parent) => effect(parent, 'share row exclusive')),
  ];
}

function typeChange(change: Extract<Change, { change: 'set-type' }>, schema: Schema): Effect {
  const from = schema.tables.get(change.table)?.columns.get(change.column);
  const rewrite = isComputed(change) ? 'always' : from === undefined ? 'zone' : rewriteOf(from, change.type);
  const rewrites = rewrite === 'always' ? true : rewrite === 'zone' ? 'maybe' : false;
  return effect(change.table, 'access exclusive', { rewrites, scans: rewrites === true });
}

/** True where USING is more than the column itself, or a cast of it. */
export function isComputed({ using, column }: Extract<Change, { change: 'set-type' }>): boolean {
  if (using === null) return false;
  const inner = at(using, 'TypeCast', 'arg') ?? using;
  return wordsAt(inner, 'ColumnRef', 'fields').at(-1) !== column;
}

function addConstraint({ table, constraint }: Extract<Change, { change: 'add-constraint' }>): Effect[] {
  const { kind, notValid, usingIndex, references } = constraint;
  if (kind === 'foreign')
    return [
      effect(table, 'share row exclusive', { scans: !notValid }),
      ...(references === null ? [] : [effect(references, 'share row exclusive')]),
    ];
  return [effect(table, 'access exclusive', { scans: !notValid && !usingIndex })];
}

/** Actions of ALTER TABLE that keep nobody but other DDL out. */
const gentle =
  /^AT_(SetStatistics|SetOptions|ResetOptions|SetRelOptions|ResetRelOptions|ClusterOn|DropCluster|AlterConstraint)$/;

function otherAlter({ table, what }: Extract<Change, { change: 'other-alter' }>): Effect[] {
  if (/^(CLUSTER|AT_Set(Logged|UnLogged|AccessMethod|TableSpace))$/.test(what))
    return [effect(table, 'access exclusive', { scans: true, rewrites: true })];
  if (/^AT_(Enable|Disable)\w*Trig/.test(what)) return [effect(table, 'share row exclusive')];
  return [effect(table, gentle.test(what) ? 'share update exclusive' : 'access exclusive')];
}
