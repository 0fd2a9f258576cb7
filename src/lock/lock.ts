import * as v from 'valibot';
import { UserError } from '../errors.ts';
import type { Lock, LockEntry, Op, Tree } from '../model.ts';
import { sha256 } from '../text/hash.ts';
import { isSafePath } from '../text/path.ts';
import { lockSchema } from './schema.ts';

export const folder = '.backend-skills';
export const lockPath = `${folder}/lock.json`;
/** Where the merge base of a file lies: the text that we wrote, under a name that no test runner or compiler takes for code. */
export const basePath = (path: string): string => `${folder}/base/${path}.txt`;
export const attributesPath = `${folder}/.gitattributes`;

export const emptyLock: Lock = { version: 1, skills: {}, patched: {} };

/** What is wrong with a lock that cannot be trusted. */
export interface LockFault {
  kind: 'damaged' | 'newer' | 'hostile' | 'tampered';
  message: string;
}

/** Reads the lock as untrusted input; an empty lock where there is none. */
export function readLock(tree: Tree): { lock: Lock; fault: LockFault | null } {
  const text = tree.read(lockPath);
  if (text === null) return { lock: emptyLock, fault: null };
  const json = parseJson(text);
  if (json === null) return broken('damaged', 'it is not JSON.');
  if (typeof json === 'object' && 'version' in json && typeof json.version === 'number' && json.version > 1) {
    return broken('newer', `it was written by a newer backend-skills (lock version ${json.version}).`);
  }
  const parsed = v.safeParse(lockSchema, json);
  if (!parsed.success) {
    const issue = parsed.issues[0];
    return broken('damaged', `at "${v.getDotPath(issue) ?? ''}": ${issue.message}.`);
  }
  const { integrity, ...content } = parsed.output;
  const lock = content as Lock;
  const escaping = pathsOf(lock).find((path) => !isSafePath(path));
  if (escaping !== undefined) return broken('hostile', `it names "${escaping}", which is not a path in this project.`);
  const fault: LockFault | null =
    integrity === integrityOf(lock)
      ? null
      : { kind: 'tampered', message: 'it was changed by hand: its integrity does not hold.' };
  return { lock, fault };
}

/** The lock, or a UserError where it cannot be trusted. For every command that writes. */
export function trustedLock(tree: Tree): Lock {
  const { lock, fault } = readLock(tree);
  if (fault === null) return lock;
  const hint =
    fault.kind === 'newer'
      ? 'Use that version, or a newer one.'
      : `Restore it from version control (git checkout -- ${lockPath}).`;
  throw new UserError(`The lock (${lockPath}) cannot be used: ${fault.message}`, hint);
}

/** The lock's text, or null for a lock that records nothing. */
export function writeLock(lock: Lock): string | null {
  if (Object.keys(lock.skills).length === 0) return null;
  const { version, skills, patched } = lock;
  const content = { version, integrity: integrityOf(lock), skills: canonical(skills), patched: canonical(patched) };
  return `${JSON.stringify(content, null, 2)}\n`;
}

const broken = (kind: LockFault['kind'], message: string) => ({ lock: emptyLock, fault: { kind, message } });

const integrityOf = ({ version, skills, patched }: Lock): string =>
  sha256(JSON.stringify(canonical({ version, skills, patched })));

/** The same value with every object's keys in order, so that a reordered file is the same lock. */
export function canonical(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(canonical);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, each]) => [key, canonical(each)]),
  );
}

const pathsOf = (lock: Lock): string[] => [
  ...Object.values(lock.skills).flatMap(pathsOfEntry),
  ...Object.keys(lock.patched),
];

function pathsOfEntry({ files, ops, created, steps }: LockEntry): string[] {
  const opFiles = ops.map(({ op }: { op: Op }) => op.file);
  const stepFiles = steps.flatMap(({ file, done }) => [file ?? [], 'file' in done ? done.file : done.imports].flat());
  return [...files.map(({ path }) => path), ...opFiles, ...created, ...stepFiles];
}

function parseJson(text: string): object | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' ? value : null;
  } catch {
    return null;
  }
}
