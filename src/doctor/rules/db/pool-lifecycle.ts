import { keyOf, type Syntax, unwrap } from '../../../text/syntax.ts';
import { isBackground, isRunByHand } from '../../code/background.ts';
import { callsOf } from '../../code/callers.ts';
import { everyOf, functionAround, type FunctionSyntax, type Source } from '../../code/source.ts';
import {
  areExclusive,
  type Branches,
  branchesAround,
  databaseOf,
  isOfParameter,
  isToldWhere,
} from '../../queries/databases.ts';
import { isSingle, poolMadeBy } from '../../queries/pools.ts';
import { nameOf, queryAt } from '../../queries/queries.ts';
import { handlerAround } from '../../routes/roles.ts';
import { defineRule, type Spot } from '../../rule.ts';

/** A client that a module makes when it is loaded. */
interface Note {
  at: Spot;
  what: string;
  /** The module keeps it on `globalThis`. */
  isKept: boolean;
  branches: Branches;
  /** What says where its database is; two that say the same are two pools of one database. */
  database: string;
}

export const poolLifecycle = defineRule<Note>({
  id: 'db/pool-lifecycle',
  since: '0.1.0',
  severity: 'error',
  confidence: 'certain',
  title: 'Connections are opened for each request, or more than one pool of them.',
  why: 'A pool that is made in a handler opens new connections for every request and keeps them until they time out: under load the database answers “too many clients” to everybody. Make one client when the process starts and import it. In development, where modules are loaded anew on each change, keep it on `globalThis`. Say also how long to wait for a free connection: without `connectionTimeoutMillis` pg waits for ever.',
  remedy: { skill: 'query-optimisation' },
  mentions:
    /PrismaClient|\b(Pool|Client|createConnection)\b|createPool|\bpostgres\b|\bknex\b|MongoClient|mongoose|DataSource|Sequelize|\bdrizzle\b|pg-promise/,
  // On Workers a client lives as long as a request: that is how it is meant to be there.
  applies: ({ profile }) => profile.runtime.value !== 'workers',
  file(source, tell, note) {
    const look = (node: Extract<Syntax, { type: 'NewExpression' | 'CallExpression' }>): void => {
      if (isSingle(source, node) && handlerAround(source, node) !== null && !isToldWhere(source, node))
        tell(node, {
          message:
            'A connection is opened for each request: that takes longer than most queries, and under load uses up those of the database.',
          fix: 'Make a pool once, at the top of a module, and ask it.',
          severity: 'warning',
          confidence: 'likely',
        });
      const what = poolMadeBy(source, node);
      if (what === null) return;
      const at: Spot = { path: source.path, start: node.start, end: node.end };
      const around = functionAround(source, node);
      if (around === null) {
        // What somebody starts by hand is a process of its own.
        if (!isOfClass(source, node) && !isRunByHand(source))
          note({
            at,
            what,
            database: databaseOf(source, node),
            branches: branchesAround(source, node),
            isKept: /\bglobalThis\b|\bglobal\.|adapter-planetscale|adapter-neon|PrismaNeonHTTP/.test(source.text),
          });
        if (what === 'Pool' && waitsForEver(node))
          tell(node, {
            message:
              'Without connectionTimeoutMillis a request waits for ever for a free connection, and requests pile up behind it.',
            fix: 'Give it connectionTimeoutMillis, a highest number of connections, and idleTimeoutMillis.',
            severity: 'info',
            confidence: 'hint',
          });
        return;
      }
      if (isKept(source, node, around) || /\bglobal(This)?\b/.test(source.textOf(around))) return;
      const handler = handlerAround(source, node);
      if (isToldWhere(source, node)) return;
      if (handler !== null)
        tell(node, {
          ...(isClosed(source, handler)
            ? {
                message: `${what} is opened and closed for each request: connecting takes longer than most queries, and under load its connections use up those of the database.`,
                severity: 'warning' as const,
              }
            : {
                message: `${what} is made for each request: under load its connections use up those of the database.`,
              }),
          fix: 'Make it once, at the top of a module, and import it.',
        });
      else if (
        (isGetter(source, around, node) || isForOneCall(source, node, around)) &&
        !isRunByHand(source) &&
        !isClosedByCallers(source, around)
      )
        tell(node, {
          message: `${what} is made anew on each call of this function: its connections use up those of the database.`,
          fix: isOfParameter(source, node)
            ? 'Close it in a finally, or keep one for each address and use that one.'
            : 'Make it once, at the top of a module, and use that one.',
          severity: 'warning',
          // How often it is called nothing tells: a command calls it once, and ends.
          confidence: 'hint',
        });
    };
    return { NewExpression: look, CallExpression: look };
  },
  project(project, tell, notes) {
    const clients = notes.map(({ note }) => note).filter(({ what }) => what === 'PrismaClient');
    const [first] = clients;
    for (const { at, database } of clients.filter((one) => isSecond(one, clients)))
      tell(at, {
        message: `This is ${clients.filter((one) => one.database === database).length === 2 ? 'the second' : 'another'} PrismaClient of the process: each has a pool of its own, and together they use up the connections of the database.`,
        fix: 'Make one in a module of its own, and import it everywhere.',
        severity: 'warning',
        // Of a package’s modules each program loads those that it names.
        confidence: project.manifest.exports === undefined ? 'likely' : 'hint',
      });
    if (
      first &&
      clients.every((one) => one === first || isInsteadOf(one, first)) &&
      !first.isKept &&
      project.has('next')
    )
      tell(first.at, {
        message:
          'Next loads this module anew on each change in development: each time another PrismaClient stays behind with its connections.',
        fix: 'Keep it: globalThis.prisma ??= new PrismaClient().',
        severity: 'warning',
        confidence: 'likely',
      });
  },
});

/** True for a client that is made beside an earlier one of the same database, and not in its place. */
const isSecond = (one: Note, clients: readonly Note[]): boolean =>
  clients.slice(0, clients.indexOf(one)).some((other) => other.database === one.database && !isInsteadOf(one, other));

const isInsteadOf = (one: Note, other: Note): boolean =>
  one.at.path === other.at.path && areExclusive(one.branches, other.branches);

const isClosed = (source: Source, fn: FunctionSyntax): boolean =>
  /\.(close|end|destroy|\$disconnect|disconnect)\(/.test(source.textOf(fn));

/** Given to something that outlives the call: `global.x = …`, `cached ??= …`, `this.pool = …`, or behind a look whether it is there. */
function isKept(source: Source, node: Syntax, around: FunctionSyntax): boolean {
  for (const parent of source.above(node)) {
    if (parent === around) break;
    if (parent.type === 'AssignmentExpression')
      return parent.left.type === 'MemberExpression' || isOuter(source, parent.left, around);
    if (parent.type === 'LogicalExpression') return true;
    if (parent.type === 'PropertyDefinition') return true;
  }
  const name = source.parentOf(node)?.type === 'VariableDeclarator' ? source.parentOf(node) : null;
  const variable = name?.type === 'VariableDeclarator' && name.id.type === 'Identifier' ? name.id.name : null;
  return (
    variable !== null &&
    new RegExp(`(\\.\\w+|\\bset\\(.*)\\s*\\??\\??=?\\s*=?\\s*\\b${variable}\\b\\s*[;)]`).test(
      source.textOf(around).replace(/await\s+|\(\s*/g, ''),
    )
  );
}

const isOuter = (source: Source, left: Syntax, around: FunctionSyntax): boolean =>
  left.type === 'Identifier' && !new RegExp(`\\b(let|var|const)\\s+${left.name}\\b`).test(source.textOf(around));

/** A field of a class, or what its constructor makes: one for each of the class, most often one. */
function isOfClass(source: Source, node: Syntax): boolean {
  for (const parent of source.above(node)) if (parent.type === 'PropertyDefinition') return true;
  return false;
}

/** `getDb()`, `useDatabase()`: asked for as often as something is needed, and gives what it has just made. */
function isGetter(source: Source, around: Syntax, node: Syntax): boolean {
  const parent = source.parentOf(around);
  const name =
    around.type === 'FunctionDeclaration'
      ? around.id?.name
      : parent?.type === 'VariableDeclarator' && parent.id.type === 'Identifier'
        ? parent.id.name
        : undefined;
  if (name === undefined || !/^(get|use|with|query|execute|run)/i.test(name)) return false;
  const holder = source.parentOf(node);
  return holder?.type === 'ReturnStatement' || holder === around || holder?.type === 'VariableDeclarator';
}

/** What it gives is ended by all that call it, each in its own function. */
function isClosedByCallers(source: Source, around: FunctionSyntax): boolean {
  const calls = callsOf(source, around);
  return (
    calls.length > 0 &&
    calls.every(({ source: from, call }) => {
      const caller = functionAround(from, call);
      return caller !== null && isClosed(from, caller);
    })
  );
}

/** Made, asked and never closed in a function that runs whenever something is asked. */
function isForOneCall(source: Source, node: Syntax, around: FunctionSyntax): boolean {
  const holder = source.parentOf(node);
  if (holder?.type !== 'VariableDeclarator' || holder.id.type !== 'Identifier') return false;
  if (isClosed(source, around) || isBackground(source, node)) return false;
  const { name } = holder.id;
  const text = source.textOf(around);
  if (new RegExp(`return\\s+${name}\\s*[;}]|resolve\\(${name}\\)|[:,{]\\s*${name}\\s*[,}]`).test(text)) return false;
  let isAsked = false;
  everyOf(around, ['CallExpression'], (one) => {
    if (one.type !== 'CallExpression' || one.callee.type !== 'MemberExpression') return;
    if (nameOf(one.callee.object) === name && queryAt(source, one) !== null) isAsked = true;
  });
  return isAsked;
}

function waitsForEver(node: Extract<Syntax, { type: 'NewExpression' | 'CallExpression' }>): boolean {
  const first = node.arguments[0] ? unwrap(node.arguments[0]) : null;
  if (first === null) return true;
  if (first.type !== 'ObjectExpression') return false;
  return !first.properties.some((one) => one.type === 'SpreadElement' || keyOf(one) === 'connectionTimeoutMillis');
}
