import { createHash } from 'node:crypto';
import { UserError } from '../errors.ts';
import type { Change } from '../model.ts';

/**
 * A change of one file without the text that stays: enough to go either way from the other side, and no copy of the
 * rest of the file (an .env holds secrets). `mode` is the file's mode before, null for a file that is created.
 */
export interface FileRecord {
  path: string;
  mode: number | null;
  /** sha256 of each side; null where the file does not exist there. */
  before: string | null;
  after: string | null;
  start: number;
  removed: string;
  inserted: string;
}

/** sha256 (hex) of a text's bytes. */
export const hashOf = (content: string | Uint8Array): string => createHash('sha256').update(content).digest('hex');

const hashOrNull = (text: string | null): string | null => (text === null ? null : hashOf(text));

/** The record of a change; a created or deleted file is recorded whole. */
export function recordOf({ path, before, after }: Change, mode: number | null): FileRecord {
  const from = before ?? '';
  const to = after ?? '';
  const most = before === null || after === null ? 0 : Math.min(from.length, to.length);
  let start = 0;
  while (start < most && from[start] === to[start]) start++;
  let tail = 0;
  while (tail < most - start && from[from.length - 1 - tail] === to[to.length - 1 - tail]) tail++;
  return {
    path,
    mode,
    before: hashOrNull(before),
    after: hashOrNull(after),
    start,
    removed: from.slice(start, from.length - tail),
    inserted: to.slice(start, to.length - tail),
  };
}

/** The other side of a record, from the text on this side: null where the file does not exist there. Throws UserError on a record that lies. */
export function otherSide(record: FileRecord, from: 'before' | 'after', text: string | null): string | null {
  const to = from === 'before' ? 'after' : 'before';
  if (record[to] === null) return null;
  const [gone, put] = from === 'before' ? [record.removed, record.inserted] : [record.inserted, record.removed];
  const source = text ?? '';
  const result = source.slice(0, record.start) + put + source.slice(record.start + gone.length);
  // A record is read from a file that anyone may have written: what it says must be what comes out.
  if (hashOf(result) !== record[to]) {
    throw new UserError(
      `The record of ${JSON.stringify(record.path)} does not fit its own hash, so it is not used.`,
      'Take the file back with git, then delete .backend-skills/journal if it is there.',
    );
  }
  return result;
}

/** The record of the way back. */
export const reversed = (record: FileRecord): FileRecord => ({
  ...record,
  before: record.after,
  after: record.before,
  removed: record.inserted,
  inserted: record.removed,
});

/** True for a value that has the shape of a record. */
export function isFileRecord(value: unknown): value is FileRecord {
  if (!isRecord(value)) return false;
  const { path, mode, before, after, start, removed, inserted } = value;
  return (
    typeof path === 'string' &&
    (mode === null || isWhole(mode)) &&
    (before === null || isHash(before)) &&
    (after === null || isHash(after)) &&
    isWhole(start) &&
    typeof removed === 'string' &&
    typeof inserted === 'string'
  );
}

/** True for an object with keys. */
export const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** True for a list of texts. */
export const isTexts = (value: unknown): value is string[] =>
  Array.isArray(value) && value.every((item) => typeof item === 'string');

/** True for a sha256 in hex. */
export const isHash = (value: unknown): value is string => typeof value === 'string' && /^[0-9a-f]{64}$/.test(value);

const isWhole = (value: unknown): value is number => Number.isInteger(value) && Number(value) >= 0;
