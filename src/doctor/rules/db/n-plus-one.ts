import { literal, type Syntax } from '../../../text/syntax.ts';
import { isLong, isOnce, isSlowed, isWriting, loopsAround } from '../../calls/rounds.ts';
import { isBackground } from '../../code/background.ts';
import { bindingOf } from '../../code/names.ts';
import { definitionOf } from '../../code/origin.ts';
import { everyOf, type FunctionSyntax, isFunction, type Source } from '../../code/source.ts';
import { isGivenRound, isOfRound, namesTableOfRound } from '../../queries/another-table.ts';
import { isInProcess, lacksCreateMany } from '../../queries/databases.ts';
import { isOverRows } from '../../queries/many-rows.ts';
import { isOnlyBuilt } from '../../queries/parts.ts';
import { nameOf, queryAt } from '../../queries/queries.ts';
import type { Query } from '../../queries/query.ts';
import { isSpared } from '../../queries/rest-of-round.ts';
import { isForRemoval, isOfOneAtWork, isShortBySchema } from '../../queries/short-lists.ts';
import { hasReason } from '../../queries/turns.ts';
import { isAskedHere, isTriedApart, isUnused } from '../../queries/walks.ts';
import { isForAdmins } from '../../routes/handlers.ts';
import { defineRule, type Spot } from '../../rule.ts';

/** A query in a loop; `loop` is where the outermost loop around it begins. */
interface Note {
  at: Spot;
  loop: number;
  name: string;
  kind: Asked['kind'];
  sure: boolean;
  /** The code of the loop, without its layout: copies of it are one cause. */
  code: string;
}

export const nPlusOne = defineRule<Note>({
  id: 'db/n-plus-one',
  since: '0.1.0',
  severity: 'warning',
  confidence: 'likely',
  title: 'A query is asked once for each row of another.',
  why: 'A list of 200 rows becomes 201 queries: each waits for the database and back, one request holds connections that others wait for, and the page gets slower with every row. Ask once for all: a join, the ORM’s own relations (`include`, `with`, `populate`), `WHERE id IN (…)`, or `createMany` for rows that are written.',
  remedy: { skill: 'query-optimisation' },
  mentions: /\b(for|while|map|forEach|flatMap|filter|reduce|some|every)\b/,
  file: (source, _tell, note) => {
    const look = (node: Syntax): void => {
      const query = queryAt(source, node);
      const at = query?.node ?? node;
      const [loop, ...outer] = loopsAround(source, at);
      if (loop === undefined) return;
      const asked = query
        ? askedBy(source, query, loop)
        : node.type === 'CallExpression'
          ? askedWithin(source, node, loop)
          : null;
      if (asked === null || isOnce(source, at, loop) || !dependsOn(source, at, loop)) return;
      const length = isLong(source, loop);
      if (length === 'short' || isShortBySchema(source, loop)) return;
      note({
        at: { path: source.path, start: at.start, end: at.end },
        loop: (outer.at(-1) ?? loop).start,
        name: nameFor(source, node, query),
        kind: asked.kind,
        code: source.textOf(outer.at(-1) ?? loop).replace(/\s+/g, ''),
        sure:
          asked.sure &&
          length === 'long' &&
          [loop, ...outer].some((one) => isOverRows(source, one)) &&
          !isBackground(source, at) &&
          !isInProcess(source) &&
          !isWriting(source, loop) &&
          !isSlowed(source, loop) &&
          !isForRemoval(source, loop) &&
          !isOfOneAtWork(source, loop) &&
          !/\bStdioServerTransport\b/.test(source.text) &&
          !hasReason(source, at, loop, query) &&
          !isSpared(source, at, loop) &&
          !isForAdmins(source, at),
      });
    };
    return { CallExpression: look, TaggedTemplateExpression: look };
  },
  project(_project, tell, notes) {
    const loops = new Map<string, Note[]>();
    for (const { note, path } of notes) {
      const key = `${path} ${note.loop}`;
      loops.set(key, [...(loops.get(key) ?? []), note]);
    }
    for (const found of loops.values()) {
      const sure = found.filter((one) => one.sure);
      const told = sure.length > 0 ? sure : found;
      const [first] = told;
      if (first)
        tell(first.at, {
          ...wordsFor(first, told.length - 1),
          ...(first.sure ? {} : { confidence: 'hint' }),
          together: first.code,
        });
    }
  },
});

/** The query as people say it: what is called, without what it is given. */
function nameFor(source: Source, node: Syntax, query: Query | null): string {
  if (
    query?.library === 'drizzle' &&
    query.model !== null &&
    query.kind !== 'create' &&
    nameOf(node.type === 'CallExpression' ? node.callee : node) === 'from'
  )
    return `db.select().from(${query.model})`;
  if (
    query?.library === 'knex' &&
    query.model !== null &&
    node.type === 'CallExpression' &&
    nameOf(node.callee) !== 'query'
  )
    return `${source.textOf(node.callee).replace(/\s+/g, '').replace(/\(.*$/, '')}('${query.model}')${query.kind === 'create' ? '.insert' : ''}`;
  const text = source.textOf(node.type === 'CallExpression' ? node.callee : node).replace(/\s+/g, '');
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}

function wordsFor({ name, kind }: Note, others: number): { message: string; fix: string } {
  const more =
    others === 0 ? '' : others === 1 ? ', and another query with it' : `, and ${others} other queries with it`;
  switch (kind) {
    case 'create':
      return {
        message: `${name} writes one row per round${more}: as many queries as there are rows.`,
        fix: 'Write the rows in one query (createMany, a list of values), or in batches of some hundreds.',
      };
    case 'tree':
      return {
        message: `${name} asks the database again for each child${more}: a tree of 200 nodes is read with 200 queries.`,
        fix: 'Read the whole tree at once (WITH RECURSIVE, or all rows of its root), and put it together in memory.',
      };
    case 'read':
      return {
        message: `${name} is asked once per round${more}: as many queries as there are rows.`,
        fix: 'Ask once for all before the loop (IN, a join, the ORM’s relations), and look up the rows in a Map.',
      };
  }
}

interface Asked {
  kind: 'read' | 'create' | 'tree';
  sure: boolean;
}

/** Reads, and rows that are made one by one; changes of single rows often have no other way: a hint. */
function askedBy(source: Source, query: Query, loop: Syntax): Asked | null {
  const { kind, library, node, options, sql } = query;
  if (
    kind === 'raw' ||
    ofDatabase.test(sql ?? '') ||
    isBatched(query, loop) ||
    isOfRound(source, node, loop) ||
    isOnlyBuilt(source, query)
  )
    return null;
  const text = source.textOf(node);
  if (kind === 'create' && library === 'prisma' && lacksCreateMany(source)) return null;
  if (kind === 'update' || kind === 'delete') return { kind: 'read', sure: false };
  if (kind !== 'create') return { kind: 'read', sure: !locking.test(text) && !isTopOfEach(query) };
  const isNested = options.size > 0 && /\b(create|connect|createMany|connectOrCreate)\s*:/.test(text);
  const isMany = /\b(createMany|createManyAndReturn|insertMany|bulkCreate|batchInsert)\(/.test(text);
  return {
    kind: 'create',
    sure:
      library !== 'typeorm' &&
      !isNested &&
      !replacing.test(text) &&
      !isMany &&
      isUnused(source, node) &&
      !isTriedApart(source, node, loop),
  };
}

/** What the database tells of itself: it has few tables. */
const ofDatabase = /\b(information_schema|pg_catalog|sqlite_master|sys)\.|\bpg_\w+|\bsqlite_master\b/i;

/** A row that is locked to be changed: its turn may have to come one by one. */
const locking = /\block\b|forUpdate|FOR UPDATE|pessimistic|skipLocked/i;

/** PostgreSQL refuses one statement that would write the same row twice: a list that may hold it twice goes one by one. */
const replacing = /\b(doUpdateSet|onConflictDoUpdate|do\s+update\s+set)\b/i;

/** The first few rows of each: no join and no IN says that. */
function isTopOfEach({ kind, options, chain, sql }: Query): boolean {
  const limit = options.get('take') ?? options.get('limit') ?? chain.get('limit')?.arguments[0];
  return kind === 'many' && (limit ? literal(limit) !== 1 : /\blimit\s+([2-9]|\d\d|\$|\?)/i.test(sql ?? ''));
}

/** Prisma puts all `findUnique` of one moment together in one query. */
const isBatched = ({ library, node }: Query, loop: Syntax): boolean =>
  library === 'prisma' &&
  loop.type === 'CallExpression' &&
  node.type === 'CallExpression' &&
  /^findUnique(OrThrow)?$/.test(nameOf(node.callee) ?? '');

/** Names of functions that read and do nothing else. */
const reading = /^_?(get|find|fetch|load|lookup|look|read|is|has|count|exists?|by|list|query|select|resolve)(?![a-z])/;

/** A function of the project's own that reads with one query and is called by its name. */
function askedWithin(source: Source, node: Extract<Syntax, { type: 'CallExpression' }>, loop: Syntax): Asked | null {
  const place = definitionOf(source, node.callee);
  if (place === null || !isFunction(place.node)) return null;
  const query = readIn(place.source, place.node);
  if (query === null || isBatched(query, loop)) return null;
  if (isGivenRound(source, node, loop, { source: place.source, node: place.node, query: query.node })) return null;
  if (isWithin(source, node, place.source, place.node)) return { kind: 'tree', sure: isAskedHere(source, loop) };
  const isKept = /cache|memo|\.has\(|\.get\(|dataloader/i.test(place.source.textOf(place.node));
  return { kind: 'read', sure: !isKept && !isTopOfEach(query) && reading.test(nameOf(node.callee) ?? '') };
}

const known = new WeakMap<FunctionSyntax, Query | null>();

/** The first query of a function that reads. */
function readIn(source: Source, node: FunctionSyntax): Query | null {
  const before = known.get(node);
  if (before !== undefined) return before;
  let found: Query | null = null;
  everyOf(node, ['CallExpression', 'TaggedTemplateExpression'], (inner) => {
    if (found !== null || (inner.type !== 'CallExpression' && inner.type !== 'TaggedTemplateExpression')) return;
    const query = queryAt(source, inner);
    if (query && (query.kind === 'one' || query.kind === 'many' || query.kind === 'number')) found = query;
  });
  known.set(node, found);
  return found;
}

/** A function that calls itself. */
const isWithin = (source: Source, call: Syntax, from: Source, fn: FunctionSyntax): boolean =>
  source.path === from.path && fn.start <= call.start && call.end <= fn.end;

/** True where the query names something that each round has anew, and no round asks another table. */
function dependsOn(source: Source, query: Syntax, loop: Syntax): boolean {
  let depends = false;
  everyOf(query, ['Identifier'], (node) => {
    if (depends || node.type !== 'Identifier') return;
    const binding = bindingOf(source, node);
    if (!binding) return;
    const { start, end } = binding.declaration;
    depends = start >= loop.start && end <= loop.end && !(start >= query.start && end <= query.end);
  });
  return depends && !namesTableOfRound(source, query, loop);
}
