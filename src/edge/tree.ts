import { dirname, join, relative, sep } from 'node:path';
import { TextDecoder } from 'node:util';
import { UserError } from '../errors.ts';
import type { Tree } from '../model.ts';
import { asUserError, codeOf, type Files, factsOf, realFiles, unless } from './files.ts';

const largest = 64 * 1024 * 1024;
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

interface Found {
  kind: 'file' | 'folder';
  real: string;
  size: number;
}

type Find = (path: string) => Found | null;

/** The names in a folder of the disk; null where they cannot be told. */
type Listed = (real: string) => ReadonlySet<string> | null;

/**
 * The project on disk as text: reads when asked and remembers. A link that leads out of the root, nowhere, or round
 * in a circle counts as absent. Throws UserError where a file may not be read.
 */
export function openTree(root: string, files: Files = realFiles): Tree {
  const realRoot = files.realpathSync(root);
  // Most of what is asked for is not there, and a folder's names say so at once.
  const listed: Listed = remembered((real) => unless(unlisted, () => new Set(files.readdirSync(real)), null));
  const find: Find = remembered((path) => naming(path, () => findBelow(realRoot, path, files, find, listed)));
  const list = remembered((folder: string) =>
    naming(folder, () => {
      const found = find(folder);
      return found?.kind === 'folder' ? namesIn(realRoot, folder, found.real, files, find, listed) : [];
    }),
  );
  const read = remembered((path: string) =>
    naming(path, () => {
      const found = find(path);
      return found?.kind === 'file' ? textOf(found, files) : null;
    }),
  );
  return {
    list: (folder) => list(plain(folder)),
    has: (path) => find(plain(path))?.kind === 'file',
    read: (path) => read(plain(path)),
  };
}

/** The same tree where what may not be read counts as empty; `denied` is told of it, once for each file and folder. */
export function readable(tree: Tree, denied: (path: string, error: UserError) => void): Tree {
  const told = new Set<string>();
  const trying = <T>(path: string, read: () => T, otherwise: T): T => {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      if (!told.has(path)) denied(path, error);
      told.add(path);
      return otherwise;
    }
  };
  return {
    list: (folder) => trying(folder, () => tree.list(folder), []),
    has: (path) => trying(path, () => tree.has(path), false),
    read: (path) => trying(path, () => tree.read(path), null),
  };
}

/** Most paths are plain already, and this is asked for every name that an import may stand for. */
const plain = (path: string): string => (/\/[./]|^\.|\/$/.test(path) ? plainly(path) : path);

const plainly = (path: string): string =>
  path
    .replaceAll(/\/(?:\.?\/)+/g, '/')
    .replace(/^\.\//, '')
    .replace(/\/\.?$/, '')
    .replace(/^\.$/, '');

function findBelow(realRoot: string, path: string, files: Files, find: Find, listed: Listed): Found | null {
  if (path === '') return { kind: 'folder', real: realRoot, size: 0 };
  if (path.startsWith('/') || /[\0\\]/.test(path) || path.split('/').includes('..')) return null;
  // Folder by folder, each asked once: resolving every path from the top costs a call per folder and file.
  const slash = path.lastIndexOf('/');
  const parent = find(path.slice(0, Math.max(0, slash)));
  if (parent?.kind !== 'folder') return null;
  const name = path.slice(slash + 1);
  if (isAscii.test(name) && listed(parent.real)?.has(name) === false) return null;
  const here = join(parent.real, name);
  const own = unless(absent, () => files.lstatSync(here), null);
  const real = own?.isSymbolicLink() === true ? realOf(here, files) : here;
  if (own === null || real === null || !isBelow(realRoot, real)) return null;
  const facts = own.isSymbolicLink() ? files.statSync(real) : own;
  if (facts.isDirectory()) return { kind: 'folder', real, size: 0 };
  return facts.isFile() ? { kind: 'file', real, size: facts.size } : null;
}

/** Other names may be written in more than one way. */
const isAscii = /^[ -~]*$/;

/** What the system says of a path that leads nowhere. */
const absent = ['ENOENT', 'ENOTDIR', 'ELOOP', 'ENAMETOOLONG'];
/** The same, and of a folder whose names may not be read; its files may be all the same. */
const unlisted = [...absent, 'EACCES', 'EPERM'];

const realOf = (path: string, files: Files): string | null => unless(absent, () => files.realpathSync(path), null);

const isBelow = (folder: string, path: string): boolean =>
  path === folder || path.startsWith(folder.endsWith(sep) ? folder : folder + sep);

function namesIn(realRoot: string, folder: string, real: string, files: Files, find: Find, listed: Listed): string[] {
  const names: string[] = [];
  for (const name of listed(real) ?? unless(absent, () => files.readdirSync(real), [])) {
    const path = join(real, name);
    const facts = factsOf(files, path);
    if (facts === null) continue;
    if (facts.isDirectory()) names.push(`${name}/`);
    else if (facts.isFile()) names.push(name);
    else if (facts.isSymbolicLink()) names.push(...linkedName(realRoot, folder, path, name, find));
  }
  return names.sort();
}

function linkedName(realRoot: string, folder: string, link: string, name: string, find: Find): string[] {
  const found = find(relative(realRoot, link).split(sep).join('/'));
  if (found === null) return [];
  if (found.kind === 'file') return [name];
  // A walker that follows links to folders must come to an end: no link upwards, and no link behind a link.
  const behindLink = join(realRoot, folder) !== dirname(link);
  return behindLink || isBelow(found.real, dirname(link)) ? [] : [`${name}/`];
}

function textOf({ real, size }: Found, files: Files): string | null {
  if (size > largest) return null;
  // It may have gone since it was listed.
  const bytes = unless(absent, () => files.readFileSync(real), null);
  if (bytes === null || bytes.includes(0)) return null;
  try {
    return decoder.decode(bytes);
  } catch {
    return null;
  }
}

function remembered<T>(compute: (key: string) => T): (key: string) => T {
  const known = new Map<string, { value: T }>();
  return (key) => {
    const hit = known.get(key);
    if (hit !== undefined) return hit.value;
    const value = compute(key);
    known.set(key, { value });
    return value;
  };
}

function naming<T>(path: string, run: () => T): T {
  try {
    return run();
  } catch (error) {
    const code = codeOf(error);
    const name = path === '' ? 'the project folder' : path;
    if (code !== 'EACCES' && code !== 'EPERM') throw asUserError(error, 'Reading', name);
    throw new UserError(
      `${name} may not be read (${code}).`,
      `Give yourself the right to read ${name}, then run the command again.`,
    );
  }
}
