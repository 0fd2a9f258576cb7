import { type ParseError, parse, printParseErrorCode } from 'jsonc-parser';
import { UserError } from '../errors.ts';
import type { Json, Tree } from '../model.ts';
import { perFile } from './remember.ts';

export type JsonObject = { readonly [key: string]: Json };

/** A JSON object's file (comments and trailing commas allowed), shared by all who ask; null where there is none or it is no object. */
export const readJson = perFile((tree: Tree, path: string): JsonObject | null => {
  const text = tree.read(path);
  if (text === null) return null;
  const value: Json | undefined = parse(withoutBom(text), [], { allowTrailingComma: true });
  return asObject(value);
});

/** Refuses broken JSON, naming file, line and column. `strict`: comments and trailing commas are broken too. */
export function demandJson(tree: Tree, path: string, strict: boolean): void {
  const text = tree.read(path);
  if (text === null) return;
  const errors: ParseError[] = [];
  const plain = withoutBom(text);
  parse(plain, errors, { allowTrailingComma: !strict, disallowComments: strict });
  const [error] = errors;
  if (!error) return;
  const before = plain.slice(0, error.offset).split('\n');
  const at = `${path}:${before.length}:${(before.at(-1)?.length ?? 0) + 1}`;
  throw new UserError(
    `${at} is not valid JSON (${words(printParseErrorCode(error.error))}).`,
    `Correct ${at}, then run it again.`,
  );
}

const withoutBom = (text: string): string => text.replace(/^\uFEFF/, '');

const words = (code: string): string => code.replace(/(?<!^)([A-Z])/g, ' $1').toLowerCase();

/** The value as an object, or null. */
export function asObject(value: Json | undefined): JsonObject | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : null;
}

/** The value as a string, or null. */
export const asString = (value: Json | undefined): string | null => (typeof value === 'string' ? value : null);

/** The strings of a list (or the one string), else none. */
export function asStrings(value: Json | undefined): string[] {
  if (typeof value === 'string') return [value];
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}
