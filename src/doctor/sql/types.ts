import type { SqlType } from './change.ts';

const aliases: Readonly<Record<string, string>> = {
  'character varying': 'varchar',
  character: 'bpchar',
  char: 'bpchar',
};
const plain = ({ name }: SqlType): string => aliases[name] ?? name;

/** A type as people write it: 'varchar(20)', 'integer', 'text[]'. */
export function typeText({ name, args, array }: SqlType): string {
  const known: Readonly<Record<string, string>> = {
    int2: 'smallint',
    int4: 'integer',
    int8: 'bigint',
    bool: 'boolean',
    bpchar: 'char',
    float4: 'real',
    float8: 'double precision',
  };
  return `${known[name] ?? name}${args.length > 0 ? `(${args.join(', ')})` : ''}${array ? '[]' : ''}`;
}

/**
 * Whether PostgreSQL writes the table anew to give a column another type: `never` where the old values are good as
 * they lie, `zone` where that is so only in a session whose time zone is UTC, `always` for all else.
 */
export function rewriteOf(from: SqlType, to: SqlType): 'never' | 'zone' | 'always' {
  const [old, next] = [plain(from), plain(to)];
  if (from.array !== to.array) return 'always';
  if (from.array && (old !== next || from.args.join() !== to.args.join())) return 'always';
  const wider = to.args.length === 0 || (from.args.length > 0 && (to.args[0] ?? 0) >= (from.args[0] ?? 0));
  if (old === 'varchar' && next === 'varchar') return wider ? 'never' : 'always';
  if (old === 'varchar' && next === 'text') return 'never';
  if (old === 'text' && next === 'varchar') return to.args.length === 0 ? 'never' : 'always';
  if (old === 'cidr' && next === 'inet') return 'never';
  if (/^timestamp(tz)?$/.test(old) && /^timestamp(tz)?$/.test(next) && old !== next)
    return finer(from, to) ? 'zone' : 'always';
  if (old !== next) return 'always';
  if (/^(timestamp|timestamptz|time|timetz)$/.test(old)) return finer(from, to) ? 'never' : 'always';
  if (old === 'varbit') return wider ? 'never' : 'always';
  if (old === 'numeric') return numeric(from, to);
  return from.args.join() === to.args.join() ? 'never' : 'always';
}

/** No place behind the second is lost; no precision is the finest, 6. */
const finer = (from: SqlType, to: SqlType): boolean => (to.args[0] ?? 6) >= (from.args[0] ?? 6);

function numeric(from: SqlType, to: SqlType): 'never' | 'always' {
  if (to.args.length === 0) return 'never';
  if (from.args.length === 0) return 'always';
  const [digits, scale = 0] = from.args;
  const [more, other = 0] = to.args;
  return other === scale && (more ?? 0) >= (digits ?? 0) ? 'never' : 'always';
}
