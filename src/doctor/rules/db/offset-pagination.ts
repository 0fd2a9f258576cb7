import type { Syntax } from '../../../text/syntax.ts';
import { everyNode, everyOf, isFunction, type Source } from '../../code/source.ts';
import { taintOf } from '../../flow/taint.ts';
import { tableName } from '../../queries/base.ts';
import { queryAt } from '../../queries/queries.ts';
import type { Query } from '../../queries/query.ts';
import { growsWithUse } from '../../queries/tables.ts';
import { defineRule, type Spot } from '../../rule.ts';

interface Note {
  at: Spot;
  model: string;
  /** A loop that reads the whole table, page by page. */
  isWalk: boolean;
  /** Of a walk, that it is no work done once; of pages, that the table grows with use. */
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
        isDeep: isWalk ? !once.test(source.path) : growsWithUse(model),
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
        // How far people turn nothing tells.
        confidence: 'hint',
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

/** Files whose work is done once. */
const once = /(^|[/._-])(migrat\w*|alterations?|seed\w*|scripts?|backfills?)([/._-]|$)/i;

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
