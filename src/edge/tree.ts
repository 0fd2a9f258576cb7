import { dirname, join, relative, sep } from 'node:path';
import { TextDecoder } from 'node:util';
import { UserError } from '../errors.ts';
import type { Tree } from '../model.ts';
import { codeOf, type Files, factsOf, realFiles } from './files.ts';

const largest = 64 * 1024 * 1024;
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

interface Found {
  kind: 'file' | 'folder';
  real: string;
}

/**
 * The project on disk as text: reads when asked and remembers. A link that leads out of the root, nowhere, or round
 * in a circle counts as absent. Throws UserError where a file may not be read.
 */
export function openTree(root: string, files: Files = realFiles): Tree {
  const realRoot = files.realpathSync(root);
  const find = remembered((path: string) => naming(path, () => findBelow(realRoot, path, files)));
  const list = remembered((folder: string) =>
    naming(folder, () => {
      const found = find(folder);
      return found?.kind === 'folder' ? namesIn(realRoot, folder, found.real, files) : [];
    }),
  );
  const read = remembered((path: string) =>
    naming(path, () => {
      const found = find(path);
      return found?.kind === 'file' ? textOf(found.real, files) : null;
    }),
  );
  return {
    list: (folder) => list(plain(folder)),
    has: (path) => find(plain(path))?.kind === 'file',
    read: (path) => read(plain(path)),
  };
}

const plain = (path: string): string => path.replace(/^\.\//, '').replace(/\/+$/, '').replace(/^\.$/, '');

function findBelow(realRoot: string, path: string, files: Files): Found | null {
  if (path === '') return { kind: 'folder', real: realRoot };
  if (path.startsWith('/') || /[\0\\]/.test(path) || path.split('/').includes('..')) return null;
  const real = realOf(join(realRoot, path), files);
  if (real === null || !isBelow(realRoot, real)) return null;
  const facts = files.statSync(real);
  if (facts.isDirectory()) return { kind: 'folder', real };
  return facts.isFile() ? { kind: 'file', real } : null;
}

function realOf(path: string, files: Files): string | null {
  try {
    return files.realpathSync(path);
  } catch (error) {
    if (['ENOENT', 'ENOTDIR', 'ELOOP', 'ENAMETOOLONG'].includes(codeOf(error) ?? '')) return null;
    throw error;
  }
}

const isBelow = (folder: string, path: string): boolean =>
  path === folder || path.startsWith(folder.endsWith(sep) ? folder : folder + sep);

function namesIn(realRoot: string, folder: string, real: string, files: Files): string[] {
  const names: string[] = [];
  for (const name of files.readdirSync(real)) {
    const path = join(real, name);
    const facts = factsOf(files, path);
    if (facts === null) continue;
    if (facts.isDirectory()) names.push(`${name}/`);
    else if (facts.isFile()) names.push(name);
    else if (facts.isSymbolicLink()) names.push(...linkedName(realRoot, folder, path, name, files));
  }
  return names.sort();
}

function linkedName(realRoot: string, folder: string, link: string, name: string, files: Files): string[] {
  const found = findBelow(realRoot, relative(realRoot, link).split(sep).join('/'), files);
  if (found === null) return [];
  if (found.kind === 'file') return [name];
  // A walker that follows links to folders must come to an end: no link upwards, and no link behind a link.
  const behindLink = join(realRoot, folder) !== dirname(link);
  return behindLink || isBelow(found.real, dirname(link)) ? [] : [`${name}/`];
}

function textOf(path: string, files: Files): string | null {
  if (files.statSync(path).size > largest) return null;
  const bytes = files.readFileSync(path);
  if (bytes.includes(0)) return null;
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
    if (code !== 'EACCES' && code !== 'EPERM') throw error;
    const name = path === '' ? 'the project folder' : path;
    throw new UserError(
      `${name} may not be read (${code}).`,
      `Give yourself the right to read ${name}, then run the command again.`,
    );
  }
}
