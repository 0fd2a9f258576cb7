import { type Syntax, unwrap } from '../../../text/syntax.ts';
import { bindingOf, constantOf } from '../../names.ts';
import { definitionOf } from '../../origin.ts';
import { nameOf, queryAt } from '../../queries.ts';
import type { Query } from '../../query.ts';
import { defineRule } from '../../rule.ts';
import { everyNode, isFunction, loopAround, type Source } from '../../source.ts';

export const nPlusOne = defineRule({
  id: 'db/n-plus-one',
  since: '0.1.0',
  severity: 'warning',
  confidence: 'likely',
  title: 'A query is asked once for each row of another.',
  why: 'A list of 200 rows becomes 201 queries: each waits for the database and back, one request holds connections that others wait for, and the page gets slower with every row. Ask once for all: a join, the ORM’s own relations (`include`, `with`, `populate`), `WHERE id IN (…)`, or `createMany` for rows that are written.',
  remedy: { skill: 'query-optimisation' },
  mentions: /\b(for|while|map|forEach|flatMap|filter|reduce|some|every)\b/,
  file: (source, tell) => {
    const look = (node: Syntax): void => {
      const query = queryAt(source, node);
      const at = query?.node ?? node;
      const loop = loopAround(source, at);
      if (loop === null) return;
      const asked = query ? askedBy(source, query) : node.type === 'CallExpression' ? askedWithin(source, node) : null;
      if (asked === null || !isOverRows(source, loop) || !dependsOn(source, at, loop)) return;
      const text = source.textOf(node.type === 'CallExpression' ? node.callee : node).replace(/\s+/g, ' ');
      const name = text.length > 60 ? `${text.slice(0, 57)}…` : text;
      tell(at, {
        message:
          asked.kind === 'create'
            ? `${name} writes one row per round: as many queries as there are rows.`
            : `${name} is asked once per round: as many queries as there are rows.`,
        fix:
          asked.kind === 'create'
            ? 'Write the rows in one query (createMany, a list of values), or in batches of some hundreds.'
            : 'Ask once for all before the loop (IN, a join, the ORM’s relations), and look up the rows in a Map.',
        ...(asked.sure && !background.test(source.path) ? {} : { confidence: 'hint' as const }),
      });
    };
    return { CallExpression: look, TaggedTemplateExpression: look };
  },
});

/** Files of work that no request waits for: there it is slow and harms nobody else. */
const background =
  /(^|[/.-])(jobs?|workers?|cron|tasks?|schedulers?|commands?|cli|migrations?|seed\w*|imports?|sync|backfills?|cutover)([/.-]|$)/i;

interface Asked {
  kind: 'read' | 'create';
  sure: boolean;
}

/** Reads, and rows that are made one by one; changes of single rows often have no other way: a hint. */
function askedBy(source: Source, { kind, library, node, options }: Query): Asked | null {
  if (kind === 'raw') return null;
  if (kind === 'update' || kind === 'delete') return { kind: 'read', sure: false };
  if (kind !== 'create') return { kind: 'read', sure: true };
  const isNested = /\b(create|connect|createMany|connectOrCreate)\s*:/.test(
    options.size > 0 ? source.textOf(node) : '',
  );
  return { kind: 'create', sure: library !== 'typeorm' && !isNested && isUnused(source, node) };
}

/** Nobody asks what the database gave the row: then all can be written at once. */
function isUnused(source: Source, node: Syntax): boolean {
  for (const parent of source.above(node)) {
    if (parent.type === 'ExpressionStatement') return true;
    if (!/^(AwaitExpression|ChainExpression|ParenthesizedExpression)$/.test(parent.type)) return false;
  }
  return false;
}

/** Names of functions that read and do nothing else. */
const reading = /^(get|find|fetch|load|lookup|look|read|is|has|count|exists?|by)(?![a-z])/;

/** A function of the project's own that reads with one query and is called by its name. */
function askedWithin(source: Source, node: Extract<Syntax, { type: 'CallExpression' }>): Asked | null {
  const place = definitionOf(source, node.callee);
  if (place === null || !isFunction(place.node)) return null;
  let found: Asked | null = null;
  everyNode(place.node, (inner, parent) => {
    if (found !== null || (inner.type !== 'CallExpression' && inner.type !== 'TaggedTemplateExpression')) return;
    const query = queryAt(place.source, inner);
    if (query && parent !== null && (query.kind === 'one' || query.kind === 'many' || query.kind === 'number'))
      found = { kind: 'read', sure: reading.test(nameOf(node.callee) ?? '') };
  });
  return found;
}

/** Names of loops that go by groups of rows, or that try again. */
const byGroups = /chunk|batch|page|shard|slice|attempt|retr(y|ies)|partition|window|bucket/i;

/** A loop over rows: over a list that is not written out, one by one. */
function isOverRows(source: Source, loop: Syntax): boolean {
  switch (loop.type) {
    case 'ForOfStatement':
    case 'ForInStatement':
      return !byGroups.test(`${source.textOf(loop.left)} ${source.textOf(loop.right)}`) && !isShort(source, loop.right);
    case 'ForStatement': {
      const head = source.text.slice(loop.start, loop.body.start);
      return /\.length\b|\bcount\b|\btotal\b/.test(head) && /\+\+/.test(head) && !byGroups.test(head);
    }
    case 'CallExpression': {
      const list = loop.callee.type === 'MemberExpression' ? loop.callee.object : null;
      return list !== null && !byGroups.test(source.textOf(list)) && !isShort(source, list);
    }
    default:
      return false;
  }
}

/** A list that stands in the source is as long as it stands there. */
function isShort(source: Source, list: Syntax): boolean {
  const value = constantOf(source, list) ?? unwrap(list);
  if (value.type === 'ArrayExpression') return !value.elements.some((one) => one?.type === 'SpreadElement');
  if (
    value.type === 'CallExpression' &&
    /^(Object\.(keys|values|entries)|Array\.from)$/.test(source.textOf(value.callee))
  ) {
    const of = value.arguments[0] ? (constantOf(source, value.arguments[0]) ?? unwrap(value.arguments[0])) : null;
    return of?.type === 'ObjectExpression' || of?.type === 'ArrayExpression';
  }
  return false;
}

/** True where the query names something that each round has anew. */
function dependsOn(source: Source, query: Syntax, loop: Syntax): boolean {
  let depends = false;
  everyNode(query, (node) => {
    if (depends || node.type !== 'Identifier') return;
    const binding = bindingOf(source, node);
    if (!binding) return;
    const { start, end } = binding.declaration;
    depends = start >= loop.start && end <= loop.end && !(start >= query.start && end <= query.end);
  });
  return depends;
}
