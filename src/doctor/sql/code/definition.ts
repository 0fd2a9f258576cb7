import { quoted } from './piece.ts';
import { hole } from './raw.ts';
import { isList, isShape, isWord, part, textIn, type Value } from './value.ts';

/** A table as SQL, of its name or of an object that holds it under `key`, with its `schema`; null where it is not known. */
export function tableIn(value: Value, key: string): string | null {
  const name = textIn(value) ?? textIn(part(value, key));
  const schema = textIn(part(value, 'schema'));
  if (name === null) return null;
  return schema === null || schema === 'public' ? `"${name}"` : `"${schema}"."${name}"`;
}

/** A column as any of the libraries describes it. */
export interface Described {
  name: string;
  type: string;
  notNull?: boolean;
  /** The default as SQL; null for none. */
  default?: string | null;
  unique?: boolean;
  primary?: boolean;
  /** `"users" ("id")`. */
  references?: string | null;
  check?: string | null;
}

/** The column as it stands in CREATE TABLE and behind ADD COLUMN. */
export function columnSql({
  name,
  type,
  notNull,
  default: value,
  unique,
  primary,
  references,
  check,
}: Described): string {
  return [
    `"${name}" ${type}`,
    value ? `DEFAULT ${value}` : '',
    notNull ? 'NOT NULL' : '',
    primary ? 'PRIMARY KEY' : '',
    unique ? 'UNIQUE' : '',
    check ? `CHECK (${check})` : '',
    references ? `REFERENCES ${references}` : '',
  ]
    .filter((part) => part !== '')
    .join(' ');
}

const text = (value: string): string => `'${value.replaceAll("'", "''")}'`;

/** A default as SQL; null for none. What nobody can tell stands as a constant: nothing follows of it. */
export function defaultSql(value: Value): string | null {
  if (value === undefined) return null;
  if (value === null) return 'NULL';
  if (typeof value === 'string') return text(value);
  if (typeof value === 'number') return String(value);
  if (typeof value === 'boolean') return value ? 'true' : 'false';
  if (isWord(value)) return wordSql(value.word, value.args?.[0]);
  return isList(value) || isShape(value) ? text('{}') : text(hole);
}

function wordSql(word: string, first: Value): string | null {
  if (/^(now|NOW|currentTimestamp)$/.test(word)) return 'now()';
  // Made by the program, row by row: the database has no default.
  if (/^(UUIDV[14])$/.test(word)) return null;
  if (/^uuid$/i.test(word)) return 'gen_random_uuid()';
  if (/^(literal|raw|func|sql|unsafe)$/.test(word) && typeof first === 'string') return first;
  if (/^(fn|func)$/.test(word) && typeof first === 'string') return `${first}()`;
  return text(hole);
}

/** A foreign key's other end; null where it is not known. */
export const referenceSql = (table: Value, column: Value = 'id'): string | null =>
  typeof table === 'string' ? `${quoted(table)} (${typeof column === 'string' ? `"${column}"` : '"id"'})` : null;
