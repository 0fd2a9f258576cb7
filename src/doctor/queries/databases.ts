import type { Syntax } from '../../text/syntax.ts';
import { bindingOf, constantOf } from '../code/names.ts';
import { rangeAt } from '../code/packages.ts';
import { everyNode, everyOf, type Source } from '../code/source.ts';
import { taintOf } from '../flow/taint.ts';
import { isSent } from '../flow/taints.ts';
import type { Project } from '../project.ts';

/** What makes a client. */
type Making = Extract<Syntax, { type: 'NewExpression' | 'CallExpression' }>;

/** The variables of the environment, or the address, that a client is given; Prisma's own where it is given none. */
export function databaseOf(source: Source, node: Making): string {
  const texts = node.arguments.map((one) => source.textOf(one));
  for (const argument of node.arguments)
    everyNode(argument, (one) => {
      const value = one.type === 'Identifier' ? constantOf(source, one) : null;
      if (value) texts.push(source.textOf(value));
    });
  const named = [
    ...texts
      .join('\n')
      .matchAll(
        /\benv(?:\.|\[['"])(\w*(?:URL|URI|DATABASE|DB|DSN|CONNECTION|REPLICA)\w*)|(['"`])(\w+:\/\/[^'"`]+)\2/gi,
      ),
  ].map(([, variable, , address]) => variable ?? address ?? '');
  return named.length === 0 ? 'DATABASE_URL' : [...new Set(named)].toSorted().join();
}

/** The request says which database: a page that tries a connection, a tool for many databases. */
export function isToldWhere(source: Source, node: Making): boolean {
  let isIt = false;
  for (const argument of node.arguments)
    everyNode(argument, (one) => {
      if (!isIt && (one.type === 'MemberExpression' || one.type === 'Identifier')) isIt = isSent(taintOf(source, one));
    });
  return isIt;
}

/** Each call says which database it is for. */
export function isOfParameter(source: Source, node: Making): boolean {
  let isIt = false;
  for (const argument of node.arguments)
    everyOf(argument, ['Identifier'], (one) => {
      if (isIt || one.type !== 'Identifier') return;
      const holder = source.parentOf(one);
      const isKey = holder?.type === 'Property' && holder.key === one && !holder.shorthand;
      isIt = !isKey && bindingOf(source, one)?.kind === 'parameter';
    });
  return isIt;
}

const inProcess = ['better-sqlite3', 'sqlite3', 'sqlite', 'sql.js'];
const servers =
  /^(pg|pg-promise|postgres|mysql2?|mariadb|mssql|tedious|mongodb|mongoose|oracledb|@neondatabase\/serverless|@planetscale\/database|@prisma\/client|@libsql\/client)$/;
const opened =
  /['"](better-sqlite3|node:sqlite|bun:sqlite)['"]|\b(type|dialect|client)\s*:\s*['"](better-)?sqlite3?['"]/;
const openedFar = /\b(type|dialect|client)\s*:\s*['"](postgres\w*|pg|mysql2?|mariadb|mssql)['"]/;
const known = new WeakMap<Project, boolean>();

/** True where the database is a file that the process itself reads (SQLite): a query waits for no other machine. */
export function isInProcess({ project, text }: Source): boolean {
  if (opened.test(text)) return !openedFar.test(text);
  const before = known.get(project);
  if (before !== undefined) return before;
  const isIt =
    inProcess.some((name) => project.has(name)) && ![...project.dependencies.keys()].some((name) => servers.test(name));
  known.set(project, isIt);
  return isIt;
}

/** True where Prisma talks to SQLite and is older than 5.14: it can write one row at a time there. */
export function lacksCreateMany({ project, path }: Source): boolean {
  const [, major, minor] = /(\d+)\.(\d+)/.exec(rangeAt(project, path, '@prisma/client') ?? '') ?? [];
  if (major === undefined || Number(major) > 5 || (Number(major) === 5 && Number(minor) >= 14)) return false;
  const schemas = project.files.filter((one) => one.endsWith('.prisma')).map((one) => project.tree.read(one) ?? '');
  const providers = schemas.flatMap(
    (text) => /^\s*datasource\s+\w+\s*\{[^}]*?^\s*provider\s*=\s*"(\w+)"/m.exec(text)?.[1] ?? [],
  );
  return providers.length > 0 && providers.every((one) => one === 'sqlite');
}

/** The `if`s that something stands in: by the place of each the branch. */
export type Branches = ReadonlyMap<number, 'then' | 'else'>;

/** The branches around a node. */
export function branchesAround(source: Source, node: Syntax): Branches {
  const branches = new Map<number, 'then' | 'else'>();
  let inner = node;
  for (const parent of source.above(node)) {
    const isChoice = parent.type === 'IfStatement' || parent.type === 'ConditionalExpression';
    if (isChoice && inner !== parent.test) branches.set(parent.start, inner === parent.consequent ? 'then' : 'else');
    inner = parent;
  }
  return branches;
}

/** True where two things of one file stand in branches of one `if`: only one of them runs. */
export const areExclusive = (one: Branches, other: Branches): boolean =>
  [...one].some(([place, branch]) => (other.get(place) ?? branch) !== branch);
