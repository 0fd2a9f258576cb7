import { keyOf, type Syntax, unwrap } from '../../../text/syntax.ts';
import { functionName, isBackground } from '../../code/background.ts';
import { constantOf } from '../../code/names.ts';
import { everyNode, functionAround, isFunction, type Source } from '../../code/source.ts';
import { touchesAllRows, writtenBy } from '../../queries/all-rows.ts';
import { tableName } from '../../queries/base.ts';
import { queryAt } from '../../queries/queries.ts';
import type { Query } from '../../queries/query.ts';
import { bare } from '../../queries/races.ts';
import { growsWithPeople, isSmallTable } from '../../queries/tables.ts';
import { defineRule } from '../../rule.ts';

export const writeWithoutWhere = defineRule({
  id: 'db/write-without-where',
  since: '0.1.0',
  severity: 'error',
  confidence: 'likely',
  title: 'A query changes, or deletes, every row of a table.',
  why: 'An UPDATE or DELETE that has no condition is done to all rows: one customer’s request writes over what belongs to everybody else, and only a restore brings it back. The database has nothing against it and the test with one row in it is green. Name the rows that are meant; where it is all of them, say so in the name of the function.',
  remedy: 'words',
  mentions:
    /\b(updateMany|deleteMany|destroy|updateTable|deleteFrom|patch|del|createQueryBuilder|clear)\b|\.\s*(update|delete)\s*\(|\b(update|delete\s+from)\s+[\w."`]+/i,
  file: (source, tell) => {
    if (offline.test(source.path)) return {};
    const look = (node: Syntax): void => {
      const query = queryAt(source, node);
      if (query === null || !touchesAllRows(source, query) || query.model === null) return;
      const name = tableName(query.model);
      if (passing.test(name) || isBackground(source, node) || isMeant(source, node)) return;
      if (isReadWhole(source, query)) return;
      const isSure = isOfOne(source, query) || (growsWithPeople(name) && !isNamedForMany(source, node, name));
      tell(query.node, {
        message:
          query.kind === 'delete'
            ? `This deletes every row of ${name}: it has no condition.`
            : `This writes ${isOfOne(source, query) ? 'what belongs to one row' : 'the same values'} over every row of ${name}: it has no condition.`,
        fix: 'Name the rows that are meant in a WHERE.',
        ...(isSure && !isSmallTable(name) ? {} : { confidence: 'hint' as const }),
      });
    };
    return { CallExpression: look, TaggedTemplateExpression: look };
  },
});

/** Files whose work is on a whole database. */
const offline =
  /(^|[/._-])(seed\w*|migrat\w*|alterations?|scripts?|fixtures?|tests?|spec|e2e|mocks?|resets?|demo|examples?|playground|backups?|restores?|imports?|maintenance|housekeeping|clean\w*|purge\w*|bench\w*|dev)([/._-]|$)/i;

/** Tables that hold nothing of worth for long, or one row alone. */
const passing =
  /(cache|session|temp|tmp|staging|lock|snapshot|queue|job|heartbeat|stat|stats|metric|metrics|log|logs|index|search|settings?|config\w*|configurations?|licen[cs]es?|instance|singleton|meta\w*|state|status|backups?|presence|online|counters?|ranks?|leaderboard|preferences?|system|views?|captcha|nonces?|otps?|about|footer|header|banner|appearance|branding|about|maintenance|version|info|captchas?)s?$/i;

/** Words of a function, or of the route that it answers, that say that all is meant. */
const all =
  /\b(all|every\w*|(clear|reset|truncate|purge|wipe|clean|flush|empty|drop|prune|seed)\w*|(re)?sync|refresh|rebuild|reindex|expire\w*|import\w*|restore|daily|weekly|monthly|nightly|recalc\w*|recompute|recount|global|teardown|nuke|erase|fixtures?|reinit|replace|generate|backup|rollback|migrat\w*|initiali[sz]e|populate|demo|data|database|tables|tests?|dev|debug)\b/;

/** `resetDailyVotes`, `/orders/clear_all` as words. */
const saysAllIn = (name: string): boolean => all.test(name.replace(/([a-z\d])([A-Z])|[_\W]+/g, '$1 $2').toLowerCase());

/** True where a function around, or the route's path before it, says that it is about all rows. */
function isMeant(source: Source, node: Syntax): boolean {
  for (const parent of source.above(node)) {
    if (parent.type === 'CallExpression' && parent.arguments.some((one) => saysAll(one))) return true;
    if (parent.type === 'MethodDefinition' && saysAllIn(parent.decorators.map((one) => source.textOf(one)).join(' ')))
      return true;
    if (isFunction(parent) && saysAllIn(functionName(source, parent) ?? '')) return true;
    if (parent.type === 'Property' && saysAllIn(keyOf(parent) ?? '')) return true;
  }
  return false;
}

const saysAll = (node: Syntax): boolean =>
  node.type === 'Literal' && typeof node.value === 'string' && saysAllIn(node.value);

/** `disableTriggers`, `addUsersToSquad`: a function that is named for many of the table's rows may mean all of them. */
function isNamedForMany(source: Source, node: Syntax, table: string): boolean {
  const around = functionAround(source, node);
  const many = `${bare(table)}s`;
  return around !== null && (functionName(source, around) ?? '').toLowerCase().includes(many);
}

/** A table whose only row is asked for without a condition: `findFirst()`. */
function isReadWhole(source: Source, { model }: Query): boolean {
  let isIt = false;
  everyNode(source.program, (node) => {
    if (isIt || node.type !== 'CallExpression') return;
    const other = queryAt(source, node);
    if (other?.kind !== 'one' || other.model === null || model === null || bare(other.model) !== bare(model)) return;
    const isFree = [...other.options.keys()].every((key) =>
      /^(select|include|orderBy|order|columns|attributes)$/.test(key),
    );
    isIt =
      isFree &&
      other.chain.size === 0 &&
      other.sql === null &&
      /^[^(]*(first|findOne)\w*\s*\(/i.test(lastOf(source, node));
  });
  return isIt;
}

const lastOf = (source: Source, node: Extract<Syntax, { type: 'CallExpression' }>): string => {
  const text = source.textOf(node);
  return text.slice(text.slice(0, node.callee.end - node.start).lastIndexOf('.') + 1);
};

/** True for values that are of one thing: `{ accountId: account.id }`; not a constant, a time, or a sum in the database. */
function isOfOne(source: Source, query: Query): boolean {
  const written = writtenBy(query);
  const values = written ? (constantOf(source, written) ?? unwrap(written)) : null;
  if (values?.type !== 'ObjectExpression') return false;
  return values.properties.some(
    (one) => one.type === 'Property' && isNamedForOne(keyOf(one) ?? '') && isGiven(one.value),
  );
}

/** A column that no two rows share. */
const isNamedForOne = (key: string): boolean =>
  /id$|name$|email$|password|token|phone|address|url$|slug|title|secret|avatar|image/i.test(key);

const isGiven = (value: Syntax): boolean =>
  /^(Identifier|MemberExpression)$/.test(unwrap(value).type) && !isNowhere(unwrap(value));

const isNowhere = (value: Syntax): boolean => value.type === 'Identifier' && value.name === 'undefined';
