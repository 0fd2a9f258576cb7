import type { Syntax } from '../../../text/syntax.ts';
import { queryAt } from '../../queries.ts';
import { defineRule } from '../../rule.ts';
import { taintOf } from '../../taint.ts';

export const offsetPagination = defineRule({
  id: 'db/offset-pagination',
  since: '0.1.0',
  severity: 'info',
  confidence: 'likely',
  title: 'Pages are found by skipping rows.',
  why: 'For OFFSET 100000 the database reads 100,000 rows and throws them away: each page is slower than the one before, and rows that come or go meanwhile are seen twice or never. Go on from the last row seen instead: `WHERE (created_at, id) < ($1, $2) ORDER BY created_at DESC, id DESC LIMIT 20`, with an index on both. For a few pages of a small table it does not matter.',
  remedy: { skill: 'query-optimisation' },
  owasp: 'API4',
  mentions: /\boffset\b|\bskip\b/i,
  file: (source, tell) => {
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
      tell(skipped ?? query.node, {
        message: `${query.model ?? 'The query'} is paged by skipping rows: the database reads every row that it skips, so that later pages are slow, and rows that come or go meanwhile are seen twice or never.`,
        fix: 'Page from the last row seen (WHERE (sort, id) < (…) LIMIT n), or keep the highest page small.',
      });
    };
    return { CallExpression: look, TaggedTemplateExpression: look };
  },
});
