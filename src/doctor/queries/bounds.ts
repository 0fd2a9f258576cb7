import { keyOf, literal, type Syntax, unwrap } from '../../text/syntax.ts';
import type { Query } from './query.ts';

/** Options that leave the number of rows as it is; all others may bound it. */
const free =
  /^(select|include|omit|orderBy|order|relations|relationLoadStrategy|cache|attributes|raw|nest|with|columns|extras|withDeleted|loadEagerRelations|comment|populate|logging|transaction|paranoid|lean)$/;

const bounding =
  /^(where\w*|andWhere|orWhere|limit|first|take|pluck|fetch|count|join|innerJoin|leftJoin\w*|rightJoin|\w+Joined|groupBy|having|paginate|page|range|executeTakeFirst\w*|sample|equals|gt|lt|cursor|distinct|\$if|modify|max|min|sum|avg|findOne|columnInfo|as|\$dynamic|union\w*|with\w*|findById|getOne|setFindOptions|andWhereInIds|\$call|query|match|near|within|of|stream|maxTime\w*|returning|insert|update|del|delete|toSQL|toString|relatedQuery|for|getSQL)$/;

/** True for a query of many rows that nothing bounds, but for what was put away. */
export function isUnbounded({ library, options, chain, sql }: Query): boolean {
  const isMongo = library === 'mongoose' || library === 'mongodb';
  const isLeft = ([key, value]: readonly [string, Syntax]): boolean =>
    isMongo ? saysPresent(key, value) : free.test(key) || (key === 'where' && isOfPresent(value));
  if (![...options].every(isLeft)) return false;
  if ([...chain.keys()].some((link) => bounding.test(link))) return false;
  if (options.has('include') && library === 'sequelize' && isNarrowing(options.get('include'))) return false;
  switch (library) {
    // Its server gives a thousand rows at most.
    case 'supabase':
      return false;
    case 'sql':
      return isWholeTable(sql ?? '');
    default:
      return true;
  }
}

/** Columns of what was put away and not removed: nearly all rows of a table are not. */
const putAway = /^(is_?|soft_?)?(deleted|removed|hidden|archived|trashed)(_?(at|on|time|date))?$/i;

/** True for a filter that leaves out what was put away, and nothing else. */
export function isFiltered({ library, options, sql }: Query): boolean {
  if (library === 'mongoose' || library === 'mongodb') return options.size > 0;
  return options.has('where') || /\bwhere\b/i.test(sql ?? '');
}

/** `{ hidden: false, deletedAt: null }`: no row that is there is left out. */
function isOfPresent(where: Syntax): boolean {
  const object = unwrap(where);
  return (
    object.type === 'ObjectExpression' &&
    object.properties.every((one) => one.type === 'Property' && saysPresent(keyOf(one) ?? '', one.value))
  );
}

/** `deletedAt: null`, `isDeleted: { $ne: true }`, `deletedAt: IsNull()`, `deleted: { $exists: false }`. */
function saysPresent(key: string, value: Syntax): boolean {
  const inner = unwrap(value);
  if (!putAway.test(key)) return false;
  if (inner.type === 'CallExpression')
    return inner.arguments.length === 0 && inner.callee.type === 'Identifier' && inner.callee.name === 'IsNull';
  if (inner.type !== 'ObjectExpression') return isNothing(literal(inner));
  const [test, ...more] = inner.properties;
  if (test?.type !== 'Property' || more.length > 0) return false;
  const [name, against] = [keyOf(test) ?? '', literal(unwrap(test.value))];
  return /^(not|ne|\$ne)$/.test(name) ? against === true : isNothing(against);
}

const isNothing = (value: unknown): boolean => value === null || value === false || value === 0;

/** Sequelize's `include: [{ model, where }]` leaves out the rows that have none. */
function isNarrowing(include: Syntax | undefined): boolean {
  const list = include ? unwrap(include) : null;
  const items = list?.type === 'ArrayExpression' ? list.elements : [list];
  return items.some(
    (one) =>
      one?.type === 'ObjectExpression' &&
      one.properties.some(
        (property) =>
          property.type === 'Property' &&
          property.key.type === 'Identifier' &&
          /^(where|required)$/.test(property.key.name),
      ),
  );
}

const ofPresent =
  /\bwhere\s+(\w+\.)?"?(is_|soft_)?(deleted|removed|hidden|archived|trashed)(_?(at|on))?"?\s*(is\s+null|=\s*(false|0))(?=\s*($|;|order\b))/i;

/** SQL that reads one table and nothing bounds; where a value stands in the text, it may hold the bound. */
const isWholeTable = (sql: string): boolean =>
  /^\s*select\b[\s\S]*\bfrom\b/i.test(sql) &&
  !/\b(where|limit|fetch|join|group\s+by|having|offset|union|generate_series|unnest|distinct|top)\b|\?/i.test(
    sql.replace(ofPresent, ''),
  );
