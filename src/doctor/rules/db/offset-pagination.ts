import type { Syntax } from '../../../text/syntax.ts';
import { queryAt } from '../../queries.ts';
import { defineRule, type Spot } from '../../rule.ts';
import { taintOf } from '../../taint.ts';

/** More places than that are told of together: it is the project's way of paging. */
const many = 8;

export const offsetPagination = defineRule<{ at: Spot; model: string }>({
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
      note({ at: { path: source.path, start, end }, model: query.model ?? 'The query' });
    };
    return { CallExpression: look, TaggedTemplateExpression: look };
  },
  project(_project, tell, notes) {
    const told = notes.length > many ? notes.slice(0, 1) : notes;
    for (const { note } of told)
      tell(note.at, {
        message: `${note.model} is paged by skipping rows${told.length < notes.length ? `, as ${notes.length - 1} other queries are` : ''}: the database reads every row that it skips, so that later pages are slow, and rows that come or go meanwhile are seen twice or never.`,
        fix: 'Page from the last row seen (WHERE (sort, id) < (…) LIMIT n), or keep the highest page small.',
      });
  },
});
