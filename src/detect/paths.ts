import { posix } from 'node:path';

/** Joins and normalises to a path inside the project ('' is its root); null where it would leave it. */
export function inside(...parts: readonly string[]): string | null {
  const path = posix.join(...parts);
  if (path === '..' || path.startsWith('../') || posix.isAbsolute(path)) return null;
  return path === '.' || path === './' ? '' : path.replace(/\/$/, '');
}

/** The folder of a file; '' is the root. */
export const folderOf = (path: string): string => (path.includes('/') ? posix.dirname(path) : '');

/** A folder, its parent, and so on to the root ''. */
export function upwards(folder: string): string[] {
  return folder === '' ? [''] : [folder, ...upwards(folderOf(folder))];
}

/** Path of a name in a folder. */
export const within = (folder: string, name: string): string => (folder === '' ? name : `${folder}/${name}`);

const foreign = new Set([
  'node_modules',
  'bower_components',
  'dist',
  'build',
  'out',
  'output',
  'coverage',
  'vendor',
  'vendored',
  'third_party',
  '.next',
  '.nuxt',
  '.output',
  '.turbo',
  '.vercel',
  '.wrangler',
  '.git',
  '.yarn',
]);

/** True for a folder's name whose files are installed, generated or copied, never the host's own source. */
export const isForeignFolder = (name: string): boolean => foreign.has(name);

/** True for a path that lies in such a folder. */
export const isForeign = (path: string): boolean => path.split('/').slice(0, -1).some(isForeignFolder);

/** True for a JavaScript or TypeScript file by its name, declarations left out. */
export const isCode = (path: string): boolean => /\.[cm]?[jt]sx?$/.test(path) && !/\.d\.[cm]?ts$/.test(path);
