import type { Syntax } from '../../../text/syntax.ts';
import { isBackground } from '../../code/background.ts';
import { callsOf } from '../../code/callers.ts';
import { functionAround, isFunction, type Source } from '../../code/source.ts';
import { prismaSchemas } from '../../code/workspace.ts';
import { modelsOf } from '../../files/prisma.ts';
import type { Project } from '../../project.ts';
import { tableName } from '../../queries/base.ts';
import { isFiltered, isUnbounded } from '../../queries/bounds.ts';
import { isAllByDesign } from '../../queries/caps.ts';
import { growingChildOf } from '../../queries/children.ts';
import { limitOfBuilt, limitOfClient } from '../../queries/client-limit.ts';
import { isOfOneOwner } from '../../queries/one-owner.ts';
import { queryAt } from '../../queries/queries.ts';
import type { Query } from '../../queries/query.ts';
import { growsWithPeople, growsWithUse, isSmallTable } from '../../queries/tables.ts';
import { isForAdmins } from '../../routes/handlers.ts';
import { handlerAround } from '../../routes/roles.ts';
import { defineRule, type Tell } from '../../rule.ts';

export const unboundedFind = defineRule({
  id: 'db/unbounded-find',
  since: '0.1.0',
  severity: 'warning',
  confidence: 'likely',
  title: 'A query reads every row of a table.',
  why: 'With the first thousand rows it is fast. With the first million, one request reads them all, holds them in memory twice, as rows and as JSON, and a few of them at once end the process. Ask for a page: a limit that has a highest value, and a place to go on from.',
  remedy: { skill: 'query-optimisation' },
  owasp: 'API4',
  mentions:
    /\b(findMany|find|findAll|findAndCountAll|from(?=\s*[(<])|selectFrom|query|execute|select|knex|db|createQueryBuilder|any|many|all)\b/,
  file: (source, tell) => {
    const look = (node: Syntax): void => {
      const built = limitOfBuilt(source, node);
      if (built) tellOfBuilt(source, built, tell);
      const query = queryAt(source, node);
      if (query === null || query.kind !== 'many' || query.model === null) return;
      const name = tableName(query.model);
      if (isSmallTable(name)) tellOfChildren(source, query, name, tell);
      if (!isUnbounded(query)) {
        if (growsWithPeople(name) && !isBackground(source, node)) tellOfLimit(source, query, name, tell);
        return;
      }
      if (isSmallTable(name) || system.test(query.model) || isList(source.project, query)) return;
      if (isBackground(source, node) || isFed(source.textOf(query.node)) || isBuilt(source, query)) return;
      tell(query.node, {
        message: `This reads every row of ${name}${isFiltered(query) ? ' but those that were put away' : ''}, however many there are by then.`,
        fix: 'Give it a limit with a highest value, and a place to go on from.',
        ...(isSure(source, query, name) && (growsWithPeople(name) || !isFiltered(query))
          ? {}
          : { confidence: 'hint' as const }),
      });
    };
    return { CallExpression: look, TaggedTemplateExpression: look };
  },
});

/** A limit that the client gives, and that nothing keeps small, is none. */
function tellOfLimit(source: Source, query: Query, name: string, tell: Tell): void {
  const limit = limitOfClient(source, query);
  if (limit === null) return;
  tell(limit.node, {
    message: `The client says how many rows of ${name} this reads (${limit.name}), and nothing caps it: a request for a billion reads them all.`,
    fix: `Give ${limit.name} a highest value, in its schema or with Math.min(…).`,
    together: `limit ${limit.name}`,
    ...(limit.isOfOne || isForAdmins(source, query.node) || isAllByDesign(source.project, limit.name)
      ? { confidence: 'hint' as const }
      : {}),
  });
}

/** The same where a builder that was begun before is given it. */
function tellOfBuilt(source: Source, query: Query, tell: Tell): void {
  const name = tableName(query.model ?? '');
  if (growsWithPeople(name) && !isSmallTable(name) && !isBackground(source, query.node))
    tellOfLimit(source, query, name, tell);
}

/** A few rows, each with all of a table that grows: together they are that table. */
function tellOfChildren(source: Source, query: Query, name: string, tell: Tell): void {
  const child = growingChildOf(query);
  if (child === null || isBackground(source, query.node) || isKept(source, query.node)) return;
  if (/^(take|limit|first|skip|offset)$/m.test([...query.options.keys(), ...query.chain.keys()].join('\n'))) return;
  const where = query.options.get('where');
  const isOfSome =
    where !== undefined && /\bid\b|[a-z_]ids?\b|email|slug|owner|user|tenant|team/i.test(source.textOf(where));
  const isOfMongo = query.library === 'mongoose' && query.options.size > 0;
  if (isOfSome || isOfMongo) return;
  tell(query.node, {
    message: `${name} has few rows, but each is read with all of its ${child}: together they are every row of ${child}, however many there are by then.`,
    fix: `Ask for the ${child} by themselves, with a limit, or count them.`,
    ...(isForAdmins(source, query.node) || isOfOneOwner(source.project) ? { confidence: 'hint' as const } : {}),
  });
}

/** The database's own tables. */
const system = /^(information_schema|pg_catalog|sys|mysql|performance_schema)\.|^(pg|sqlite)_/i;
const known = new WeakMap<Project, ReadonlySet<string>>();

/** A model of Prisma that belongs to nothing and has no time: a list that somebody keeps by hand. */
function isList(project: Project, { library, model }: Query): boolean {
  if (library !== 'prisma' || model === null) return false;
  const before = known.get(project);
  const lists =
    before ??
    new Set(
      prismaSchemas(project)
        .flatMap(modelsOf)
        .filter(({ foreign, hasTime }) => foreign.length === 0 && !hasTime)
        .map(({ name }) => name.toLowerCase()),
    );
  if (!before) known.set(project, lists);
  return lists.has(model.toLowerCase());
}

/** What comes as a stream is not held. */
const isFed = (text: string): boolean =>
  /\.(cursor|stream|iterate|batchSize|lean\(\)\.cursor|queryStream|findEach|findInBatches|eachBatch)\(/.test(text);

/** What grows with use, or with people where any of them is sent it; not what is kept, nor a builder that somebody else goes on with. */
const isSure = (source: Source, query: Query, name: string): boolean =>
  (growsWithUse(name) ||
    (growsWithPeople(name) &&
      !isOfOneOwner(source.project) &&
      isGivenBack(source, query.node) &&
      isAsked(source, query.node, deepest))) &&
  !isKept(source, query.node) &&
  !(query.library === 'knex' && isHandedOut(source, query.node));

const deepest = 3;

/** True where some handler that is not for administrators alone asks it, itself or through functions of the project. */
function isAsked(source: Source, node: Syntax, depth: number): boolean {
  const handler = handlerAround(source, node);
  if (handler !== null) return !isForAdmins(source, node) && !isNamedForAdmins(source, handler);
  const around = functionAround(source, node);
  if (around === null || depth === 0) return false;
  return callsOf(source, around).some(
    ({ source: from, call }) => isGivenBack(from, call) && isAsked(from, call, depth - 1),
  );
}

/** `adminProcedure.query(…)`, `procedure.use(isAdmin).query(…)`, a handler of `routes/admin.ts`. */
function isNamedForAdmins(source: Source, handler: Syntax): boolean {
  if (/(^|[/._-])admin/i.test(source.path)) return true;
  const call = source.parentOf(handler);
  if (call?.type !== 'CallExpression') return false;
  const text = source.textOf(call.callee);
  return /admin/i.test(/^\s*[\w$.]+/.exec(text)?.[0] ?? '') || /\.use\(\s*\w*admin\w*\W/i.test(text);
}

/** The rows go to who asks: returned, or sent; not counted or looked through here. */
function isGivenBack(source: Source, node: Syntax): boolean {
  for (const parent of source.above(node)) {
    if (parent.type === 'ReturnStatement' || parent.type === 'ArrowFunctionExpression') return true;
    if (parent.type === 'CallExpression' && new RegExp(`${sent}$`).test(source.textOf(parent.callee))) return true;
    if (parent.type === 'VariableDeclarator') {
      const around = functionAround(source, node);
      const behind = around === null ? '' : source.text.slice(parent.end, around.end);
      const names = namesIn(parent.id).map((name) => name.replace(/\$/g, '\\$'));
      return names.some((name) => new RegExp(`(return|${sent})\\b[^;]*?[^\\w$.]${name}(?![\\w$])`).test(behind));
    }
    if (parent.type === 'ExpressionStatement') return new RegExp(`${sent}\\(`).test(source.textOf(parent));
    if (isFunction(parent)) return false;
  }
  return false;
}

const sent = '\\.(json|jsonp|send|render|end|write|success|ok|resolve|next)';

/** `const rows`, `const [rows]`, `const { rows }`: one name. What several questions answer at once is put together. */
const namesIn = (id: Syntax): string[] => {
  if (id.type === 'Identifier') return [id.name];
  if (id.type === 'ArrayPattern')
    return id.elements.length === 1 || id.elements.length === 2
      ? id.elements.slice(0, 1).flatMap((one) => (one ? namesIn(one) : []))
      : [];
  return id.type === 'ObjectPattern'
    ? id.properties.flatMap((one) => (one.type === 'Property' ? namesIn(one.value) : []))
    : [];
};

/** Returned by a function that waits for nothing. */
function isHandedOut(source: Source, node: Syntax): boolean {
  const parent = source.parentOf(node);
  const around = functionAround(source, node);
  return (parent?.type === 'ReturnStatement' || parent === around) && around !== null && !around.async;
}

/** What is kept for many requests, or asked for once per process, is held once. */
function isKept(source: Source, node: Syntax): boolean {
  let functions = 0;
  for (const parent of source.above(node)) {
    if (
      parent.type === 'CallExpression' &&
      /cache|memoi[sz]e|\bmemo\b|once|fetchQuery/i.test(source.textOf(parent.callee))
    )
      return true;
    if (!isFunction(parent)) continue;
    if (/cache|memoi[sz]e/i.test(source.textOf(parent))) return true;
    if (++functions > 2) return false;
  }
  return false;
}

/** A builder that is only begun here: what is put to it later may bound it. */
function isBuilt(source: Source, { library, node }: Query): boolean {
  if (library !== 'drizzle' && library !== 'kysely' && library !== 'knex') return false;
  const parent = source.parentOf(node);
  if (parent?.type === 'VariableDeclarator' || parent?.type === 'AssignmentExpression') return true;
  // An argument of something else: a subquery, `withPagination(query)`; a list of promises is asked at once.
  return parent?.type === 'CallExpression' && parent.arguments.some((one) => one === node);
}
