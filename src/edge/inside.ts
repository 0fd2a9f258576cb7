import { isAbsolute, join, relative, sep } from 'node:path';
import { UserError } from '../errors.ts';
import { codeOf, type Files, factsOf, realFiles } from './files.ts';

// Some file systems take these for nothing, so that '.g<U+200C>it' is '.git' there.
const ignorable = /[\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]/g;
const forbidden = new Set(['node_modules', '.git', 'git~1']);

/**
 * The one gate of every write and delete: the real absolute path of a project path.
 * Throws UserError where it would leave the root (also through a link), or lies in node_modules or .git.
 */
export function resolveInside(root: string, path: string, files: Files = realFiles): string {
  const segments = segmentsOf(path);
  const realRoot = files.realpathSync(root);
  let current = realRoot;
  for (const [index, segment] of segments.entries()) {
    const next = join(current, segment);
    const facts = factsOf(files, next);
    if (facts === null) return join(current, ...segments.slice(index));
    if (facts.isSymbolicLink()) current = followInside(realRoot, next, path, files);
    else current = next;
    const last = index === segments.length - 1;
    if (!last && !files.statSync(current).isDirectory()) {
      throw refusal(path, `${segments.slice(0, index + 1).join('/')} is a file, not a folder`);
    }
  }
  return current;
}

function segmentsOf(path: string): string[] {
  if (path === '' || isAbsolute(path) || /^[A-Za-z]:/.test(path) || /[\0\\]/.test(path)) {
    throw refusal(path, 'it is not a path below the project');
  }
  const segments = path.split('/');
  if (segments.some((segment) => segment === '' || segment === '.' || segment === '..')) {
    throw refusal(path, 'it is not a plain path below the project');
  }
  refuseForbidden(segments, path);
  return segments;
}

function refuseForbidden(segments: readonly string[], path: string): void {
  for (const segment of segments) {
    const plain = segment
      .replace(ignorable, '')
      .replace(/[. ]+$/, '')
      .toLowerCase();
    if (forbidden.has(plain)) throw refusal(path, `it lies in ${segment}, which is never written`);
  }
}

function followInside(realRoot: string, link: string, path: string, files: Files): string {
  const real = realOf(link, path, files);
  const below = relative(realRoot, real);
  if (below === '..' || below.startsWith(`..${sep}`) || isAbsolute(below)) {
    throw refusal(path, 'a symbolic link on the way leads out of the project');
  }
  if (below !== '') refuseForbidden(below.split(sep), path);
  return real;
}

function realOf(link: string, path: string, files: Files): string {
  try {
    return files.realpathSync(link);
  } catch (error) {
    if (codeOf(error) === null) throw error;
    throw refusal(path, 'a symbolic link on the way leads nowhere');
  }
}

const refusal = (path: string, why: string): UserError =>
  new UserError(
    `${JSON.stringify(path)} must not be written: ${why}.`,
    'Look at that path, and replace what stands there with a plain file or folder of the project.',
  );
