import { isUtf8 } from 'node:buffer';
import { join } from 'node:path';
import { UserError } from '../errors.ts';
import type { Change } from '../model.ts';
import { bytesOf, type Files, factsOf } from './files.ts';
import { resolveInside } from './inside.ts';

/**
 * Checks that the disk is as the plan saw it and may be changed; gives each file's mode (null where it is to be
 * created). Throws UserError naming the files, and writes nothing.
 */
export function checkFresh(root: string, changes: readonly Change[], files: Files): (number | null)[] {
  const seen = new Set<string>();
  const stale: string[] = [];
  const modes = changes.map(({ path, before, after }) => {
    const real = resolveInside(root, path, files);
    if (seen.has(real)) throw new Error(`The plan changes ${path} twice.`);
    seen.add(real);
    const facts = factsOf(files, real);
    if (facts !== null) refuseOdd(path, facts.isFile(), (facts.mode & 0o222) === 0);
    if (after === null && factsOf(files, join(files.realpathSync(root), path))?.isSymbolicLink()) throw linked(path);
    const bytes = facts === null ? null : bytesOf(files, real);
    if (before === null && bytes !== null && !isText(bytes)) throw unreadable(path);
    const same = before === null ? bytes === null : bytes?.equals(Buffer.from(before));
    if (same !== true) stale.push(path);
    return facts === null ? null : facts.mode & 0o7777;
  });
  if (stale.length > 0) {
    throw new UserError(
      `${stale.join(', ')} changed since the plan was made. Nothing was written.`,
      'Run the command again.',
    );
  }
  return modes;
}

function refuseOdd(path: string, isFile: boolean, isReadOnly: boolean): void {
  if (!isFile) {
    throw new UserError(
      `${path} is not a file. Nothing was written.`,
      `Move ${path} out of the way, then run the command again.`,
    );
  }
  if (isReadOnly) {
    throw new UserError(
      `${path} is read-only. Nothing was written.`,
      `Make ${path} writable, then run the command again.`,
    );
  }
}

const linked = (path: string): UserError =>
  new UserError(
    `${path} has become a symbolic link. Nothing was written.`,
    `Remove the link ${path}, then run the command again.`,
  );

// The plan took what it could not read as text for absent.
const isText = (bytes: Buffer): boolean => !bytes.includes(0) && isUtf8(bytes);

const unreadable = (path: string): UserError =>
  new UserError(
    `${path} is not text in UTF-8, so it cannot be changed. Nothing was written.`,
    `Save ${path} as UTF-8, then run the command again.`,
  );
