import { type Syntax, unwrap } from '../../text/syntax.ts';
import { originOf } from '../code/origin.ts';
import type { Source } from '../code/source.ts';
import { chained, nameOf, textArgument } from './base.ts';
import type { Call, Query, QueryKind } from './query.ts';

/** Supabase's `supabase.from('users').select(…)`: the call of `from`, with what is chained to it. */
export function supabaseQuery(source: Source, node: Call, object: Syntax, method: string): Query | null {
  const { project } = source;
  if (method !== 'from' || !(project.has('@supabase/supabase-js') || project.has('@supabase/ssr'))) return null;
  const table = textArgument(source, node);
  if (table === null || !isClient(source, object)) return null;
  const found = chained(source, node, 'supabase', 'many', table);
  const kind = kinds.find(([, names]) => names.some((name) => found.chain.has(name)))?.[0];
  return kind === undefined ? null : { ...found, kind, options: new Map() };
}

const isClient = (source: Source, node: Syntax): boolean =>
  /supabase/i.test(nameOf(unwrap(node)) ?? '') || /^@supabase\/(supabase-js|ssr)#/.test(originOf(source, node) ?? '');

/** By what stands in the chain, in this order: a changed row may be selected too. */
const kinds: readonly (readonly [QueryKind, readonly string[]])[] = [
  ['create', ['insert']],
  ['update', ['update', 'upsert']],
  ['delete', ['delete']],
  ['one', ['single', 'maybeSingle']],
  ['many', ['select']],
];
