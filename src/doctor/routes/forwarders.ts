import { isCode } from '../../detect/paths.ts';
import type { Syntax } from '../../text/syntax.ts';
import { originOf } from '../code/origin.ts';
import type { Source } from '../code/source.ts';
import { kindOf, type Project } from '../project.ts';

const forwards = /^(http-proxy(-middleware)?|express-http-proxy|@fastify\/http-proxy|httpxy)#/;
/** A file that hands requests on by itself. */
const ownProxy = /(^|[/.-])\w*prox(y|ies)([/.-]|$)|\w+Proxy\.[cm]?[jt]s$/;
const asks = /\bfetch\(|\baxios\b|\bhttps?\.request\(/;

/**
 * True for an error of the server that a request is handed on to, or that the client asked about: why it did not answer
 * is what the client wants to know.
 */
export const isOfTarget = (source: Source, at: Syntax): boolean =>
  isOfProxy(source, at) || (ownProxy.test(source.path) && asks.test(source.text)) || isChecker(source.project);

/** `createProxyMiddleware({ on: { error: (err, req, res) => … } })` */
function isOfProxy(source: Source, at: Syntax): boolean {
  for (const parent of source.above(at))
    if (parent.type === 'CallExpression' && forwards.test(originOf(source, parent.callee) ?? '')) return true;
  return false;
}

const databases =
  /^(pg|postgres|mysql2?|mariadb|mssql|tedious|oracledb|mongodb|mongoose|redis|ioredis|better-sqlite3|sqlite3?|knex|kysely|drizzle-orm|sequelize|typeorm|prisma|@prisma\/client|@mikro-orm\/core|objection|firebase-admin|@supabase\/supabase-js|@aws-sdk\/client-dynamodb|@libsql\/client|@neondatabase\/serverless|nedb|lowdb|level|cassandra-driver|neo4j-driver|@elastic\/elasticsearch)$/;
/** The address of somebody else's server, as a visitor gives it. */
const visitors =
  /\b(query|queryParams|queryStringParameters|searchParams)\)?(\.|\.get\(['"])(url|host|hostname|domain|site|target)\b/;

const known = new WeakMap<Project, boolean>();

/** True for a server without a database that looks at what the visitor names: what it finds wrong there is its answer. */
function isChecker(project: Project): boolean {
  const before = known.get(project);
  if (before !== undefined) return before;
  const found =
    ![...project.dependencies.keys()].some((name) => databases.test(name)) &&
    project.files.some((path) => {
      const text = isCode(path) ? project.tree.read(path) : null;
      return text !== null && visitors.test(text) && kindOf(path, text) === 'app';
    });
  known.set(project, found);
  return found;
}
