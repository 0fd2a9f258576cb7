import { dirname, join } from 'node:path';
import { parse as parseYaml } from 'yaml';
import { globExpression } from '../text/glob.ts';
import { bytesOf, type Files, posixBelow, unless } from './files.ts';
import { isRecord, isTexts } from './splice.ts';

/** A workspace: its root folder (absolute) and the patterns that name its packages' folders. */
export interface Workspace {
  root: string;
  patterns: readonly string[];
}

/** The workspace that a folder is a package of (not its root), or null. */
export function workspaceAbove(folder: string, files: Files): Workspace | null {
  for (let above = dirname(folder); ; above = dirname(above)) {
    const workspace = workspaceAt(above, files);
    if (workspace !== null && includes(workspace.patterns, posixBelow(above, folder))) return workspace;
    if (above === dirname(above)) return null;
  }
}

/** The workspace whose root this folder is, or null. */
export function workspaceAt(root: string, files: Files): Workspace | null {
  const patterns = pnpmPatterns(root, files) ?? packagePatterns(root, files);
  return patterns === null ? null : { root, patterns };
}

/** A folder's package.json as an object, or null where there is none or it is broken. */
export function packageJsonAt(folder: string, files: Files): Record<string, unknown> | null {
  const text = bytesOf(files, join(folder, 'package.json'))
    ?.toString('utf8')
    .replace(/^\uFEFF/, '');
  if (text === undefined) return null;
  const value = tried(() => JSON.parse(text));
  return isRecord(value) ? value : null;
}

/** Every package folder of a workspace, absolute and sorted. */
export function packagesOf(workspace: Workspace, files: Files): string[] {
  const depth = workspace.patterns.some((pattern) => pattern.includes('**'))
    ? 6
    : Math.max(0, ...workspace.patterns.map((pattern) => plainPattern(pattern).split('/').length));
  return foldersBelow(workspace.root, depth, files)
    .filter((folder) => includes(workspace.patterns, posixBelow(workspace.root, folder)))
    .filter((folder) => bytesOf(files, join(folder, 'package.json')) !== null)
    .sort();
}

function foldersBelow(folder: string, depth: number, files: Files): string[] {
  if (depth === 0) return [];
  const names = unless(['ENOENT', 'ENOTDIR', 'EACCES', 'EPERM'], () => files.readdirSync(folder), []);
  return names
    .filter((name) => name !== 'node_modules' && !name.startsWith('.'))
    .map((name) => join(folder, name))
    .filter((path) => files.lstatSync(path).isDirectory())
    .flatMap((path) => [path, ...foldersBelow(path, depth - 1, files)]);
}

function pnpmPatterns(root: string, files: Files): string[] | null {
  const text = bytesOf(files, join(root, 'pnpm-workspace.yaml'))?.toString('utf8');
  if (text === undefined) return null;
  const value: unknown = tried(() => parseYaml(text));
  const packages = isRecord(value) ? value.packages : null;
  return isTexts(packages) ? packages : null;
}

function packagePatterns(root: string, files: Files): string[] | null {
  const workspaces = packageJsonAt(root, files)?.workspaces;
  if (isTexts(workspaces)) return workspaces;
  const packages = isRecord(workspaces) ? workspaces.packages : null;
  return isTexts(packages) ? packages : null;
}

function tried(run: () => unknown): unknown {
  try {
    return run();
  } catch {
    return null;
  }
}

const plainPattern = (pattern: string): string =>
  pattern
    .replace(/^!/, '')
    .replace(/^\.?\//, '')
    .replace(/\/+$/, '');

// As the package managers do it: the last pattern that matches decides.
function includes(patterns: readonly string[], folder: string): boolean {
  const last = patterns.filter((pattern) => globExpression(plainPattern(pattern)).test(folder)).at(-1);
  return last !== undefined && !last.startsWith('!');
}
