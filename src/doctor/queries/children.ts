import { keyOf, literal, type Syntax, stringValue, unwrap } from '../../text/syntax.ts';
import { nameOf } from './base.ts';
import type { Query } from './query.ts';
import { growsWithPeople } from './tables.ts';

/** The rows that a query loads with each of its own, all of them, of a table that grows; null for none. */
export function growingChildOf(query: Query): string | null {
  return childrenOf(query).find((name) => /[^s]s$/i.test(name) && growsWithPeople(name) && !few.test(name)) ?? null;
}

/** Names of what one thing has a handful of. */
const few =
  /(items?|entries|records?|tracks?|photos?|images?|pictures?|pages?|questions?|answers?|files?|links?|urls?|results?|images?|scores?|levels?|devices?|teachers?|lessons?|profiles?)$/i;

function childrenOf({ library, options, chain }: Query): string[] {
  switch (library) {
    case 'prisma':
      return namesIn(options.get('include'));
    case 'drizzle':
      return namesIn(options.get('with'));
    case 'typeorm':
      return namesIn(options.get('relations') ?? options.get('populate'));
    case 'sequelize':
      return namesIn(options.get('include'));
    case 'mongoose':
      return namesIn(chain.get('populate')?.arguments[0]);
    default:
      return [];
  }
}

/** `{ posts: true }`, `['posts']`, `'posts comments'`, `[{ model: Post, as: 'posts' }]`, without those that are bounded. */
function namesIn(given: Syntax | undefined): string[] {
  const node = given ? unwrap(given) : null;
  if (node === null) return [];
  const text = stringValue(node);
  if (text !== null) return text.split(/\s+/);
  if (node.type === 'ArrayExpression') return node.elements.flatMap((one) => (one ? nameIn(unwrap(one)) : []));
  if (node.type !== 'ObjectExpression') return [];
  return node.properties.flatMap((one) =>
    one.type === 'Property' && isWhole(unwrap(one.value)) ? (keyOf(one) ?? []) : [],
  );
}

function nameIn(node: Syntax): string[] {
  const text = stringValue(node);
  if (text !== null) return [text];
  if (node.type !== 'ObjectExpression' || !isWhole(node)) return [];
  const name = node.properties.find((one) => one.type === 'Property' && /^(as|association)$/.test(keyOf(one) ?? ''));
  const value = name?.type === 'Property' ? name.value : null;
  return value ? [stringValue(value) ?? nameOf(value) ?? ''] : [];
}

/** True for `true`, and for an object that neither bounds nor chooses rows. */
const isWhole = (value: Syntax): boolean =>
  literal(value) === true ||
  (value.type === 'ObjectExpression' &&
    value.properties.every(
      (one) =>
        one.type === 'Property' &&
        /^(select|include|with|columns|orderBy|omit|attributes|model|as|association|order)$/.test(keyOf(one) ?? ''),
    ));
