import type { Words } from '../rule.ts';
import type { Change } from './change.ts';
import { tableName } from './columns.ts';
import type { SqlFile, Statement } from './file.ts';
import { looksUpNames } from './lookups.ts';
import { isOn } from './programs.ts';
import { at, everyPart, listAt, type Node, nodeAt, stringAt, wordsAt } from './tree.ts';

/** What one statement says of who may see what. */
export type Access =
  | { says: 'table' | 'gone' | 'secured' | 'open' | 'closed'; table: string }
  /** `how` a policy counts: one that restricts holds beside all others, so that a free one opens nothing. */
  | { says: 'policy'; table: string; name: string; how: 'restrictive' | 'free' | 'other'; words: Words | null }
  | { says: 'policy-gone'; table: string; name: string }
  /** `looksUp`: its body names something without a schema. */
  | { says: 'function'; name: string; isSafe: boolean; looksUp: boolean }
  | { says: 'function-safe'; name: string }
  | { says: 'view'; name: string; reads: readonly string[]; invoker: boolean }
  | { says: 'view-safe' | 'view-gone'; name: string }
  | { says: 'all-secured' };

/** What a statement says of who may see what. */
export function saidBy({ text }: SqlFile, { kind, node, changes }: Statement): Access[] {
  switch (kind) {
    case 'DoStmt':
      // Row security by a loop over the tables: which ones, nobody can read.
      return /enable\s+row\s+level\s+security/i.test(JSON.stringify(node)) ? [{ says: 'all-secured' }] : [];
    case 'DropStmt':
      return gone(node);
    case 'GrantStmt':
      return stringAt(node, 'objtype') === 'OBJECT_TABLE' && at(node, 'is_grant') !== true
        ? listAt(node, 'grantees').some((role) => stringAt(role, 'RoleSpec', 'rolename') === 'anon')
          ? listAt(node, 'objects').map((item) => ({
              says: 'closed' as const,
              table: tableName(nodeAt(item, 'RangeVar')),
            }))
          : []
        : [];
    case 'AlterFunctionStmt':
      return /"search_path"/.test(JSON.stringify(at(node, 'actions') ?? ''))
        ? [{ says: 'function-safe', name: wordsAt(node, 'func', 'objname').at(-1) ?? '' }]
        : [];
    case 'AlterTableStmt': {
      const isView = stringAt(node, 'objtype') === 'OBJECT_VIEW';
      return isView && setsInvoker(node)
        ? [{ says: 'view-safe', name: tableName(at(node, 'relation')) }]
        : changes.flatMap((change) => ofChange(change, text));
    }
    default:
      return changes.flatMap((change) => ofChange(change, text));
  }
}

const setsInvoker = (node: Node): boolean =>
  listAt(node, 'cmds').some((cmd) =>
    listAt(cmd, 'AlterTableCmd', 'def', 'List', 'items').some(
      (item) => stringAt(item, 'DefElem', 'defname') === 'security_invoker' && isOn(nodeAt(item, 'DefElem')),
    ),
  );

function gone(node: Node): Access[] {
  const names = listAt(node, 'objects').map((item) =>
    wordsAt(item, 'List', 'items').filter((word, index, all) => !(index === 0 && word === 'public' && all.length > 1)),
  );
  switch (stringAt(node, 'removeType')) {
    case 'OBJECT_TABLE':
      return names.map((words) => ({ says: 'gone', table: words.join('.') }));
    case 'OBJECT_VIEW':
      return names.map((words) => ({ says: 'view-gone', name: words.join('.') }));
    case 'OBJECT_POLICY':
      return names.map((words) => ({
        says: 'policy-gone',
        table: words.slice(0, -1).join('.'),
        name: words.at(-1) ?? '',
      }));
    default:
      return [];
  }
}

function ofChange(change: Change, text: string): Access[] {
  switch (change.change) {
    case 'create-table':
      return change.temporary || change.partitionOf !== null ? [] : [{ says: 'table', table: change.table }];
    case 'row-security':
      if (change.what === 'force') return [];
      return [{ says: change.what === 'enable' ? 'secured' : 'open', table: change.table }];
    case 'create-policy':
      return [
        {
          says: 'policy',
          table: change.table,
          name: change.name,
          how: howOf(change.node),
          words: wordsOf(change.node, change.table),
        },
      ];
    case 'create-function': {
      const secures = /enable\s+row\s+level\s+security/i.test(change.body);
      return [
        {
          says: 'function',
          name: change.name.replace(/^.*\./, ''),
          isSafe: !change.definer || change.searchPath,
          looksUp: looksUpNames(change.body),
        },
        ...(secures && /event_trigger/i.test(text) ? [{ says: 'all-secured' as const }] : []),
      ];
    }
    case 'create-view':
      return change.materialized
        ? []
        : [{ says: 'view', name: change.view, reads: readBy(change.node), invoker: change.invoker }];
    default:
      return [];
  }
}

function readBy(node: Node): string[] {
  const tables: string[] = [];
  everyPart(at(node, 'query'), (kind, part) => {
    if (kind === 'RangeVar') tables.push(tableName(part));
  });
  return tables;
}

const isTrue = (value: unknown): boolean => at(value, 'A_Const', 'boolval', 'boolval') === true;

function howOf(node: Node): 'restrictive' | 'free' | 'other' {
  const [command, using] = [stringAt(node, 'cmd_name') ?? 'all', at(node, 'qual')];
  if (at(node, 'permissive') === true) return isTrue(using) || isTrue(at(node, 'with_check')) ? 'free' : 'other';
  return command === 'all' && using !== undefined && !isTrue(using) ? 'restrictive' : 'other';
}

/** What is wrong with a policy by itself; null for nothing. */
function wordsOf(node: Node, table: string): Words | null {
  const name = stringAt(node, 'policy_name') ?? '';
  const [command, using, check] = [stringAt(node, 'cmd_name') ?? 'all', at(node, 'qual'), at(node, 'with_check')];
  if (/"(user_metadata|raw_user_meta_data)"/.test(JSON.stringify([using ?? null, check ?? null])))
    return {
      message: `The policy “${name}” on ${table} goes by user_metadata, which every user can change for themselves: they give themselves what it asks for.`,
      fix: 'Go by app_metadata, or by a table of memberships.',
    };
  const roles = listAt(node, 'roles').map((role) => stringAt(role, 'RoleSpec', 'rolename') ?? 'public');
  const isOpen = roles.length === 0 || roles.some((role) => /^(public|anon|authenticated)$/.test(role));
  if (!isOpen || at(node, 'permissive') !== true || command === 'select') return null;
  const isFree = command === 'insert' ? isTrue(check) : isTrue(using) && (check === undefined || isTrue(check));
  if (!isFree && !(command !== 'delete' && isTrue(check) && command !== 'insert' && isTrue(using))) return null;
  // Forms that anybody may send are made with an INSERT that asks nothing.
  const isForm = command === 'insert';
  return {
    message: `The policy “${name}” lets ${roles.includes('anon') || roles.length === 0 || roles.includes('public') ? 'everybody' : 'every user'} ${command === 'all' ? 'read, write and delete' : command} every row of ${table}.`,
    fix: `Say whose rows they are: USING ((select auth.uid()) = user_id), and the same WITH CHECK.`,
    ...(isForm ? { severity: 'warning' as const, confidence: 'likely' as const } : {}),
  };
}
