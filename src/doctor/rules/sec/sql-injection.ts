import { type Syntax, unwrap } from '../../../text/syntax.ts';
import { definitionOf } from '../../code/definition.ts';
import { isOneOfLiterals } from '../../code/literal-types.ts';
import { bindingOf } from '../../code/names.ts';
import { isOwnOrigin, originOf } from '../../code/origin.ts';
import type { Source } from '../../code/source.ts';
import { everyNode, everyOf, isFunction } from '../../code/source.ts';
import { givenTo } from '../../flow/leading.ts';
import { isNear } from '../../flow/near.ts';
import { cleaning } from '../../flow/results.ts';
import { isGuarded, isSent, taintOf } from '../../flow/taint.ts';
import { quotedIn } from '../../queries/quoted.ts';
import { defineRule, type Words } from '../../rule.ts';

/** Methods that run SQL as it is given, by where they come from; the query is their first argument. */
const queries = [
  /^(pg|pg-pool|@neondatabase\/serverless|@vercel\/postgres)#(Pool|Client|default|sql|neon)(\(\))?(\.connect\(\))?\.query$/,
  /^@neondatabase\/serverless#neon\(\)$/,
  /^pg-promise#(default|\w+)\(\)\(\)(\.task\(\))?\.(query|any|one|oneOrNone|none|many|manyOrNone|result|multi|each|map|stream)$/,
  /^@mikro-orm\/[\w-]+#(\w*EntityManager|MikroORM)\(\)(\.em)?(\.\w+\(\))*\.execute$/,
  /^@libsql\/client#createClient\(\)\.execute$|^@planetscale\/database#(connect|Client)\(\)(\.\w+\(\))*\.execute$/,
  /^oracledb#(default\.)?getConnection\(\)\.execute$|^snowflake-sdk#createConnection\(\)\.execute$/,
  /^@clickhouse\/client(-web)?#createClient\(\)\.(query|command|exec)$|^@google-cloud\/bigquery#BigQuery\(\)\.(query|createQueryJob)$/,
  /^@nestjs\/typeorm#.*\.query$|^@nestjs\/sequelize#.*\.query$/,
  /^(mysql2?(\/promise)?|mariadb)#create(Pool|Connection)\(\)(\.\w+\(\))*\.(query|execute)$/,
  /^postgres#default\(\)\.unsafe$/,
  /^knex#(default|knex)\(\)(\.\w+\(\))*\.(raw|whereRaw|orWhereRaw|havingRaw|orderByRaw|groupByRaw|joinRaw|fromRaw)$/,
  /^sequelize(-typescript)?#Sequelize\(\)\.(query|literal)$|^sequelize#(literal|Sequelize\.literal)$/,
  /^better-sqlite3#default\(\)\.(prepare|exec)$/,
  /^node:sqlite#DatabaseSync\(\)\.(prepare|exec)$|^bun:sqlite#Database\(\)\.(query|prepare|run|exec)$/,
  /^sqlite3#(verbose\(\)\.)?Database\(\)\.(all|get|run|each|exec|prepare)$|^sqlite#open\(\)\.(all|get|run|each|exec|prepare)$/,
  /^drizzle-orm#sql\.raw$/,
  /^kysely#sql\.(raw|lit)$/,
  /^mssql#(\w+\(\)(\.\w+\(\))*\.)?(query|batch)$/,
  /^@prisma\/client#Prisma\.raw$/,
  /^typeorm#(DataSource\(\)|Connection\(\)|EntityManager\(\)|Repository\(\)|getManager\(\)|getConnection\(\)|getRepository\(\))(\.\w+(\(\))?)*\.query$/,
];
/** Methods that only raw SQL is given to, by whatever name the object has. */
const always =
  /^(\$queryRawUnsafe|\$executeRawUnsafe|whereRaw|orWhereRaw|andWhereRaw|havingRaw|orderByRaw|groupByRaw|joinRaw)$/;
/** The same by the names of what holds them, where their origin cannot be told: `db.query(…)`. */
const likely =
  /^_?(db|pool|client|conn|connection|pg|sql|database|knex|sequelize|prisma|tx|trx|datasource|manager|entitymanager|querybuilder|queryrunner|qb|mysql|mariadb|sqlite|\w+(db|pool|repository))$/i;
const methods =
  /^(query|raw|unsafe|execute|literal|all|get|run|each|prepare|exec|any|one|oneOrNone|none|many|manyOrNone|multi)$/;
/** Libraries of databases, and frameworks that carry a connection: `app.pg.query`. */
const holders = /^(typeorm|sequelize|knex|pg|mysql|mariadb|sqlite|@?fastify|@nestjs\/|express|koa|@koa\/|hono|next)/;
/** Conditions of a query builder: their text is SQL as well. */
const conditions = /^(where|andWhere|orWhere|having|andHaving|orHaving|leftJoin|innerJoin|orderBy|addOrderBy)$/;

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
  mentions:
    /[.$](query|execute|raw|unsafe|prepare|exec|all|get|run|each|literal|lit|batch|any|one|oneOrNone|none|many|manyOrNone|result|multi|map|stream|command|createQueryJob|\w*Raw|where|having|\w+Where|\w+Having|\w*[jJ]oin|\w*[oO]rderBy|queryRawUnsafe|executeRawUnsafe)\b|\bliteral\(|\bneon\(/,
  file: (source, tell) => ({
    CallExpression(node) {
      const [query] = node.arguments;
      if (!query) return;
      const sink = sinkAt(source, node);
      if (sink === null) return;
      if (isGuarded(source, query, node)) return;
      const name = source.textOf(node.callee).replace(/\s+/g, '').slice(-60);
      for (const { source: from, at, url: text, hops } of givenTo(source, node, query)) {
        const words = wordsFor(from, at, text, sink, name) ?? wholeFor(from, at, text, sink, name);
        const isFar = words?.confidence === undefined && !isNear(from, text, {}, hops);
        if (words)
          tell({ path: from.path, start: at.start, end: at.end }, isFar ? { ...words, confidence: 'hint' } : words);
      }
    },
  }),
});

function wordsFor(source: Source, at: Syntax, query: Syntax, sink: 'raw' | 'text', name: string): Words | null {
  const text = partsOf(source, query)
    .map((part) => source.textOf(part))
    .join(' ');
  if (text === '' || (sink === 'text' && !saysSql(text)) || isGuarded(source, query, at)) return null;
  const taint = taintOf(source, query);
  if (taint === 'constant' || taint === 'plain') return null;
  const fix = 'Pass the values as parameters of the query, and take names from a list of your own.';
  if (isSent(taint)) return { message: `What the client sends becomes SQL in ${name}().`, fix };
  if (isRunOnce(source)) return null;
  if (administers.test(text))
    return { message: `A value becomes SQL in ${name}().`, fix, severity: 'info', confidence: 'hint' };
  if (!isGivenText(source, query))
    return {
      message: `A value becomes SQL in ${name}().`,
      fix,
      severity: 'warning',
      confidence: 'hint',
      together: source.path,
    };
  const message = `A value is written between quotes of the SQL in ${name}(): the first apostrophe in it ends the text, and what follows is SQL.`;
  return { message, fix, severity: 'warning', confidence: 'likely' };
}

/** `pool.query(req.body.sql)`, `builder.orderBy(req.query.sort)`: what the client sends is the text itself. */
function wholeFor(source: Source, at: Syntax, query: Syntax, sink: 'raw' | 'text', name: string): Words | null {
  const node = unwrap(query);
  const isWhole = node.type === 'Identifier' || node.type === 'MemberExpression';
  if (sink !== 'raw' || !isWhole || /\.(\w*[wW]here|\w*[hH]aving|(left|inner)Join)$/.test(name)) return null;
  if (taintOf(source, query) !== 'request' || isGuarded(source, query, at)) return null;
  return {
    message: `What the client sends is run as SQL by ${name}().`,
    fix: 'Write the query in the source, pass values as its parameters, and take names from a list of your own.',
  };
}

/** `raw`: whatever is given runs as SQL; `text`: it must look like SQL as well. */
function sinkAt(source: Source, node: Extract<Syntax, { type: 'CallExpression' }>): 'raw' | 'text' | null {
  const callee = unwrap(node.callee);
  const origin = originOf(source, callee);
  if (origin !== null && queries.some((query) => query.test(origin))) return 'raw';
  if (callee.type !== 'MemberExpression' || callee.property.type !== 'Identifier') return null;
  const method = callee.property.name;
  if (always.test(method)) return 'raw';
  if (conditions.test(method)) return isBuilder(source, callee.object) ? 'raw' : null;
  if (!methods.test(method)) return null;
  const object = unwrap(callee.object);
  if (origin !== null && !isOwnOrigin(origin) && !holders.test(origin)) return null;
  // A function of the project is looked at where it asks the database itself.
  return likely.test(nameOf(object)) && definitionOf(source, callee) === null ? 'text' : null;
}

const nameOf = (node: Syntax): string =>
  node.type === 'Identifier'
    ? node.name
    : node.type === 'MemberExpression' && node.property.type === 'Identifier'
      ? node.property.name
      : '';

/** TypeORM's query builder, by the call that makes it: `repo.createQueryBuilder('user').where(…)`. */
function isBuilder(source: Source, object: Syntax): boolean {
  const inner = unwrap(object);
  if (/\bcreateQueryBuilder\(/.test(source.textOf(inner))) return true;
  const init = inner.type === 'Identifier' ? bindingOf(source, inner)?.init : null;
  return init ? /\bcreateQueryBuilder\(/.test(source.textOf(init)) : false;
}

/** The pieces that put a text together: templates with expressions, and `+`; through names, and text that grows by `+=`. */
function partsOf(source: Source, query: Syntax, depth = 0): Syntax[] {
  const node = unwrap(query);
  if (depth > 4) return [];
  if (node.type === 'TemplateLiteral') return node.expressions.length > 0 ? [node] : [];
  if (node.type === 'BinaryExpression') return node.operator === '+' ? [node] : [];
  if (node.type === 'ConditionalExpression')
    return [node.consequent, node.alternate].flatMap((one) => partsOf(source, one, depth + 1));
  if (node.type === 'CallExpression' && node.callee.type === 'MemberExpression')
    return node.callee.property.type === 'Identifier' && /^(join|concat|trim|replace)$/.test(node.callee.property.name)
      ? [...partsOf(source, node.callee.object, depth + 1), ...listed(source, node.callee.object)]
      : [];
  if (node.type === 'ObjectExpression')
    return node.properties.flatMap((one) =>
      one.type === 'Property' && one.key.type === 'Identifier' && /^(sql|text|query)$/.test(one.key.name)
        ? partsOf(source, one.value, depth + 1)
        : [],
    );
  const binding = node.type === 'Identifier' ? bindingOf(source, node) : null;
  if (binding?.kind !== 'variable' || binding.path.length > 0) return [];
  const grown = grows(source, binding.name, binding.scope);
  const values = [...(binding.init ? [binding.init] : []), ...binding.writes];
  return [...(grown ? values : []), ...values.flatMap((one) => partsOf(source, one, depth + 1))];
}

/** True for a text that `+=` makes longer by something that is not written out. */
function grows(source: Source, name: string, scope: Syntax): boolean {
  let found = false;
  if (!source.text.includes('+=')) return false;
  everyOf(scope, ['AssignmentExpression'], (node) => {
    if (node.type !== 'AssignmentExpression' || node.operator !== '+=' || source.textOf(node.left) !== name) return;
    if (unwrap(node.right).type !== 'Literal') found = true;
  });
  return found;
}

const listed = (source: Source, list: Syntax): Syntax[] => {
  const node = unwrap(list);
  const value = node.type === 'Identifier' ? bindingOf(source, node)?.init : node;
  return value?.type === 'ArrayExpression'
    ? value.elements.filter((one) => one !== null && one.type !== 'Literal').map((one) => one as Syntax)
    : [];
};

const saysSql = (text: string): boolean =>
  /\b(select\b[\s\S]*\bfrom|insert\s+into|update\b[\s\S]*\bset|delete\s+from|where|order\s+by|values\s*\(|create\s+(table|database|role|user|schema|index)|alter\s+\w+|drop\s+\w+|truncate|with\s+\w+\s+as|call\s+\w+)\b/i.test(
    text,
  );

/** Migrations and seeds run once, over values of the program's own. */
const isRunOnce = ({ path }: Source): boolean => /(^|\/)([\w-]+-)?(migrations?|seed(er)?s?)\//.test(path);

/** True where a value between quotes is a parameter of a function that is called from elsewhere: not a setting, nor what was read before. */
function isGivenText(source: Source, query: Syntax): boolean {
  if (/(^|\/)(scripts?|cli|bin)\//.test(source.path)) return false;
  return partsOf(source, query).some((part) => quotedIn(part).some((value) => isGivenValue(source, value)));
}

function isGivenValue(source: Source, value: Syntax): boolean {
  const outer = unwrap(value);
  if (outer.type === 'CallExpression' && cleaning.test(source.textOf(outer.callee))) return false;
  const taint = taintOf(source, outer);
  return taint !== 'constant' && taint !== 'plain' && holdsParameter(source, outer);
}

/** True for what is made of a parameter, by itself or through names that hold a part of it. */
function holdsParameter(source: Source, value: Syntax, depth = 0): boolean {
  let given = false;
  everyNode(value, (node, parent) => {
    if (given || node.type !== 'Identifier' || isNameOfMember(node, parent)) return;
    const binding = bindingOf(source, node);
    const init = binding?.kind === 'variable' && binding.init ? unwrap(binding.init) : null;
    if (init && depth < 3 && /^(Identifier|MemberExpression|LogicalExpression)$/.test(init.type))
      given = holdsParameter(source, init, depth + 1);
    if (binding?.kind !== 'parameter' || !isFunction(binding.scope) || isOneOfLiterals(source, binding)) return;
    const call = source.parentOf(binding.scope);
    const isCallback = call?.type === 'CallExpression' && call.callee !== binding.scope;
    // `names.map((name) => …)`
    if (isCallback && call.callee.type === 'MemberExpression' && depth < 3)
      given = holdsParameter(source, call.callee.object, depth + 1);
    else given = !isCallback && !/^_?(options?|opts|config|settings|env|ctx|context|this)$/i.test(binding.name);
  });
  return given;
}

const isNameOfMember = (node: Syntax, parent: Syntax | null): boolean =>
  parent?.type === 'MemberExpression' && parent.property === node && !parent.computed;

/** Databases as a whole are made and looked for by who installs a program, under a name of their own. */
const administers = /\b(create|drop|alter)\s+database\b|\bpg_database\b|\binformation_schema\.schemata\b/i;
