import type { Syntax } from '../../../text/syntax.ts';
import { queryAt } from '../../queries.ts';
import type { Query } from '../../query.ts';
import { defineRule } from '../../rule.ts';

export const unboundedFind = defineRule({
  id: 'db/unbounded-find',
  since: '0.1.0',
  severity: 'warning',
  confidence: 'likely',
  title: 'A query reads every row of a table.',
  why: 'With the first thousand rows it is fast. With the first million, one request reads them all, holds them in memory twice, as rows and as JSON, and a few of them at once end the process. Ask for a page: a limit that has a highest value, and a place to go on from.',
  remedy: { skill: 'query-optimisation' },
  owasp: 'API4',
  mentions: /\b(findMany|find|findAll|findAndCountAll|from(?=\s*[(<])|selectFrom|query|execute|select|knex|db)\b/,
  file: (source, tell) => {
    if (background.test(source.path)) return {};
    const look = (node: Syntax): void => {
      const query = queryAt(source, node);
      if (query === null || query.kind !== 'many' || !isUnbounded(query) || small.test(lastWord(query.model))) return;
      if (system.test(query.model ?? '')) return;
      if (isFed(source.textOf(query.node))) return;
      tell(query.node, {
        message: `This reads every row of ${query.model ?? 'the table'}, however many there are by then.`,
        fix: 'Give it a limit with a highest value, and a place to go on from.',
      });
    };
    return { CallExpression: look, TaggedTemplateExpression: look };
  },
});

/** Files of work that no request waits for. */
const background =
  /(^|[/.-])(jobs?|workers?|cron|tasks?|schedulers?|commands?|cli|migrat\w*|seed\w*|exports?|sync|backfill\w*|reports?)([/.-]|$)/i;
/** Tables that hold as many rows as somebody wrote by hand. */
const small =
  /^(categor(y|ies)|roles?|permissions?|plans?|tags?|countr(y|ies)|currenc(y|ies)|languages?|locales?|settings?|configs?|configurations?|status(es)?|types?|features?|flags?|feature_?flags?|tiers?|regions?|states?|genres?|departments?|colou?rs?|sizes?|units?|topics?|templates?|menus?|themes?|taxes|tax_?rates?|time_?zones?|migrations?|enums?|levels?|skills?|badges?|prices?|providers?|channels?|branches?|locations?|stores?)$/i;
/** The database's own tables. */
const system = /^(information_schema|pg_catalog|sys|mysql|performance_schema)\.|^(pg|sqlite)_/i;
const lastWord = (name: string | null): string =>
  /([A-Z]?[a-z]+|[A-Z]+)[\d_]*$/.exec(
    (name ?? '').replace(/^.*\./, '').replace(/(Model|Repository|Repo|Table)$/, ''),
  )?.[1] ?? '';

/** Options that leave the number of rows as it is; all others may bound it. */
const free =
  /^(select|include|omit|orderBy|order|relations|relationLoadStrategy|cache|attributes|raw|nest|with|columns|extras|withDeleted|loadEagerRelations|comment)$/;

/** What comes as a stream is not held. */
const isFed = (text: string): boolean => /\.(cursor|stream|batchSize|lean\(\)\.cursor)\(/.test(text);

function isUnbounded({ library, options, chain, sql }: Query): boolean {
  if ([...options.keys()].some((key) => !free.test(key))) return false;
  const links =
    /^(where\w*|andWhere|limit|first|take|pluck|fetch|count|join|innerJoin|leftJoin|groupBy|having|paginate|executeTakeFirst\w*|sample|equals|gt|lt|cursor|distinct|\$if|modify|max|min|sum|avg|findOne|sort)$/;
  if ([...chain.keys()].some((link) => links.test(link) && link !== 'sort')) return false;
  switch (library) {
    case 'prisma':
    case 'drizzle':
    case 'kysely':
    case 'knex':
    case 'sequelize':
      return true;
    case 'typeorm':
      return true;
    case 'mongoose':
    case 'mongodb':
      return options.size === 0;
    case 'sql':
      return isWholeTable(sql ?? '');
  }
}

/** SQL that reads one table and nothing bounds; where a value stands in the text, it may hold the bound. */
const isWholeTable = (sql: string): boolean =>
  /^\s*select\b[\s\S]*\bfrom\b/i.test(sql) &&
  !/\b(where|limit|fetch|join|group\s+by|having|offset|union|generate_series|unnest|distinct|top)\b|\?/i.test(sql);
