import { type Syntax, unwrap } from '../../../text/syntax.ts';
import { constantOf } from '../../names.ts';
import { originOf } from '../../origin.ts';
import { defineRule } from '../../rule.ts';
import type { Source } from '../../source.ts';
import { isSent, taintOf } from '../../taint.ts';

/** Methods that run SQL as it is given, by where they come from; the query is their first argument. */
const queries = [
  /^pg#(Pool|Client)\(\)(\.connect\(\))?\.query$/,
  /^mysql2?(\/promise)?#create(Pool|Connection)\(\)(\.\w+\(\))*\.(query|execute)$/,
  /^postgres#default\(\)\.unsafe$/,
  /^knex#(default|knex)\(\)(\.\w+\(\))*\.raw$/,
  /^sequelize#Sequelize\(\)\.query$/,
  /^better-sqlite3#default\(\)\.(prepare|exec)$/,
  /^drizzle-orm#sql\.raw$/,
  /^kysely#sql\.raw$/,
  /\.\$(queryRawUnsafe|executeRawUnsafe)$/,
];
/** The same by their names, where their origin cannot be told: `db.query(…)`. */
const likely = /^(db|pool|client|conn|connection|pg|sql|database|knex|sequelize|prisma|tx|trx)$/i;
const methods = /^(query|raw|unsafe|\$queryRawUnsafe|\$executeRawUnsafe)$/;

export const sqlInjection = defineRule({
  id: 'sec/sql-injection',
  since: '0.1.0',
  severity: 'error',
  confidence: 'certain',
  title: 'SQL is put together from values that are not constants.',
  why: 'A value that becomes a part of the SQL text can end the statement and begin another: the client reads or changes any row that the connection may. Pass values as parameters (`$1`, `?`, or the tagged template of the library): the server never reads them as SQL. Names of columns and tables cannot be parameters: look them up in a list of your own.',
  remedy: 'words',
  owasp: 'API8',
  securitySeverity: 9.8,
  mentions: /\.(query|execute|raw|unsafe|prepare|exec|\$queryRawUnsafe|\$executeRawUnsafe)\b/,
  file: (source, tell) => ({
    CallExpression(node) {
      const [query] = node.arguments;
      if (!query || !runsSql(source, node.callee)) return;
      const text = unwrap(query);
      const built = constantOf(source, text) ?? text;
      if (!isBuilt(source, built) || !saysSql(source, built)) return;
      const taint = taintOf(source, text);
      if (taint === 'constant' || taint === 'plain') return;
      const name = source.textOf(node.callee);
      const fix = 'Pass the values as parameters of the query, and take names from a list of your own.';
      if (isSent(taint)) tell(node, { message: `What the client sends becomes SQL in ${name}().`, fix });
      else tell(node, { message: `A value becomes SQL in ${name}().`, fix, severity: 'warning', confidence: 'likely' });
    },
  }),
});

function runsSql(source: Source, callee: Syntax): boolean {
  const origin = originOf(source, callee);
  if (origin !== null && queries.some((query) => query.test(origin))) return true;
  const inner = unwrap(callee);
  if (inner.type !== 'MemberExpression' || inner.property.type !== 'Identifier' || !methods.test(inner.property.name))
    return false;
  const object = unwrap(inner.object);
  const name =
    object.type === 'Identifier'
      ? object.name
      : object.type === 'MemberExpression' && object.property.type === 'Identifier'
        ? object.property.name
        : '';
  return likely.test(name);
}

/** True for text that is put together: a template with expressions, or `+`. */
const isBuilt = (source: Source, node: Syntax): boolean =>
  (node.type === 'TemplateLiteral' && node.expressions.length > 0) ||
  (node.type === 'BinaryExpression' && node.operator === '+') ||
  (node.type === 'Identifier' && /\+=/.test(source.text));

/** True where the text holds words of SQL. */
const saysSql = (source: Source, node: Syntax): boolean =>
  /\b(select|insert|update|delete|where|from|order by|values|set|create|alter|drop|call|with|truncate)\b/i.test(
    source.textOf(node),
  );
