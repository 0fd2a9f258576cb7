import type { Syntax } from '../../../text/syntax.ts';
import { isBackground } from '../../code/background.ts';
import { constantOf } from '../../code/names.ts';
import { everyNode, everyOf, isFunction, type Source } from '../../code/source.ts';
import { taintOf } from '../../flow/taint.ts';
import { tableName } from '../../queries/base.ts';
import { nameOf, queryAt } from '../../queries/queries.ts';
import type { Query } from '../../queries/query.ts';
import { bare } from '../../queries/races.ts';
import { growsWithUse } from '../../queries/tables.ts';
import { defineRule, type Spot } from '../../rule.ts';

interface Note {
  at: Spot;
  model: string;
  /** A loop that reads the whole table, page by page. */
  isWalk: boolean;
  /** A table that grows with use, and pages that many people turn. */
  isDeep: boolean;
}

export const offsetPagination = defineRule<Note>({
  id: 'db/offset-pagination',
  since: '0.1.0',
  severity: 'info',
  confidence: 'likely',
  title: 'Pages are found by skipping rows.',
  why: 'For OFFSET 100000 the database reads 100,000 rows and throws them away: each page is slower than the one before, and rows that come or go meanwhile are seen twice or never. Go on from the last row seen instead: `WHERE (created_at, id) < ($1, $2) ORDER BY created_at DESC, id DESC LIMIT 20`, with an index on both. For a few pages of a small table it does not matter.',
  remedy: { skill: 'query-optimisation' },
  owasp: 'API4',
  mentions: /\boffset\b|\bskip\b/i,
  file: (source, _tell, note) => {
    const look = (node: Syntax): void => {
      const query = queryAt(source, node);
      if (query === null || (query.kind !== 'many' && query.kind !== 'raw')) return;
      const { options, chain, sql } = query;
      const skipped =
        options.get('skip') ??
        options.get('offset') ??
        chain.get('offset')?.arguments[0] ??
        chain.get('skip')?.arguments[0];
      const isGiven = skipped
        ? !/^(constant)$/.test(taintOf(source, skipped))
        : /\boffset\s+(\$\d+|\?|:\w+)/i.test(sql ?? '');
      // Prisma skips the cursor's own row: that is no offset.
      if (!isGiven || options.has('cursor')) return;
      const { start, end } = skipped ?? query.node;
      const isWalk = walks(source, query, skipped ?? null);
      const model = query.model === null ? 'The query' : tableName(query.model);
      note({
        at: { path: source.path, start, end },
        model,
        isWalk,
        isDeep: isWalk
          ? !once.test(source.path)
          : growsWithUse(model) &&
            !isOfFew(source, query.node) &&
            !isCounted(source, query) &&
            !isOfOneOwner(source, query),
      });
    };
    return { CallExpression: look, TaggedTemplateExpression: look };
  },
  project(_project, tell, notes) {
    const all = notes.map(({ note }) => note);
    for (const { at, model, isDeep } of all.filter(({ isWalk }) => isWalk))
      tell(at, {
        message: `${model} is read to its end by skipping what was read before: the database reads the first rows again for every page, so that ten times as many rows take a hundred times as long.`,
        fix: 'Go on from the last row of the page before: WHERE id > $last ORDER BY id LIMIT n.',
        ...(isDeep ? {} : { confidence: 'hint' }),
      });
    const pages = all.filter(({ isWalk }) => !isWalk);
    const deep = pages.filter(({ isDeep }) => isDeep);
    const [first] = deep.length > 0 ? deep : pages;
    if (first)
      tell(first.at, {
        message: `${first.model} is paged by skipping rows${othersOf(deep.length > 0 ? deep : pages)}: the database reads every row that it skips, so that later pages are slow, and rows that come or go meanwhile are seen twice or never.`,
        fix: 'Page from the last row seen (WHERE (sort, id) < (…) LIMIT n), or keep the highest page small.',
        ...(deep.length > 0 ? {} : { confidence: 'hint' }),
      });
  },
});

/** The other tables that are paged so. */
function othersOf([first, ...others]: readonly Note[]): string {
  const names = [...new Set(others.map(({ model }) => model))].filter(
    (name) => name !== first?.model && name !== 'The query',
  );
  if (names.length === 0)
    return others.length === 0
      ? ''
      : `, here and in ${others.length} other ${others.length === 1 ? 'place' : 'places'}`;
  const shown = names.slice(0, 4).join(', ');
  return `, as ${names.length > 4 ? `${shown} and ${names.length - 4} others are` : names.length === 1 ? `${shown} is` : `${shown} are`}`;
}

/** Pages that only a few people see. */
const few = /(^|[/._-])(admin\w*|control-panel|back-?office|dashboard|internal|moderat\w*|settings)([/._-]|$)/i;
/** Files whose work is done once. */
const once = /(^|[/._-])(migrat\w*|alterations?|seed\w*|scripts?|backfills?)([/._-]|$)/i;

const isOfFew = (source: Source, node: Syntax): boolean => few.test(source.path) || isBackground(source, node);

/** What an answer says of how many pages there are. */
const numbered = /\b(totalPages|total_pages|pageCount|page_count|numPages|numberOfPages|lastPage|last_page|pages)\s*:/;

/** Pages by their numbers, with a total beside them: people turn few of them, and a cursor has no numbers. */
function isCounted(source: Source, { node, model }: Query): boolean {
  let around: Syntax | null = null;
  for (const parent of source.above(node)) {
    if (!isFunction(parent)) continue;
    around = parent;
    break;
  }
  let isIt =
    /^findAnd(Count|CountAll)/.test(nameOf(node) ?? '') || (around !== null && numbered.test(source.textOf(around)));
  if (around !== null)
    everyOf(around, ['CallExpression', 'TaggedTemplateExpression'], (one) => {
      if (isIt || (one.type !== 'CallExpression' && one.type !== 'TaggedTemplateExpression')) return;
      const other = queryAt(source, one);
      isIt =
        other !== null &&
        (other.kind === 'number' || /\bcount\s*\(/i.test(other.sql ?? '')) &&
        isSame(other.model, model);
    });
  return isIt;
}

const isSame = (one: string | null, other: string | null): boolean =>
  one === null || other === null || bare(one) === bare(other);

/** What one person has is not deep: `where: { userId }`. */
function isOfOneOwner(source: Source, { options, chain, sql }: Query): boolean {
  const given = options.get('where') ?? chain.get('where')?.arguments[0];
  const where = given ? (constantOf(source, given) ?? given) : null;
  const text = where ? source.textOf(where) : (/\bwhere\b[\s\S]*/i.exec(sql ?? '')?.[0] ?? '');
  return /\b(user|owner|author|creator|account|emailAccount|customer|member|profile)_?id\b/i.test(text);
}

/** True in a loop that goes on until no row is left, with an offset that grows in it. */
function walks(source: Source, { node }: Query, skipped: Syntax | null): boolean {
  for (const parent of source.above(node)) {
    if (isFunction(parent)) return false;
    if (!/^(While|DoWhile|For)Statement$/.test(parent.type)) continue;
    const names = new Set<string>();
    everyOf(skipped ?? node, ['Identifier'], (inner) => {
      if (inner.type === 'Identifier') names.add(inner.name);
    });
    let grows = false;
    everyNode(parent, (inner) => {
      if (inner.type === 'AssignmentExpression' && inner.left.type === 'Identifier' && names.has(inner.left.name))
        grows = true;
      if (inner.type === 'UpdateExpression' && inner.argument.type === 'Identifier' && names.has(inner.argument.name))
        grows = true;
    });
    return grows;
  }
  return false;
}
