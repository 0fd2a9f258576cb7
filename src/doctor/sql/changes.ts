import type { Change } from './change.ts';
import { columnOf, constraintOf, nameOf, tableName, typeOf } from './columns.ts';
import { functionChange, viewChange } from './programs.ts';
import { at, listAt, type Node, nodeAt, opened, stringAt, wordsAt } from './tree.ts';

/** What a statement does, action by action; one `other` where it is nothing that rules ask for. */
export function changesOf(kind: string, node: Node): readonly Change[] {
  const found = readers[kind]?.(node) ?? [];
  return found.length > 0 ? found : [{ change: 'other' }];
}

const relation = (node: Node): string => tableName(at(node, 'relation'));
const isConcurrent = (node: Node): boolean =>
  at(node, 'concurrent') === true ||
  listAt(node, 'params').some((item) => stringAt(item, 'DefElem', 'defname') === 'concurrently');

const readers: Readonly<Record<string, (node: Node) => readonly Change[]>> = {
  CreateStmt: (node) => [createTable(node)],
  CreateTableAsStmt: (node) => [createdAs(node)],
  SelectStmt: selected,
  AlterTableStmt: (node) =>
    listAt(node, 'cmds').flatMap((item) => altered(relation(node), nodeAt(item, 'AlterTableCmd'), node)),
  IndexStmt: (node) => [
    {
      change: 'create-index',
      table: relation(node),
      name: stringAt(node, 'idxname'),
      columns: listAt(node, 'indexParams').map((item) => stringAt(item, 'IndexElem', 'name') ?? ''),
      unique: at(node, 'unique') === true,
      partial: at(node, 'whereClause') !== undefined,
      concurrent: isConcurrent(node),
      ifNotExists: at(node, 'if_not_exists') === true,
      only: at(node, 'relation', 'inh') !== true,
    },
  ],
  ReindexStmt: (node) => {
    const what = { REINDEX_OBJECT_INDEX: 'index', REINDEX_OBJECT_TABLE: 'table' } as const;
    const key = stringAt(node, 'kind');
    return [
      {
        change: 'reindex',
        name: at(node, 'relation') ? relation(node) : (stringAt(node, 'name') ?? ''),
        what: key === 'REINDEX_OBJECT_INDEX' || key === 'REINDEX_OBJECT_TABLE' ? what[key] : 'schema',
        concurrent: isConcurrent(node),
      },
    ];
  },
  DropStmt: dropped,
  RenameStmt: (node) => {
    const kind = stringAt(node, 'renameType');
    const column = kind === 'OBJECT_COLUMN' && stringAt(node, 'relationType') === 'OBJECT_TABLE';
    const from = column ? (stringAt(node, 'subname') ?? '') : relation(node);
    const what = column ? 'column' : kind === 'OBJECT_TABLE' ? 'table' : 'other';
    return [{ change: 'rename', what, table: relation(node), from, to: stringAt(node, 'newname') ?? '' }];
  },
  AlterObjectSchemaStmt: (node) =>
    stringAt(node, 'objectType') === 'OBJECT_TABLE'
      ? [
          {
            change: 'rename',
            what: 'table',
            table: relation(node),
            from: relation(node),
            to: `${stringAt(node, 'newschema')}.${stringAt(node, 'relation', 'relname')}`,
          },
        ]
      : [],
  UpdateStmt: (node) => [{ change: 'update', table: relation(node), where: at(node, 'whereClause') ?? null, node }],
  DeleteStmt: (node) => [{ change: 'delete', table: relation(node), where: at(node, 'whereClause') ?? null, node }],
  InsertStmt: (node) => [{ change: 'insert', table: relation(node), node }],
  TruncateStmt: (node) => [
    {
      change: 'truncate',
      tables: listAt(node, 'relations').map((item) => tableName(nodeAt(item, 'RangeVar'))),
      cascade: stringAt(node, 'behavior') === 'DROP_CASCADE',
    },
  ],
  AlterEnumStmt: (node) => {
    const [type, from, to] = [
      nameOf(wordsAt(node, 'typeName')),
      stringAt(node, 'oldVal'),
      stringAt(node, 'newVal') ?? '',
    ];
    return from === null
      ? [{ change: 'add-value', type, value: to }]
      : [{ change: 'rename', what: 'value', table: type, from, to }];
  },
  CreateEnumStmt: (node) => [{ change: 'create-type', type: nameOf(wordsAt(node, 'typeName')) }],
  ViewStmt: (node) => [viewChange(node)],
  RefreshMatViewStmt: (node) => [{ change: 'refresh', view: relation(node), concurrent: isConcurrent(node) }],
  CreatePolicyStmt: (node) => [
    {
      change: 'create-policy',
      table: tableName(at(node, 'table')),
      name: stringAt(node, 'policy_name') ?? '',
      node,
    },
  ],
  CreateFunctionStmt: (node) => [functionChange(node)],
  CreateTrigStmt: (node) => [{ change: 'create-trigger', table: relation(node) }],
  DoStmt: (node) => [
    {
      change: 'do',
      body: listAt(node, 'args')
        .map((item) => stringAt(item, 'DefElem', 'arg', 'String', 'sval') ?? '')
        .join('\n'),
    },
  ],
  TransactionStmt: (node) => {
    const kind = stringAt(node, 'kind');
    if (kind === 'TRANS_STMT_BEGIN' || kind === 'TRANS_STMT_START') return [{ change: 'begin' }];
    return kind === 'TRANS_STMT_COMMIT' || kind === 'TRANS_STMT_ROLLBACK' ? [{ change: 'commit' }] : [];
  },
  VariableSetStmt: (node) => [{ change: 'set', name: stringAt(node, 'name') ?? '' }],
  VacuumStmt: (node) => (at(node, 'is_vacuumcmd') === true ? [{ change: 'outside', what: 'VACUUM' }] : []),
  AlterSystemStmt: () => [{ change: 'outside', what: 'ALTER SYSTEM' }],
  CreatedbStmt: () => [{ change: 'outside', what: 'CREATE DATABASE' }],
  DropdbStmt: () => [{ change: 'outside', what: 'DROP DATABASE' }],
  CreateSubscriptionStmt: () => [],
  ClusterStmt: (node) => [{ change: 'other-alter', table: relation(node), what: 'CLUSTER' }],
  LockStmt: (node) =>
    at(node, 'mode') === 8
      ? listAt(node, 'relations').map((item) => ({
          change: 'other-alter' as const,
          table: tableName(nodeAt(item, 'RangeVar')),
          what: 'LOCK TABLE',
        }))
      : [],
};

function createTable(node: Node): Change {
  const elements = listAt(node, 'tableElts').flatMap((item) => opened(item) ?? []);
  const columns = elements.flatMap(({ kind, node: one }) => (kind === 'ColumnDef' ? [columnOf(one)] : []));
  return {
    change: 'create-table',
    table: relation(node),
    columns,
    constraints: elements.flatMap(({ kind, node: one }) => {
      const constraint = kind === 'Constraint' ? constraintOf(one, null) : null;
      return constraint ? [constraint] : [];
    }),
    partitioned: at(node, 'partspec') !== undefined,
    partitionOf:
      at(node, 'partbound') === undefined ? null : tableName(nodeAt(listAt(node, 'inhRelations')[0], 'RangeVar')),
    temporary: stringAt(node, 'relation', 'relpersistence') === 't',
  };
}

/** CREATE TABLE AS, SELECT INTO and materialised views: a table whose columns are not known. */
function createdAs(node: Node): Change {
  const into = at(node, 'into', 'rel');
  if (stringAt(node, 'objtype') === 'OBJECT_MATVIEW')
    return { change: 'create-view', view: tableName(into), materialized: true, invoker: false, node };
  return { ...createTable({ relation: into }) };
}

function selected(node: Node): readonly Change[] {
  const into = at(node, 'intoClause', 'rel');
  if (into !== undefined) return [createTable({ relation: into })];
  return listAt(node, 'targetList').flatMap((item): Change[] => {
    const call = nodeAt(item, 'ResTarget', 'val', 'FuncCall');
    const isSet = wordsAt(call, 'funcname').at(-1) === 'set_config';
    return isSet ? [{ change: 'set', name: stringAt(listAt(call, 'args')[0], 'A_Const', 'sval', 'sval') ?? '' }] : [];
  });
}

function dropped(node: Node): readonly Change[] {
  const names = listAt(node, 'objects').map((item) => nameOf(wordsAt(item, 'List', 'items')));
  switch (stringAt(node, 'removeType')) {
    case 'OBJECT_TABLE':
      return names.map((table) => ({ change: 'drop-table', table }));
    case 'OBJECT_INDEX':
      return names.map((name) => ({ change: 'drop-index', name, concurrent: isConcurrent(node) }));
    default:
      return [];
  }
}

/** One action of an ALTER TABLE. */
function altered(table: string, cmd: Node, statement: Node): readonly Change[] {
  const objects = stringAt(statement, 'objtype');
  if (objects !== 'OBJECT_TABLE' && objects !== 'OBJECT_FOREIGN_TABLE') return [];
  const name = stringAt(cmd, 'name') ?? '';
  const def = opened(at(cmd, 'def'))?.node ?? {};
  const subtype = stringAt(cmd, 'subtype') ?? '';
  switch (subtype) {
    case 'AT_AddColumn':
      return [{ change: 'add-column', table, column: columnOf(def) }];
    case 'AT_DropColumn':
      return [{ change: 'drop-column', table, column: name }];
    case 'AT_SetNotNull':
      return [{ change: 'set-not-null', table, column: name }];
    case 'AT_DropNotNull':
      return [{ change: 'drop-not-null', table, column: name }];
    case 'AT_ColumnDefault':
      return [{ change: 'set-default', table, column: name }];
    case 'AT_AlterColumnType':
      return [
        {
          change: 'set-type',
          table,
          column: name,
          type: typeOf(at(def, 'typeName')),
          using: at(def, 'raw_default') ?? null,
        },
      ];
    case 'AT_AddConstraint': {
      const constraint = constraintOf(def, null);
      return constraint ? [{ change: 'add-constraint', table, constraint }] : [];
    }
    case 'AT_ValidateConstraint':
      return [{ change: 'validate-constraint', table, name }];
    case 'AT_DropConstraint':
      return [{ change: 'drop-constraint', table, name }];
    case 'AT_AttachPartition':
    case 'AT_DetachPartition':
      return [
        {
          change: subtype === 'AT_AttachPartition' ? 'attach-partition' : 'detach-partition',
          table,
          partition: tableName(at(def, 'name')),
          concurrent: isConcurrent(def),
        },
      ];
    case 'AT_EnableRowSecurity':
      return [{ change: 'row-security', table, what: 'enable' }];
    case 'AT_DisableRowSecurity':
      return [{ change: 'row-security', table, what: 'disable' }];
    case 'AT_ForceRowSecurity':
      return [{ change: 'row-security', table, what: 'force' }];
    default:
      return [{ change: 'other-alter', table, what: subtype }];
  }
}
